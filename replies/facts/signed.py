"""What every letter carries, and the look through its facts before it is one.

A field without a default is owed, so it may not be blank; what a person wrote into it may not say what no letter says.
"""

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date
from typing import Any, Final

from replies.layout import one_line
from replies.rules.people import BY_PEOPLE
from replies.rules.words import Rule
from store.law import Label

DATED: Final = frozenset(
    {
        Label.ACCESS,
        Label.RECTIFICATION,
        Label.ERASURE,
        Label.RESTRICTION,
        Label.PORTABILITY,
        Label.OBJECTION,
        Label.AUTOMATED_DECISION,
    }
)
"""UK GDPR Art. 12(3) sets a date for Arts 15 to 22D; marketing, Art. 21(3), stops at once and has none."""


@dataclass(frozen=True, slots=True)
class Controller:
    """Who signs the letter, how to reach them, and who regulates them."""

    name: str
    contact: str
    address: str = ""
    notice_url: str = ""
    regulator_name: str = "Information Commission's Office (ICO)"
    regulator_url: str = "https://ico.org.uk/make-a-complaint/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Facts that are looked through as they are put together."""

    def __post_init__(self) -> None:
        """Refuse what may not be said, while the writer of the letter can still be told."""
        for field in fields(self):
            _look_through(field, getattr(self, field.name))
        self._check()

    def _check(self) -> None:
        """Refuse what this kind of letter may not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCase(Owed):
    """A letter about what somebody asked on a day, under a reference."""

    ref: str
    received_on: date
    controller: Controller
    agent: bool = False
    """It goes to somebody who has shown that they act for the person."""


def _look_through(field: Field[Any], value: object) -> None:
    words = list(_words(value))
    if field.default is MISSING and isinstance(value, str | tuple) and not any(words):
        raise ValueError(f"the letter needs {field.name}")
    for said in words:
        forbid(said, *BY_PEOPLE.never)


def _words(value: object) -> Iterator[str]:
    """Find what is said: facts inside facts have looked through their own."""
    if isinstance(value, str):
        yield one_line(value)
    elif isinstance(value, tuple):
        yield from (one_line(str(item)) for item in value)


def forbid(said: str, *rules: Rule) -> None:
    """Refuse words that break a rule."""
    for rule in rules:
        if found := rule.pattern.search(one_line(said).lower()):
            raise ValueError(f"the letter {rule.reason}: {found.group().strip()!r}")


def only(labels: frozenset[Label], *asked: Label, why: str) -> None:
    """Refuse a letter about what its kind cannot answer."""
    for label in asked:
        if label not in labels:
            raise ValueError(f"{label}: {why}")
