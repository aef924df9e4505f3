"""An append-only journal of checksummed records under TinyDB's documents.

One record is one transaction over any number of documents: `{table: {id: document | null}}` as
JSON, sealed on a line of its own. A save returns after fdatasync. Memory holds where each
document lies, not the document: it is read and decoded when somebody asks. After a crash a torn
last record is dropped, since nobody was promised it; any other damage refuses to open.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from store.files import discard_partial, write_durably, write_whole
from store.record import seal, unfinished, unseal
from store.refused import RefusedError

HEADER = b"privacy-intake journal 1\n"
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
        self._overhangs = False
        self.dropped = 0
        """How many bytes of a torn last record the opening found and dropped."""
        discard_partial(path)
        if not path.exists():
            write_durably(path, [HEADER])
        self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._load()
            if self._end > max(WORTH_COMPACTING, 2 * self._live_bytes()):
                self._compact()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        fd, self._fd = self._fd, -1  # whoever still reads gets an error, not another file's bytes
        if fd >= 0:
            os.close(fd)

    def ids(self, table: str) -> list[str]:
        return list(self._places.get(table, ()))

    def count(self, table: str) -> int:
        return len(self._places.get(table, ()))

    def holds(self, table: str, doc_id: str) -> bool:
        return doc_id in self._places.get(table, ())

    def tables(self) -> list[str]:
        return [table for table, places in self._places.items() if places]

    def read(self, table: str, doc_id: str) -> Document | None:
        """Return one document, decoded anew. Raises JournalError if it is damaged by now."""
        place = self._places.get(table, {}).get(doc_id)
        if place is None:
            return None
        changes = decode(os.pread(self._fd, place.length, place.offset))
        if changes is None:
            raise self._damaged_at(place.offset)
        return changes[table][doc_id]

    def append(self, changes: Changes) -> None:
        """Make `changes` durable, all of them or none. Raises OSError: then none is."""
        record = encode(changes)
        self._cut_overhang()
        try:
            self._overhangs = True
            os.lseek(self._fd, self._end, os.SEEK_SET)
            write_whole(self._fd, record)
            os.fdatasync(self._fd)
        except BaseException:
            self._cut_overhang()
            raise
        self._overhangs = False
        place = Place(self._end, len(record))
        self._end += len(record)
        self._index(changes, place)

    def _cut_overhang(self) -> None:
        """Cut what a failed append left; if even that fails, nothing is appended until it succeeds."""
        if self._overhangs:
            os.ftruncate(self._fd, self._end)
            self._overhangs = False

    def _index(self, changes: Changes, place: Place) -> None:
        for table, documents in changes.items():
            places = self._places.setdefault(table, {})
            for doc_id, document in documents.items():
                if document is None:
                    places.pop(doc_id, None)
                else:
                    places[doc_id] = place
                self._tell(table, doc_id, document)

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
        if not tail:
            return
        if not unfinished(tail):
            raise self._damaged_at(self._end)
        os.ftruncate(self._fd, self._end)
        os.fsync(self._fd)
        self.dropped = len(tail)

    def _damaged_at(self, offset: int) -> JournalError:
        return JournalError(
            f"{self._path.name} is damaged at byte {offset}: restore a backup, "
            "or keep the file and ask for help; nothing was changed"
        )

    def _live_bytes(self) -> int:
        return sum(p.length for p in {p for t in self._places.values() for p in t.values()})

    def _compact(self) -> None:
        """Rewrite the journal with what is current: a new file under the old name."""
        try:
            write_durably(self._path, self._current_records())
        except OSError:
            if os.path.samestat(self._path.stat(), os.fstat(self._fd)):
                return  # a full disk, say; the old journal is untouched and serves as well
            raise
        self.close()
        self._fd = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        self._load()

    def _current_records(self) -> Iterator[bytes]:
        yield HEADER
        for table, places in self._places.items():
            for doc_id in places:
                yield encode({table: {doc_id: self.read(table, doc_id)}})


def encode(changes: Changes) -> bytes:
    return seal(json.dumps(changes, separators=(",", ":")).encode())


def decode(record: bytes) -> dict[str, dict[str, Document]] | None:
    """Return what a record says, or None unless it is whole."""
    payload = unseal(record)
    if payload is None:
        return None
    changes: dict[str, dict[str, Document]] = json.loads(payload)
    return changes
