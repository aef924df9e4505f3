"""How the bot is, in figures: for whoever watches over it, and nothing about anybody.

The same figures are `/health` (with a verdict) and `/metrics` (in the text format of Prometheus).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from bot.mail.doors import Doors
from bot.reader import Reader
from store.casebook import CasebookAwayError
from store.folder import DataFolder
from store.jurisdiction import Jurisdiction
from store.letters import Letter
from store.spool import accepted_at

PREFIX = "privacy_intake_"
LONGEST_WAIT = timedelta(minutes=15)
"""A reading takes milliseconds; what waits longer does not wait for its turn."""
LONGEST_OWED = timedelta(hours=4)
"""Receivers that put a first letter off do so for an hour at most."""
LONGEST_ASIDE = timedelta(days=1)
SLACK_WELL = ("off", "ok")
CALENDAR_AHEAD = timedelta(days=62)
"""A month's limit, extended by nothing yet, must stay reckonable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Figures at one instant. Ages are in seconds, 0 where there is nothing."""

    waiting: int
    waiting_oldest_seconds: float
    quarantined: int
    quarantined_oldest_seconds: float
    owed: int
    owed_oldest_seconds: float
    accepted_total: int
    accepted_last_seconds: float
    """When, in seconds since 1970; 0 if no mail was accepted since the start."""
    connections: int
    workers: int
    workers_busy: int
    disk_free_bytes: int
    disk_least_bytes: int
    calendar_days: int
    casebook_away: bool
    slack: str
    """`off`, `ok`, or what is wrong with it."""
    casebook_faults: int
    """1 while the journal cannot be compacted."""


HELP = {
    "waiting": "Messages accepted and not yet dealt with.",
    "waiting_oldest_seconds": "Age of the oldest of them.",
    "quarantined": "Messages set aside for a person.",
    "quarantined_oldest_seconds": "Age of the oldest of them.",
    "owed": "Letters owed and not yet taken by the relay.",
    "owed_oldest_seconds": "Age of the oldest of them.",
    "accepted_total": "Messages accepted since the start.",
    "accepted_last_seconds": "When the last one was, since 1970; 0 for none since the start.",
    "connections": "Connections at the mail doors.",
    "workers": "Reading workers.",
    "workers_busy": "Reading workers at work.",
    "disk_free_bytes": "Room where the data lies.",
    "disk_least_bytes": "With less of it no mail is accepted.",
    "calendar_days": "Days until the list of bank holidays ends.",
    "casebook_away": "1 while the casebook is away.",
    "slack": "0 while Slack is on and does not work.",
    "casebook_faults": "1 if the last compaction of the casebook failed.",
}


def vitals(
    folder: DataFolder,
    doors: Doors,
    reader: Reader,
    here: Jurisdiction,
    now: datetime,
    *,
    away: bool = False,
    slack: str = "off",
) -> Vitals:
    """Take the figures. Raises OSError when the disk cannot be asked."""
    waiting, aside = folder.spool.ids("incoming"), folder.spool.ids("quarantine")
    owed: Sequence[Letter] = ()
    try:
        owed = owed if away else folder.casebook.owed()
    except CasebookAwayError:
        away = True
    last = doors.acceptance.last_at
    ends = date(here.calendar.ends_with_year, 12, 31)
    return Vitals(
        waiting=len(waiting),
        waiting_oldest_seconds=age([accepted_at(i) for i in waiting[:1]], now),
        quarantined=len(aside),
        quarantined_oldest_seconds=age([accepted_at(i) for i in aside[:1]], now),
        owed=len(owed),
        owed_oldest_seconds=age([letter.owed.at for letter in owed[:1]], now),
        accepted_total=doors.acceptance.count,
        accepted_last_seconds=last.timestamp() if last else 0.0,
        connections=len(doors.crowd),
        workers=reader.workers,
        workers_busy=reader.busy,
        disk_free_bytes=doors.room.free,
        disk_least_bytes=doors.room.least,
        calendar_days=(ends - here.date_of(now)).days,
        casebook_away=away,
        slack=slack,
        casebook_faults=int(bool(folder.fault)),
    )


def age(oldest: Sequence[datetime], now: datetime) -> float:
    return max(((now - at).total_seconds() for at in oldest), default=0.0)


def troubles(found: Vitals) -> Iterator[str]:
    """Say what somebody should see to."""
    looked_at = (
        (found.slack not in SLACK_WELL, f"Slack: {found.slack}"),
        (found.casebook_away, "the casebook is away"),
        (
            found.disk_free_bytes < found.disk_least_bytes,
            "the disk is nearly full: no mail is accepted",
        ),
        (
            found.waiting_oldest_seconds > LONGEST_WAIT.total_seconds(),
            "a message has waited too long to be taken in",
        ),
        (
            found.quarantined_oldest_seconds > LONGEST_ASIDE.total_seconds(),
            "a message has been in quarantine for more than a day",
        ),
        (
            found.owed_oldest_seconds > LONGEST_OWED.total_seconds(),
            "a letter has waited too long for the relay",
        ),
        (
            found.casebook_faults,
            "the casebook could not be compacted: its disk is full or it is damaged",
        ),
        (
            found.calendar_days < CALENDAR_AHEAD.days,
            f"the list of bank holidays ends in {found.calendar_days} days",
        ),
    )
    return (said for wrong, said in looked_at if wrong)


def metrics(found: Vitals) -> str:
    """Write the figures as Prometheus reads them."""
    lines = []
    for name, value in asdict(found).items():
        kind = "counter" if name.endswith("_total") else "gauge"
        full = PREFIX + name
        number = int(value in SLACK_WELL) if isinstance(value, str) else +value
        lines += [f"# HELP {full} {HELP[name]}", f"# TYPE {full} {kind}", f"{full} {number}"]
    return "\n".join(lines) + "\n"
