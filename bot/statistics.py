"""Figures of what was asked and how it ended: from cases that run, that are closed and that were erased, all alike."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bot.people import Person
from store.casebook import Casebook
from store.erasing import STATISTICS, rows
from store.jurisdiction import Jurisdiction


@dataclass(frozen=True, slots=True)
class Figure:
    """How often one right was asked for in a month and ended so; an empty outcome is none yet."""

    month: str
    right: str
    outcome: str
    requests: int
    median_days: float | None


def figures(casebook: Casebook, who: Person, here: Jurisdiction) -> Iterator[Figure]:
    """Yield them in order. What a person may not see is not counted for them."""
    days: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    live = (row for case in casebook.cases() if who.sees(case) for row in rows(case, here))
    left = (row for n in casebook.kept_names(STATISTICS) if (row := casebook.kept(n)))
    for source in (live, left):
        for row in source:
            days[row["month"], row["right"], row["outcome"]].append(row["days"])
    for (month, right, outcome), taken in sorted(days.items()):
        known = [int(count) for count in taken if count]
        middle = float(median(known)) if known else None
        yield Figure(month, right, outcome, len(taken), middle)
