"""What staff do between cases: link them, split one, merge two, review what was decided.

Whatever touches two cases is saved in both at once or in neither.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.bench import Bench, Doing
from bot.casework import requested
from bot.letters import thread_of
from bot.moving import carried_over
from bot.tokens import new_token
from store.case import Case, CaseError, Request, open_case
from store.deeds import Assigned, Restricted, Supplied
from store.events import Event, Opened, RequestClosed, Unanswered
from store.law import Label
from store.recorded import Wanted
from store.ties import Linked, Merged, Moved, Reviewing, TookIn, Unlinked


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose the requests are that are split off; empty where they are the same person's."""

    name: str = ""
    address: str = ""


class TieDesk(Bench):
    def link(self, ref: str, other: str, doing: Doing) -> Case:
        """Link two cases of one person, each with the other; nothing is joined."""
        at, by = doing.at, doing.by.login

        def make(here: Case, there: Case) -> tuple[Case, Case]:
            return (
                here.record(Linked(at=at, by=by, ref=there.ref)),
                there.record(Linked(at=at, by=by, ref=here.ref)),
            )

        return self._do_both(ref, other, doing, make)

    def unlink(self, ref: str, other: str, doing: Doing) -> Case:
        at, by = doing.at, doing.by.login

        def make(here: Case, there: Case) -> tuple[Case, Case]:
            return (
                here.record(Unlinked(at=at, by=by, ref=there.ref)),
                there.record(Unlinked(at=at, by=by, ref=here.ref)),
            )

        return self._do_both(ref, other, doing, make)

    def split(self, ref: str, numbers: Sequence[int], whose: Whose, doing: Doing) -> Case:
        """Let requests of a case go on in a new case, with their clocks; return the new one."""

        def make(case: Case) -> tuple[Case, Case]:
            going = chosen(case, numbers)
            received_at = min(request.received_at for request in going)
            new = self._beside(case, received_at, whose, doing)
            new = self._taken_over(new, case, going, doing)
            if case.verified and whose == Whose() and not new.verified:
                how = f"as on {case.ref}"
                supplied = Supplied(**doing.stamp, wanted=Wanted.IDENTITY, requests=(), how=how)
                new = new.record(supplied)
            return new, linked(gone(case, going, new, doing), new, doing)

        return self._do_with_new(ref, doing, make)

    def merge(self, ref: str, other: str, doing: Doing) -> Case:
        """Let another case of the same person go on in this one: what is open there, and what comes."""

        def make(here: Case, there: Case) -> tuple[Case, Case]:
            if not there.running:
                raise CaseError(f"nothing is open in {there.ref}: link it instead")
            if here.in_doubt and not there.in_doubt:
                raise CaseError(
                    f"nobody has made sure who asked in {here.ref}, and {there.ref} is in no doubt: "
                    f"let it lead (`merge {there.ref} {here.ref}`)"
                )
            no_letter_waits(there)
            took = TookIn(
                **doing.stamp,
                ref=there.ref,
                address=there.requester_address,
                facets=there.opened.facets,
            )
            grown = here.record(took, *hidden_as(there, doing))
            grown = self._taken_over(grown, there, there.running, doing)
            left = gone(there, there.running, here, doing)
            return grown, left.record(Merged(**doing.stamp, into=here.ref))

        return self._do_both(ref, other, doing, make)

    def review(
        self, ref: str, number: int, doing: Doing, *, asked_at: datetime | None, asked_in: str = ""
    ) -> Case:
        """Have a decision reviewed, by somebody else; return the case of the review.

        `asked_in` is the case in which the review was asked for, where a message asked for it;
        otherwise it is a new case, asked for at `asked_at` (None: now).
        """
        if asked_at is not None and asked_at > doing.at:
            raise CaseError("it cannot have been asked for in the future")

        def tie(there: Case, decided: Case) -> tuple[Case, Case]:
            there = there.record(reviewing(there, decided, number, doing))
            return linked(there, decided, doing), linked(decided, there, doing)

        def make(decided: Case) -> tuple[Case, Case]:
            decision(decided, number)
            new = self._review_of(decided, asked_at or doing.at, doing)
            new, decided = tie(new, decided)
            return self._acknowledged(new, decided, doing), decided

        if not asked_in:
            return self._do_with_new(ref, doing, make)
        if asked_in.strip().upper() == ref.strip().upper():
            return self._do(ref, doing, lambda case: (reviewing(case, case, number, doing),))
        return self._do_both(asked_in, ref, doing, tie)

    def _beside(self, case: Case, received_at: datetime, whose: Whose, doing: Doing) -> Case:
        """Open a case beside another: what was known there, and who may not see it, holds here."""
        opened = Opened(
            **doing.stamp,
            effective_on=self._here.date_of(received_at),
            channel=case.opened.channel,
            received_at=received_at,
            requester_name=whose.name or case.requester_name,
            requester_address=whose.address or case.requester_address,
            token=new_token(),
            facets=case.opened.facets,
            identifiers=case.opened.identifiers,
        )
        then: list[Event] = [*hidden_as(case, doing), Linked(**doing.stamp, ref=case.ref)]
        if case.owner:
            then.append(Assigned(**doing.stamp, owner=case.owner))
        return open_case(self._casework.new_ref(received_at), opened, then)

    def _taken_over(self, case: Case, source: Case, going: Sequence[Request], doing: Doing) -> Case:
        """Return the case with another's messages, and the requests that go on in it."""
        known = {message.spool_id for message in case.messages}
        case = case.record(
            *(replace(m, **doing.stamp) for m in source.messages if m.spool_id not in known)
        )
        for number, request in enumerate(going, start=len(case.requests) + 1):
            case = case.record(*carried_over(source, request, number, self._here, doing))
        return case

    def _review_of(self, decided: Case, asked_at: datetime, doing: Doing) -> Case:
        new = self._beside(decided, asked_at, Whose(), doing)
        return new.record(*requested(new, (Label.REVIEW,), asked_at, self._here, **doing.stamp))

    def _acknowledged(self, new: Case, decided: Case, doing: Doing) -> Case:
        """Owe the acknowledgement where the requester wrote to us by mail and may be answered."""
        if not decided.messages or any(isinstance(e, Unanswered) for e in decided.events):
            why = "nobody has confirmed an address that a letter could go to"
            return new.record(Unanswered(**doing.stamp, why=why))
        thread = thread_of(decided)
        return new.record(
            self._letters.acknowledgement(
                new, new.requests, at=doing.at, thread=thread, agent=False
            )
        )


def chosen(case: Case, numbers: Sequence[int]) -> list[Request]:
    """Return the requests to split off; something must stay."""
    going = [case.request(number) for number in dict.fromkeys(numbers)]
    if not going:
        raise CaseError("name the requests that go on in a new case")
    if len(going) == sum(request.moved is None for request in case.requests):
        raise CaseError(f"nothing would be left in {case.ref}: correct the case itself instead")
    return going


def no_letter_waits(case: Case) -> None:
    """Raise CaseError while a letter of the case waits for a person."""
    for letter in case.letters:
        if letter.waits_for_a_person:
            raise CaseError(
                f"letter {letter.owed.letter_id} of {case.ref} waits for a person: "
                "release it or take it back first"
            )


def gone(case: Case, going: Sequence[Request], to: Case, doing: Doing) -> Case:
    moved = (Moved(**doing.stamp, request=request.number, to=to.ref) for request in going)
    return case.record(*moved)


def linked(case: Case, other: Case, doing: Doing) -> Case:
    """Return the case linked with `other`, which it may be already."""
    if other.ref in case.links:
        return case
    return case.record(Linked(**doing.stamp, ref=other.ref))


def hidden_as(case: Case, doing: Doing) -> Iterator[Restricted]:
    """Yield what hides another case from those from whom this one is hidden."""
    if case.hidden_from:
        names = tuple(sorted(case.hidden_from))
        yield Restricted(**doing.stamp, hidden_from=names, why=f"as {case.ref} is")


def decision(case: Case, number: int) -> RequestClosed:
    """Return how a request was decided. Raises CaseError while it is not."""
    closed = case.request(number).closed
    if closed is None:
        raise CaseError(f"request {number} of {case.ref} is not decided yet")
    return closed


def reviewing(there: Case, decided: Case, number: int, doing: Doing) -> Reviewing:
    """Say which decision the open review in `there` looks at again."""
    closed = decision(decided, number)
    reviews = [r for r in there.running if r.label is Label.REVIEW and r.reviewing is None]
    if not reviews:
        raise CaseError(f"no review is asked for in {there.ref}: sort the request first")
    return Reviewing(
        **doing.stamp,
        request=reviews[0].number,
        of_ref=decided.ref,
        of_request=number,
        decided_by=closed.by,
        outcome=closed.outcome,
    )
