"""The DKIM signatures of a mail (RFC 6376), checked within limits: how many, how large, how long.

A signature that covers only a part of the text, or not who wrote, vouches for nothing. What cannot
be checked here is neither whole nor broken.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.mail.lookup import NotToldError, Txt

if TYPE_CHECKING:
    import dkim

MOST: Final = 5  # signatures of one mail, of those that are asked for
LARGEST: Final = 10_000_000  # bytes of a mail
MOST_BLANKS: Final = 200  # in a row: the library's time grows with their square
LONGEST: Final = 4_000  # bytes of a signature
LONGEST_KEY: Final = 2_000
SECONDS: Final = 1.0  # after which no further signature is begun
DOMAIN: Final = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,30}[a-z0-9-]{2,63}"
)
SELECTOR: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9_])?")

Tags = dict[str, str]


@dataclass(frozen=True, slots=True)
class Signature:
    domain: str
    whole: bool | None
    """None where nobody knows."""
    why: str = ""

    @property
    def said(self) -> str:
        found = {True: "pass", False: "fail", None: "unknown"}[self.whole]
        about = f" for {self.domain}" if self.domain else ""
        return f"dkim={found}{about}" + (f" ({self.why})" if self.why else "")


def signatures(raw: bytes, wanted: Callable[[str], bool], txt: Txt) -> Iterator[Signature]:
    """Yield what became of each signature of a domain that is `wanted`."""
    import dkim  # noqa: PLC0415  (a tenth of a second, for those who check)

    if len(raw) > LARGEST or b" " * MOST_BLANKS in raw.replace(b"\t", b" "):
        yield Signature("", None, "the mail is too large, or made to take long")
        return
    try:
        mail = dkim.DKIM(raw, minkey=1024)
    except Exception:  # whatever hostile bytes make of it
        yield Signature("", None, "its header is broken")
        return
    heads = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    read = [(number, tags_of(value[:LONGEST])) for number, value in enumerate(heads)]
    chosen = [(n, tags) for n, tags in read if wanted(tags.get("d", "").lower())]
    begun = time.monotonic()
    for place, (number, tags) in enumerate(chosen):
        whole, why = None, "one too many" if place == MOST else "it took too long"
        if place < MOST and time.monotonic() - begun < SECONDS:
            whole, why = checked(mail, number, tags, txt, len(heads[number]))
        yield Signature(tags["d"].lower(), whole, why)
        if place == MOST:
            return


def checked(
    mail: "dkim.DKIM", number: int, tags: Tags, txt: Txt, size: int
) -> tuple[bool | None, str]:
    """Return whether one signature is whole, and why not."""
    domain, selector = tags["d"].lower(), tags.get("s", "")
    if "l" in tags or size > LONGEST:
        return None, "it covers only a part" if "l" in tags else "it is too long"
    if "from" not in tags.get("h", "").lower().split(":"):
        return False, "it does not cover who wrote"
    if not (DOMAIN.fullmatch(domain) and SELECTOR.fullmatch(selector)):
        return False, "it names no key"
    try:
        keys = txt(f"{selector}._domainkey.{domain}")
    except NotToldError as error:
        return None, str(error)
    if not keys:
        return False, "there is no such key"
    return verified(mail, number, tags, keys[0])


def verified(mail: "dkim.DKIM", number: int, tags: Tags, key: bytes) -> tuple[bool | None, str]:
    import dkim  # noqa: PLC0415

    published = tags_of(key)
    flags = published.get("t", "").split(":")
    if len(key) > LONGEST_KEY or published.get("k", "rsa") != "rsa" or "y" in flags:
        return None, "its key is for trial, or of a kind that is not checked here"
    if "s" in flags and tags.get("i", f"@{tags['d']}").rpartition("@")[2] != tags["d"]:
        return False, "its key is for the domain itself alone"
    try:
        whole = bool(mail.verify(number, dnsfunc=lambda _name, timeout: key))  # noqa: ARG005
    except dkim.DKIMException:
        return False, "it is broken"
    except Exception:  # whatever hostile bytes make of it
        return None, "it cannot be read"
    return whole, "" if whole else "it is broken"


def tags_of(text: bytes) -> Tags:
    """Read `name=value; ...` without its blanks; the first of two counts."""
    pairs = (part.partition("=") for part in text.decode("latin-1").split(";"))
    found: Tags = {}
    for name, _, value in pairs:
        found.setdefault(name.strip(), "".join(value.split()))
    return found
