"""A request on its way to another case: what makes it go on there as if it had been there from the start.

What has taken effect goes along as a fact with its day; the letters stay where they were sent.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from bot.bench import Doing
from store.case import Case, Request
from store.deeds import Acknowledged, Asked, Extended
from store.events import Event, Requested
from store.jurisdiction import Jurisdiction
from store.law import Label
from store.recorded import Wanted
from store.timeline import day_asked


def carried_over(
    case: Case, request: Request, number: int, here: Jurisdiction, doing: Doing
) -> Iterator[Event]:
    """Yield the events by which `request` of `case` goes on as `number` of another case."""
    at, by = doing.at, doing.by.login
    yield Requested(
        at=at,
        by=by,
        effective_on=here.date_of(request.received_at),
        request=number,
        label=request.label,
        guess=request.guess,
        received_at=request.received_at,
        score=request.score,
        because=request.because,
    )
    asked = list(asked_in_effect(case, request, here))
    yield from (replace(each, at=at, by=by, requests=(number,)) for each in asked)
    waiting = Counter(each.wanted for each in asked)
    for supplied in request.supplied:
        if waiting[supplied.wanted]:  # its question may have been found not to have arrived
            waiting[supplied.wanted] -= 1
            yield replace(supplied, at=at, by=by, requests=(number,))
    for extended in extended_in_effect(case, request, here):
        yield replace(extended, at=at, by=by, request=number)
    if told := case.told(request):
        yield Acknowledged(
            at=at,
            by=by,
            effective_on=here.date_of(min(told)),
            request=number,
            how=f"by letter, on {case.ref}",
        )
    kept = (request.acknowledged, request.aware, request.decided, request.answered)
    for deed in (*kept, request.reviewing, request.blocked, *request.ticked):
        if deed is not None:
            yield replace(deed, at=at, by=by, request=number)


def asked_in_effect(case: Case, request: Request, here: Jurisdiction) -> Iterator[Asked]:
    for asked in request.asked:
        day = day_asked(asked, case.letters_by_id)
        if day is not None and counts_still(request, asked.wanted):
            yield replace(asked, letter_id="", effective_on=here.local(day))


def extended_in_effect(case: Case, request: Request, here: Jurisdiction) -> Iterator[Extended]:
    for extended in request.extended:
        letter_id = extended.letter_id
        told = case.letter(letter_id).sent_at if letter_id else extended.effective_on
        if told is not None:
            yield replace(extended, letter_id="", effective_on=here.local(told))


def counts_still(request: Request, wanted: Wanted) -> bool:
    """Say whether it counts for what the request is now: a question stops the clock of access alone."""
    return wanted is not Wanted.CLARIFICATION or request.label is Label.ACCESS
