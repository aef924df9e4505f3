"""Facts for letters: one frozen class per kind of letter lists all that the letter may say.

A letter that is built here can be said lawfully: dates stand where the law gives one, and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Final

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


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked: its statutory date if the law gives one, or the controller's own target."""

    label: Label
    due_on: date | None = None
    working: str | None = None
    target_on: date | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """We have your message, this is how we read it, this is what happens next."""

    kind: ClassVar[str] = "acknowledgement"

    ref: str
    received_on: date
    asked: tuple[Asked, ...]
    unsure: bool
    agent: bool
    controller: Controller

    def __post_init__(self) -> None:
        """Refuse what may not be said, while the writer of the letter can still be told."""
        if self.unsure:
            if self.right_by is None and not self.agent:
                raise ValueError("an unsure acknowledgement needs the date a right would have")
        elif not self.asked:
            raise ValueError("an acknowledgement says what was asked, or that we are unsure")
        else:
            for asked in self.asked:
                _check(asked, agent=self.agent)

    @property
    def right_by(self) -> date | None:
        """By when we answer whatever right it turns out to be: the earliest date is true of all."""
        return min((asked.due_on for asked in self.asked if asked.due_on), default=None)


def _check(asked: Asked, *, agent: bool) -> None:
    if asked.label is Label.OTHER:
        raise ValueError("what is not ours is never acknowledged by machine")
    if asked.label in DATED and asked.due_on is None and not agent:
        raise ValueError(f"{asked.label} has a statutory date, and it is missing")
    if asked.label not in DATED and asked.due_on is not None:
        raise ValueError(f"{asked.label} has no statutory date to be told")
    if asked.label is not Label.QUERY and asked.target_on is not None:
        raise ValueError(f"only a query is told the controller's own target, not {asked.label}")


Letter = Acknowledgement
"""Any letter: a union that grows by one class with each kind."""

KINDS: Final[Mapping[str, type[Letter]]] = MappingProxyType(
    {kind.kind: kind for kind in (Acknowledgement,)}
)
"""Each kind of letter by the name of its folder of templates."""
