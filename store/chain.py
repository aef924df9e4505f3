"""The audit chain of a case: each event is bound to all before it, by digests that give nothing away.

An event's digest is taken over its content and a salt of its own, and each head over the head before
and that digest. Without the salts nobody can try out what an event may have said: once a case is
erased its digests may stay, and still prove how many events there were and in which order.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

SALT: Final = 16  # bytes
ORIGIN: Final = ""
"""The head before the first event."""


class Link(NamedTuple):
    """What is stored beside an event: both as URL-safe base64 without padding."""

    salt: str
    head: str


def grown(links: Sequence[Link], more: Iterable[bytes]) -> tuple[Link, ...]:
    """Return the chain with the contents of `more` events at its end."""
    found = list(links)
    for content in more:
        salt = text(secrets.token_bytes(SALT))
        found.append(Link(salt, after(found[-1].head if found else ORIGIN, digest(salt, content))))
    return tuple(found)


def first_broken(links: Sequence[Link], contents: Sequence[bytes]) -> int | None:
    """Return the index of the first event that is not what was chained; None if all are.

    Events beyond the last link were never chained: they are the caller's to judge.
    """
    head = ORIGIN
    for index, (link, content) in enumerate(zip_longest(links, contents[: len(links)])):
        if link is None or content is None:
            return index
        head = after(head, digest(link.salt, content))
        if head != link.head:
            return index
    return None


def digests(links: Sequence[Link], contents: Sequence[bytes]) -> list[str]:
    """Return what may stay of a chain when contents and salts are erased."""
    return [digest(link.salt, content) for link, content in zip(links, contents, strict=True)]


def heads(found: Iterable[str]) -> list[str]:
    """Return the head after each of these digests."""
    made = [ORIGIN]
    for each in found:
        made.append(after(made[-1], each))
    return made[1:]


def digest(salt: str, content: bytes) -> str:
    return text(hashlib.sha256(f"{salt} ".encode() + content).digest())


def after(head: str, digest: str) -> str:
    return text(hashlib.sha256(f"{head} {digest}".encode()).digest())


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
