"""One request of a case: what it waits for, when each thing counts, and what is refused of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from store.case import Case, CaseError, LetterStatus, State
from store.clock import Due
from store.deeds import (
    Asked,
    Extended,
    LetterHeld,
    LetterReleased,
    Noted,
    ReceiptCorrected,
    RequestReopened,
    Sorted,
    Supplied,
)
from store.events import Event, LetterBounced, LetterSent, Requested
from store.law import Label
from store.recorded import Medium, Wanted
from store.requests import RequestState, grown
from tests.unit.test_case import HERE, NOON, asked, at, case_of, closed, owed

ACCESS = asked(1, Label.ACCESS)
ERASURE = asked(1, Label.ERASURE)
PLAIN = date(2026, 12, 2)
"""When a request of 2 November 2026 is due if nothing happens to it."""


def question(
    on: date | None = None,
    *,
    wanted: Wanted = Wanted.CLARIFICATION,
    about: str = "",
    letter_id: str = "",
) -> Asked:
    return Asked(
        at=at(4),
        effective_on=on,
        wanted=wanted,
        requests=(1,),
        about=about,
        medium=Medium.EMAIL if letter_id else Medium.PHONE,
        letter_id=letter_id,
    )


def answer(on: date | None, *, wanted: Wanted = Wanted.CLARIFICATION, about: str = "") -> Supplied:
    return Supplied(at=at(5), effective_on=on, wanted=wanted, requests=(1,), about=about)


def due(case: Case) -> Due:
    return case.due(case.request(1), HERE)


def state(case: Case) -> RequestState:
    return case.request(1).state(case.letters_by_id)


@pytest.mark.parametrize("wanted", Wanted)
def test_a_request_waits_for_what_was_asked_until_it_comes(wanted: Wanted):
    waiting = case_of(ACCESS, question(date(2026, 11, 4), wanted=wanted))
    assert state(waiting) == f"waiting_{wanted}"
    assert waiting.state is State.WAITING
    assert due(waiting).due_on is None
    supplied = waiting.record(answer(date(2026, 11, 9), wanted=wanted))
    assert state(supplied) is RequestState.OPEN
    assert due(supplied).due_on == date(2026, 12, 9 if wanted is not Wanted.CLARIFICATION else 8)


def test_of_several_things_awaited_identity_comes_first():
    both = case_of(ACCESS, question(date(2026, 11, 4)), question(wanted=Wanted.IDENTITY))
    assert state(both) is RequestState.WAITING_IDENTITY


def test_a_closed_request_waits_for_nothing():
    assert state(case_of(ACCESS, question(date(2026, 11, 4)), closed(1))) is RequestState.CLOSED


def test_a_case_with_one_request_open_and_one_waiting_is_open():
    case = case_of(ACCESS, asked(2, Label.ERASURE), question(date(2026, 11, 4)))
    assert case.state is State.OPEN


def test_a_question_by_phone_counts_from_the_day_it_was_asked():
    assert due(case_of(ACCESS, question(date(2026, 11, 4)))).remaining_days == 29


def test_a_question_whose_day_nobody_knows_stops_nothing():
    assert due(case_of(ACCESS, question())).due_on == PLAIN


def test_an_answer_whose_day_nobody_knows_leaves_the_clock_standing():
    case = case_of(ACCESS, question(date(2026, 11, 4)), answer(None))
    assert due(case).due_on is None


def test_an_answer_goes_to_the_question_it_is_about():
    case = case_of(
        ACCESS,
        question(date(2026, 11, 4), about="accounts"),
        question(date(2026, 11, 6), about="years"),
        answer(date(2026, 11, 9), about="years"),
    )
    assert (due(case).due_on, due(case).paused_days) == (None, 4)


def test_an_extension_by_letter_counts_from_the_day_the_letter_went_and_only_if_it_arrived():
    extended = Extended(at=at(4), request=1, reasons="many records", letter_id="e")
    waiting = case_of(ACCESS, owed("e", 1), extended)
    assert (due(waiting).due_on, due(waiting).extension_valid) == (PLAIN, None)
    gone = waiting.record(LetterSent(at=NOON + timedelta(days=3), letter_id="e"))
    assert (due(gone).due_on, due(gone).extension_valid) == (date(2027, 2, 2), True)
    late = waiting.record(LetterSent(at=NOON + timedelta(days=31), letter_id="e"))
    assert (due(late).due_on, due(late).extension_valid) == (PLAIN, False)
    assert due(gone.record(LetterBounced(at=at(9_000), letter_id="e"))).due_on == PLAIN


def test_an_extension_whose_day_nobody_knows_moves_nothing():
    extended = Extended(at=at(4), request=1, reasons="many records")
    assert due(case_of(ACCESS, extended)).extension_valid is None


def test_what_the_machine_guessed_is_kept_beside_an_unclear_request():
    unclear = Requested(
        at=at(1),
        request=1,
        label=None,
        guess=(Label.ACCESS, Label.ERASURE),
        received_at=NOON,
    )
    assert case_of(unclear).request(1).guess == (Label.ACCESS, Label.ERASURE)


def test_what_does_not_concern_a_request_leaves_it_as_it_is():
    request = case_of(ACCESS).request(1)
    assert grown(request, Noted(at=at(5), text="She phoned.")) == request


def test_a_draft_waits_for_a_person_and_a_letter_that_waits_has_no_end():
    draft = case_of(ACCESS, replace(owed("a", 1), draft=True)).letter("a")
    assert (draft.status, draft.waits_for_a_person) == (LetterStatus.DRAFT, True)
    queued = case_of(ACCESS, owed("a", 1))
    assert not queued.letter("a").waits_for_a_person
    held = queued.record(LetterHeld(at=at(4), letter_id="a", why="unsure who wrote"))
    assert held.letter("a").waits_for_a_person
    assert held.letter("a").settled_at is None
    released = held.record(LetterReleased(at=at(5), letter_id="a"))
    assert released.letter("a").settled_at is released.letter("a").not_before is None


def test_a_letter_that_came_back_was_not_sent():
    case = case_of(ACCESS, owed("a", 1), LetterSent(at=at(3), letter_id="a"))
    assert case.letter("a").sent_at == at(3)
    assert case.record(LetterBounced(at=at(9), letter_id="a")).letter("a").sent_at is None


EXTENDED = Extended(
    at=at(4), by="sam", effective_on=date(2026, 11, 5), request=1, reasons="many records"
)


@pytest.mark.parametrize(
    ("before", "event", "sentence"),
    [
        (
            (ERASURE,),
            question(),
            (
                "request 1 of DP-2026-000001 is no access request: only there does a question stop "
                "the clock (UK GDPR Art. 12A(5))"
            ),
        ),
        (
            (ACCESS, closed(1)),
            question(),
            "request 1 of DP-2026-000001 is closed (fulfilled, by jo); reopen it first",
        ),
        (
            (ACCESS,),
            ReceiptCorrected(
                at=at(4), request=1, received_at=NOON + timedelta(seconds=1), why="the stamp"
            ),
            "it cannot have been received after it was recorded",
        ),
        (
            (ERASURE, asked(2, Label.ACCESS)),
            closed(1),
            (
                "DP-2026-000001: the erasure waits for the access request, so that the copy is made "
                "before the data goes; close access first, or override with a reason"
            ),
        ),
        (
            (ACCESS, EXTENDED),
            EXTENDED,
            "request 1 of DP-2026-000001 was extended already, by sam",
        ),
        (
            (ACCESS,),
            RequestReopened(at=at(9), request=1, why="more was found"),
            "request 1 of DP-2026-000001 is open",
        ),
    ],
    ids=[
        "a question about an erasure",
        "a question on a closed request",
        "a receipt a second after it was recorded",
        "an erasure carried out before access",
        "a second extension",
        "reopening what is open",
    ],
)
def test_a_refusal_is_a_whole_sentence(before: tuple[Event, ...], event: Event, sentence: str):
    with pytest.raises(CaseError) as refused:
        case_of(*before).record(event)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "label",
    [None, Label.COMPLAINT, Label.REVIEW, Label.QUERY, Label.UNSUBSCRIBE, Label.BREACH],
)
def test_what_the_law_lets_nobody_extend_is_not_extended(label: Label | None):
    with pytest.raises(CaseError, match="the law gives no extension for request 1"):
        case_of(asked(1, label)).record(EXTENDED)


@pytest.mark.parametrize(
    "label",
    [
        Label.ACCESS,
        Label.RECTIFICATION,
        Label.ERASURE,
        Label.RESTRICTION,
        Label.PORTABILITY,
        Label.OBJECTION,
        Label.AUTOMATED_DECISION,
    ],
)
def test_every_right_may_be_extended_once(label: Label):
    assert due(case_of(asked(1, label), EXTENDED)).due_on == date(2027, 2, 2)


def test_an_erasure_before_access_is_carried_out_with_a_reason():
    case = case_of(ERASURE, asked(2, Label.ACCESS))
    overriding = replace(closed(1), override="the copy was made this morning")
    assert case.record(overriding).asked == {Label.ACCESS}


def test_a_request_sorted_as_marketing_stops_by_the_next_working_day():
    case = case_of(ACCESS, Sorted(at=at(5), request=1, label=Label.UNSUBSCRIBE))
    assert due(case).due_on == date(2026, 11, 3)


def test_what_is_recorded_late_counts_from_the_instant_it_came():
    early = datetime(2026, 10, 30, 23, 30, tzinfo=UTC)
    corrected = ReceiptCorrected(at=at(9), request=1, received_at=early, why="the stamp")
    assert due(case_of(ACCESS, corrected)).start == date(2026, 10, 30)
