"""A second opinion on every day of two years: days counted one by one, holidays typed by hand.

Nothing here is shared with the clock but the question: standard library only, no `holidays`.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from store.clock import Happening, reckon
from store.law import Label, regime_for
from store.working_days import Calendar

LONDON = ZoneInfo("Europe/London")

# Published by GOV.UK; days that fall on a weekend stand at their substitute.
ENGLAND_AND_WALES = """
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
"""
SCOTLAND = """
2026-01-01 2026-01-02 2026-04-03 2026-05-04 2026-05-25 2026-06-15 2026-08-03 2026-11-30 2026-12-25
2026-12-28 2027-01-01 2027-01-04 2027-03-26 2027-05-03 2027-05-31 2027-08-02 2027-11-30 2027-12-27
2027-12-28 2028-01-03 2028-01-04 2028-04-14 2028-05-01 2028-05-29 2028-08-07 2028-11-30 2028-12-25
2028-12-26
"""
NORTHERN_IRELAND = """
2026-01-01 2026-03-17 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-07-13 2026-08-31 2026-12-25
2026-12-28 2027-01-01 2027-03-17 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-07-12 2027-08-30
2027-12-27 2027-12-28 2028-01-03 2028-03-17 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-07-12
2028-08-28 2028-12-25 2028-12-26
"""
TYPED = {
    nation: {date.fromisoformat(day) for day in days.split()}
    for nation, days in {
        "ENG": ENGLAND_AND_WALES,
        "WLS": ENGLAND_AND_WALES,
        "SCT": SCOTLAND,
        "NIR": NORTHERN_IRELAND,
    }.items()
}
FIRST, LAST = date(2026, 2, 5), date(2027, 12, 31)


def days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))


def works(day: date, holidays: Collection[date]) -> bool:
    return day.isoweekday() <= 5 and day not in holidays


def later(
    day: date, months: int, holidays: Collection[date], left_out: Collection[date] = ()
) -> date:
    """Return the end of so many months: the missing date tried downwards, the days counted singly."""
    year, month, number = day.year, day.month + months, day.day
    if month > 12:
        year, month = year + 1, month - 12
    while True:
        try:
            end = date(year, month, number)
            break
        except ValueError:
            number -= 1
    to_count = (end - day).days
    while to_count or not works(day, holidays):
        day += timedelta(days=1)
        if to_count and day not in left_out:
            to_count -= 1
    return day


def reckoned(label: Label, day: date, nation: str, *happenings: Happening) -> date | None:
    """Ask the clock about a message that came at 23:45 on `day`, London time."""
    received_at = datetime(day.year, day.month, day.day, 23, 45, tzinfo=LONDON).astimezone(UTC)
    calendar = Calendar.of(nation)
    regime = regime_for(label, day)
    return reckon(regime, label, received_at, happenings, calendar, LONDON).due_on


@pytest.mark.parametrize("nation", TYPED)
def test_the_calendar_knows_the_holidays_that_were_typed(nation: str):
    calendar = Calendar.of(nation)
    for day in days(date(2026, 1, 1), date(2028, 12, 31)):
        assert calendar.is_rest_day(day) is not works(day, TYPED[nation]), day


@pytest.mark.parametrize("nation", TYPED)
def test_a_request_received_on_any_day_has_its_month(nation: str):
    for day in days(FIRST, LAST):
        assert reckoned(Label.ACCESS, day, nation) == later(day, 1, TYPED[nation]), day


@pytest.mark.parametrize("nation", TYPED)
def test_an_extended_request_received_on_any_day_has_three_months(nation: str):
    for day in days(FIRST, LAST):
        notice = Happening("extension_notice_sent", day + timedelta(days=28))
        expected = later(day, 3, TYPED[nation])
        assert reckoned(Label.ERASURE, day, nation, notice) == expected, day


@pytest.mark.parametrize("nation", TYPED)
def test_a_question_put_on_any_day_leaves_its_days_out(nation: str):
    for day in days(FIRST, LAST):
        asked, answered = day + timedelta(days=day.day % 29), day + timedelta(days=day.day % 29 + 9)
        happenings = (
            Happening("clarification_requested", asked),
            Happening("clarification_received", answered),
        )
        expected = later(day, 1, TYPED[nation], set(days(asked, answered)))
        if asked <= later(day, 1, ()):
            assert reckoned(Label.ACCESS, day, nation, *happenings) == expected, day


@pytest.mark.parametrize("nation", TYPED)
def test_a_complaint_received_on_any_day_has_thirty_days(nation: str):
    for day in days(date(2026, 6, 19), LAST):
        expected = day + timedelta(days=30)
        while not works(expected, TYPED[nation]):
            expected += timedelta(days=1)
        assert reckoned(Label.COMPLAINT, day, nation) == expected, day


@pytest.mark.parametrize("nation", TYPED)
def test_marketing_received_on_any_day_stops_by_the_next_working_day(nation: str):
    for day in days(FIRST, LAST):
        expected = day + timedelta(days=1)
        while not works(expected, TYPED[nation]):
            expected += timedelta(days=1)
        assert reckoned(Label.UNSUBSCRIBE, day, nation) == expected, day


def test_a_breach_on_any_day_has_three_times_twenty_four_hours():
    for day in days(FIRST, LAST):
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        regime = regime_for(Label.BREACH, day)
        due = reckon(regime, Label.BREACH, at, (), Calendar.of("ENG"), LONDON)
        assert due.due_at == datetime.fromtimestamp(at.timestamp() + 72 * 3600, UTC)
