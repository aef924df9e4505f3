"""A case is what its events say: its state, its letters, its dates, and what it refuses."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.case import Case, CaseError, LetterStatus, State, open_case
from store.due import Due
from store.events import (
    Event,
    LetterBounced,
    LetterFailed,
    LetterOwed,
    LetterSent,
    LinkProposed,
    MessageReceived,
    Opened,
    Outcome,
    RequestClosed,
    Requested,
    Unanswered,
)
from store.jurisdiction import Jurisdiction
from store.law import DueKind, Label
from store.refused import RefusedError
from store.working_days import Calendar

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HERE = Jurisdiction(
    zone=ZoneInfo("Europe/London"),
    calendar=Calendar.of("ENG"),
    query_target_days=10,
    complaint_target_days=60,
    review_target_days=40,
)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def opening(address: str = "Ann.Other@Mail.Example") -> Opened:
    return Opened(
        at=NOON,
        channel="email",
        received_at=NOON,
        requester_name="Ann Other",
        requester_address=address,
        token="t",
    )


def asked(number: int, label: Label | None, received_at: datetime = NOON) -> Requested:
    return Requested(at=at(1), request=number, label=label, received_at=received_at)


def owed(letter_id: str, *requests: int) -> LetterOwed:
    return LetterOwed(
        at=at(2),
        letter_id=letter_id,
        letter_kind="acknowledgement",
        requests=requests,
        to="ann.other@mail.example",
        subject="Your request",
        text="Dear Ann Other,\n",
        html="<p>Dear Ann Other,</p>\n",
        version="1",
        message_id=f"<{letter_id}@acme.example>",
    )


def sent(letter_id: str) -> LetterSent:
    return LetterSent(at=at(3), letter_id=letter_id)


def failed(letter_id: str) -> LetterFailed:
    return LetterFailed(at=at(4), letter_id=letter_id, why="550")


def bounced(letter_id: str) -> LetterBounced:
    return LetterBounced(at=at(5), letter_id=letter_id)


def closed(number: int, outcome: Outcome = Outcome.FULFILLED) -> RequestClosed:
    return RequestClosed(at=at(6), by="jo", request=number, outcome=outcome)


def message(name: str = "m") -> MessageReceived:
    return MessageReceived(
        at=at(1),
        spool_id=name,
        message_id=f"<{name}@mail.example>",
        sender="ann.other@mail.example",
        received_at=NOON,
    )


def case_of(*events: Event) -> Case:
    return open_case("DP-2026-000001", opening(), events)


@pytest.mark.parametrize(
    ("events", "state", "why"),
    [
        ([], State.CLOSED, "nothing is asked"),
        ([asked(1, Label.ACCESS)], State.OPEN, "a request runs"),
        ([asked(1, None)], State.TRIAGE, "nobody is sure yet what is asked"),
        ([asked(1, Label.ACCESS), asked(2, None)], State.TRIAGE, "one of two is unclear"),
        ([asked(1, Label.ACCESS), closed(1)], State.CLOSED, "the only request is closed"),
        ([asked(1, None), closed(1)], State.CLOSED, "what was unclear is closed"),
        (
            [asked(1, None), asked(2, Label.QUERY), closed(1, Outcome.NOT_OURS)],
            State.OPEN,
            "the unclear one is closed and the other runs",
        ),
        (
            [asked(1, Label.ACCESS), closed(1), asked(2, Label.QUERY)],
            State.OPEN,
            "something new is asked after the first was closed",
        ),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else None,
)
def test_the_state_follows_from_the_requests(events: list[Event], state: State, why: str):
    assert case_of(*events).state is state, why


def test_requests_are_what_was_asked_and_how_each_ended():
    case = case_of(asked(1, Label.ACCESS), asked(2, None), closed(1, Outcome.PARTLY))
    first, second = case.requests
    assert (first.number, first.label, first.received_at) == (1, Label.ACCESS, NOON)
    assert first.closed is not None
    assert (first.closed.outcome, first.closed.by) == (Outcome.PARTLY, "jo")
    assert (second.number, second.label, second.closed) == (2, None, None)
    assert case.request(2) == second


def test_what_is_asked_is_what_still_runs_and_is_clear():
    case = case_of(asked(1, Label.ACCESS), asked(2, Label.QUERY), asked(3, None), closed(2))
    assert case.asked == {Label.ACCESS}


@pytest.mark.parametrize(
    ("events", "status", "settled_at"),
    [
        ([], LetterStatus.QUEUED, None),
        ([sent("a")], LetterStatus.SENT, at(3)),
        ([failed("a")], LetterStatus.FAILED, at(4)),
        ([sent("a"), bounced("a")], LetterStatus.BOUNCED, at(5)),
    ],
)
def test_a_letters_status_is_what_last_became_of_it(
    events: list[Event], status: LetterStatus, settled_at: datetime | None
):
    case = case_of(owed("a", 1), owed("b"), *events)
    letter, other = case.letters
    assert (letter.owed, letter.status, letter.settled_at) == (owed("a", 1), status, settled_at)
    assert (other.owed, other.status) == (owed("b"), LetterStatus.QUEUED)
    assert case.letter("a") == letter


def test_messages_are_kept_in_their_order():
    case = case_of(message("m1"), asked(1, None), message("m2"))
    assert [found.spool_id for found in case.messages] == ["m1", "m2"]


def test_what_a_case_is_about_is_what_is_asked_and_what_its_first_message_shows():
    opened = replace(opening(), facets=("employee", "complaint"))
    case = open_case("DP-2026-000001", opened, [asked(1, Label.COMPLAINT), asked(2, None)])
    assert case.kinds == {"employee", "complaint"}


def test_its_requester_takes_part_in_it_under_the_address_in_lower_case():
    assert case_of().participants == {"ann.other@mail.example"}


def test_a_case_whose_requester_has_no_address_has_nobody_who_may_write_into_it():
    assert open_case("DP-2026-000001", opening(address=""), []).participants == frozenset()


def test_recording_leaves_the_case_it_was_recorded_on_as_it_was():
    before = case_of(asked(1, Label.ACCESS))
    after = before.record(closed(1))
    assert (before.state, after.state) == (State.OPEN, State.CLOSED)
    assert after.events == (*before.events, closed(1))
    assert (after.ref, after.opened) == (before.ref, before.opened)


RUNNING = (asked(1, Label.ACCESS), owed("a", 1))


@pytest.mark.parametrize(
    ("events", "refused", "sentence"),
    [
        ((), opening(), "DP-2026-000001 is open already"),
        (RUNNING, asked(1, Label.ERASURE), "DP-2026-000001 has a request 1 already"),
        (RUNNING, closed(2), "DP-2026-000001 has no request 2"),
        (
            (*RUNNING, closed(1, Outcome.PARTLY)),
            closed(1),
            "request 1 of DP-2026-000001 was closed already, on 02 Nov 2026 by jo: partly",
        ),
        (RUNNING, owed("a"), "DP-2026-000001 owes letter a already"),
        ((*RUNNING, sent("a")), owed("a"), "DP-2026-000001 owes letter a already"),
        (RUNNING, sent("b"), "DP-2026-000001 has no letter b"),
        (RUNNING, failed("b"), "DP-2026-000001 has no letter b"),
        (RUNNING, bounced("b"), "DP-2026-000001 has no letter b"),
    ],
)
def test_what_the_history_forbids_is_refused_in_one_sentence(
    events: tuple[Event, ...], refused: Event, sentence: str
):
    case = case_of(*events)
    with pytest.raises(CaseError) as error:
        case.record(refused)
    assert str(error.value) == sentence
    assert isinstance(error.value, RefusedError)


def test_of_several_events_one_that_is_refused_refuses_all():
    case = case_of(asked(1, Label.ACCESS))
    with pytest.raises(CaseError):
        case.record(closed(1), closed(1))
    assert case.state is State.OPEN


def test_events_recorded_together_see_each_other():
    case = case_of().record(asked(1, Label.ACCESS), owed("a", 1), sent("a"), closed(1))
    assert (case.state, case.letter("a").status) == (State.CLOSED, LetterStatus.SENT)


@pytest.mark.parametrize(
    "event",
    [
        message(),
        Unanswered(at=at(9), why="the message names no address to answer to"),
        LinkProposed(at=at(9), ref="DP-2026-000002", why="the same words"),
    ],
)
def test_what_merely_happened_is_recorded_even_on_a_closed_case(event: Event):
    case = case_of(asked(1, Label.ACCESS), closed(1)).record(event)
    assert case.events[-1] == event
    assert case.state is State.CLOSED


BOTH = (asked(1, Label.ACCESS), asked(2, Label.ERASURE))


def test_the_erasure_waits_for_the_access_request():
    with pytest.raises(CaseError, match="the erasure waits for the access request"):
        case_of(*BOTH).record(closed(2))


def test_once_access_is_closed_the_erasure_may_be_fulfilled():
    assert case_of(*BOTH, closed(1), closed(2)).state is State.CLOSED


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.FULFILLED, Outcome.PARTLY}))
def test_an_erasure_that_erases_nothing_need_not_wait(outcome: Outcome):
    assert case_of(*BOTH, closed(2, outcome)).asked == {Label.ACCESS}


def test_an_erasure_alone_waits_for_nothing_and_access_never_waits():
    assert case_of(asked(1, Label.ERASURE), closed(1)).state is State.CLOSED
    assert case_of(*BOTH, closed(1)).asked == {Label.ERASURE}


def test_access_asked_for_later_holds_the_erasure_back_too():
    case = case_of(asked(1, Label.ERASURE), asked(2, Label.ACCESS))
    with pytest.raises(CaseError, match="close access first"):
        case.record(closed(1))


def due(case: Case, number: int = 1) -> Due:
    return case.due(case.request(number), HERE)


def test_a_right_is_due_within_its_statutory_month_whatever_is_sent():
    case = case_of(asked(1, Label.ACCESS), owed("a", 1))
    assert (due(case).kind, due(case).due_on) == (DueKind.STATUTORY, date(2026, 12, 2))
    assert due(case.record(sent("a"))) == due(case)


def test_an_unclear_request_has_the_date_that_every_right_has():
    case = case_of(asked(1, None), asked(2, Label.ERASURE))
    assert (due(case, 1).kind, due(case, 1).due_on) == (DueKind.STATUTORY, due(case, 2).due_on)


def test_a_date_counts_from_the_controllers_own_day():
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # past midnight in London
    assert due(case_of(asked(1, Label.ACCESS, late))).start == date(2026, 7, 1)


def test_each_request_has_a_clock_of_its_own():
    case = case_of(asked(1, Label.ACCESS), asked(2, Label.ERASURE, NOON + timedelta(days=7)))
    assert (due(case, 1).due_on, due(case, 2).due_on) == (date(2026, 12, 2), date(2026, 12, 9))


@pytest.mark.parametrize(
    ("label", "target_on"),
    [(Label.COMPLAINT, date(2027, 1, 4)), (Label.REVIEW, date(2026, 12, 14))],
)
def test_a_complaint_is_due_to_be_acknowledged_and_afterwards_by_our_own_target(
    label: Label, target_on: date
):
    """30 days from 2 November; then 60 or 40 of our own, which end on New Year's Day or a Saturday."""
    case = case_of(asked(1, label), owed("a", 1))
    assert (due(case).kind, due(case).due_on) == (DueKind.ACKNOWLEDGEMENT, date(2026, 12, 2))
    acknowledged = case.record(sent("a"))
    assert (due(acknowledged).kind, due(acknowledged).due_on) == (DueKind.POLICY, target_on)


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ((owed("a", 1),), "it is only owed"),
        ((owed("a", 1), failed("a")), "it could not be sent"),
        ((owed("a", 1), sent("a"), bounced("a")), "it came back"),
        ((owed("a", 2), sent("a")), "the letter speaks of another request"),
        ((owed("a"), sent("a")), "the letter speaks of no request"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else None,
)
def test_until_its_acknowledgement_arrives_a_complaint_keeps_the_laws_date(
    events: tuple[Event, ...], why: str
):
    case = case_of(asked(1, Label.COMPLAINT), asked(2, Label.ACCESS), *events)
    assert due(case).kind is DueKind.ACKNOWLEDGEMENT, why


def test_a_question_has_our_own_target_from_the_start():
    case = case_of(asked(1, Label.QUERY))
    assert (due(case).kind, due(case).due_on) == (DueKind.POLICY, date(2026, 11, 16))


@dataclass(frozen=True)
class Told:
    """All that a case says."""

    state: State
    requests: object
    letters: object
    messages: object
    asked: object
    due: object


def told(case: Case) -> Told:
    return Told(
        case.state,
        case.requests,
        case.letters,
        case.messages,
        case.asked,
        [case.due(request, HERE) for request in case.requests],
    )


NUMBERS = st.integers(1, 4)
LETTERS = st.sampled_from("abc")
EVENTS = st.one_of(
    st.builds(asked, NUMBERS, st.none() | st.sampled_from(Label)),
    st.builds(closed, NUMBERS, st.sampled_from(Outcome)),
    st.builds(owed, LETTERS, NUMBERS),
    *(st.builds(settle, LETTERS) for settle in (sent, failed, bounced)),
    st.builds(message),
    st.just(opening()),
)


@given(st.lists(EVENTS, max_size=30))
def test_a_case_read_back_from_its_events_says_what_the_live_one_says(events: list[Event]):
    live = case_of()
    for event in events:
        told(live)  # looking in between changes nothing later
        with suppress(CaseError):
            live = live.record(event)
    replayed = Case(live.ref, tuple(live.events))
    assert told(replayed) == told(live)
    assert replayed == live
    assert open_case(live.ref, live.opened, live.events[1:]) == live


@given(st.lists(EVENTS, max_size=30))
def test_whatever_is_tried_no_history_is_recorded_that_could_not_be(events: list[Event]):
    case = case_of()
    for event in events:
        with suppress(CaseError):
            case = case.record(event)
    numbers = [e.request for e in case.events if isinstance(e, Requested)]
    closings = [e.request for e in case.events if isinstance(e, RequestClosed)]
    letters = [e.letter_id for e in case.events if isinstance(e, LetterOwed)]
    assert len(numbers) == len(set(numbers)) == len(case.requests)
    assert len(closings) == len(set(closings))
    assert len(letters) == len(set(letters)) == len(case.letters)
    assert sum(isinstance(e, Opened) for e in case.events) == 1
    for place, event in enumerate(case.events):
        if isinstance(event, RequestClosed):
            before = Case(case.ref, case.events[:place])
            erased = before.request(event.request).label is Label.ERASURE
            assert not (
                erased and event.outcome is Outcome.FULFILLED and Label.ACCESS in before.asked
            )
