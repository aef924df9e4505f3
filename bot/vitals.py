"""How the bot is, in figures: for whoever watches over it, and nothing about anybody.

The same figures are `/health` (with a verdict) and `/metrics` (in the text format of Prometheus).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from bot.mail.doors import Doors
from bot.mail.mailbox_door import MailboxDoor
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
LONGEST_SILENCE = timedelta(minutes=15)
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
    canary_missing_seconds: float
    mailbox_silent_seconds: float
    mailbox_left: int
    relay_down_seconds: float


@dataclass(frozen=True, slots=True)
class Inside:
    """The parts that are asked."""

    folder: DataFolder
    doors: Doors
    reader: Reader
    here: Jurisdiction
    mailbox: MailboxDoor | None
    away: bool = False
    """Whether the casebook cannot be reached."""
    slack: str = "off"
    relay_down_since: datetime | None = None


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
    "canary_missing_seconds": "Age of the mail to ourselves that should have come back; 0 if none.",
    "mailbox_silent_seconds": "How long ago the mailbox was last looked into; 0 if there is none.",
    "relay_down_seconds": "How long the relay has taken nothing of ours; 0 while it does.",
    "mailbox_left": "Messages in the mailbox that could not be taken in and nobody has opened.",
}


def vitals(inside: Inside, now: datetime, *, canary: datetime | None) -> Vitals:
    """Take the figures. Raises OSError when the disk cannot be asked.

    `canary` is when the mail to ourselves set out that should be back.
    """
    folder, doors, reader, here = inside.folder, inside.doors, inside.reader, inside.here
    mailbox = inside.mailbox
    waiting, aside = folder.spool.ids("incoming"), folder.spool.ids("quarantine")
    owed: Sequence[Letter] = ()
    away = inside.away
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
        slack=inside.slack,
        casebook_faults=int(bool(folder.fault)),
        canary_missing_seconds=age([canary] if canary else [], now),
        mailbox_silent_seconds=age([mailbox.reached_at] if mailbox else [], now),
        mailbox_left=mailbox.left if mailbox else 0,
        relay_down_seconds=age([down] if (down := inside.relay_down_since) else [], now),
    )


def age(oldest: Sequence[datetime], now: datetime) -> float:
    return max(((now - at).total_seconds() for at in oldest), default=0.0)


def troubles(found: Vitals) -> Iterator[str]:
    """Say what somebody should see to."""
    yield from troubles_of_arrival(found)
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
            found.relay_down_seconds > LONGEST_SILENCE.total_seconds(),
            "the relay takes no letters: the log says why",
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
    yield from (said for wrong, said in looked_at if wrong)


def troubles_of_arrival(found: Vitals) -> Iterator[str]:
    if found.canary_missing_seconds:
        yield "the mail the bot sends itself has not come back"
    if found.mailbox_silent_seconds > LONGEST_SILENCE.total_seconds():
        yield "the mailbox cannot be reached"
    if found.mailbox_left:
        yield "a message in the mailbox is too large to be taken in: open it there"


def metrics(found: Vitals) -> str:
    """Write the figures as Prometheus reads them."""
    lines = []
    for name, value in asdict(found).items():
        kind = "counter" if name.endswith("_total") else "gauge"
        full = PREFIX + name
        number = int(value in SLACK_WELL) if isinstance(value, str) else +value
        lines += [f"# HELP {full} {HELP[name]}", f"# TYPE {full} {kind}", f"{full} {number}"]
    return "\n".join(lines) + "\n"
