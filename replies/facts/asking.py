"""Facts that ask for something: each says why, and while identity or authority is awaited no date is fixed.

UK GDPR Art. 12(6) allows the question about identity on reasonable doubt alone, Art. 12A(5) the one that stops a clock
for access alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from typing_extensions import override

from replies.facts.signed import DATED, Controller, OnCase, Owed, forbid, only
from replies.layout import one_line
from replies.rules.people import ASKS_WHY, KNOWN_TO_US, NO_DATE, PAPERS
from store.law import Label

ACCESS_ONLY: Final = frozenset({Label.ACCESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskIdentity(OnCase):
    """We have a reason to doubt who writes; any one of these checks does."""

    kind: ClassVar[str] = "ask_identity"

    labels: tuple[Label, ...] = ()
    """Which requests wait for it; none while we are unsure what is asked."""
    reasons: str
    """Why there is a doubt in this case."""
    checks: tuple[str, ...]
    """What would settle it, one to a line; at least one is less than an identity paper."""

    @override
    def _check(self) -> None:
        only(DATED, *self.labels, why="nobody has to show who they are for this")
        forbid(" ".join((self.reasons, *self.checks)), NO_DATE, ASKS_WHY)
        if all(PAPERS.pattern.search(one_line(check).lower()) for check in self.checks):
            raise ValueError("a letter that asks for identity offers a check without papers")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskClarification(OnCase):
    """We need to know which data is meant; our time stands still until the answer."""

    kind: ClassVar[str] = "ask_clarification"

    label: Label = Label.ACCESS
    question: str
    reasons: str
    """Why we cannot find the data without an answer."""
    meanwhile: str
    """What is dealt with already."""

    @override
    def _check(self) -> None:
        only(ACCESS_ONLY, self.label, why="a question stops the clock of an access request alone")
        forbid(f"{self.question} {self.reasons} {self.meanwhile}", NO_DATE, ASKS_WHY, PAPERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAuthority(Owed):
    """To somebody who writes for another person: what shows that they may."""

    kind: ClassVar[str] = "ask_authority"

    ref: str
    received_on: date
    controller: Controller
    note: str = ""
    """Anything else to say; not whether we know the person."""

    @override
    def _check(self) -> None:
        forbid(self.note, NO_DATE, KNOWN_TO_US)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBack(Owed):
    """To the address that a message claims to come from: did you write to us? Nothing of what it asks."""

    kind: ClassVar[str] = "check_back"

    ref: str
    received_on: date
    controller: Controller


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseStarted(OnCase):
    """We have asked, by phone for instance, and our time stands still since then."""

    kind: ClassVar[str] = "pause_started"

    label: Label = Label.ACCESS
    asked_on: date
    question: str

    @override
    def _check(self) -> None:
        only(ACCESS_ONLY, self.label, why="a question stops the clock of an access request alone")
        forbid(self.question, NO_DATE, ASKS_WHY)
        if self.asked_on < self.received_on:
            raise ValueError("a question is asked after the request was received")
