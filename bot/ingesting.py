"""Existing mail handed to the spool in pieces, and followed to where each message ends.

The same mail taken in twice is a copy, known by Message-ID and content: nothing is doubled, so
what was broken off is simply begun again.
"""

import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.command import CommandError
from bot.mail.existing import Found, files_in, messages_in
from bot.mail.heads import head_of, recipients_of, return_path_of
from bot.views import View

AT_ONCE = 50  # messages, or
BYTES_AT_ONCE = 2_000_000  # whichever is more, for one commit
ASKED_AT_ONCE = 1_000
A_MOMENT = 0.2  # seconds

Ask = Callable[[str, Mapping[str, Any]], Iterator[View]]


class Ingest:
    def __init__(
        self, ask: Ask, now: Callable[[], datetime], max_bytes: int, *, no_letters: bool
    ) -> None:
        self._ask = ask
        self._now = now
        self._max_bytes = max_bytes
        self._no_letters = no_letters
        self._ids: list[str] = []
        self._left_out: list[str] = []

    def hand_in(self, files: Sequence[Path]) -> Iterator[int]:
        """Hand every message over; yield how many bytes were dealt with."""
        batch: list[View] = []
        size = 0
        for file in files:
            for found in messages_in(file):
                if len(found.raw) > self._max_bytes:
                    self._left_out.append(str(file))
                else:
                    batch.append(self._packed(found))
                    size += len(found.raw)
                if len(batch) == AT_ONCE or size > BYTES_AT_ONCE:
                    self._hand_over(batch)
                    batch, size = [], 0
                yield len(found.raw)
        self._hand_over(batch)

    def follow(self) -> Iterator[View]:
        """Yield where each message has ended, as they end."""
        left = dict.fromkeys(self._ids)
        while left:
            asked = list(left)[:ASKED_AT_ONCE]
            ended = list(self._ask("fates", {"ids": asked}))
            for fate in ended:
                del left[fate["id"]]
                yield fate
            if not ended:
                time.sleep(A_MOMENT)

    @property
    def accepted(self) -> int:
        return len(self._ids)

    def summary(self, fates: Sequence[View]) -> View:
        copies = sum(fate["why"].startswith("a second copy") for fate in fates)
        ends = Counter(f["end"] for f in fates if not f["why"].startswith("a second copy"))
        return {
            "taken_in": self.accepted,
            "copies": copies,
            **dict(sorted(ends.items())),
            "cases": len({fate["ref"] for fate in fates if fate["ref"]}),
            "too_large": self._left_out,
        }

    def _packed(self, found: Found) -> View:
        head = head_of(found.raw)
        return {
            "raw": b64encode(found.raw).decode("ascii"),
            "mail_from": return_path_of(head),
            "rcpt_tos": recipients_of(head),
            "received_at": found.received_at(self._now()).isoformat(),
        }

    def _hand_over(self, batch: Sequence[View]) -> None:
        if batch:
            given = {"messages": batch, "no_letters": self._no_letters}
            self._ids += [taken["id"] for taken in self._ask("ingest", given)]


def found_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files that hold the mail. Raises CommandError for a path that is not there."""
    for path in paths:
        if not path.exists():
            raise CommandError(f"{path}: there is no such file or folder")
    return [file for path in paths for file in files_in(path)]
