"""What is looked at to tell who wrote: headers, subject and the writer's own words, made comparable."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

OWN = 20_000  # characters among which the end of the writer's own words is looked for
OPENING, CLOSING = 2_000, 1_000  # where in them a machine says that it is one
QUOTE = re.compile(
    r"^[ \t]*>|^[ \t]*-{2,20} ?\w[^\n]{0,150}--[ \t]*$|^_{8,}[ \t]*$"
    r"|^[*_ \t]{0,9}(from|von|de|van|från|fra|od|da) ?:|\S (wrote|schrieb|a écrit) ?:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


class Fields(Protocol):
    """Header fields; names are in lower case."""

    @property
    def names(self) -> Collection[str]: ...

    def all(self, name: str) -> list[str]: ...

    def first(self, name: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at. `author` is the From header, `kinds` are the types of the outer parts."""

    headers: Fields
    author: str
    address: str
    subject: str
    kinds: Collection[str]
    text: str

    def value(self, name: str) -> str:
        return self.headers.first(name).strip().lower()

    def has(self, fields: re.Pattern[str]) -> bool:
        return any(fields.match(name) for name in self.headers.names)

    def begins(self, subjects: tuple[str, ...]) -> bool:
        return folded(self.subject).lstrip(" *[<(\"'!#:-").startswith(subjects)

    def says(self, phrases: Iterable[str]) -> bool:
        return any(phrase in self.text for phrase in phrases)

    @property
    def null_path(self) -> bool:
        """Whether the last server noted an empty return path (RFC 5321 4.4)."""
        paths = (path.strip(" <>").lower() for path in self.headers.all("return-path"))
        return any(not path or path.startswith("mailer-daemon") for path in paths)


def folded(text: str) -> str:
    return " ".join(text.lower().replace("\u2019", "'").split())


def own_words(text: str) -> str:
    """Return what stands before the first quote, its start and its end: quotes are another's words."""
    own = text[:OWN]
    quote = QUOTE.search(own)
    own = own[: quote.start()] if quote else own
    return folded(own if len(own) <= OPENING + CLOSING else f"{own[:OPENING]} {own[-CLOSING:]}")
