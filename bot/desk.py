"""What staff can do to a case, each action written once; every door for people calls these.

An action names who does it and when. What the case's history forbids raises CaseError, with a
sentence for whoever asked. Nothing of legal effect happens anywhere else.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.casework import Arrival, Casework
from bot.reader import Unreadable
from bot.reading_room import ReadMail
from bot.triage import OpenCase, Rules, why_not_answer
from store.case import Case, CaseError
from store.casebook import Casebook, ChangedMeanwhileError
from store.events import Outcome, RequestClosed
from store.jurisdiction import Jurisdiction
from store.law import Label
from store.spool import Entry


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff, by login."""

    login: str


class Desk:
    def __init__(
        self, casebook: Casebook, casework: Casework, rules: Rules, here: Jurisdiction
    ) -> None:
        self._casebook = casebook
        self._casework = casework
        self._rules = rules
        self._here = here

    def find(self, ref: str) -> Case:
        """Return the case. Raises CaseError when there is none by that reference."""
        case = self._casebook.get(ref.strip().upper())
        if case is None:
            raise CaseError(f"there is no case {ref}")
        return case

    def close(
        self,
        ref: str,
        outcome: Outcome,
        *,
        request: int | None,
        reasons: str,
        by: Actor,
        at: datetime,
    ) -> Case:
        """Close one request, or the only one still open. Raises CaseError when it cannot be."""
        case = self.find(ref)
        number = request if request is not None else self._only_open(case)
        grown = case.record(
            RequestClosed(
                at=at,
                by=by.login,
                effective_on=self._here.date_of(at),
                request=number,
                outcome=outcome,
                reasons=reasons,
            )
        )
        self._save(grown, case)
        return grown

    def open_filed(
        self,
        entry: Entry,
        read: ReadMail | Unreadable,
        labels: tuple[Label, ...],
        *,
        by: Actor,
        at: datetime,
    ) -> Case:
        """Make a case of a message that was filed without one, with its original receipt.

        No labels: it goes to triage. Raises CaseError unless the message is filed.
        """
        filed = self._casebook.disposition(entry.spool_id)
        if filed is None or not filed.filed:
            raise CaseError(f"{entry.spool_id} is not filed: it has a case, or is not taken in yet")
        if isinstance(read, Unreadable):
            outcome = self._casework.unreadable(entry, read.why, at)
        else:
            message, reading = read.message, read.reading
            why_not = why_not_answer(message, reading, self._rules, entry.envelope.mail_from)
            decision = OpenCase(
                labels, unanswered=why_not, flags=(f"made a case of by {by.login}",)
            )
            arrival = Arrival(entry, message, reading, at, filed.received_at)
            outcome = self._casework.carry_out(decision, arrival)
        assert outcome.case is not None
        self._casebook.save(outcome.case, version=0, dispositions=(outcome.disposition,))
        return outcome.case

    def _only_open(self, case: Case) -> int:
        running = [request for request in case.requests if request.closed is None]
        if not running:
            raise CaseError(f"every request of {case.ref} is closed already")
        if len(running) > 1:
            listed = ", ".join(f"{r.number} ({r.label or 'not sorted yet'})" for r in running)
            raise CaseError(
                f"{case.ref} has several open requests: {listed}; name one with --request"
            )
        return running[0].number

    def _save(self, grown: Case, read: Case) -> None:
        try:
            self._casebook.save(grown, version=len(read.events))
        except ChangedMeanwhileError:
            raise CaseError(
                f"{read.ref} was changed by somebody else just now; look again"
            ) from None
