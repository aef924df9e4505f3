"""The next generation of a journal: it grows beside the old one and takes its name once it is whole.

Until then a crash leaves the old journal and a file that the next opening discards.
"""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from store.changes import Changes
from store.files import discard_partial, partial_of, write_whole
from store.places import Places

SYNC_EVERY = 1 << 20
"""Bytes. A large sync would hold up the small ones of the saves that go on meanwhile."""


class Generation:
    """A context manager: what has not taken the journal's place by its end is removed."""

    def __init__(self, path: Path, header: bytes) -> None:
        self._path = path
        discard_partial(path)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self.fd = os.open(partial_of(path), flags, 0o600)
        self.places = Places()
        self.end = len(header)
        self._unwritten = [header]
        self._unwritten_bytes = len(header)
        self._in_place = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if not self._in_place:
            os.close(self.fd)
            discard_partial(self._path)

    def add(self, record: bytes, changes: Changes) -> None:
        self.places.note(changes, self.end, record)
        self.end += len(record)
        self._unwritten.append(record)
        self._unwritten_bytes += len(record)
        if self._unwritten_bytes > SYNC_EVERY:
            self.sync()

    def sync(self) -> None:
        write_whole(self.fd, b"".join(self._unwritten))
        self._unwritten, self._unwritten_bytes = [], 0
        os.fsync(self.fd)

    def take_place(self) -> None:
        """Take the journal's name; the caller syncs the folder, and owns the descriptor from now on."""
        partial_of(self._path).replace(self._path)
        self._in_place = True
