"""What staff can do to a case, each action written once; every door for people calls these.

An action says who does it and when, checks that they may, and appends events. What the case's
history forbids raises CaseError, with a sentence for whoever asked; of two people who do the
same thing at once the second is told who was first. Nothing of legal effect happens elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from bot.bench import Doing
from bot.casework import Told, requested
from bot.keeping_desk import KeepingDesk
from bot.letter_desk import LetterDesk
from bot.mail.sender import is_address
from bot.mail_desk import MailDesk
from bot.people import Person
from bot.register import RowError, Taking, case_from, grouped, instant
from bot.tie_desk import TieDesk, Whose
from store.case import Case, CaseError
from store.clock import Due, Happening
from store.deeds import (
    Acknowledged,
    AnsweredElsewhere,
    Assigned,
    AwarenessRecorded,
    BreachDecided,
    Noted,
    PapersDeleted,
    ReceiptCorrected,
    RequesterNamed,
    RequestReopened,
    Restricted,
    Sorted,
    Ticked,
)
from store.events import Event, RequestClosed
from store.jurisdiction import Jurisdiction
from store.law import Label
from store.recorded import Outcome
from store.refused import RefusedError


@dataclass(frozen=True, slots=True)
class Closing:
    """How a request ended, and what belongs to that."""

    outcome: Outcome
    reasons: str = ""
    exemption: str = ""
    finding: str = ""
    remedy: str = ""
    lesson: str = ""
    override: str = ""


class Desk(KeepingDesk, LetterDesk, MailDesk, TieDesk):
    """Everything that can be done to a case: letters, messages and ties to other cases have modules of their own."""

    def claim(self, ref: str, doing: Doing) -> Case:
        """Take a case that is nobody's."""

        def make(case: Case) -> Sequence[Event]:
            if case.owner == doing.by.login:
                return ()
            if case.owner:
                raise CaseError(f"{case.ref} was claimed already, by {case.owner}")
            return (Assigned(**doing.stamp, owner=doing.by.login),)

        return self._do(ref, doing, make)

    def hand_over(self, ref: str, to: Person, doing: Doing) -> Case:
        def make(case: Case) -> Sequence[Event]:
            if not to.sees(case):
                raise CaseError(f"{to.name} may not see {case.ref}")
            return (Assigned(**doing.stamp, owner=to.login),)

        return self._do(ref, doing, make)

    def sort(self, ref: str, number: int | None, labels: Sequence[Label], doing: Doing) -> Case:
        """Say what a request asks; further labels become requests of their own, received with it."""

        def make(case: Case) -> Sequence[Event]:
            request = self._which(case, number)
            first, *more = labels
            by = doing.by.login
            events: list[Event] = [
                Sorted(at=doing.at, by=by, request=request.number, label=first),
                *requested(case, more, request.received_at, self._here, at=doing.at, by=by),
            ]
            return (*events, *self._casework.blocked(case.record(*events), at=doing.at, by=by))

        return self._do(ref, doing, make)

    def ticked(self, ref: str, number: int | None, system: str, doing: Doing) -> Case:
        """Record that a sending system has taken an unsubscribe in."""

        def make(case: Case) -> Sequence[Event]:
            waiting = [r.number for r in case.running if r.systems_left]
            which = waiting[0] if number is None and len(waiting) == 1 else number
            request = self._which(case, which)
            return (Ticked(**doing.stamp, request=request.number, system=system.strip()),)

        return self._do(ref, doing, make)

    def name_requester(
        self, ref: str, whose: Whose, doing: Doing, *, received_at: datetime, confirmed: bool
    ) -> Case:
        """Say who asked and when it was received; a confirmed address gets the acknowledgement."""

        def make(case: Case) -> Sequence[Event]:
            if whose.address and not is_address(whose.address):
                raise CaseError(f"{whose.address} is not a mail address")
            named = RequesterNamed(
                **doing.stamp, name=whose.name[:200], address=whose.address, confirmed=confirmed
            )
            receipts = [
                ReceiptCorrected(
                    **doing.stamp,
                    effective_on=self._here.date_of(received_at),
                    request=request.number,
                    received_at=received_at,
                    why=f"confirmed by {doing.by.name}",
                )
                for request in case.running
                if case.provisional(request)
            ]
            grown = case.record(named, *receipts)
            if not (confirmed and whose.address and grown.running) or case.letters:
                return (named, *receipts)
            letter = self._letters.acknowledgement(
                grown, grown.running, at=doing.at, thread=(), agent=False
            )
            return (named, *receipts, letter)

        return self._do(ref, doing, make)

    def note(self, ref: str, text: str, doing: Doing) -> Case:
        return self._do(ref, doing, lambda _: (Noted(**doing.stamp, text=text),))

    def answered_elsewhere(
        self, ref: str, number: int | None, how: str, doing: Doing, *, on: date
    ) -> Case:
        """Record that a request was answered outside this tool, and on which day."""

        def make(case: Case) -> Sequence[Event]:
            return (
                AnsweredElsewhere(
                    **doing.stamp,
                    effective_on=self._day(case, on, doing),
                    request=self._which(case, number).number,
                    how=how,
                ),
            )

        return self._do(ref, doing, make)

    def acknowledged(
        self, ref: str, number: int | None, how: str, doing: Doing, *, on: date | None
    ) -> Case:
        """Record that the requester was told outside this tool that the request has come."""

        def make(case: Case) -> Sequence[Event]:
            return (
                Acknowledged(
                    **doing.stamp,
                    effective_on=self._day(case, on, doing),
                    request=self._which(case, number).number,
                    how=how,
                ),
            )

        return self._do(ref, doing, make)

    def papers_deleted(self, ref: str, spool_id: str, doing: Doing) -> Case:
        """Record that the proof of identity in a message is gone."""
        event = PapersDeleted(**doing.stamp, spool_id=spool_id)
        return self._do(ref, doing, lambda _: (event,))

    def correct_receipt(
        self, ref: str, number: int | None, received_at: datetime, why: str, doing: Doing
    ) -> Case:
        """Set the true instant of receipt of a request."""

        def make(case: Case) -> Sequence[Event]:
            request = self._which(case, number)
            return (
                ReceiptCorrected(
                    **doing.stamp,
                    effective_on=self._here.date_of(received_at),
                    request=request.number,
                    received_at=received_at,
                    why=why,
                ),
            )

        return self._do(ref, doing, make)

    def close(self, ref: str, number: int | None, closing: Closing, doing: Doing) -> Case:
        """Close one request, or the only one still open; of an unsubscribe, who ticked it off is its reason."""

        def make(case: Case) -> Sequence[Event]:
            request = self._which(case, number)
            done = closing
            if request.ticked and not closing.reasons:
                done = replace(closing, reasons=proof(request.ticked, self._here))
            return (
                RequestClosed(
                    **doing.stamp,
                    effective_on=self._here.date_of(doing.at),
                    request=request.number,
                    **asdict(done),
                ),
            )

        return self._do(ref, doing, make)

    def reopen(self, ref: str, number: int, why: str, doing: Doing) -> Case:
        event = RequestReopened(**doing.stamp, request=number, why=why)
        return self._do(ref, doing, lambda _: (event,))

    def restrict(self, ref: str, hidden_from: Sequence[Person], why: str, doing: Doing) -> Case:
        """Hide the case from people: one whom a complaint is about, say."""
        logins = tuple(person.login for person in hidden_from)
        if doing.by.login in logins:
            raise CaseError("nobody hides a case from themselves")
        event = Restricted(**doing.stamp, hidden_from=logins, why=why)
        return self._do(ref, doing, lambda _: (event,))

    def aware(
        self, ref: str, number: int | None, aware_at: datetime, why: str, doing: Doing
    ) -> Case:
        """Set when the controller became aware of a breach: the 72 hours count from there."""

        def make(case: Case) -> Sequence[Event]:
            if aware_at > doing.at:
                raise CaseError("nobody was aware of it in the future")
            if not why.strip():
                raise CaseError("say why: the 72 hours count from there")
            return (
                AwarenessRecorded(
                    **doing.stamp,
                    request=self._which(case, number).number,
                    aware_at=aware_at,
                    why=why,
                ),
            )

        return self._do(ref, doing, make)

    def decide_breach(
        self, ref: str, number: int | None, reasons: str, doing: Doing, *, notify: bool
    ) -> Case:
        """Record whether the regulator is told, and why."""

        def make(case: Case) -> Sequence[Event]:
            if not reasons.strip():
                raise CaseError("say why the regulator is told, or is not (UK GDPR Art. 33(5))")
            return (
                BreachDecided(
                    **doing.stamp,
                    request=self._which(case, number).number,
                    notify=notify,
                    reasons=reasons,
                ),
            )

        return self._do(ref, doing, make)

    def what_if(self, ref: str, number: int | None, more: Sequence[Happening], by: Person) -> Due:
        """Reckon a request's date as if more had happened; nothing changes."""
        case = self.find(ref, by)
        return case.due(self._which(case, number), self._here, more)

    def open_told(self, told: Told, doing: Doing) -> Case:
        """Open a case for a request made by phone, post or in person, with its true receipt."""
        doing.by.must_be("handler", "lead")
        if told.received_at > doing.at:
            raise CaseError("it cannot have been received in the future")
        if told.address and not is_address(told.address):
            raise CaseError(f"{told.address} is not a mail address")
        name = f"opened by {doing.once}"
        known = self._casebook.kept(name) if doing.once else None
        if known is not None:
            return self.find(known["ref"], doing.by)
        case = self._casework.by_hand(told, doing.at, doing.by.login)
        keep = dict(self._block_list.due(case, 0))
        if doing.once:
            keep[name] = {"ref": case.ref}
        self._casebook.save(case, version=0, keep=keep)
        return case

    def take_in(self, rows: Sequence[Mapping[str, str]], doing: Doing) -> list[Case]:
        """Take in cases from a register; rows with one reference are one case.

        Raises CaseError or RowError for the first that cannot be, with its row; those before stay.
        """
        doing.by.must_be("lead")
        taking = Taking(doing.by.login, doing.at, self._here)
        taken = []
        for line, ref, found in grouped(rows):
            try:
                case = case_from(
                    ref or self._casework.new_ref(instant(found[0], taking)), found, taking
                )
                case = case.record(*self._casework.blocked(case, at=doing.at, by=doing.by.login))
                self._casebook.save(case, version=0, keep=self._block_list.due(case, 0))
            except RefusedError as error:
                raise RowError(f"row {line}: {error}") from None
            taken.append(case)
        return taken


def proof(ticked: Sequence[Ticked], here: Jurisdiction) -> str:
    """Tell in one line which sending systems took an unsubscribe in, when, and who says so."""
    return "; ".join(
        f"{tick.system} took it in: {tick.by}, {here.date_of(tick.at):%d %b %Y}" for tick in ticked
    )
