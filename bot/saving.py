"""A case's messages written out as files: each mail as it came, and beside it its attachments.

A name from outside names a file in the folder and nothing else; nothing is unpacked, run or
overwritten, and only whoever asked may read what is written.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.command import CommandError
from bot.mail.body import is_file, name_of
from bot.mail.tree import Part, UnreadableError, grow
from bot.views import View
from store.sealing import PLAIN, Sealing
from store.spool import DamagedEntryError, TornEntryError, read_entry


def save(messages: Iterable[View], folder: Path, sealing: Sealing = PLAIN) -> Iterator[Path]:
    """Write each message and its attachments; yield what was written. Raises CommandError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number, message in enumerate(messages, start=1):
        if message["path"] is None:
            continue
        for name, data in pieces(number, Path(message["path"]), sealing):
            path = folder / f"{message['ref']}-{name}"
            try:
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                raise CommandError(f"{path} is there already: name an empty folder") from None
            with os.fdopen(fd, "wb") as file:
                file.write(data)
            yield path


def pieces(number: int, path: Path, sealing: Sealing) -> Iterator[tuple[str, bytes]]:
    """Yield the mail and what comes with it, each under a name that is safe."""
    try:
        raw = read_entry(path, sealing).raw
    except (DamagedEntryError, TornEntryError):
        yield f"{number}-damaged.bin", path.read_bytes()
        return
    yield f"{number}.eml", raw
    try:
        root, _ = grow(raw)
    except UnreadableError:
        return
    for place, part in enumerate((p for p in root.walk() if is_file(p)), start=1):
        yield f"{number}-{place}-{name_of(part) or 'attachment'}", content(part)


def content(part: Part) -> bytes:
    """Return what a file says; a message inside is written as it stands."""
    if part.kind == "message/rfc822" and part.parts:
        return part.parts[0].as_bytes()
    return part.data
