"""How long a case is kept, what keeps it longer, and who may erase it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from store.case import Case, CaseError
from store.deeds import Looked, Noted, RequestReopened
from store.events import Event, RequestClosed, Requested
from store.jurisdiction import Jurisdiction
from store.keeping import (
    ErasureAsked,
    ErasureConfirmed,
    ErasureUndone,
    PreservationEnded,
    Preserved,
    Reason,
)
from store.law import Label
from store.recorded import Outcome
from store.retention import Kind, Schedule, kind_of
from store.working_days import Calendar
from tests.casebook.making import message, new_case, sent

HERE = Jurisdiction(
    zone=ZoneInfo("Europe/London"),
    calendar=Calendar.of("ENG"),
    query_target_days=10,
    complaint_target_days=30,
    review_target_days=28,
)
MONTHS = {
    Kind.ORDINARY: 36, Kind.DISPUTED: 72, Kind.BREACH: 60, Kind.UNSUBSCRIBE: 12,
    Kind.ABANDONED: 1, Kind.JUNK: 6,
}  # fmt: skip
SCHEDULE = Schedule(MONTHS, undo=timedelta(days=7))


def day(month: int, on: int, year: int = 2026) -> datetime:
    return datetime(year, month, on, 12, tzinfo=UTC)


def closed(label: Label = Label.ACCESS, outcome: Outcome = Outcome.FULFILLED) -> Case:
    """Return a case that was closed on 4 December 2026."""
    case = new_case("DP-2026-000001", label=label)
    end = RequestClosed(at=day(12, 4), by="sam", request=1, outcome=outcome)
    return case.record(sent("DP-2026-000001-1"), end)


def hold(month: int, on: int) -> Preserved:
    return Preserved(
        at=day(month, on), by="kim", owner="kim", why="a claim", review_on=date(2027, 6, 1)
    )


def lifted(month: int, on: int, year: int = 2026) -> PreservationEnded:
    return PreservationEnded(at=day(month, on, year), by="kim", why="settled")


def asked(by: str = "sam", reason: Reason = Reason.SCHEDULE) -> ErasureAsked:
    return ErasureAsked(at=day(12, 6), by=by, reason=reason)


def confirmed(by: str = "kim") -> ErasureConfirmed:
    return ErasureConfirmed(at=day(12, 7), by=by, erase_at=day(12, 14))


def until(case: Case) -> date | None:
    return SCHEDULE.until(case, HERE)


@pytest.mark.parametrize(
    ("label", "outcome", "kind", "kept_until"),
    [
        (Label.ACCESS, Outcome.FULFILLED, Kind.ORDINARY, date(2029, 12, 4)),
        (Label.ERASURE, Outcome.WITHDRAWN, Kind.ORDINARY, date(2029, 12, 4)),
        (Label.COMPLAINT, Outcome.NOT_UPHELD, Kind.DISPUTED, date(2032, 12, 4)),
        (Label.REVIEW, Outcome.UPHELD, Kind.DISPUTED, date(2032, 12, 4)),
        (Label.BREACH, Outcome.FULFILLED, Kind.BREACH, date(2031, 12, 4)),
        (Label.UNSUBSCRIBE, Outcome.WITHDRAWN, Kind.UNSUBSCRIBE, date(2027, 12, 4)),
        (Label.ACCESS, Outcome.IDENTITY_NOT_SUPPLIED, Kind.ABANDONED, date(2027, 1, 4)),
        (Label.ACCESS, Outcome.NO_REPLY, Kind.ABANDONED, date(2027, 1, 4)),
        (Label.COMPLAINT, Outcome.NO_REPLY, Kind.DISPUTED, date(2032, 12, 4)),
        (Label.OTHER, Outcome.NOT_OURS, Kind.JUNK, date(2027, 6, 4)),
        (Label.COMPLAINT, Outcome.DUPLICATE, Kind.JUNK, date(2027, 6, 4)),
    ],
)
def test_a_case_is_kept_by_what_it_was_and_how_it_ended(
    label: Label, outcome: Outcome, kind: Kind, kept_until: date
):
    case = closed(label, outcome)
    assert kind_of(case) is kind
    assert until(case) == kept_until


def test_the_longest_of_several_requests_decides():
    more = Requested(at=day(12, 5), request=2, label=Label.COMPLAINT, received_at=day(12, 5))
    end = RequestClosed(at=day(12, 9), request=2, outcome=Outcome.NO_REPLY)
    case = closed(outcome=Outcome.NO_REPLY).record(more, end)
    assert until(case) == date(2032, 12, 9)


def test_nothing_is_due_while_a_request_is_open():
    case = new_case("DP-2026-000001")
    assert until(case) is None
    again = RequestReopened(at=day(12, 5), by="sam", request=1, why="more was found")
    assert until(closed().record(again)) is None


def test_looking_at_a_case_does_not_keep_it_longer_and_acting_on_it_does():
    case = closed()
    looked = case.record(Looked(at=day(12, 20), by="sam", what="messages"), asked())
    assert until(looked) == until(case)
    noted = case.record(Noted(at=day(12, 20), by="sam", text="they rang"))
    assert until(noted) == date(2029, 12, 20)
    wrote = case.record(replace(message("x2"), at=day(12, 30)))
    assert until(wrote) == date(2029, 12, 30)


def test_what_was_closed_elsewhere_counts_from_the_day_it_was_closed():
    events = [replace(e, effective_on=date(2020, 5, 1)) for e in closed().events]
    assert until(Case("DP-2026-000001", tuple(events))) == date(2023, 5, 1)


def test_a_legal_hold_beats_the_schedule_and_what_was_held_counts_as_disputed():
    held = closed(outcome=Outcome.NO_REPLY).record(hold(12, 5))
    assert until(held) is None
    assert until(held.record(lifted(12, 9))) == date(2032, 12, 4)


def test_what_a_hold_kept_is_due_a_month_after_its_end_at_the_soonest():
    held = closed().record(hold(12, 5), lifted(12, 9, year=2032))
    assert until(held) == date(2033, 1, 8)


def refused(case: Case, *events: Event) -> str:
    with pytest.raises(CaseError) as said:
        case.record(*events)
    return str(said.value)


def test_nobody_erases_a_case_alone_unless_it_is_junk():
    case = closed().record(asked())
    assert "somebody else" in refused(case, confirmed("sam"))
    assert case.record(confirmed("kim")).erasure
    junk = closed(outcome=Outcome.NOT_OURS).record(asked(), confirmed("sam"))
    assert junk.erasure is not None
    assert junk.erasure.at == day(12, 14)


@pytest.mark.parametrize(
    ("before", "event", "why"),
    [
        ((), confirmed(), "nobody has asked"),
        ((), ErasureUndone(at=day(12, 8), by="sam"), "nobody has asked"),
        ((), lifted(12, 8), "no legal hold"),
        ((asked(),), asked("kim"), "sam has asked to erase DP-2026-000001 already"),
        ((asked(), confirmed()), confirmed(), "was confirmed by kim"),
        ((hold(12, 5),), asked(), "under a legal hold of kim, to be reviewed on 01 Jun 2027"),
        ((asked(), hold(12, 6)), confirmed(), "under a legal hold"),
        ((asked(), message("x2")), confirmed(), "was stopped (message received)"),
    ],
)
def test_what_is_out_of_order_is_refused(before: tuple[Event, ...], event: Event, why: str):
    assert why in refused(closed().record(*before), event)


def test_a_case_with_something_open_or_on_its_way_is_not_erased():
    assert "open requests" in refused(new_case("DP-2026-000001"), asked())
    end = RequestClosed(at=day(12, 4), request=1, outcome=Outcome.FULFILLED)
    assert "on its way" in refused(new_case("DP-2026-000001").record(end), asked())


@pytest.mark.parametrize(
    "stop",
    [
        message("x2"),
        RequestReopened(at=day(12, 8), by="sam", request=1, why="more was found"),
        hold(12, 8),
    ],
)
def test_new_mail_a_reopening_and_a_hold_stop_an_erasure_until_it_is_asked_anew(stop: Event):
    case = closed().record(asked(), confirmed(), stop)
    assert case.erasure is not None
    assert case.erasure.at is None
    assert case.erasure.stopped == stop


def test_an_erasure_that_was_taken_back_is_none():
    case = closed().record(asked(), confirmed(), ErasureUndone(at=day(12, 8), by="sam"))
    assert case.erasure is None
    assert case.record(asked("kim"), confirmed("sam")).erasure is not None
