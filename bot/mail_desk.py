"""What staff do with the messages themselves: look at them, and see to those that found no case.

Looking is an event like any other: who read what somebody wrote stands in the case.
"""

from datetime import datetime

from bot.arrival import Arrival
from bot.bench import Bench, Doing
from bot.casework import Outcome
from bot.reader import Unreadable
from bot.reading_room import ReadMail
from bot.receipt import received_at
from bot.triage import OpenCase, why_hold, why_not_answer
from store.case import Case, CaseError
from store.casebook import Disposition, End
from store.deeds import Looked
from store.law import Label
from store.spool import Entry

WHO_LOOKS = ("handler", "lead", "auditor")


class MailDesk(Bench):
    def looked(self, ref: str, what: str, doing: Doing) -> Case:
        """Record that somebody looks at what the messages of a case say. An auditor may."""
        event = Looked(**doing.stamp, what=what)
        return self._do(ref, doing, lambda _: (event,), WHO_LOOKS)

    def open_filed(
        self,
        entry: Entry,
        read: ReadMail | Unreadable,
        labels: tuple[Label, ...],
        doing: Doing,
    ) -> Case:
        """Make a case of a message that was filed without one, with its original receipt.

        No labels: it goes to triage. Raises CaseError unless the message is filed.
        """
        doing.by.must_be("handler", "lead")
        filed = self._casebook.disposition(entry.spool_id)
        if filed is None or not filed.filed:
            raise CaseError(f"{entry.spool_id} is not filed: it has a case, or is not taken in yet")
        return self._open(entry, read, labels, doing, filed.received_at)

    def open_set_aside(
        self,
        entry: Entry,
        read: ReadMail | Unreadable,
        labels: tuple[Label, ...],
        doing: Doing,
    ) -> Case:
        """Make a case of a message that intake failed on. No labels: it goes to triage."""
        doing.by.must_be("handler", "lead")
        return self._open(entry, read, labels, doing, self._receipt(entry, read))

    def file_set_aside(
        self, entry: Entry, read: ReadMail | Unreadable, why: str, doing: Doing
    ) -> Disposition:
        """File a message that intake failed on; it stands on the daily list like any other."""
        doing.by.must_be("handler", "lead")
        message = None if isinstance(read, Unreadable) else read.message
        filed = Disposition(
            spool_id=entry.spool_id,
            at=doing.at,
            received_at=self._receipt(entry, read),
            end=End.OTHER,
            key=message.key if message else entry.spool_id,
            digest=message.digest if message else entry.spool_id,
            why=f"filed by {doing.by.login}: {why}",
        )
        self._casebook.save(None, version=0, dispositions=(filed,))
        return filed

    def _open(
        self,
        entry: Entry,
        read: ReadMail | Unreadable,
        labels: tuple[Label, ...],
        doing: Doing,
        received: datetime,
    ) -> Case:
        outcome = self._made_of(entry, read, labels, doing, received)
        assert outcome.case is not None
        self._casebook.save(
            outcome.case, version=0, dispositions=(outcome.disposition,), keep=outcome.keep
        )
        return outcome.case

    def _made_of(
        self,
        entry: Entry,
        read: ReadMail | Unreadable,
        labels: tuple[Label, ...],
        doing: Doing,
        received: datetime,
    ) -> Outcome:
        if isinstance(read, Unreadable):
            return self._casework.unreadable(entry, read.why, doing.at)
        message, reading, envelope = read.message, read.reading, entry.envelope
        why_not = envelope.unanswered or why_not_answer(
            message, reading, self._rules, envelope.mail_from
        )
        made = (f"made a case of by {doing.by.login}",)
        decision = OpenCase(labels, why_not, why_hold(message), flags=made)
        return self._casework.carry_out(
            decision, Arrival(entry, message, reading, doing.at, received)
        )

    def _receipt(self, entry: Entry, read: ReadMail | Unreadable) -> datetime:
        stamps = () if isinstance(read, Unreadable) else read.message.stamps
        return received_at(entry.envelope.came_at, stamps, self._rules.trusted_hosts)
