"""The words of each step of the working: a clause that names its day, a whole sentence, the source.

No step decides anything: each is told what was found.
"""

from datetime import date, datetime

from store.due import Step, long, short
from store.law import DUTIES
from store.periods import Block
from store.regime import Condition, DueKind, Exclusion, Extension, Period, Regime
from store.working_days import NATIONS, Calendar

MONTHS_ON = {1: "next month", 2: "two months on", 3: "three months on"}
LENGTHS = {1: "One month", 2: "Two months", 3: "Three months"}
ORDINALS = {29: "29th", 30: "30th", 31: "31st"}
SATURDAY = 5
POLICY = "the controller's own policy"


def stop_cites(regime: Regime) -> str:
    return regime.stop.cites if regime.stop else ""


def plural(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def received(on: date, cites: str) -> Step:
    return Step(on, f"received {short(on)}", f"It was received on {long(on)}, local time.", cites)


def brought(condition: Condition, asked: date, on: date) -> Step:
    return Step(
        on,
        f"{condition.name} received {short(on)}",
        f"The {condition.name} was asked for on {long(asked)} and received on {long(on)}: "
        "the period starts no earlier.",
        condition.cites,
    )


def awaited(condition: Condition, asked: date) -> Step:
    return Step(
        asked,
        f"{condition.name} asked for {short(asked)} and awaited",
        f"The {condition.name} was asked for on {long(asked)} and has not come: "
        "no period runs before it does.",
        condition.cites,
    )


def starts(on: date, regime: Regime) -> Step:
    return Step(
        on,
        f"the period starts {short(on)}",
        f"The period starts on {long(on)}, the latest of these days.",
        regime.start_cites,
    )


def ends(period: Period, start: date, end: date, count_cites: str) -> Step:
    cites = f"{period.cites}; {count_cites}" if count_cites else period.cites
    if not period.months:
        unit = "working day" if period.working_days else "day"
        length = plural(period.working_days or period.days, unit)
        why = f"{length} on from {long(start)}, the day after it being the first, is {long(end)}."
        return Step(end, f"{length} on is {short(end)}", why, cites)
    month, length = MONTHS_ON[period.months], LENGTHS[period.months]
    if end.day == start.day:
        why = f"{length} from {long(start)} ends on the same date, {long(end)}."
        return Step(end, f"same date {month} is {short(end)}", why, cites)
    missing = ORDINALS[start.day]
    return Step(
        end,
        f"no {missing} {month}, so the last day, {short(end)}",
        f"{length} from {long(start)} finds no {missing}, so it ends on the last day of the month, "
        f"{long(end)}.",
        cites,
    )


def stopped(block: Block, regime: Regime) -> Step:
    days = plural(block.days, "day")
    return Step(
        block.last,
        f"clock stopped {short(block.first)} to {short(block.last)}, {days}"
        if block.days > 1
        else f"clock stopped {short(block.last)}, {days}",
        f"Clarification was awaited from {long(block.first)} to {long(block.last)}, both included: "
        f"{days} not counted.",
        stop_cites(regime),
    )


def moved(days: int, end: date, regime: Regime) -> Step:
    added = plural(days, "day")
    return Step(
        end,
        f"{added} added makes {short(end)}",
        f"With {added} added the period ends on {long(end)}.",
        stop_cites(regime),
    )


def stands(asked: date, remaining: int, regime: Regime) -> Step:
    left = plural(remaining, "day")
    return Step(
        asked,
        f"clarification asked for {short(asked)} and awaited, {left} left",
        f"Clarification was asked for on {long(asked)} and has not come: the clock stands with "
        f"{left} left.",
        stop_cites(regime),
    )


def extended(sent: date, notice_by: date | None, extension: Extension) -> Step:
    limit = f"by {long(notice_by)}, the last day for it" if notice_by else "while the clock stood"
    return Step(
        sent,
        f"extended {short(sent)}",
        f"Notice of the extension was given on {long(sent)}, {limit}.",
        extension.total.cites,
    )


def without_effect(kind: str, on: date, reason: str, cites: str) -> Step:
    words = kind.replace("_", " ")
    return Step(
        on,
        f"{words} {short(on)} has no effect",
        f'"{kind}" on {long(on)} has no effect on the date: {reason}.',
        cites,
    )


def rests(nominal: date, due_on: date, calendar: Calendar, cites: str) -> list[Step]:
    """Tell why the end moves: the day it falls on, then each holiday on the way."""
    holidays = "a bank holiday" if calendar.place in NATIONS else "a public holiday"
    steps: list[Step] = []
    for offset in range((due_on - nominal).days):
        day = date.fromordinal(nominal.toordinal() + offset)
        if day.weekday() >= SATURDAY:
            if not offset:
                why = f"{long(day)} is not a working day."
                steps.append(Step(day, "not a working day", why, cites))
            continue
        clause = f"{short(day)} is {holidays}" if offset else holidays
        why = f"{long(day)} is {holidays}: {calendar.name_of(day)}."
        steps.append(Step(day, clause, why, cites))
    return steps


def due(on: date, regime: Regime, right: str, *, moved: bool) -> Step:
    what = {
        DueKind.ACKNOWLEDGEMENT: "The acknowledgement is due",
        DueKind.AT_ONCE: "The last system should have stopped",
    }.get(regime.kind, "The answer is due")
    day = f"{long(on)}, the next working day" if moved else f"{long(on)}, local time"
    why = f"{what} by the end of {day}. {DUTIES.get(right, '')}".rstrip()
    return Step(on, f"due {short(on)}", why, regime.period.cites)


def alarm(on: date, cites: str) -> Step:
    return Step(
        on,
        f"no due date yet, alarm on {short(on)}",
        f"There is no due date yet; {long(on)} is kept as an alarm: the date that applies if "
        "what is awaited was wrongly asked for.",
        cites,
    )


def acknowledge(on: date, period: Period) -> Step:
    return Step(
        on,
        f"acknowledge by {short(on)}",
        f"Receipt is to be acknowledged by the end of {long(on)}.",
        period.cites,
    )


def acknowledged(kind: str, on: date, cites: str) -> Step:
    words = kind.replace("_", " ")
    why = f'"{kind}" on {long(on)} is in time and satisfies the duty to acknowledge.'
    return Step(on, f"{words} {short(on)}, in time", why, cites)


def reply(on: date, period: Period) -> Step:
    why = f"The person must be told of it by the end of {long(on)}."
    return Step(on, f"reply by {short(on)}", why, period.cites)


def told_before(on: date, cites: str) -> Step:
    why = f"The restriction is to be lifted on {long(on)}: the person must be told before that."
    return Step(on, f"tell the person before {short(on)}", why, cites)


def no_statute(on: date) -> Step:
    why = "No statute dates it; only the controller's own target can."
    return Step(on, "no statute dates it", why, "UK GDPR Art. 12(3), which speaks of rights alone")


def not_in_force(on: date, regime: Regime) -> Step:
    why = f"{regime.name} does not govern what was received on {long(on)}."
    return Step(on, f"{regime.name} does not govern it", why, regime.dates_cite)


def outside(on: date, exclusion: Exclusion) -> Step:
    return Step(on, "outside the statute", f"{exclusion.why}.", exclusion.cites)


def began(at: datetime, regime: Regime, *, aware: bool) -> Step:
    clause, what = (
        ("aware", "The controller became aware of it")
        if aware
        else ("received", "No awareness is recorded, so it counts as known when it was received,")
    )
    why = f"{what} on {long(at)} at {at:%H:%M}, local time."
    return Step(at, f"{clause} {short(at)} at {at:%H:%M}", why, regime.start_cites)


def hours_end(at: datetime, regime: Regime) -> Step:
    hours = plural(regime.period.hours, "hour")
    why = f"{hours} on is {long(at)} at {at:%H:%M}, local time."
    cites = f"{regime.period.cites}; {regime.count_cites}"
    return Step(at, f"{hours} on is {short(at)} at {at:%H:%M}", why, cites)


def due_at(at: datetime, regime: Regime, right: str) -> Step:
    why = f"The notification is due by {at:%H:%M} on {long(at)}, local time. {DUTIES.get(right, '')}".rstrip()
    return Step(at, f"due {short(at)} at {at:%H:%M}", why, regime.period.cites)


def target(days: int, on: date, purpose: str, *, working: bool) -> Step:
    length = plural(days, "working day" if working else "day")
    why = f"The controller's own target for {purpose} is {length}, until {long(on)}."
    return Step(on, f"{length} on is {short(on)}", why, POLICY)


def meant(on: date) -> Step:
    why = f"The controller means to answer by the end of {long(on)}; no statute says so."
    return Step(on, f"due {short(on)}", why, POLICY)
