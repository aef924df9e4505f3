"""What a case's history forbids: each refusal is one sentence for whoever tried.

Pure checks of one event against the case before it; nothing is decided here but whether it may be.
"""

from typing import TYPE_CHECKING, assert_never, get_args

from store.deeds import (
    Acknowledged,
    AnsweredElsewhere,
    Asked,
    Assigned,
    AwarenessRecorded,
    BreachDecided,
    Extended,
    LetterHeld,
    LetterReleased,
    Looked,
    Noted,
    PapersDeleted,
    ReceiptCorrected,
    RequesterNamed,
    RequestReopened,
    Restricted,
    Shown,
    Sorted,
    Supplied,
    Ticked,
)
from store.events import (
    Blocked,
    Event,
    LetterBounced,
    LetterFailed,
    LetterOwed,
    LetterSent,
    LinkProposed,
    MessageReceived,
    Opened,
    RequestClosed,
    Requested,
    Unanswered,
)
from store.keeping import (
    ErasureAsked,
    ErasureConfirmed,
    ErasureUndone,
    Keeping,
    PreservationEnded,
    Preserved,
)
from store.keeping_rules import check_keeping
from store.law import Label
from store.letters import LetterStatus
from store.recorded import Outcome, Wanted
from store.refused import CaseError
from store.requests import Request
from store.ties import Linked, Merged, Moved, Reviewing, TookIn, Unlinked

if TYPE_CHECKING:
    from store.case import Case

FOR_THE_PERSON_ALONE = {Label.ACCESS, Label.PORTABILITY, Label.RECTIFICATION, Label.ERASURE}
"""What harms whoever it is done to, if somebody else asked for it."""

ALSO_WHEN_MERGED = (
    MessageReceived,
    LetterSent,
    LetterFailed,
    LetterBounced,
    Looked,
    Noted,
    Restricted,
    PapersDeleted,
    Shown,
    *get_args(Keeping),
)
"""What can still happen to a case that goes on in another one."""


def check(case: "Case", event: Event) -> None:
    """Raise CaseError if `event` cannot follow in the case's history."""
    if case.merged_into and not isinstance(event, ALSO_WHEN_MERGED):
        raise CaseError(f"{case.ref} goes on in {case.merged_into}")
    match event:
        case Opened():
            raise CaseError(f"{case.ref} is open already")
        case (
            MessageReceived()
            | Unanswered()
            | LinkProposed()
            | Assigned()
            | RequesterNamed()
            | Shown()
            | Looked()
            | Noted()
            | Restricted()
            | PapersDeleted()
        ):
            pass
        case (
            LetterOwed()
            | LetterSent()
            | LetterFailed()
            | LetterBounced()
            | LetterHeld()
            | LetterReleased()
        ):
            check_letter(case, event)
        case (
            Preserved()
            | PreservationEnded()
            | ErasureAsked()
            | ErasureConfirmed()
            | ErasureUndone()
        ):
            check_keeping(case, event)
        case Linked() | Unlinked() | TookIn() | Merged():
            check_tie(case, event)
        case Requested() | Asked() | Supplied():
            check_asking(case, event)
        case _:
            check_request(case, case.request(event.request), event)


RequestDeed = (
    Sorted
    | Acknowledged
    | AnsweredElsewhere
    | Extended
    | ReceiptCorrected
    | RequestReopened
    | RequestClosed
    | AwarenessRecorded
    | BreachDecided
    | Blocked
    | Ticked
    | Reviewing
    | Moved
)


def check_request(case: "Case", request: Request, event: RequestDeed) -> None:
    must_be_here(case, request)
    if isinstance(event, RequestClosed):
        check_closing(case, request, event)
    elif isinstance(event, RequestReopened):
        if request.closed is None:
            raise CaseError(f"request {request.number} of {case.ref} is open")
    else:
        must_be_open(case, request)
        if isinstance(event, Ticked):
            check_tick(case, request, event)
        else:
            check_open_request(case, request, event)


OpenRequestDeed = (
    Sorted
    | Acknowledged
    | AnsweredElsewhere
    | Extended
    | ReceiptCorrected
    | AwarenessRecorded
    | BreachDecided
    | Blocked
    | Reviewing
    | Moved
)


def check_open_request(case: "Case", request: Request, event: OpenRequestDeed) -> None:
    match event:
        case Extended():
            check_extension(case, request)
        case AwarenessRecorded() | BreachDecided():
            if request.label is not Label.BREACH:
                raise CaseError(f"request {request.number} of {case.ref} is not a breach report")
        case ReceiptCorrected():
            if event.received_at > case.opened.at:
                raise CaseError("it cannot have been received after it was recorded")
        case Reviewing() | Moved():
            check_tied(case, request, event)
        case Blocked() | Sorted() | Acknowledged() | AnsweredElsewhere():
            pass
        case _:
            assert_never(event)


def check_tick(case: "Case", request: Request, event: Ticked) -> None:
    before = [tick.by for tick in request.ticked if tick.system == event.system]
    if before:
        raise CaseError(f"{event.system} was ticked off {case.ref} already, by {before[0]}")
    if event.system not in request.systems_left:
        left = ", ".join(request.systems_left) or "none"
        raise CaseError(
            f"{event.system!r} is no sending system that {case.ref} waits for: {left} left"
        )


LetterEvent = LetterOwed | LetterSent | LetterFailed | LetterBounced | LetterHeld | LetterReleased


def check_letter(case: "Case", event: LetterEvent) -> None:
    letter_id = event.letter_id
    if isinstance(event, LetterOwed):
        if letter_id in case.letters_by_id:
            raise CaseError(f"{case.ref} owes letter {letter_id} already")
        return
    letter = case.letter(letter_id)
    if isinstance(event, LetterHeld) and letter.status is not LetterStatus.QUEUED:
        raise CaseError(f"letter {letter_id} is {letter.status}: only a queued one can be held")
    if isinstance(event, LetterReleased) and not letter.waits_for_a_person:
        raise CaseError(f"letter {letter_id} is {letter.status}: there is nothing to release")


def check_asking(case: "Case", event: Requested | Asked | Supplied) -> None:
    if isinstance(event, Requested):
        if event.request in case.requests_by_number:
            raise CaseError(f"{case.ref} has a request {event.request} already")
        return
    for number in event.requests:
        check_question(case, case.request(number), event)


def check_tie(case: "Case", event: Linked | Unlinked | TookIn | Merged) -> None:
    other = event.into if isinstance(event, Merged) else event.ref
    if other == case.ref:
        raise CaseError(f"{case.ref} cannot be tied to itself")
    if isinstance(event, Linked) and other in case.links:
        raise CaseError(f"{case.ref} is linked with {other} already")
    if isinstance(event, Unlinked) and other not in case.links:
        raise CaseError(f"{case.ref} is not linked with {other}")
    if isinstance(event, Merged) and case.running:
        raise CaseError(f"{case.ref} has open requests that went nowhere")


def check_tied(case: "Case", request: Request, event: Reviewing | Moved) -> None:
    if isinstance(event, Moved):
        check_move(case, request)
    elif request.label is not Label.REVIEW:
        raise CaseError(f"request {request.number} of {case.ref} asks for no review")
    elif request.reviewing is not None:
        of = request.reviewing
        raise CaseError(
            f"request {request.number} of {case.ref} reviews request {of.of_request} of {of.of_ref}"
        )


def check_move(case: "Case", request: Request) -> None:
    """Refuse while a letter that would change the request's clock is on its way."""
    asked = [deed.letter_id for deed in request.asked if deed.letter_id]
    extended = [deed.letter_id for deed in request.extended if deed.letter_id]
    for letter_id in (*asked, *extended):
        letter = case.letter(letter_id)
        if letter.waits_for_a_person or letter.status is LetterStatus.QUEUED:
            raise CaseError(
                f"letter {letter_id} about request {request.number} of {case.ref} has not gone yet: "
                "wait for it, or take it back first"
            )


def check_question(case: "Case", request: Request, event: Asked | Supplied) -> None:
    must_be_open(case, request)
    if event.wanted is Wanted.CLARIFICATION and request.label is not Label.ACCESS:
        raise CaseError(
            f"request {request.number} of {case.ref} is no access request: "
            "only there does a question stop the clock (UK GDPR Art. 12A(5))"
        )
    if isinstance(event, Supplied):
        check_answer(case, request, event)


def check_answer(case: "Case", request: Request, event: Supplied) -> None:
    waiting = request.unanswered(event.wanted, case.letters_by_id)
    if not waiting:
        raise CaseError(
            f"nobody waits for {event.wanted} on request {request.number} of {case.ref}"
        )
    # Of a letter the desk checks it: its local day depends on where the controller is.
    days = [a.effective_on for a in waiting if not a.letter_id and a.effective_on is not None]
    if days and event.effective_on is not None and event.effective_on < min(days):
        raise CaseError(
            f"the answer on {event.effective_on:%d %b %Y} is before the question, on {min(days):%d %b %Y}"
        )


def check_extension(case: "Case", request: Request) -> None:
    if request.label in {
        None,
        Label.COMPLAINT,
        Label.REVIEW,
        Label.QUERY,
        Label.UNSUBSCRIBE,
        Label.BREACH,
    }:
        raise CaseError(f"the law gives no extension for request {request.number} of {case.ref}")
    lost = {LetterStatus.FAILED, LetterStatus.BOUNCED}
    standing = [
        extended
        for extended in request.extended
        if not extended.letter_id or case.letter(extended.letter_id).status not in lost
    ]
    if standing:
        raise CaseError(
            f"request {request.number} of {case.ref} was extended already, by {standing[0].by}"
        )


def check_closing(case: "Case", request: Request, event: RequestClosed) -> None:
    if request.closed is not None:
        when, who = request.closed.at, request.closed.by
        raise CaseError(
            f"request {request.number} of {case.ref} was closed already, "
            f"on {when:%d %b %Y} by {who}: {request.closed.outcome}"
        )
    carried_out = event.outcome in {Outcome.FULFILLED, Outcome.PARTLY}
    if (
        request.label is Label.ERASURE
        and Label.ACCESS in case.asked
        and carried_out
        and not event.override
    ):
        raise CaseError(
            f"{case.ref}: the erasure waits for the access request, so that the copy is made "
            "before the data goes; close access first, or override with a reason"
        )
    if (
        request.label is Label.UNSUBSCRIBE
        and event.outcome is Outcome.FULFILLED
        and request.systems_left
    ):
        raise CaseError(
            f"{case.ref} stays open until each sending system has taken it in: "
            f"{', '.join(request.systems_left)} left (`ticked {case.ref} SYSTEM`)"
        )
    if carried_out and case.in_doubt and request.label in FOR_THE_PERSON_ALONE:
        raise CaseError(not_verified(case))
    of = request.reviewing
    if of is not None and of.decided_by == event.by:
        raise CaseError(
            f"{event.by} decided request {of.of_request} of {of.of_ref}: somebody else must review it"
        )


def not_verified(case: "Case") -> str:
    return (
        f"{case.ref}: the sender failed authentication, and nobody has made sure who asked; "
        f"record that first (`supplied {case.ref} identity --how HOW`)"
    )


def must_be_here(case: "Case", request: Request) -> None:
    if request.moved is not None:
        raise CaseError(f"request {request.number} of {case.ref} goes on in {request.moved.to}")


def must_be_open(case: "Case", request: Request) -> None:
    must_be_here(case, request)
    if request.closed is not None:
        raise CaseError(
            f"request {request.number} of {case.ref} is closed "
            f"({request.closed.outcome}, by {request.closed.by}); reopen it first"
        )
