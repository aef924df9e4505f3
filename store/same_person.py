"""By what one person is known again: an address, a name, a number they gave; each in one spelling.

Two cases with a trait in common may be the same person's. Only a person says that they are.
"""

import re
import unicodedata
from collections.abc import Iterable

IGNORES_DOTS = frozenset({"gmail.com"})
"""Providers that deliver a.b@ and ab@ to one mailbox."""
SAME_PROVIDER = {"googlemail.com": "gmail.com"}

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
    local, _, domain = one_spelling(address).rpartition("@")
    domain = one_domain(domain.strip("."))
    local = local.partition("+")[0] or local
    if domain in IGNORES_DOTS:
        local = local.replace(".", "") or local
    return f"{local}@{domain}"


def one_spelling(text: str) -> str:
    """Fold case and width, and leave out what cannot be seen (the caseless match of Unicode 3.13, D146)."""
    if text.isascii():
        return "".join(text.lower().split())
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    for form in ("NFD", "NFKD"):
        seen = unicodedata.normalize(form, seen).casefold()
    seen = "".join(seen.split())  # before what was apart is put together
    seen = unicodedata.normalize("NFKC", seen).casefold()
    return unicodedata.normalize("NFKC", seen).replace("\u3002", ".")


def one_domain(domain: str) -> str:
    """Spell a domain in its own letters where it is given in those of the wire (RFC 3490 4.2)."""
    if "xn--" in domain:
        try:
            domain = one_spelling(domain.encode("ascii").decode("idna"))
        except UnicodeError:  # nobody's domain: it stays as it is
            return domain
    return SAME_PROVIDER.get(domain, domain)


def normal_name(name: str) -> str:
    """Return a name without case, accents, punctuation and double spaces."""
    letters = name.casefold()
    if not letters.isascii():
        parts = unicodedata.normalize("NFKD", letters)
        letters = "".join(part for part in parts if not unicodedata.combining(part))
    return " ".join(re.findall(r"\w+", letters))


def normal_identifier(identifier: str) -> str:
    """Return a number without its spaces and dashes; a mail address in one spelling; +44 as 0."""
    if "@" in identifier:
        return normal_address(identifier)
    plain = re.sub(r"[^\w+]", "", identifier).casefold()
    return re.sub(r"^\+44(0?)", "0", plain)
