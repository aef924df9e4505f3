"""What staff decide about keeping and erasing: legal holds, and erasures that two people decide.

Where somebody should look later, a mark is kept in the same save, so that nobody has to read
every case to find those few.
"""

from collections.abc import Sequence
from datetime import date

from bot.bench import Bench, Doing
from bot.retention import ERASURE, HOLD, Retention
from store.case import Case, CaseError
from store.events import Event
from store.keeping import (
    ErasureAsked,
    ErasureConfirmed,
    ErasureUndone,
    PreservationEnded,
    Preserved,
    Reason,
)
from store.retention import Kind, kind_of

MARKED = {"look": "yes"}


class KeepingDesk(Bench):
    def preserve(self, ref: str, owner: str, why: str, review_on: date, doing: Doing) -> Case:
        """Put a case under a legal hold, or review the one it is under."""
        if review_on <= self._here.date_of(doing.at):
            raise CaseError(f"{review_on:%d %b %Y} is no day to come: name one to look at it again")
        event = Preserved(**doing.stamp, owner=owner, why=why, review_on=review_on)
        return self._do(ref, doing, lambda _: (event,), keep=mark(HOLD, ref))

    def end_preservation(self, ref: str, why: str, doing: Doing) -> Case:
        event = PreservationEnded(**doing.stamp, why=why)
        return self._do(ref, doing, lambda _: (event,), ("lead",), {name(HOLD, ref): {}})

    def ask_erasure(self, ref: str, reason: Reason, why: str, doing: Doing) -> Case:
        """Ask that a case be erased; of junk one person decides."""

        def make(case: Case) -> Sequence[Event]:
            self._must_hold(case, reason, doing)
            asked = ErasureAsked(**doing.stamp, reason=reason, why=why)
            return (asked, self._confirmed(doing)) if is_junk(case) else (asked,)

        return self._do(ref, doing, make, keep=mark(ERASURE, ref))

    def confirm_erasure(self, ref: str, doing: Doing) -> Case:
        return self._do(ref, doing, lambda _: (self._confirmed(doing),), ("lead",))

    def undo_erasure(self, ref: str, doing: Doing) -> Case:
        event = ErasureUndone(**doing.stamp)
        return self._do(ref, doing, lambda _: (event,), keep={name(ERASURE, ref): {}})

    def _confirmed(self, doing: Doing) -> ErasureConfirmed:
        return ErasureConfirmed(**doing.stamp, erase_at=doing.at + self._policy.schedule.undo)

    def _must_hold(self, case: Case, reason: Reason, doing: Doing) -> None:
        """Refuse a reason that is not so."""
        if reason is Reason.JUNK and not is_junk(case):
            raise CaseError(f"{case.ref} is no junk: no request of it was closed as not ours")
        if reason is Reason.SCHEDULE and not case.running:
            until = Retention(self._casebook, self._here, self._policy.schedule).until(case)
            if until is not None and until > self._here.date_of(doing.at):
                raise CaseError(f"{case.ref} is kept until {until:%d %b %Y}: give another reason")


def name(prefix: str, ref: str) -> str:
    return f"{prefix}{ref.strip().upper()}"


def mark(prefix: str, ref: str) -> dict[str, dict[str, str]]:
    return {name(prefix, ref): MARKED}


def is_junk(case: Case) -> bool:
    return kind_of(case) is Kind.JUNK
