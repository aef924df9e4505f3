"""Facts that answer: what was done and when; for access all that UK GDPR Art. 15 lists, item by item."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from typing_extensions import override

from replies.facts.refusing import HANDED_OVER
from replies.facts.signed import DATED, OnCase, only
from store.law import Label

ACTED_ON: Final = DATED - {Label.ACCESS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilled(OnCase):
    """We did all that was asked."""

    kind: ClassVar[str] = "fulfilled"

    label: Label
    done_on: date
    done: str
    """What was done, in a sentence or more."""
    recipients: str = ""
    """Who was told of it, in a sentence; owed where data was corrected, erased or restricted."""
    reasons: str = ""
    """Owed where a person looked again at a decision."""
    on_block_list: bool = False
    """The least that is needed stays on a list, so that a block is respected."""

    @override
    def _check(self) -> None:
        only(ACTED_ON, self.label, why="it has an answer of its own kind")
        if self.label in HANDED_OVER and not self.recipients.strip():
            raise ValueError(f"{self.label}: the letter needs recipients")
        if self.label is Label.AUTOMATED_DECISION and not self.reasons.strip():
            raise ValueError(f"{self.label}: the letter needs reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessResponse(OnCase):
    """The copy, and everything beside it that UK GDPR Art. 15(1) and (2) list."""

    kind: ClassVar[str] = "access_response"

    enclosed: tuple[str, ...]
    delivery: str
    """How the copy reaches the person."""
    purposes: str
    categories: str
    recipients: str
    retention: str
    source: str
    automated_decisions: str
    transfers: str
    withheld: str = ""
    """What is not in the copy and why, unless to say so would defeat the exemption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDisclosure(OnCase):
    """A part of the copy now; the rest follows by the date."""

    kind: ClassVar[str] = "partial_disclosure"

    enclosed: tuple[str, ...]
    delivery: str
    to_follow: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketingStopped(OnCase):
    """Direct marketing has stopped: said when every sending system has taken it in."""

    kind: ClassVar[str] = "marketing_stopped"

    done_on: date
    systems_left: int
    """How many sending systems have still to take it in."""

    @override
    def _check(self) -> None:
        if self.systems_left:
            raise ValueError("marketing has not stopped while a sending system is left")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionLift(OnCase):
    """A restriction ends on a day to come, UK GDPR Art. 18(3)."""

    kind: ClassVar[str] = "restriction_lift"

    lifted_on: date
    reasons: str
