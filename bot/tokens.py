"""The secret token of a case: made, written into addresses and Message-IDs, found there again, mended if mistyped.

A token has 26 random characters and two to check by. The alphabet is a prime number of characters
none of which looks like another, so the two sums say which character is wrong and what it was: a
single mistake has one right answer and never two, and what has more mistakes is no token.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Final

ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
PRIME: Final = len(ALPHABET)
RANDOM: Final = 26  # characters: 128 bits
LENGTH: Final = RANDOM + 2
FORM: Final = rf"[0-9a-f]{{32}}|[{ALPHABET}]{{{LENGTH}}}"  # the first tokens had no checks

TOKEN = re.compile(rf"<dp-\d{{4}}-\d{{6,}}\.(\d{{1,4}})\.({FORM})@[^>]*>")
"""A Message-ID of ours: reference, number of the letter, token."""

HOME = re.compile(rf"[^@]*\+b-(\d{{1,4}})-({FORM})@[^@]*", re.IGNORECASE)
"""A return path of ours: number of the letter, token."""

REPLY = re.compile(r"[^@+]*\+([^@+]{1,40})@[^@]*")
"""A reply address of ours, perhaps mistyped."""

LONGEST_LOCAL_PART = 64  # RFC 5321 4.5.3.1.1


def new_token() -> str:
    values = [secrets.randbelow(PRIME) for _ in range(RANDOM)]
    plain, weighted = sums(values)
    last = (RANDOM + 1) * plain - weighted
    values += [(-plain - last) % PRIME, last % PRIME]
    return "".join(ALPHABET[value] for value in values)


def sums(values: Sequence[int]) -> tuple[int, int]:
    """Return the two sums that are nothing for a token: plain, and weighted by place."""
    weighted = sum(place * value for place, value in enumerate(values, start=1))
    return sum(values) % PRIME, weighted % PRIME


def mended(tag: str) -> str:
    """Return the token that `tag` is, but for one wrong character at most; empty if there is none."""
    tag = tag.lower()
    values = [max(ALPHABET.find(character), 0) for character in tag]
    foreign = [place for place, character in enumerate(tag, start=1) if character not in ALPHABET]
    if len(tag) != LENGTH or len(foreign) > 1:
        return ""
    plain, weighted = sums(values)
    wrong = weighted * pow(plain, -1, PRIME) % PRIME if plain else 0
    if bool(weighted) != bool(plain) or wrong > LENGTH or (wrong and foreign not in ([], [wrong])):
        return ""
    if wrong:
        values[wrong - 1] = (values[wrong - 1] - plain) % PRIME
    return "".join(ALPHABET[value] for value in values)


def tokens_in(message_ids: Iterable[str]) -> list[str]:
    """Return the case tokens that `message_ids` carry, in their order."""
    return [found[2] for m in message_ids if (found := TOKEN.fullmatch(m))]


def tags_in(addresses: Iterable[str]) -> list[str]:
    """Return what stands behind the + in `addresses`, where it may be a token or was meant to be."""
    return [found[1].lower() for a in addresses if (found := REPLY.fullmatch(a))]


def reply_address(message_id: str, address: str) -> str:
    """Return the address at which an answer to that letter finds its case; empty if there is no room."""
    found = TOKEN.fullmatch(message_id)
    return tagged(address, found[2]) if found else ""


def return_path(message_id: str, address: str) -> str:
    """Return the address at which a bounce of that letter tells which one it was."""
    found = TOKEN.fullmatch(message_id)
    return (tagged(address, f"b-{found[1]}-{found[2]}") if found else "") or address


def tagged(address: str, tag: str) -> str:
    local, _, domain = address.rpartition("@")
    own = f"{local}+{tag}"
    return f"{own}@{domain}" if len(own) <= LONGEST_LOCAL_PART else ""


def come_home(recipients: Iterable[str]) -> list[tuple[str, int]]:
    """Return token and number of the letters whose return paths are among `recipients`."""
    homes = (HOME.fullmatch(recipient) for recipient in recipients)
    return [(found[2].lower(), int(found[1])) for found in homes if found]
