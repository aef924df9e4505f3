"""Limits in hours, to the second: which instant they run from, and whose local time tells them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from store.clock import Due, Happening, in_sentence, reckon, sentences
from store.law import DueKind, Label, Switches, regime_for
from tests.unit.test_clock import ENGLAND, LONDON, MONDAY, at, clock, day, happen

BANK_HOLIDAY = "2026-08-31"
TWO_WORKING_DAYS = Switches(breach_holds_two_working_days=True)
NOT_THE_FIRST_HOUR = Switches(breach_skips_hour_of_awareness=True)


def elsewhere(received: str, *happenings: Happening) -> Due:
    """Reckon a breach for a controller whose day begins half a day before London's."""
    regime = regime_for(Label.BREACH, day("2026-09-07"))
    return reckon(
        regime, Label.BREACH, at(received), happenings, ENGLAND, ZoneInfo("Pacific/Auckland")
    )


def test_a_limit_in_hours_has_an_instant_and_its_local_day():
    due = clock(Label.BREACH, MONDAY)
    assert due.kind is DueKind.HOURS
    assert due.due_at == at("2026-09-10T10:00:00+01:00")
    assert due.due_at.tzinfo is UTC
    assert due.nominal_due == due.due_on == day("2026-09-10")
    assert (due.provisional_due, due.extension_notice_due) == (None, None)


def test_the_hours_are_told_in_the_controllers_own_time():
    due = elsewhere("2026-09-07T23:30:00+01:00", *happen(("aware", "2026-09-07T22:30:00+01:00")))
    assert (due.start, due.due_on) == (day("2026-09-08"), day("2026-09-11"))
    assert in_sentence(due) == (
        "aware Tue 8 Sep 2026 at 09:30; 72 hours on is Fri 11 Sep at 09:30; "
        "due Fri 11 Sep 2026 at 09:30"
    )


def test_what_has_no_effect_is_told_by_its_local_day():
    aware = happen(("aware", "2026-09-07T09:00:00+01:00"), ("aware", "2026-09-07T20:00:00+01:00"))
    assert "; aware Tue 8 Sep has no effect; " in in_sentence(elsewhere(MONDAY, *aware))


def test_the_clocks_going_back_neither_add_an_hour_nor_take_one():
    due = clock(Label.BREACH, "2026-10-23T18:00:00+01:00")
    assert due.due_at == at("2026-10-26T17:00:00+00:00")


def test_on_the_other_reading_the_hours_begin_with_the_next_full_hour():
    aware_at = datetime(2026, 9, 7, 9, 20, 30, 500, tzinfo=UTC)
    due = clock(Label.BREACH, MONDAY, [Happening("aware", aware_at)], NOT_THE_FIRST_HOUR)
    assert due.due_at == datetime(2026, 9, 10, 10, tzinfo=UTC)


def test_on_the_other_reading_two_whole_working_days_lie_among_the_hours():
    friday = "2026-08-28T17:00:00+01:00"
    assert clock(Label.BREACH, friday).due_on == day(BANK_HOLIDAY)
    due = clock(Label.BREACH, friday, switches=TWO_WORKING_DAYS)
    assert due.due_at == at("2026-09-01T23:59:59+01:00")
    assert due.due_at.tzinfo is UTC


def test_on_the_other_reading_the_day_of_awareness_is_the_controllers_own():
    early_friday = "2026-08-28T00:30:00+01:00"  # in UTC it is Thursday still
    due = clock(Label.BREACH, early_friday, switches=TWO_WORKING_DAYS)
    assert due.due_at == at("2026-09-01T23:59:59+01:00")


def test_an_awareness_of_a_day_without_an_hour_begins_at_local_midnight():
    due = clock(Label.BREACH, MONDAY, happen(("aware", "2026-09-06")))
    assert due.due_at == datetime(2026, 9, 6, tzinfo=LONDON).astimezone(UTC) + timedelta(hours=72)


def test_the_working_says_whether_an_awareness_is_recorded():
    ends = (
        (
            "72 hours on is Thursday 10 September 2026 at 10:00, local time. (UK GDPR Art. 33(1); "
            "Reg. 1182/71 Art. 3(1) and 3(4): hours run through weekends and holidays)"
        ),
        (
            "The notification is due by 10:00 on Thursday 10 September 2026, local time. What is "
            "notified later must come with the reasons, UK GDPR Art. 33(1). (UK GDPR Art. 33(1))"
        ),
    )
    assert sentences(clock(Label.BREACH, MONDAY)) == (
        (
            "No awareness is recorded, so it counts as known when it was received, on "
            "Monday 7 September 2026 at 10:00, local time. (UK GDPR Art. 33(1))"
        ),
        *ends,
    )
    assert in_sentence(clock(Label.BREACH, MONDAY)) == (
        "received Mon 7 Sep 2026 at 10:00; 72 hours on is Thu 10 Sep at 10:00; "
        "due Thu 10 Sep 2026 at 10:00"
    )
    assert sentences(clock(Label.BREACH, MONDAY, happen(("aware", MONDAY)))) == (
        (
            "The controller became aware of it on Monday 7 September 2026 at 10:00, local time. "
            "(UK GDPR Art. 33(1))"
        ),
        *ends,
    )
