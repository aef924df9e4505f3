"""The holiday list as staff see it: what has changed, which running cases it would move, and accepting it."""

from collections.abc import Iterator
from typing import Final

from bot.views import View, plain
from store.calendars import differences, listed, moves
from store.casebook import Casebook
from store.jurisdiction import Jurisdiction
from store.working_days import Calendar

CALENDAR: Final = "calendar"


def changes(casebook: Casebook, here: Jurisdiction, configured: Calendar) -> Iterator[View]:
    """Yield each changed holiday, then each request that would move, old date and new."""
    for line in differences(configured, casebook.kept(CALENDAR) or {}):
        yield {"holiday": line}
    running = (case for ref in casebook.running() if (case := casebook.get(ref)))
    for move in moves(running, here, configured):
        yield {
            "ref": move.ref,
            "request": move.request.number,
            "right": move.request.label,
            "old": plain(move.old),
            "new": plain(move.new),
        }


def accept(casebook: Casebook, configured: Calendar) -> None:
    """Put the configured list in force, from the next start on."""
    casebook.keep(CALENDAR, listed(configured))
