"""Who wrote: one canonical address out of a From header, or nobody.

A wrong guess sends somebody's letter to a third party, so whatever is not plainly one
mailbox (RFC 5322 3.4) is nobody: two addresses, a group, text behind the address, a stray
bracket (CVE-2023-27043). Every repetition is bounded or unambiguous: linear on any input.
"""

import re

from bot.mail.words import decoded
from bot.message import Sender

LONGEST = 2_000  # characters of a From header that is looked at; RFC 5322 lines end at 998
LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3, less its brackets
FOLDS = re.compile(r"[ \t\r\n]+")
ANGLED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*(?:\([^()]*\)\s*)?")
BARE = re.compile(r"(?P<address>[^\s()<>,;]+)\s*(?:\((?P<name>[^()]*)\)\s*)?")
UNBRACKETED = re.compile(r"(?P<name>[^@<>()\[\],:;\"]*) (?P<address>[^\s<>()\[\],:;\"]+)")
DOUBTFUL = re.compile(r"[,;:()\[\]\\]|@[^ ]*$")
"""Beside an address in a name that is not quoted: parsers differ on which address is meant."""
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(  # the first 64 are of RFC 5321 4.5.3.1.1
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@(?:{LABEL}\.){{0,20}}{LABEL}"
)


def sender_of(from_headers: list[str]) -> Sender | None:
    """Return the one mailbox that the From header names, or None."""
    naming = [header for header in from_headers if "@" in header]
    if len(naming) != 1 or len(naming[0]) > LONGEST:
        return None
    value = FOLDS.sub(" ", naming[0]).strip(" ")
    found = ANGLED.fullmatch(value) or BARE.fullmatch(value) or UNBRACKETED.fullmatch(value)
    if found is None or not is_address(found["address"].strip()):
        return None
    name = found["name"] or ""
    if "@" in name and not quoted(name.strip()) and DOUBTFUL.search(name):
        return None
    return Sender(decoded(name.strip().strip('"').strip()), canonical(found["address"].strip()))


def canonical(address: str) -> str:
    """Put the domain in lower case (RFC 5321 2.4 leaves the local part to its own host)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def is_address(text: str) -> bool:
    return len(text) <= LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None


def quoted(name: str) -> bool:
    return name.startswith('"') and name.endswith('"') and name.count('"') == 2  # noqa: PLR2004
