"""Due dates from the command line: one with its working and its what-ifs, or a file of rows at once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bot.terminal import console, print_json
from bot.views import View, plain
from store.bulk import reckon_row
from store.clock import Due, Happening, in_sentence, reckon, sentences
from store.jurisdiction import Jurisdiction
from store.law import Label, regime_for
from store.refused import RefusedError


class DueError(RefusedError):
    """A date cannot be reckoned from what was given."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What might be decided: a pause for a question asked and answered, an extension."""

    paused_from: date | None = None
    until: date | None = None
    extended: bool = False

    def happenings(self, received_on: date) -> list[Happening]:
        """Return what would have happened. Raises DueError when the pause has no beginning."""
        found = []
        if self.until is not None and self.paused_from is None:
            raise DueError("--until needs --if-paused-from")
        if self.paused_from is not None:
            found.append(Happening("clarification_requested", self.paused_from))
        if self.until is not None:
            found.append(Happening("clarification_received", self.until))
        if self.extended:
            found.append(Happening("extension_notice_sent", received_on))
        return found


def show_due(
    right: Label, received: datetime, what_if: WhatIf, here: Jurisdiction, *, as_json: bool
) -> None:
    """Reckon one date and show its working. A date without a time counts as the local day."""
    at = received if received.tzinfo else received.replace(tzinfo=here.zone)
    due = due_of(right, at.astimezone(UTC), what_if, here)
    if as_json:
        print_json([due_view(due)])
        return
    console.print(in_sentence(due), soft_wrap=True)
    for sentence in sentences(due):
        console.print(f"  {sentence}", soft_wrap=True)


def due_of(right: Label, received_at: datetime, what_if: WhatIf, here: Jurisdiction) -> Due:
    received_on = here.date_of(received_at)
    if right in {Label.QUERY, Label.OTHER}:
        return here.own_target(Label.QUERY, received_on)
    return reckon(
        regime_for(right, received_on),
        right,
        received_at,
        what_if.happenings(received_on),
        here.calendar,
        here.zone,
    )


def due_view(due: Due) -> View:
    return {
        "kind": str(due.kind),
        "start": plain(due.start),
        "nominal_due": plain(due.nominal_due),
        "due": plain(due.due_at or due.due_on),
        "paused_days": due.paused_days,
        "extension_notice_due": plain(due.extension_notice_due),
        "provisional_due": plain(due.provisional_due),
        "working": list(sentences(due)),
    }


def show_rows(path: Path) -> None:
    """Print one JSON line for each row of `path`: an array, `{"cases": [...]}`, or a row a line."""
    print_json(reckon_row(row) for row in rows_of(path))


def rows_of(path: Path) -> Iterator[object]:
    text = path.read_text(encoding="utf-8")
    try:
        given = json.loads(text)
    except ValueError:
        yield from (one_row(line) for line in text.splitlines() if line.strip())
        return
    rows = given.get("cases", [given]) if isinstance(given, dict) else given
    yield from rows if isinstance(rows, Sequence) else [rows]


def one_row(line: str) -> object:
    """Return the row of a line; what is no JSON stays text, which is a row that cannot be read."""
    try:
        return json.loads(line)
    except ValueError:
        return line
