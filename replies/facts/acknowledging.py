"""Facts that say what we received: dates stand where the law gives one, and nowhere else."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from typing_extensions import override

from replies.facts.signed import DATED, Controller, OnCase, only
from store.law import Label


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate(OnCase):
    """What this message asks is dealt with already: the first month goes on, under the first reference."""

    kind: ClassVar[str] = "duplicate"

    label: Label
    first_ref: str
    first_received_on: date
    due_on: date | None = None
    """The date of the first request, if the law gives it one."""

    @override
    def _check(self) -> None:
        only(frozenset(Label) - {Label.OTHER}, self.label, why="what is not ours has no first case")
        if (self.due_on is None) is (self.label in DATED):
            raise ValueError(
                f"{self.label}: a date is told where the law gives one, and only there"
            )
        if self.first_received_on > self.received_on:
            raise ValueError("the first request came before its repetition")
