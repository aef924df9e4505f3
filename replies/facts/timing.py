"""Facts about time: a new date, and why; how far we are; that we are late; that we told a wrong date.

An extension is for the complexity or the number of that person's requests, UK GDPR Art. 12A(3), and for nothing else.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from typing_extensions import override

from replies.facts.signed import DATED, OnCase, forbid, only
from replies.rules.people import OUR_WORKLOAD
from store.law import Label

LOOKED_INTO: Final = frozenset({Label.COMPLAINT, Label.REVIEW})


class Ground(StrEnum):
    """What an extension may rest on."""

    COMPLEXITY = "complexity"
    NUMBER = "number"


class Awaited(StrEnum):
    """What we waited for."""

    IDENTITY = "identity"
    AUTHORITY = "authority"
    CLARIFICATION = "clarification"
    FEE = "fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension(OnCase):
    """We need up to two months more; given inside the first month, with reasons."""

    kind: ClassVar[str] = "extension"

    labels: tuple[Label, ...]
    first_due_on: date
    due_on: date
    ground: Ground
    reasons: str

    @override
    def _check(self) -> None:
        only(DATED, *self.labels, why="only a request about a right can be extended")
        forbid(self.reasons, OUR_WORKLOAD)
        if self.due_on <= self.first_due_on:
            raise ValueError("an extension ends after the first date")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRestarted(OnCase):
    """What we waited for has come; this is the date now."""

    kind: ClassVar[str] = "clock_restarted"

    labels: tuple[Label, ...]
    awaited: Awaited
    restarted_on: date
    due_on: date

    @override
    def _check(self) -> None:
        only(DATED, *self.labels, why="only a request about a right has a clock that restarts")
        if self.awaited is Awaited.CLARIFICATION and {*self.labels} != {Label.ACCESS}:
            raise ValueError("an answer to a question moves the date of an access request alone")
        if self.due_on < self.restarted_on:
            raise ValueError("the date comes after the restart")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressNote(OnCase):
    """How far we have got with a complaint, DPA 2018 s.164A(4)."""

    kind: ClassVar[str] = "progress_note"

    label: Label
    done: str
    to_do: str
    next_on: date | None = None
    """Until when we aim to write again: our own target."""

    @override
    def _check(self) -> None:
        only(LOOKED_INTO, self.label, why="progress is told on a complaint or a review")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyLate(OnCase):
    """The date has passed; we are sorry, and this is when the answer comes."""

    kind: ClassVar[str] = "apology_late"

    labels: tuple[Label, ...]
    first_due_on: date
    due_on: date
    reasons: str

    @override
    def _check(self) -> None:
        only(DATED, *self.labels, why="it has no statutory date to be late for")
        if self.due_on <= self.first_due_on:
            raise ValueError("the new date comes after the one that has passed")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionOfDate(OnCase):
    """A date that we told was wrong; both stand here, so that nothing is changed in silence."""

    kind: ClassVar[str] = "correction_of_date"

    labels: tuple[Label, ...]
    told_on: date
    """The date that the earlier letter told."""
    due_on: date
    reasons: str = ""

    @override
    def _check(self) -> None:
        only(DATED, *self.labels, why="it has no statutory date to correct")
        if self.due_on == self.told_on:
            raise ValueError("a correction tells another date than the letter before")
