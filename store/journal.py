"""An append-only journal of checksummed records under TinyDB's documents.

One record is one transaction over any number of documents: a line of length, checksum and
JSON, which is `{table: {id: document | null}}`. A save returns after fdatasync. Memory holds where each
document lies, not the document: it is read and decoded when somebody asks. After a crash a
torn last record is dropped, since nobody was promised it; any other damage refuses to open.
"""

import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from store.files import sync_directory, write_durably, write_whole
from store.refused import RefusedError

HEADER = b"privacy-intake journal 1\n"
PREFIX = len(b"01234567 01234567 ")
WORTH_COMPACTING = 4 << 20  # bytes; below it a rewrite saves nobody anything

Document = Mapping[str, Any]
Changes = Mapping[str, Mapping[str, Document | None]]


class JournalError(RefusedError):
    """The journal is damaged, or of a format this version does not know."""


class Place(NamedTuple):
    """Where a record lies in the journal, in bytes."""

    offset: int
    length: int


Index = Callable[[str, str, Document | None], None]
"""Told of every document as it is loaded or appended: table, id, content (None: removed)."""


class Journal:
    """The one writer of the file; the caller holds the data folder's lock."""

    def __init__(self, path: Path, index: Index) -> None:
        self._path = path
        self._tell = index
        self._places: dict[str, dict[str, Place]] = {}
        self._end = 0
        self.dropped = 0
        """How many bytes of a torn last record the opening found and dropped."""
        if not path.exists():
            write_durably(path, [HEADER])
        self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._load()
        if self._end > max(WORTH_COMPACTING, 2 * self._live_bytes()):
            self._compact()

    def close(self) -> None:
        os.close(self._fd)

    def ids(self, table: str) -> list[str]:
        return list(self._places.get(table, ()))

    def count(self, table: str) -> int:
        return len(self._places.get(table, ()))

    def read(self, table: str, doc_id: str) -> Document | None:
        place = self._places.get(table, {}).get(doc_id)
        if place is None:
            return None
        record = decode(os.pread(self._fd, place.length, place.offset))
        assert record is not None, "a record that was indexed is whole"
        return record[table][doc_id]

    def append(self, changes: Changes) -> None:
        """Make `changes` durable, all of them or none. Raises OSError: then none is."""
        record = encode(changes)
        try:
            os.lseek(self._fd, self._end, os.SEEK_SET)
            write_whole(self._fd, record)
            os.fdatasync(self._fd)
        except OSError:
            os.ftruncate(self._fd, self._end)
            raise
        self._index(changes, Place(self._end, len(record)))
        self._end += len(record)

    def _index(self, changes: Changes, place: Place) -> None:
        for table, documents in changes.items():
            places = self._places.setdefault(table, {})
            for doc_id, document in documents.items():
                self._tell(table, doc_id, document)
                if document is None:
                    places.pop(doc_id, None)
                else:
                    places[doc_id] = place

    def _load(self) -> None:
        with self._path.open("rb") as file:
            if file.readline() != HEADER:
                raise JournalError(f"{self._path.name} is not a journal this version can read")
            self._end = len(HEADER)
            for line in file:
                changes = decode(line)
                if changes is None:
                    break
                self._index(changes, Place(self._end, len(line)))
                self._end += len(line)
        self._drop_torn_tail()

    def _drop_torn_tail(self) -> None:
        """Cut what follows the last good record, if it can only be one unfinished append."""
        tail = os.pread(self._fd, 1 << 30, self._end)
        if tail and len(tail) >= promised_length(tail):
            raise JournalError(
                f"{self._path.name} is damaged at byte {self._end}: restore a backup, "
                "or keep the file and ask for help; nothing was changed"
            )
        if tail:
            os.ftruncate(self._fd, self._end)
            os.fsync(self._fd)
            self.dropped = len(tail)

    def _live_bytes(self) -> int:
        return sum(p.length for p in {p for t in self._places.values() for p in t.values()})

    def _compact(self) -> None:
        """Rewrite the journal with what is current: a new file under the old name."""
        write_durably(self._path, self._current_records())
        os.close(self._fd)
        self._fd = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        sync_directory(self._path.parent)
        self._places.clear()
        self._load()

    def _current_records(self) -> Iterator[bytes]:
        yield HEADER
        for table, places in self._places.items():
            for doc_id in places:
                yield encode({table: {doc_id: self.read(table, doc_id)}})


def encode(changes: Changes) -> bytes:
    payload = json.dumps(changes, separators=(",", ":")).encode()
    return b"%08x %08x %s\n" % (len(payload), zlib.crc32(payload), payload)


def decode(line: bytes) -> dict[str, dict[str, Document]] | None:
    """Return what a record says, or None unless it is whole."""
    payload = line[PREFIX:-1]
    if line != b"%08x %08x %s\n" % (len(payload), zlib.crc32(payload), payload):
        return None
    changes: dict[str, dict[str, Document]] = json.loads(payload)
    return changes


def promised_length(record: bytes) -> int:
    """Return how long a record says it is; more than there is when even that was torn."""
    try:
        return PREFIX + int(record[:8], 16) + 1 if len(record) >= PREFIX else PREFIX
    except ValueError:
        return 0
