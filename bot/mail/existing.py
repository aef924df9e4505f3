"""Existing mail as people keep it: single files, mbox, Maildir; each message with when it was received.

The day of receipt is taken from the first of these that is there and possible: the uppermost
Received header, which the server of the mailbox wrote; what the mailbox itself noted (the From_
line of an mbox, the time in a Maildir name); the sender's Date; the age of the file. Trusted
hosts may know better, and are asked when the message is taken in.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from pathlib import Path

from bot.mail.heads import head_of, values

FIRST_POSSIBLE = datetime(1990, 1, 1, tzinfo=UTC)
QUOTED_FROM = re.compile(rb">+From ")
FROM_LINE = re.compile(rb"From \S* +(?P<when>\S.{10,80})")
MAILDIR_TIME = re.compile(r"(\d{9,11})\.")


@dataclass(frozen=True, slots=True)
class Found:
    """A message where it was found. `noted` is what the mailbox says of its receipt."""

    path: Path
    raw: bytes
    noted: datetime | None = None

    def received_at(self, now: datetime) -> datetime:
        head = head_of(self.raw)
        stamp = next(iter(values(head, "received")), "").rpartition(";")[2]
        date = next(iter(values(head, "date")), "")
        known = (at(stamp), self.noted, at(date))
        possible = (when for when in known if when and FIRST_POSSIBLE <= when <= now)
        age = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        return next(possible, min(age, now))


def at(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text.strip()[:100])
        return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def files_in(path: Path) -> list[Path]:
    """Return the files that a path means: itself, a Maildir's with its folders, or every .eml below."""
    if not path.is_dir():
        return [path]
    maildirs = [box for box in (path, *path.glob(".*")) if (box / "cur").is_dir()]
    if maildirs:
        places = chain.from_iterable((box / "new", box / "cur") for box in maildirs)
        return sorted(f for place in places if place.is_dir() for f in place.iterdir())
    return sorted(f for f in path.rglob("*") if f.suffix.lower() == ".eml" and f.is_file())


def messages_in(path: Path) -> Iterator[Found]:
    """Yield the messages of one file."""
    with path.open("rb") as file:
        first = file.readline(1000)
        if not first.startswith(b"From "):
            time = MAILDIR_TIME.match(path.name) if path.parent.name in {"cur", "new"} else None
            noted = datetime.fromtimestamp(int(time[1]), UTC) if time else None
            yield Found(path, first + file.read(), noted)
            return
        file.seek(0)
        for line, raw in split(file):
            when = FROM_LINE.match(line)
            noted = at(when["when"].decode("ascii", errors="replace")) if when else None
            yield Found(path, raw, noted)


def split(mbox: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Split an mbox (RFC 4155) at its From_ lines; yield each with its message, unquoted."""
    head, lines, blank = b"", list[bytes](), True
    for line in mbox:
        if blank and line.startswith(b"From "):
            if head:
                yield head, b"".join(lines)
            head, lines = line, []
        else:
            lines.append(line[1:] if QUOTED_FROM.match(line) else line)
        blank = not line.strip()
    yield head, b"".join(lines)
