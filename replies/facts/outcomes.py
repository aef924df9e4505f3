"""Facts that end a complaint or a review: each issue with its finding, the reasons and what we do about it.

A complaint that is upheld is a finding, and an apology is no admission (Compensation Act 2006 s.2): both may be said.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from typing_extensions import override

from replies.facts.signed import OnCase, Owed
from store.events import Outcome

FOUND: Final = frozenset({Outcome.UPHELD, Outcome.PARTLY_UPHELD, Outcome.NOT_UPHELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Owed):
    """One thing complained of, in our neutral words, and what we found."""

    about: str
    finding: Outcome
    reasons: str
    action: str
    """What we have done or will do, or that nothing is to be done."""

    @override
    def _check(self) -> None:
        if self.finding not in FOUND:
            raise ValueError(f"{self.finding} is no finding on a complaint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintOutcome(OnCase):
    """What we found on each issue of a complaint."""

    kind: ClassVar[str] = "complaint_outcome"

    issues: tuple[Issue, ...]
    apology: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOutcome(OnCase):
    """What somebody found who did not make the earlier decision."""

    kind: ClassVar[str] = "review_outcome"

    decided_on: date
    decided_by: str
    reviewed_by: str
    issues: tuple[Issue, ...]
    apology: str = ""

    @override
    def _check(self) -> None:
        if self.decided_by.strip().casefold() == self.reviewed_by.strip().casefold():
            raise ValueError("a review is done by somebody who did not make the decision")
