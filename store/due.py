"""A due date, what it was reckoned from, the working behind it, and how that is told in words.

Each step carries its own clause and its own full sentence, so that a date is explained in one
line or in many without being reckoned again.
"""

from dataclasses import dataclass
from datetime import date, datetime

from store.regime import DueKind

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a request. An instant counts on its local day, a date as it stands."""

    kind: str
    on: date | datetime
    about: str = ""
    """Which question this asks or answers; without it, questions and answers pair in order."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the working: `what` is a clause that names its day, `why` a whole sentence."""

    on: date | datetime
    what: str
    why: str
    cites: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What the clock says. `due_on` is the last lawful day, the whole of it, in local time."""

    kind: DueKind
    start: date | None
    """The day from which the period runs; None while something asked for is outstanding."""
    nominal_due: date | None = None
    """The end of the period before it moves off a rest day."""
    due_on: date | None = None
    due_at: datetime | None = None
    """The last instant of a limit in hours, in UTC; `due_on` is then its local date."""
    paused_days: int = 0
    """Days that would have counted and do not."""
    extension_notice_due: date | None = None
    extension_notice_nominal: date | None = None
    extension_valid: bool | None = None
    """None where no notice was given."""
    provisional_due: date | None = None
    """The alarm while no date runs: what applies if the thing waited for was wrongly asked for."""
    remaining_days: int | None = None
    """While the clock stands: the days left on it, the day of asking included."""
    in_force: bool = True
    """False where no statute dated what was received on that day."""
    ack_due: date | None = None
    ack_satisfied_by: str | None = None
    reply_due: date | None = None
    """Where the thing itself is due at once: the long stop for telling the person."""
    inform_before: date | None = None
    """The day on which a restriction is to be lifted: the person must be told before it."""
    working: tuple[Step, ...] = ()


def short(day: date) -> str:
    """Return 'Fri 27 Nov'."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"


def long(day: date) -> str:
    """Return 'Friday 27 November 2026'."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def in_sentence(due: Due) -> str:
    """Return the working in one line; the year stands at both ends and wherever it changes."""
    clauses: list[str] = []
    told: int | None = None
    for step in due.working:
        day = short(step.on)
        if day in step.what and (step is due.working[-1] or step.on.year != told):
            clauses.append(step.what.replace(day, f"{day} {step.on.year}", 1))
            told = step.on.year
        else:
            clauses.append(step.what)
    return "; ".join(clauses)


def sentences(due: Due) -> tuple[str, ...]:
    """Return the working as full sentences, each followed by its source."""
    return tuple(f"{step.why} ({step.cites})" for step in due.working)
