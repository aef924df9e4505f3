"""The shapes in which law is written down: a period, a condition, a stop, an extension, a regime.

Shapes only; the numbers and their sources stand in `store.law`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DueKind(StrEnum):
    """What stands behind a due date."""

    STATUTORY = "statutory"  # the period in which a request must be answered
    ACKNOWLEDGEMENT = "acknowledgement"  # a complaint must be acknowledged by then
    POLICY = "policy"  # the controller's own target
    AT_ONCE = "at_once"  # stop now; the date is the target for the last system to have stopped
    HOURS = "hours"  # elapsed hours, through nights and weekends
    PROVISIONAL = "provisional"  # no date runs yet; an alarm is kept


@dataclass(frozen=True, slots=True)
class Switches:
    """Questions the law leaves open; each default is the reading adopted here.

    Which nation's bank holidays count is such a question too: the calendar answers it.
    """

    unjustified_identity_request_restarts: bool = False
    """Adopted: identity asked for without reasonable doubt leaves the month at receipt."""
    further_copy_fee_restarts: bool = False
    """Adopted: the fee for further copies, Art. 15(3), leaves the month at receipt."""
    same_day_answer_stops_a_day: bool = True
    """Adopted: asked and answered on one day excludes that day."""
    stop_on_first_day_counts: bool = False
    """Adopted: the month never counts its first day, so excluding it adds nothing."""
    stop_moves_the_start: bool = False
    """Adopted: excluded days are added at the end, not before the month is counted."""
    stop_on_rolled_day: bool = False
    """Adopted: a question asked after the month's own end, while it rolls, stops nothing."""
    stop_before_article_12a: bool = False
    """Adopted: before 5 February 2026 the statute knew no stop, only ICO guidance did."""
    extension_follows_first_month: bool = False
    """Adopted: three months from the start (ICO), not the first month's end plus two."""
    complaint_waits_for_authority: bool = False
    """Adopted: an agent's complaint runs from receipt, authority shown or not."""
    marketing_complaint_is_outside: bool = False
    """Adopted: a complaint about PECR alone, outside the words of s.164A, runs all the same."""
    breach_skips_hour_of_awareness: bool = False
    """Adopted: elapsed hours; Reg. 1182/71 Art. 3(1) would not count the hour of the event."""
    breach_holds_two_working_days: bool = False
    """Adopted: elapsed hours; Reg. 1182/71 Art. 3(5) could ask for two working days among them."""


ADOPTED = Switches()

Counts = Callable[[Switches], bool]


def always(_switches: Switches) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as the law states it, in exactly one unit."""

    cites: str
    months: int = 0
    days: int = 0
    working_days: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be brought before the period starts, if it was validly asked for."""

    name: str
    asked: str
    brought: str
    cites: str
    counts: Counts = always


@dataclass(frozen=True, slots=True)
class Stop:
    """A question whose days, from asking to answering and both included, are not counted."""

    rights: frozenset[str]
    asked: str
    answered: str
    cites: str
    counts: Counts = always


@dataclass(frozen=True, slots=True)
class Extension:
    """How long the period becomes once a notice with reasons was given inside the first one."""

    notice: str
    total: Period
    further: Period
    """The same in the words of the text: so much on top of the first period."""


@dataclass(frozen=True, slots=True)
class Foretelling:
    """Something of which the person must be told before it is done."""

    right: str
    planned: str
    cites: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A fact that puts a matter outside the statute, on the reading its switch stands for."""

    fact: str
    why: str
    cites: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One statute's clock for one group of rights, for what was received between two dates."""

    key: str
    name: str
    rights: frozenset[str]
    kind: DueKind = DueKind.STATUTORY
    received_from: date = date.min
    received_to: date = date.max
    dates_cite: str = ""
    period: Period
    start_cites: str
    count_cites: str = ""
    """Why the day of the event is not counted, and what a month without that date ends on."""
    roll_cites: str = ""
    """Why the end moves to the next working day; empty where it does not move."""
    conditions: tuple[Condition, ...] = ()
    stop: Stop | None = None
    extension: Extension | None = None
    acknowledge: Period | None = None
    """Where a request has an acknowledgement clock of its own beside the answer's."""
    satisfied_by: tuple[str, ...] = ()
    """Events that satisfy an acknowledgement clock."""
    awareness: str = ""
    """The event from which hours run."""
    least_working_days: Period | None = None
    """What the other reading of Reg. 1182/71 Art. 3(5) would add to hours."""
    reply: Period | None = None
    """The long stop for telling the person, where the thing itself is due at once."""
    foretell: Foretelling | None = None
    outside: Exclusion | None = None

    def covers(self, received_on: date) -> bool:
        return self.received_from <= received_on <= self.received_to
