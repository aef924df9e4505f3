"""What people do to a case: what follows from it, and what is refused with a sentence."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from store.case import Case, CaseError, LetterStatus, State
from store.deeds import (
    AnsweredElsewhere,
    Asked,
    Assigned,
    AwarenessRecorded,
    BreachDecided,
    Extended,
    LetterHeld,
    LetterReleased,
    Noted,
    ReceiptCorrected,
    RequestReopened,
    Restricted,
    Sorted,
    Supplied,
)
from store.events import Event, LetterBounced, LetterFailed, LetterSent
from store.law import Label
from store.recorded import Medium, Wanted
from store.requests import RequestState
from store.ties import Linked, Unlinked
from tests.unit.test_case import HERE, NOON, asked, at, case_of, closed, owed, sent

ACCESS = asked(1, Label.ACCESS)
BREACH = asked(1, Label.BREACH)


def question(*requests: int, letter_id: str = "", on: date | None = None) -> Asked:
    return Asked(
        at=at(4),
        effective_on=on,
        wanted=Wanted.CLARIFICATION,
        requests=requests or (1,),
        medium=Medium.EMAIL if letter_id else Medium.PHONE,
        letter_id=letter_id,
    )


def answer(on: date) -> Supplied:
    return Supplied(at=at(5), effective_on=on, wanted=Wanted.CLARIFICATION, requests=(1,))


def due_on(case: Case, number: int = 1) -> date | None:
    return case.due(case.request(number), HERE).due_on


def test_the_last_owner_owns_it():
    case = case_of(ACCESS, Assigned(at=at(2), owner="sam"), Assigned(at=at(3), owner="jo"))
    assert case.owner == "jo"
    assert case_of(ACCESS).owner == ""


def test_links_come_and_go():
    linked = case_of(ACCESS, Linked(at=at(2), ref="DP-2026-000009"))
    assert linked.links == {"DP-2026-000009"}
    assert linked.record(Unlinked(at=at(3), ref="DP-2026-000009")).links == frozenset()


def test_a_restriction_hides_from_those_it_names():
    case = case_of(ACCESS, Restricted(at=at(2), hidden_from=("sam",), why="it is about Sam"))
    assert case.hidden_from == {"sam"}
    assert case.kinds == {"access"}


def test_sorting_gives_a_request_its_label_and_leaves_its_clock():
    unclear = case_of(asked(1, None))
    clear = unclear.record(Sorted(at=at(90), request=1, label=Label.ERASURE))
    assert (unclear.state, clear.state) == (State.TRIAGE, State.OPEN)
    assert due_on(clear) == due_on(unclear)


def test_a_true_receipt_moves_the_date():
    earlier = ReceiptCorrected(
        at=at(9), request=1, received_at=NOON - timedelta(days=5), why="stamp"
    )
    assert due_on(case_of(ACCESS)) == date(2026, 12, 2)
    assert due_on(case_of(ACCESS, earlier)) == date(2026, 11, 30)  # 28 November is a Saturday


def test_a_question_by_letter_counts_from_the_day_the_letter_went():
    letter = owed("q", 1)
    waiting = case_of(ACCESS, letter, question(letter_id="q"))
    assert waiting.request(1).state(waiting.letters_by_id) is RequestState.OPEN
    gone = waiting.record(LetterSent(at=NOON + timedelta(days=3), letter_id="q"))
    assert gone.state is State.WAITING
    assert due_on(gone) is None
    answered = gone.record(answer(date(2026, 11, 9)))
    assert answered.state is State.OPEN
    assert due_on(answered) == date(2026, 12, 7)  # 5 to 9 November: five days


def test_a_question_that_bounced_was_never_asked():
    letter = owed("q", 1)
    gone = case_of(ACCESS, letter, question(letter_id="q"), sent("q"))
    assert due_on(gone) is None
    assert due_on(gone.record(LetterBounced(at=at(9), letter_id="q"))) == date(2026, 12, 2)


def test_two_questions_open_at_once_wait_for_two_answers():
    first, second = question(on=date(2026, 11, 4)), question(on=date(2026, 11, 6))
    both = case_of(ACCESS, first, second, answer(date(2026, 11, 9)))
    assert both.state is State.WAITING
    assert both.record(answer(date(2026, 11, 10))).state is State.OPEN


def test_an_extension_given_elsewhere_counts_from_its_day():
    extended = Extended(
        at=at(4), effective_on=date(2026, 11, 20), request=1, reasons="many records"
    )
    assert due_on(case_of(ACCESS, extended)) == date(2027, 2, 2)


def test_awareness_starts_the_72_hours_and_the_decision_is_kept():
    aware_at = datetime(2026, 11, 1, 22, 10, tzinfo=UTC)
    aware = AwarenessRecorded(at=at(4), request=1, aware_at=aware_at, why="the reporter phoned")
    decided = BreachDecided(at=at(5), request=1, notify=True, reasons="bank details")
    case = case_of(BREACH, aware, decided)
    assert case.due(case.request(1), HERE).due_at == aware_at + timedelta(hours=72)
    assert case.request(1).decided == decided


def test_an_answer_given_elsewhere_is_kept_and_goes_when_the_request_is_reopened():
    elsewhere = AnsweredElsewhere(
        at=at(4), effective_on=date(2026, 11, 5), request=1, how="by post"
    )
    case = case_of(ACCESS, elsewhere, closed(1))
    assert case.request(1).answered == elsewhere
    again = case.record(RequestReopened(at=at(99), request=1, why="more was found"))
    assert again.state is State.OPEN
    assert again.request(1).answered is None


def test_a_letter_is_held_and_released():
    held = case_of(ACCESS, owed("a"), LetterHeld(at=at(4), letter_id="a", why="unsure who wrote"))
    assert held.letter("a").status is LetterStatus.HELD
    gone = held.record(LetterReleased(at=at(5), letter_id="a", not_before=at(15)))
    assert (gone.letter("a").status, gone.letter("a").not_before) == (LetterStatus.QUEUED, at(15))


@pytest.mark.parametrize(
    ("before", "event", "sentence"),
    [
        ((ACCESS,), Linked(at=at(2), ref="DP-2026-000001"), "cannot be tied to itself"),
        (
            (ACCESS, Linked(at=at(2), ref="DP-2026-000009")),
            Linked(at=at(3), ref="DP-2026-000009"),
            "is linked with DP-2026-000009 already",
        ),
        ((ACCESS,), Unlinked(at=at(2), ref="DP-2026-000009"), "is not linked with"),
        ((ACCESS,), RequestReopened(at=at(2), request=1, why="?"), "is open"),
        ((ACCESS, closed(1)), Sorted(at=at(9), request=1, label=Label.QUERY), "is closed"),
        ((asked(1, Label.ERASURE),), question(), "is no access request"),
        ((ACCESS,), answer(date(2026, 11, 9)), "nobody waits for clarification"),
        ((BREACH,), Extended(at=at(4), request=1, reasons="?"), "gives no extension"),
        (
            (ACCESS, Extended(at=at(4), request=1, reasons="?")),
            Extended(at=at(5), request=1, reasons="?"),
            "was extended already",
        ),
        (
            (ACCESS,),
            AwarenessRecorded(at=at(4), request=1, aware_at=NOON, why="?"),
            "is not a breach report",
        ),
        (
            (ACCESS,),
            ReceiptCorrected(at=at(4), request=1, received_at=NOON + timedelta(days=1), why="?"),
            "after it was recorded",
        ),
        ((ACCESS, owed("a"), sent("a")), LetterHeld(at=at(4), letter_id="a", why="?"), "is sent"),
        ((ACCESS, owed("a")), LetterReleased(at=at(4), letter_id="a"), "nothing to release"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_follow_is_refused(before: tuple[Event, ...], event: Event, sentence: str):
    case = case_of(*before)
    with pytest.raises(CaseError, match=sentence):
        case.record(event)


def test_a_case_of_five_hundred_events_is_folded_within_milliseconds():
    events = tuple(Noted(at=at(n), text="x") for n in range(500))
    case = case_of(ACCESS, owed("a", 1), sent("a"))
    long = Case(case.ref, (*case.events, *events))
    rounds = []
    for _ in range(5):
        fresh = Case(long.ref, long.events)
        begun = time.perf_counter()
        assert fresh.state is State.OPEN
        assert due_on(fresh) is not None
        rounds.append(time.perf_counter() - begun)
    assert min(rounds) < 0.005


def test_a_receipt_may_be_the_very_instant_of_recording():
    same = ReceiptCorrected(at=at(9), request=1, received_at=NOON, why="the clock was right")
    assert case_of(ACCESS, same).request(1).received_at == NOON


def test_proof_of_identity_answers_no_question():
    identity = Asked(at=at(4), wanted=Wanted.IDENTITY, requests=(1,), medium=Medium.PHONE)
    proof = Supplied(at=at(5), wanted=Wanted.IDENTITY, requests=(1,))
    case = case_of(ACCESS, question(on=date(2026, 11, 4)), answer(date(2026, 11, 5)), identity)
    with pytest.raises(CaseError, match="nobody waits for clarification"):
        case.record(answer(date(2026, 11, 6)))
    open_question = case_of(ACCESS, question(on=date(2026, 11, 4)), identity, proof)
    assert open_question.record(answer(date(2026, 11, 6))).state is State.OPEN


def test_an_extension_whose_notice_failed_may_be_made_again():
    lost = Extended(at=at(4), request=1, reasons="many records", letter_id="e")
    case = case_of(ACCESS, owed("e", 1), lost)
    again = Extended(at=at(9), request=1, reasons="many records", letter_id="f")
    with pytest.raises(CaseError, match="was extended already"):
        case.record(again)
    failed = case.record(LetterFailed(at=at(5), letter_id="e", why="550"), owed("f", 1), again)
    assert len(failed.request(1).extended) == 2
