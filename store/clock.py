"""The statutory clock: from a receipt and what happened since to a due date that shows its working.

Every day is a local day of the controller. Nothing here reads a clock or knows a number of law.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo

from store import steps
from store.counting import Count
from store.due import Due, Happening, Step, in_sentence, sentences
from store.facts import Fact
from store.hours import reckon_hours
from store.periods import add_months, date_of, day_of
from store.regime import ADOPTED, DueKind, Regime, Switches
from store.working_days import Calendar

__all__ = [
    "Due",
    "Happening",
    "Step",
    "add_months",
    "date_of",
    "in_sentence",
    "policy_due",
    "reckon",
    "sentences",
]


def reckon(
    regime: Regime | None,
    right: str,
    received_at: datetime,
    happenings: Sequence[Happening],
    calendar: Calendar,
    zone: tzinfo,
    *,
    switches: Switches = ADOPTED,
) -> Due:
    """Reckon when `right` is due. No history is refused: what has no effect is named as such."""
    received_on = date_of(received_at, zone)
    if regime is None:
        return _undated(DueKind.POLICY, received_on, steps.no_statute(received_on))
    if outside := _outside(regime, received_on, happenings, switches):
        return _undated(regime.kind, received_on, outside)
    if regime.awareness:
        return reckon_hours(
            regime, right, received_at, happenings, calendar, zone, switches=switches
        )
    facts = [Fact(day_of(h.on, zone), h.kind, h.about) for h in happenings]
    facts.sort(key=lambda fact: fact.on)
    since = [fact for fact in facts if fact.on >= received_on]
    early = facts[: len(facts) - len(since)]
    return Count(regime, right, received_on, since, early, calendar, switches).due()


def policy_due(
    received_on: date, days: int, calendar: Calendar, purpose: str, *, working: bool = True
) -> Due:
    """Return the controller's own target for `purpose`: working days, or calendar days that roll."""
    if working:
        nominal = calendar.working_days_after(received_on, days)
    else:
        nominal = received_on + timedelta(days=days)
    due_on = calendar.next_working_day(nominal)
    told = (
        steps.received(received_on, steps.POLICY),
        steps.target(days, nominal, purpose, working=working),
        *steps.rests(nominal, due_on, calendar, steps.POLICY),
        steps.meant(due_on),
    )
    return Due(
        kind=DueKind.POLICY, start=received_on, nominal_due=nominal, due_on=due_on, working=told
    )


def _outside(
    regime: Regime, received_on: date, happenings: Sequence[Happening], switches: Switches
) -> Step | None:
    """Tell why the regime does not govern the matter; None if it does."""
    if not regime.covers(received_on):
        return steps.not_in_force(received_on, regime)
    limit = regime.outside
    if limit and limit.counts(switches) and any(h.kind == limit.fact for h in happenings):
        return steps.outside(received_on, limit)
    return None


def _undated(kind: DueKind, received_on: date, why: Step) -> Due:
    """No statute dates it; the start is kept, for the controller's own target."""
    told = (steps.received(received_on, why.cites), why)
    return Due(kind=kind, start=received_on, in_force=False, working=told)
