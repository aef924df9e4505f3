"""Facts of the letters beside requests and complaints: a person's own words, a breach, a survey."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from typing_extensions import override

from replies.facts.signed import Controller, OnCase, Owed, only
from store.events import Outcome
from store.law import Label

SURVEYED: Final = frozenset(Label) - {
    Label.OBJECTION,
    Label.UNSUBSCRIBE,
    Label.COMPLAINT,
    Label.REVIEW,
    Label.BREACH,
    Label.OTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(OnCase):
    """What somebody of the privacy team wrote, as it was written."""

    kind: ClassVar[str] = "reply"

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachReport(OnCase):
    """To whoever told us of something that went astray: what to do with it now."""

    kind: ClassVar[str] = "breach_report"

    done: str
    to_do: str
    """What we ask them to do: delete it, send it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachNotice(Owed):
    """To a person whose data is at high risk: all that UK GDPR Art. 34(2) lists."""

    kind: ClassVar[str] = "breach_notice"

    ref: str
    controller: Controller
    nature: str
    consequences: str
    measures: str
    advice: str
    """What the person can do to be safe."""
    happened_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(OnCase):
    """An invitation to say how we did, once, after everything asked was done."""

    kind: ClassVar[str] = "survey"

    labels: tuple[Label, ...]
    """Everything the case asks."""
    outcomes: tuple[Outcome, ...]
    """How each of them ended."""
    url: str

    @override
    def _check(self) -> None:
        only(SURVEYED, *self.labels, why="whoever asked this is not surveyed")
        if {*self.outcomes} != {Outcome.FULFILLED}:
            raise ValueError("only somebody who got what they asked for is surveyed")
        if not self.url.startswith("https://"):
            raise ValueError("a survey is reached by https")
