"""By what one person is known again: an address, a name, a number they gave; each in one spelling.

Two cases with a trait in common may be the same person's. Only a person says that they are.
"""

import re
import unicodedata
from collections.abc import Iterable

IGNORES_DOTS = frozenset({"gmail.com", "googlemail.com"})
"""Providers that deliver a.b@ and ab@ to one mailbox."""

ADDRESS = "address"
IDENTIFIER = "identifier"
NAME = "name"


def traits(name: str, address: str, identifiers: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what a person is known by, the most telling first, each as `kind:value`."""
    found = [f"{ADDRESS}:{normal_address(address)}"] if address else []
    found += [f"{IDENTIFIER}:{normal_identifier(i)}" for i in identifiers]
    plain = normal_name(name)
    if " " in plain:  # a first name alone is anybody's
        found.append(f"{NAME}:{plain}")
    return tuple(dict.fromkeys(found))


def normal_address(address: str) -> str:
    """Return one spelling for every address that reaches the same mailbox (RFC 5233 for the tag)."""
    local, _, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in IGNORES_DOTS else local}@{domain}"


def normal_name(name: str) -> str:
    """Return a name without case, accents, punctuation and double spaces."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"\w+", "".join(c for c in letters if not unicodedata.combining(c))))


def normal_identifier(identifier: str) -> str:
    """Return a number without its spaces and dashes; a mail address in one spelling; +44 as 0."""
    if "@" in identifier:
        return normal_address(identifier)
    plain = re.sub(r"[^\w+]", "", identifier).casefold()
    return re.sub(r"^\+44(0?)", "0", plain)
