"""The case register as rows: every request of every case, out as CSV and, for a backlog, in again.

The same columns both ways, so that what one desk writes another can take over, with its pauses
and extensions. A row that cannot be read is refused with its number, and nothing of it is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.tokens import new_token
from store.case import Case, Request
from store.deeds import Asked, Extended, Supplied
from store.events import Event, Opened, RequestClosed, Requested
from store.jurisdiction import Jurisdiction
from store.law import Label
from store.recorded import Medium, Outcome, Wanted
from store.refused import RefusedError
from store.timeline import day_asked

COLUMNS = (
    "ref", "channel", "received_at", "name", "address", "request", "right", "due_on", "due_kind",
    "state", "owner", "pauses", "extended_on", "outcome", "closed_on", "reasons",
)  # fmt: skip

Row = dict[str, str]


class RowError(RefusedError):
    """A row of the register cannot be taken in; the text says why."""


def rows(case: Case, here: Jurisdiction) -> Iterator[Row]:
    """Yield one row for each request of the case that did not go on in another."""
    for request in case.requests:
        if request.moved is not None:
            continue  # it stands where it goes on
        due = case.due(request, here)
        closed = request.closed
        values = {
            "ref": case.ref,
            "channel": case.opened.channel,
            "received_at": request.received_at.isoformat(),
            "name": case.requester_name,
            "address": case.requester_address,
            "request": request.number,
            "right": request.label or "",
            "due_on": due.due_on or "",
            "due_kind": due.kind,
            "state": request.state(case.letters_by_id),
            "owner": case.owner,
            "pauses": "; ".join(pauses(case, request, here)),
            "extended_on": extended_on(case, request, here) or "",
            "outcome": closed.outcome if closed else "",
            "closed_on": (closed.effective_on or "") if closed else "",
            "reasons": closed.reasons if closed else "",
        }
        yield {name: str(value) for name, value in values.items()}


def pauses(case: Case, request: Request, here: Jurisdiction) -> Iterator[str]:
    """Yield each question as FROM/UNTIL; UNTIL is empty while it is open."""
    asked = [day_asked(a, case.letters_by_id) for a in request.asked if is_question(a.wanted)]
    days = [here.local(day) for day in asked if day is not None]
    ends = [s.effective_on for s in request.supplied if is_question(s.wanted)]
    for place, day in enumerate(days):
        until = ends[place] if place < len(ends) else None
        yield f"{day}/{until or ''}"


def extended_on(case: Case, request: Request, here: Jurisdiction) -> date | None:
    """Return on which day notice of an extension was given."""
    for extended in request.extended:
        if not extended.letter_id:
            return extended.effective_on
        sent_at = case.letter(extended.letter_id).sent_at
        if sent_at is not None:
            return here.date_of(sent_at)
    return None


def is_question(wanted: Wanted) -> bool:
    return wanted is Wanted.CLARIFICATION


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes a backlog in, when, and where the controller is."""

    by: str
    at: datetime
    here: Jurisdiction


def grouped(
    found: Sequence[Mapping[str, str]],
) -> Iterator[tuple[int, str, list[Mapping[str, str]]]]:
    """Yield each case's rows with the line of the first and the reference, if they have one."""
    cases: dict[str, tuple[int, list[Mapping[str, str]]]] = {}
    for line, row in enumerate(found, start=2):  # the first line is the head
        ref = row.get("ref", "").strip().upper()
        _, its_rows = cases.setdefault(ref or f"line {line}", (line, []))
        its_rows.append(row)
    for key, (line, its_rows) in cases.items():
        yield line, "" if key.startswith("line ") else key, its_rows


def case_from(ref: str, found: list[Mapping[str, str]], taking: Taking) -> Case:
    """Make a case of its rows. Raises RowError or CaseError where they make none."""
    first = found[0]
    received_at = instant(first, taking)
    opened = Opened(
        at=taking.at,
        by=taking.by,
        effective_on=taking.here.date_of(received_at),
        channel=Medium.IMPORT,
        received_at=received_at,
        requester_name=first.get("name", ""),
        requester_address=first.get("address", ""),
        token=new_token(),
    )
    case = Case(ref, (opened,))
    for number, row in enumerate(found, start=1):
        case = case.record(*events(row, number, taking))
    return case


def events(row: Mapping[str, str], number: int, taking: Taking) -> Iterator[Event]:
    received_at = instant(row, taking)
    yield Requested(
        at=taking.at,
        by=taking.by,
        effective_on=taking.here.date_of(received_at),
        request=number,
        label=label_of(row["right"]) if row.get("right") else None,
        received_at=received_at,
    )
    for pause in filter(None, (p.strip() for p in row.get("pauses", "").split(";"))):
        yield from pause_events(pause, number, taking)
    if row.get("extended_on"):
        yield Extended(
            at=taking.at,
            by=taking.by,
            effective_on=day(row["extended_on"]),
            request=number,
            reasons="given before the case was taken in here",
        )
    if row.get("outcome"):
        yield RequestClosed(
            at=taking.at,
            by=taking.by,
            effective_on=day(row["closed_on"]) if row.get("closed_on") else None,
            request=number,
            outcome=outcome_of(row["outcome"]),
            reasons=row.get("reasons", ""),
        )


def pause_events(pause: str, number: int, taking: Taking) -> Iterator[Event]:
    asked, _, answered = pause.partition("/")
    yield Asked(
        at=taking.at,
        by=taking.by,
        effective_on=day(asked),
        wanted=Wanted.CLARIFICATION,
        requests=(number,),
        medium=Medium.IMPORT,
    )
    if answered.strip():
        yield Supplied(
            at=taking.at,
            by=taking.by,
            effective_on=day(answered),
            wanted=Wanted.CLARIFICATION,
            requests=(number,),
        )


def label_of(text: str) -> Label:
    if text not in set(Label):
        raise RowError(f"{text!r} is no right; there are {', '.join(Label)}")
    return Label(text)


def outcome_of(text: str) -> Outcome:
    if text not in set(Outcome):
        raise RowError(f"{text!r} is no outcome; there are {', '.join(Outcome)}")
    return Outcome(text)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RowError(f"{text!r} is no date, such as 2026-12-04") from None


def instant(row: Mapping[str, str], taking: Taking) -> datetime:
    """Read when a row was received; without an offset it is the controller's local time."""
    try:
        at = datetime.fromisoformat(row.get("received_at", ""))
    except ValueError:
        raise RowError(f"{row.get('received_at')!r} is no instant of receipt") from None
    at = at if at.tzinfo else at.replace(tzinfo=taking.here.zone)
    if at > taking.at:
        raise RowError("it cannot have been received in the future")
    return at.astimezone(UTC)
