"""Which holidays are in force: those a person has accepted, until a person accepts others.

A library's update or a changed correction moves no date by itself: what was accepted stays in
force, and the running cases that the new list would move are shown, old date and new.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from store.case import Case, Request
from store.jurisdiction import Jurisdiction
from store.working_days import Calendar

FIRST_YEAR = 2024  # older cases are closed, or late by any list

Listed = Mapping[str, str]
"""Holidays by their ISO date: as they stand in a document."""


@dataclass(frozen=True, slots=True)
class Move:
    """A running request whose date the new list would change."""

    ref: str
    request: Request
    old: date | None
    new: date | None


def listed(calendar: Calendar) -> dict[str, str]:
    """Return every holiday the calendar knows, from the first year to the last certain one."""
    day, end = date(FIRST_YEAR, 1, 1), date(calendar.ends_with_year, 12, 31)
    found = {}
    while day <= end:
        if name := calendar.holiday(day):
            found[day.isoformat()] = name
        day += timedelta(days=1)
    return found


def in_force(configured: Calendar, accepted: Listed) -> Calendar:
    """Return the calendar that has exactly the accepted holidays, in the years it lists."""
    now = listed(configured)
    added = {date.fromisoformat(on): name for on, name in accepted.items() if on not in now}
    gone = [date.fromisoformat(on) for on in now if on not in accepted]
    return Calendar.of(
        configured.place,
        {**{d: n for d, n in configured.added.items() if d.isoformat() in accepted}, **added},
        [*configured.dropped, *gone],
    )


def differences(configured: Calendar, accepted: Listed) -> list[str]:
    """Say which holidays the configured list adds and which it drops, in the order of their dates."""
    now = listed(configured)
    changed = sorted(now.keys() ^ accepted.keys())
    return [f"+ {on} {now[on]}" if on in now else f"- {on} {accepted[on]}" for on in changed]


def moves(cases: Iterable[Case], here: Jurisdiction, configured: Calendar) -> Iterator[Move]:
    """Yield the running requests whose date would be another one."""
    there = replace(here, calendar=configured)
    for case in cases:
        for request in case.running:
            old, new = case.due(request, here).due_on, case.due(request, there).due_on
            if old != new:
                yield Move(case.ref, request, old, new)
