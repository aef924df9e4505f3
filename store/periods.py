"""Arithmetic of days: months that clamp, days left out, and where a period then ends.

Pure numbers: what may be left out and why is decided elsewhere.
"""

import calendar as months
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from store.regime import Period
from store.working_days import Calendar


class Block(NamedTuple):
    """Days in a row that are not counted, the first and the last among them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def add_months(day: date, count: int) -> date:
    """Return the same date `count` months later, or the last day of a month without that date."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    month += 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def end_of(period: Period, start: date, calendar: Calendar) -> date:
    """Return the last day of `period` from `start`, before anything moves it."""
    if period.months:
        return add_months(start, period.months)
    if period.working_days:
        return calendar.working_days_after(start, period.working_days)
    return start + timedelta(days=period.days)


def union(blocks: Iterable[Block]) -> list[Block]:
    """Return the same days as blocks in order that neither overlap nor touch."""
    merged: list[Block] = []
    for block in sorted(blocks):
        if merged and block.first <= merged[-1].last + timedelta(days=1):
            merged[-1] = Block(merged[-1].first, max(merged[-1].last, block.last))
        else:
            merged.append(block)
    return merged


def past(end: date, blocks: Iterable[Block]) -> tuple[date, list[Block]]:
    """Return `end` moved past the blocks that begin before it is reached, and those blocks."""
    used: list[Block] = []
    for block in blocks:
        if block.first <= end:
            end += timedelta(days=block.days)
            used.append(block)
    return end, used


def days_of(blocks: Iterable[Block]) -> int:
    return sum(block.days for block in blocks)


def date_of(instant: datetime, zone: tzinfo) -> date:
    """Return the local date at `instant`. Raises ValueError for an instant without an offset."""
    if instant.tzinfo is None:
        raise ValueError(f"The instant {instant.isoformat()} has no offset from UTC.")
    return instant.astimezone(zone).date()


def day_of(on: date | datetime, zone: tzinfo) -> date:
    """Return the local day of an instant; a date stands as it is."""
    return date_of(on, zone) if isinstance(on, datetime) else on
