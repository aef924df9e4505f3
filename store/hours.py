"""Limits in hours: they run from awareness through nights and weekends, and never roll.

Hours elapse in UTC, so that a change of the clocks neither adds nor takes one.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from store import steps
from store.due import Due, Happening
from store.facts import Fact, Facts
from store.periods import date_of, day_of
from store.regime import Period, Regime, Switches
from store.working_days import Calendar

ONCE = "awareness comes once, and it came earlier"
ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
ONE_SECOND = timedelta(seconds=1)


def reckon_hours(
    regime: Regime,
    right: str,
    received_at: datetime,
    happenings: Sequence[Happening],
    calendar: Calendar,
    zone: tzinfo,
    *,
    switches: Switches,
) -> Due:
    """Reckon a limit in hours from the first awareness; from receipt where none is recorded."""
    facts = Facts([Fact(day_of(h.on, zone), h.kind) for h in happenings], regime)
    places = facts.places(regime.awareness)
    began = received_at
    if places:
        first = min(places, key=lambda place: _instant(happenings[place].on, zone))
        began = _instant(happenings[first].on, zone)
        for place in places:
            facts.spare(place, ONCE)
        facts.take(first)
    ends = _end(regime.period, began.astimezone(UTC), switches)
    least = regime.least_working_days
    if least and switches.breach_holds_two_working_days:
        ends = max(ends, _end_of_days(least, date_of(began, zone), calendar, zone))
    here, there = began.astimezone(zone), ends.astimezone(zone)
    return Due(
        kind=regime.kind,
        start=here.date(),
        nominal_due=there.date(),
        due_on=there.date(),
        due_at=ends,
        working=(
            steps.began(here, regime, aware=bool(places)),
            *facts.spared(),
            steps.hours_end(there, regime),
            steps.due_at(there, regime, right),
        ),
    )


def _instant(on: date | datetime, zone: tzinfo) -> datetime:
    """Return the instant meant: of a date without an hour the first, so that no limit is late."""
    if isinstance(on, datetime):
        date_of(on, zone)
        return on
    return datetime.combine(on, time.min, zone)


def _end(period: Period, began: datetime, switches: Switches) -> datetime:
    if switches.breach_skips_hour_of_awareness:
        began = began.replace(minute=0, second=0, microsecond=0) + ONE_HOUR
    return began + timedelta(hours=period.hours)


def _end_of_days(period: Period, first: date, calendar: Calendar, zone: tzinfo) -> datetime:
    """Return the last second of so many working days, the day of awareness among them."""
    last = calendar.working_days_after(first - ONE_DAY, period.working_days)
    return datetime.combine(last + ONE_DAY, time.min, zone).astimezone(UTC) - ONE_SECOND
