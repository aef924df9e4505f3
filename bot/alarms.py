"""What a person should look at on a day: late and nearly late requests, drafts that must go, complaints gone quiet.

Pure: a case, an instant and the rules in; alarms out. The same instant gives the same alarms.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from store.case import Case, Request
from store.jurisdiction import Jurisdiction
from store.law import DueKind, Label
from store.letters import LetterStatus

PRESS_DAYS = 3  # working days before the last day for an extension's notice
PROGRESS_EVERY = timedelta(days=14)  # a complainant hears how it goes, DPA 2018 s.164A(4)
RELAY_TAKES = timedelta(minutes=30)  # a letter that takes longer is being tried again
FRIDAY = 4
WEEKEND = 2


class Why(StrEnum):
    """Why somebody should look, the most pressing first."""

    OVERDUE = "overdue"
    DUE_TODAY = "due today"
    TOO_LATE = "a notice may come too late"
    PRESS = "a draft must be sent in time"
    DUE_SOON = "due soon"
    PROGRESS = "a progress note is due"
    TRIAGE = "to be sorted"
    LETTER = "a letter waits for a person"
    PAPERS = "proof of identity is to be deleted"
    HOLD = "a legal hold is to be reviewed"
    CONFIRM = "an erasure waits for a second person"
    STOPPED = "an erasure was stopped"
    GOING = "decided: to be erased"
    KEPT = "kept as long as need be (`retain` lists all)"
    KEPT_SOON = "soon kept as long as need be"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to look at. It names the case and nothing of the person."""

    why: Why
    ref: str
    what: str
    on: date | None
    owner: str


def alarms(
    case: Case, here: Jurisdiction, now: datetime, warn_days: Collection[int]
) -> Iterator[Alarm]:
    """Yield what there is to look at today; a Friday looks ahead to the weekend."""
    today = here.date_of(now)
    for request in case.running:
        due = case.due(request, here)
        due_on = due.due_on or due.provisional_due
        why = pressing(due_on, today, warn_days)
        if due.kind is DueKind.HOURS:  # every morning counts
            why = why or Why.DUE_SOON
        if why is not None:
            yield Alarm(why, case.ref, what(request), due_on, case.owner)
        if request.label is None:
            yield Alarm(Why.TRIAGE, case.ref, what(request), due_on, case.owner)
        if owes_progress(case, request, here, today):
            yield Alarm(Why.PROGRESS, case.ref, what(request), today, case.owner)
    yield from letters_waiting(case, here, today)
    for letter in crossings(case, here, now):
        yield Alarm(Why.TOO_LATE, case.ref, letter.why, letter.last, case.owner)
    if case.papers_due:
        yield Alarm(Why.PAPERS, case.ref, f"{len(case.papers_due)} messages", None, case.owner)


def pressing(due_on: date | None, today: date, warn_days: Collection[int]) -> Why | None:
    """Say how pressing a date is, or None when today is no day to say so."""
    if due_on is None:
        return None
    if due_on < today:
        return Why.OVERDUE
    if due_on == today:
        return Why.DUE_TODAY
    ahead = WEEKEND if today.weekday() == FRIDAY else 0
    left = (due_on - today).days
    return Why.DUE_SOON if any(left - later in warn_days for later in range(ahead + 1)) else None


def owes_progress(case: Case, request: Request, here: Jurisdiction, today: date) -> bool:
    """Whether a complainant has heard nothing for a fortnight, or a multiple of it."""
    if request.label not in {Label.COMPLAINT, Label.REVIEW}:
        return False
    told = [here.date_of(sent_at) for sent_at in case.told(request)]
    if request.acknowledged is not None and request.acknowledged.effective_on is not None:
        told.append(request.acknowledged.effective_on)
    quiet = today - max(told, default=here.date_of(request.received_at))
    return quiet >= PROGRESS_EVERY and quiet % PROGRESS_EVERY == timedelta(0)


def letters_waiting(case: Case, here: Jurisdiction, today: date) -> Iterator[Alarm]:
    """Yield the letters that wait for a person; an extension's notice has a last day of its own."""
    for letter in case.letters:
        if not letter.waits_for_a_person:
            continue
        last = last_day(case, letter.owed.letter_id, here)
        pressed = last is not None and here.calendar.working_days_after(today, PRESS_DAYS) >= last
        why = Why.PRESS if pressed else Why.LETTER
        yield Alarm(why, case.ref, letter.owed.letter_kind, last, case.owner)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A letter on its way that may miss the last day for its notice; it would have no effect then."""

    letter_id: str
    last: date
    why: str


def crossings(case: Case, here: Jurisdiction, now: datetime) -> Iterator[Crossing]:
    """Yield the notices on their way whose undo window or retries cross their last day."""
    for letter in case.letters:
        last = last_day(case, letter.owed.letter_id, here)
        if letter.status is not LetterStatus.QUEUED or last is None:
            continue
        free_at = letter.not_before or letter.owed.at
        if here.date_of(free_at) > last:
            why = "it can be taken back until after that day"
        elif now - free_at > RELAY_TAKES:
            why = "the mail relay has not taken it yet"
        else:
            continue
        yield Crossing(letter.owed.letter_id, last, why)


def last_day(case: Case, letter_id: str, here: Jurisdiction) -> date | None:
    """Return by when an extension's notice must be given, if the letter is one."""
    for request in case.running:
        if any(extended.letter_id == letter_id for extended in request.extended):
            return case.due(request, here).extension_notice_due
    return None


def what(request: Request) -> str:
    return str(request.label).replace("_", " ") if request.label else "not sorted yet"


def runs_in_hours(case: Case, here: Jurisdiction) -> bool:
    """Whether a limit of the case runs through nights and weekends: a breach report."""
    return any(case.due(request, here).kind is DueKind.HOURS for request in case.running)
