"""Who was refused in Slack: kept durably, a row for each person, day and reason, whatever they tried how often.

Rows name member IDs, what was clicked and the case it was about; nothing that anybody typed.
"""

from collections.abc import Iterator
from datetime import datetime
from threading import Lock
from typing import Any

from store.casebook import Casebook

PREFIX = "slack refused "
MOST_NAMED = 20  # things tried, in one row


class Refusals:
    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._lock = Lock()

    def note(self, who: str, what: str, why: str, at: datetime) -> None:
        """Keep that somebody was refused."""
        name = f"{PREFIX}{at.date().isoformat()} {who} {why}"
        with self._lock:
            row = dict(self._casebook.kept(name) or {"first_at": at.isoformat(), "times": "0"})
            tried = dict.fromkeys([*filter(None, row.get("tried", "").split(", ")), what])
            row |= {
                "slack_id": who,
                "why": why,
                "tried": ", ".join(list(tried)[:MOST_NAMED]),
                "times": str(int(row["times"]) + 1),
                "last_at": at.isoformat(),
            }
            self._casebook.keep(name, row)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield every row, the oldest first."""
        for name in self._casebook.kept_names(PREFIX):
            row = self._casebook.kept(name)
            if row:
                yield {**row, "times": int(row["times"])}
