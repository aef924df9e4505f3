"""Facts that refuse: reasons are owed, and so are the three routes of UK GDPR Art. 12(4).

The routes lead to the controller, the regulator and a court; a letter that cannot name them is no refusal.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from typing_extensions import override

from replies.facts.signed import DATED, Controller, OnCase, only
from store.events import Outcome
from store.law import Label

REFUSED: Final = frozenset(
    {
        Outcome.REFUSED_UNFOUNDED,
        Outcome.REFUSED_EXCESSIVE,
        Outcome.EXEMPT,
        Outcome.IDENTITY_NOT_SUPPLIED,
        Outcome.AUTHORITY_NOT_SUPPLIED,
        Outcome.NO_REPLY,
    }
)
SEARCHED: Final = DATED - {Label.AUTOMATED_DECISION}
PART_REFUSED_WITHOUT_ACCESS: Final = DATED - {Label.ACCESS}
HANDED_OVER: Final = frozenset({Label.RECTIFICATION, Label.ERASURE, Label.RESTRICTION})
"""UK GDPR Art. 19: whoever was given the data is told, and the person learns of it."""


def _routes(controller: Controller) -> None:
    if not (controller.contact and controller.regulator_name and controller.regulator_url):
        raise ValueError("a refusal names the ways to the controller, the regulator and a court")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(OnCase):
    """We do not act on what was asked, and why."""

    kind: ClassVar[str] = "refusal"

    labels: tuple[Label, ...]
    ground: Outcome
    reasons: str

    @override
    def _check(self) -> None:
        only(DATED, *self.labels, why="only a request about a right can be refused")
        if self.ground not in REFUSED:
            raise ValueError(f"{self.ground} is no ground of a refusal")
        if self.ground is Outcome.AUTHORITY_NOT_SUPPLIED and self.agent:
            raise ValueError("whoever has shown authority is not refused for the lack of it")
        _routes(self.controller)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartlyRefused(OnCase):
    """We did a part of what was asked; this is what we did not do, and why."""

    kind: ClassVar[str] = "partly_refused"

    label: Label
    done_on: date
    done: str
    refused: str
    reasons: str
    recipients: str = ""
    """Who was told of it, in a sentence; owed where data was corrected, erased or restricted."""

    @override
    def _check(self) -> None:
        only(
            PART_REFUSED_WITHOUT_ACCESS,
            self.label,
            why="access in part is an access response that says what is withheld",
        )
        if self.label in HANDED_OVER and not self.recipients.strip():
            raise ValueError(f"{self.label}: the letter needs recipients")
        _routes(self.controller)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoDataHeld(OnCase):
    """We searched and found nothing about the person."""

    kind: ClassVar[str] = "no_data_held"

    label: Label
    searched: str

    @override
    def _check(self) -> None:
        only(SEARCHED, self.label, why="it is not answered by a search")
        _routes(self.controller)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn(OnCase):
    """Another controller has to answer; we passed it on, so we do not act ourselves."""

    kind: ClassVar[str] = "passed_on"

    label: Label
    handed_on: date
    other_name: str
    other_contact: str
    reasons: str

    @override
    def _check(self) -> None:
        only(DATED | {Label.COMPLAINT, Label.QUERY}, self.label, why="we deal with it ourselves")
        _routes(self.controller)
