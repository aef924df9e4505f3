"""Reads the fields of one row of facts, as they come out of JSON.

What a row says wrongly is said back in one sentence, with the field's name.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store.due import Happening
from store.law import ASK_CLARIFICATION, CLARIFICATION
from store.periods import date_of

Row = Mapping[str, object]


class RowError(ValueError):
    """A row cannot be read; the text says what is wrong with it."""


def text(row: Row, name: str, default: str | None = None) -> str:
    """Return a field of text; an absent one is `default`, and an error without one."""
    value = row.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not value:
        raise RowError(f'The field "{name}" is missing or is not text.')
    return value


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RowError(f'There is no time zone called "{name}".') from None


def received(row: Row, here: tzinfo) -> datetime:
    """Return the instant of receipt; of a date without an hour the first."""
    on = moment(text(row, "received"), "received")
    if not isinstance(on, datetime):
        return datetime.combine(on, time.min, here)
    date_of(on, here)
    return on


def moment(value: str, name: str) -> date | datetime:
    """Return the date, or the instant where the text has an hour."""
    kind = datetime if len(value) > len("2026-11-27") else date
    try:
        on = kind.fromisoformat(value)
    except ValueError:
        raise RowError(f'"{value}" in "{name}" is no date and no instant of ISO 8601.') from None
    if not date.min.year < on.year < date.max.year:
        raise RowError(f'"{value}" in "{name}" lies at the edge of the calendar.')
    return on


def happenings(row: Row) -> list[Happening]:
    """Return what happened; explicit intervals take the place of the clarification events."""
    events = [_happening(event) for event in _items(row, "events")]
    intervals = _items(row, "intervals")
    if not intervals:
        return events
    kept = [event for event in events if event.kind not in {ASK_CLARIFICATION, CLARIFICATION}]
    for place, interval in enumerate(intervals):
        kept += _clarification(interval, str(place))
    return kept


def _items(row: Row, name: str) -> list[object]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise RowError(f'The field "{name}" is not a list.')
    return value


def _happening(event: object) -> Happening:
    if not isinstance(event, Mapping):
        raise RowError('An entry of "events" is not an object.')
    return Happening(text(event, "kind"), moment(text(event, "date"), "events"))


def _clarification(interval: object, about: str) -> list[Happening]:
    match interval:
        case [str(asked), None]:
            return [Happening(ASK_CLARIFICATION, moment(asked, "intervals"), about)]
        case [str(asked), str(answered)]:
            return [
                Happening(ASK_CLARIFICATION, moment(asked, "intervals"), about),
                Happening(CLARIFICATION, moment(answered, "intervals"), about),
            ]
        case _:
            raise RowError('An entry of "intervals" is not a pair of dates.')
