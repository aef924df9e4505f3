"""The flood: what comes in a day from senders who failed authentication, over the first so many, waits together.

Each message still has a case of its own, with its clock from receipt; but staff have one line for
all of them. Whatever a person does to one of them takes it out of the flood.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.alarms import Alarm, Why, alarms
from bot.arrival import Arrival, channel_of, facets_in
from intents.reading import Facet
from store.case import Case, State
from store.deeds import Looked, Shown
from store.jurisdiction import Jurisdiction
from store.recorded import BOT, Medium, Trust

FLOOD: Final = "flood"
"""The facet of a case that came when there had been too many that day."""
COUNT: Final = "senders who failed"
"""Under this name it is kept how many came on the last day on which one did."""
TOLD: Final = "a flood of mail whose senders failed: see `privacy-intake flood`"


@dataclass(frozen=True, slots=True)
class Floodgate:
    """Tells the first so many of a day from the rest. The count is saved with each case."""

    limit: int
    kept: Callable[[str], Mapping[str, str] | None]

    def let_in(
        self, arrival: Arrival, today: date
    ) -> tuple[tuple[str, ...], dict[str, Mapping[str, str]]]:
        """Return the facets of a case about to be opened, and what is to be kept with it."""
        facets = facets_in(arrival)
        if arrival.message.trust is not Trust.FAILED or channel_of(arrival) is Medium.IMPORT:
            return facets, {}
        known = self.kept(COUNT) or {}
        before = int(known["cases"]) if known.get("day") == today.isoformat() else 0
        count: dict[str, Mapping[str, str]] = {
            COUNT: {"day": today.isoformat(), "cases": str(before + 1)}
        }
        if before < self.limit or Facet.LIFE_AT_RISK in facets:
            return facets, count
        return (*facets, FLOOD), count


def in_flood(case: Case) -> bool:
    """Whether a case waits with many others, and nobody has done anything about it."""
    if FLOOD not in case.opened.facets or case.state is State.CLOSED:
        return False
    return all(e.by == BOT or isinstance(e, Looked | Shown) for e in case.events)


def apart(cases: Iterable[Case]) -> tuple[list[Case], list[Case]]:
    """Return the cases that stand for themselves, and those of the flood."""
    themselves: list[Case] = []
    flood: list[Case] = []
    for case in cases:
        (flood if in_flood(case) else themselves).append(case)
    return themselves, flood


def in_a_line(flood: Sequence[Case]) -> list[str]:
    """Return what is said of all of them, if there are any."""
    many = f"{len(flood)} {'case' if len(flood) == 1 else 'cases'}"
    return [f"{many} of senders who failed authentication: `privacy-intake flood`"] * bool(flood)


def together(
    flood: Sequence[Case], here: Jurisdiction, now: datetime, warn_days: Collection[int]
) -> list[Alarm]:
    """Return one alarm for all of them: as pressing as the most pressing, with the nearest date."""
    found = [alarm for case in flood for alarm in alarms(case, here, now, warn_days)]
    whys = {alarm.why for alarm in found}
    why = next((why for why in Why if why in whys), Why.TRIAGE)
    days = [day for case in flood for day in dates(case, here)]
    first = min(days, default=None)
    return [Alarm(why, FLOOD, said, first, "") for said in in_a_line(flood)]


def dates(case: Case, here: Jurisdiction) -> list[date]:
    dues = (case.due(request, here) for request in case.running)
    return [day for due in dues if (day := due.due_on or due.provisional_due)]
