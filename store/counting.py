"""The counting of days and months: what starts a period, what is left out, what extends it, its end.

The order is fixed: the month is clamped, excluded days are added, the end rolls once. What has
no effect on the date is never refused here; it is named in the working.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple, TypedDict

from store import steps
from store.due import Due, Step, long
from store.facts import Fact, Facts, brought
from store.pauses import Pause, days_left, judge, read_pauses
from store.periods import Block, days_of, end_of, past, union
from store.regime import DueKind, Period, Regime, Switches
from store.working_days import Calendar

EARLY = "it came before the request did"
ONCE = "a period is extended once only"
ONE_DAY = timedelta(days=1)


class End(NamedTuple):
    """Where a period ends: as counted from its origin, with days added, and rolled."""

    period: Period
    origin: date
    counted: date
    nominal: date
    rolled: date
    blocks: Sequence[Block]


class Notice(NamedTuple):
    """Until when a notice of extension may be given; None while the clock stands."""

    nominal: date | None = None
    by: date | None = None
    valid: bool | None = None
    """None where none was given."""


class Beside(TypedDict, total=False):
    """Dates that stand beside the due date, by their names in `Due`."""

    ack_due: date
    ack_satisfied_by: str
    reply_due: date
    inform_before: date


@dataclass(slots=True)
class Count:
    """One reckoning. `history` is in the order of its days; what lies before the receipt is `early`."""

    regime: Regime
    right: str
    received_on: date
    history: Sequence[Fact]
    early: Sequence[Fact]
    calendar: Calendar
    switches: Switches
    in_time: dict[int, bool] = field(default_factory=dict)
    """Which asking came in time, by its place: what comes later has no say in that."""
    working: list[Step] = field(default_factory=list)

    def due(self) -> Due:
        facts = Facts(self.history, self.regime)
        self.working.append(steps.received(self.received_on, self.regime.start_cites))
        start = self._start(facts)
        if start is None:
            return self._awaiting(facts)
        if start != self.received_on:
            self.working.append(steps.starts(start, self.regime))
        return self._running(start, facts)

    def _start(self, facts: Facts) -> date | None:
        """Return the latest of receipt and what was asked for; None while some of it is missing."""
        conditions = [c for c in self.regime.conditions if c.counts(self.switches)]
        start: date | None = self.received_on
        for condition, asked, on in brought(facts, conditions, self._asked_in_time):
            if on is None:
                self.working.append(steps.awaited(condition, asked))
                start = None
            else:
                self.working.append(steps.brought(condition, asked, on))
                start = start and max(start, on)
        return start

    def _asked_in_time(self, place: int) -> bool:
        """Tell whether time was left, on what had happened before: a spent month cannot restart."""
        asked = self.history[place].on
        if asked <= end_of(self.regime.period, self.received_on, self.calendar):
            return True  # nothing that happens makes the period shorter
        if place not in self.in_time:
            before = replace(self, history=self.history[:place], working=[]).due()
            self.in_time[place] = before.due_on is None or asked <= before.due_on
        return self.in_time[place]

    def _awaiting(self, facts: Facts) -> Due:
        alarm = self._end(self.received_on, ()).rolled
        self._tell_spared(facts)
        self.working.append(steps.alarm(alarm, self.regime.period.cites))
        return Due(
            kind=DueKind.PROVISIONAL,
            start=None,
            provisional_due=alarm,
            working=tuple(self.working),
        )

    def _running(self, start: date, facts: Facts) -> Due:
        pauses = read_pauses(self.regime, self.right, facts, start, self.switches)
        blocks = union(pause.block for pause in pauses if pause.block)
        first = last = self._end(start, blocks)
        self._tell_end(first)
        notice = self._notice(facts, first, pauses)
        if notice.valid:
            last = self._end(start, blocks, extended=True)
            self._tell_end(last, first.blocks)
        judge(facts, pauses, last.blocks, self._limit(last))
        left = self._left(start, pauses, last)
        beside = self._beside(facts, start, last)
        self._tell_spared(facts)
        self._tell_last(last, dated=left is None)
        return Due(
            kind=self.regime.kind if left is None else DueKind.PROVISIONAL,
            start=start,
            nominal_due=last.nominal if left is None else None,
            due_on=last.rolled if left is None else None,
            provisional_due=None if left is None else last.rolled,
            remaining_days=left,
            paused_days=days_of(last.blocks),
            extension_notice_nominal=notice.nominal,
            extension_notice_due=notice.by,
            extension_valid=notice.valid,
            working=tuple(self.working),
            **beside,
        )

    def _end(self, start: date, blocks: Sequence[Block], *, extended: bool = False) -> End:
        period, origin = self._span(start, extended=extended)
        counted = end_of(period, origin, self.calendar)
        nominal, used = past(counted, blocks)
        if used and self.switches.stop_moves_the_start:
            moved = self._span(start + timedelta(days=days_of(used)), extended=extended)
            nominal = end_of(*moved, self.calendar)
        rolled = self._rolled(nominal)
        if self.switches.stop_on_rolled_day:
            later, more = past(rolled, blocks[len(used) :])
            if more:
                nominal, rolled, used = later, self._rolled(later), used + more
        return End(period, origin, counted, nominal, rolled, used)

    def _span(self, start: date, *, extended: bool) -> tuple[Period, date]:
        """Return the period that applies and the day it is counted from."""
        extension = self.regime.extension
        if extension is None or not extended:
            return self.regime.period, start
        if self.switches.extension_follows_first_month:
            return extension.further, end_of(self.regime.period, start, self.calendar)
        return extension.total, start

    def _rolled(self, day: date) -> date:
        return self.calendar.next_working_day(day) if self.regime.roll_cites else day

    def _notice(self, facts: Facts, first: End, pauses: Sequence[Pause]) -> Notice:
        """Read the notice of extension: one, given inside the first period."""
        extension = self.regime.extension
        if extension is None:
            return Notice()
        stands = any(pause.stands(self._limit(first)) for pause in pauses)
        limit = Notice() if stands else Notice(first.nominal, first.rolled)
        for place in facts.places(extension.notice):
            sent = facts.all[place].on
            if limit.valid:
                facts.spare(place, ONCE, extension.total.cites)
            elif limit.by and sent > limit.by:
                why = f"the last day for it was {long(limit.by)}"
                facts.spare(place, why, extension.total.cites)
                limit = limit._replace(valid=False)
            else:
                facts.take(place)
                limit = limit._replace(valid=True)
                self.working.append(steps.extended(sent, limit.by, extension))
        return limit

    def _limit(self, end: End) -> date:
        """Return the last day on which a question still finds the period running."""
        return end.rolled if self.switches.stop_on_rolled_day else end.nominal

    def _left(self, start: date, pauses: Sequence[Pause], last: End) -> int | None:
        """Return the days left on a clock that stands; None on one that runs."""
        limit = self._limit(last)
        asked = min((pause.asked for pause in pauses if pause.stands(limit)), default=None)
        if asked is None:
            return None
        left = days_left(max(asked, start + ONE_DAY), last.nominal, last.blocks)
        self.working.append(steps.stands(asked, left, self.regime))
        return left

    def _beside(self, facts: Facts, start: date, last: End) -> Beside:
        regime = self.regime
        beside = Beside()
        if regime.acknowledge:
            ack_due = end_of(regime.acknowledge, start, self.calendar)
            self.working.append(steps.acknowledge(ack_due, regime.acknowledge))
            beside["ack_due"] = ack_due
        if regime.reply:
            reply_due = self._rolled(end_of(regime.reply, start, self.calendar))
            self.working.append(steps.reply(reply_due, regime.reply))
            beside["reply_due"] = reply_due
        if regime.foretell and regime.foretell.right == self.right:
            for place in facts.places(regime.foretell.planned):
                beside["inform_before"] = on = facts.take(place)
                self.working.append(steps.told_before(on, regime.foretell.cites))
        if satisfied := self._satisfied(facts, last.rolled):
            beside["ack_satisfied_by"] = satisfied
        return beside

    def _satisfied(self, facts: Facts, due_on: date) -> str | None:
        """Return what satisfied the duty to acknowledge, if anything came in time."""
        for place in facts.places(*self.regime.satisfied_by):
            fact = facts.all[place]
            if fact.on <= due_on:
                facts.take(place)
                cites = self.regime.period.cites
                self.working.append(steps.acknowledged(fact.kind, fact.on, cites))
                return fact.kind
            facts.spare(place, f"the last day for it was {long(due_on)}")
        return None

    def _tell_end(self, end: End, told: Sequence[Block] = ()) -> None:
        regime, working = self.regime, self.working
        working.append(steps.ends(end.period, end.origin, end.counted, regime.count_cites))
        if end.blocks:
            working.extend(steps.stopped(b, regime) for b in end.blocks if b not in told)
            working.append(steps.moved(days_of(end.blocks), end.nominal, regime))

    def _tell_spared(self, facts: Facts) -> None:
        cites = self.regime.start_cites
        early = (steps.without_effect(fact.kind, fact.on, EARLY, cites) for fact in self.early)
        self.working.extend([*early, *facts.spared()])

    def _tell_last(self, last: End, *, dated: bool) -> None:
        regime = self.regime
        if not dated:
            self.working.append(steps.alarm(last.rolled, regime.period.cites))
            return
        self.working.extend(
            steps.rests(last.nominal, last.rolled, self.calendar, regime.roll_cites)
        )
        self.working.append(
            steps.due(last.rolled, regime, self.right, moved=last.rolled != last.nominal)
        )
