"""Many dates at once: rows of facts in, rows of dates with their working out.

A row that cannot be read gives its id and one sentence; it never stops the others.
"""

from collections.abc import Mapping
from datetime import date, tzinfo

from store.clock import Due, date_of, reckon, sentences
from store.law import REGIMES, Label, regime_named
from store.regime import ADOPTED, Regime, Switches
from store.rows import Row, RowError, happenings, received, text, zone
from store.working_days import Calendar

HOME_ZONE = "Europe/London"
HOME_NATION = "ENG"
UNDATED = {Label.QUERY, Label.OTHER}


def reckon_row(row: object, switches: Switches = ADOPTED) -> dict[str, object]:
    """Reckon a row of `id, regime, right, received, timezone, events, holidays_subdivision`.

    Rights joined by "+" share a row: it shows the date that comes first.
    """
    if not isinstance(row, Mapping):
        return {"id": None, "error": "The row is not an object."}
    try:
        here = zone(text(row, "timezone", HOME_ZONE))
        dues = _dues(row, here, switches)
    except (ValueError, OverflowError) as error:
        return {"id": row.get("id"), "error": str(error)}
    return {"id": row.get("id")} | _told(dues, here)


def _dues(row: Row, here: tzinfo, switches: Switches) -> dict[str, Due]:
    calendar = Calendar.of(text(row, "holidays_subdivision", HOME_NATION))
    received_at, events = received(row, here), happenings(row)
    received_on = date_of(received_at, here)
    key = text(row, "regime", "") or None
    return {
        right: reckon(
            _regime(key, right, received_on),
            right,
            received_at,
            events,
            calendar,
            here,
            switches=switches,
        )
        for right in text(row, "right").split("+")
    }


def _regime(key: str | None, right: str, received_on: date) -> Regime | None:
    regime = regime_named(key, right, received_on)
    if regime or (key is None and right in UNDATED):
        return regime
    if key is None:
        raise RowError(f'No regime knows a right called "{right}".')
    if all(key != known.key for known in REGIMES):
        raise RowError(f'There is no regime called "{key}".')
    raise RowError(f'The regime "{key}" knows no right called "{right}".')


def _told(dues: Mapping[str, Due], here: tzinfo) -> dict[str, object]:
    due = min(dues.values(), key=_comes_first)
    at = due.due_at.astimezone(here) if due.due_at else None
    told: dict[str, object] = {
        "start": due.start,
        "nominal_due": at or due.nominal_due,
        "due": at or due.due_on,
        "paused_days": due.paused_days,
        "extension_notice_due": due.extension_notice_due,
        "provisional_due": due.provisional_due,
    }
    beside = {
        "in_force": False if not due.in_force else None,
        "ack_due": due.ack_due,
        "ack_satisfied_by": due.ack_satisfied_by,
        "reply_due": due.reply_due,
        "inform_before": due.inform_before,
        "extension_notice_nominal": due.extension_notice_nominal,
        "extension_valid": due.extension_valid,
        "remaining_days_at_pause": due.remaining_days,
    }
    told |= {name: value for name, value in beside.items() if value is not None}
    plain = {name: _plain(value) for name, value in told.items()}
    return plain | {"working": _working(dues)}


def _comes_first(due: Due) -> tuple[date, date]:
    return due.due_on or date.max, due.provisional_due or date.max


def _working(dues: Mapping[str, Due]) -> list[str]:
    """Return the working; where rights that share a row differ, each its own."""
    told = [sentences(due) for due in dues.values()]
    if all(other == told[0] for other in told):
        return list(told[0])
    return [f"For {right}: {line}" for right, due in dues.items() for line in sentences(due)]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
