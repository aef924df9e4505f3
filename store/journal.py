"""An append-only journal of checksummed records under TinyDB's documents.

One record is one transaction over any number of documents: `{table: {id: document | null}}` as
JSON, sealed on a line of its own. A save returns after fdatasync; saves that come together share
one. Memory holds where each document lies, not the document: it is read and decoded when somebody
asks. After a crash a torn last record is dropped, since nobody was promised it; any other damage
refuses to open.
"""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, RLock

from store.changes import Changes, Document, decode, encode
from store.files import discard_partial, sync_directory, write_durably, write_whole
from store.generation import Generation
from store.places import Places
from store.record import unfinished
from store.refused import RefusedError
from store.sealing import PLAIN, Sealing

HEADER = b"privacy-intake journal 1\n"
WORTH_COMPACTING = 4 << 20  # bytes; below it a rewrite saves nobody anything
LITTLE = 64 << 10  # bytes that are carried over while saves wait

Index = Callable[[str, str, Document | None], None]
"""Told of every document as it is loaded or appended: table, id, content (None: removed)."""


class JournalError(RefusedError):
    """The journal is damaged, or of a format this version does not know."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Make no search for garbage while much is made that stays: it would cost a tenth of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@dataclass(eq=False, slots=True)
class Waiting:
    """A transaction on its way to the disk."""

    changes: Changes
    record: bytes
    is_durable: bool = False


class Journal:
    """The one writer of the file; the caller holds the data folder's lock. Any thread may call."""

    def __init__(self, path: Path, index: Index, sealing: Sealing = PLAIN) -> None:
        self._path = path
        self._tell = index
        self._sealing = sealing
        self.lock = RLock()
        """Guards what memory holds, the indexes too; never held while a sync is waited for."""
        self._disk = Lock()
        """Held by whoever writes; he takes along what others wait for."""
        self._waiting: list[Waiting] = []
        self._places = Places()
        self._end = 0
        self._overhangs = False
        self._name_is_durable = True
        self.dropped = 0
        """How many bytes of a torn last record the opening found and dropped."""
        self.gone: set[tuple[str, str]] = set()
        """What the opening found whose key was destroyed: table and id."""
        discard_partial(path)
        if not path.exists():
            write_durably(path, [HEADER])
        self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._load()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        with self._disk, self.lock:
            fd, self._fd = self._fd, -1  # who still reads gets an error, not another file's bytes
            if fd >= 0:
                os.close(fd)

    def ids(self, table: str) -> list[str]:
        with self.lock:
            return self._places.ids(table)

    def count(self, table: str) -> int:
        return self._places.count(table)

    def holds(self, table: str, doc_id: str) -> bool:
        return self._places.of(table, doc_id) is not None

    def tables(self) -> list[str]:
        with self.lock:
            return self._places.tables()

    @property
    def end(self) -> int:
        """How many bytes of the file are promised."""
        return self._end

    @property
    def is_mostly_past(self) -> bool:
        """Whether more than half of it is no longer current, and it is worth a rewrite."""
        return self._end > max(WORTH_COMPACTING, 2 * self._places.live)

    def read(self, table: str, doc_id: str) -> Document | None:
        """Return one document, decoded anew. Raises JournalError if it is damaged by now."""
        with self.lock:
            place = self._places.of(table, doc_id)
            if place is None:
                return None
            record = os.pread(self._fd, place.length, place.offset)
        changes = decode(record)
        if changes is None:
            raise self._damaged_at(place.offset)
        return self._sealing.open(table, doc_id, changes[table][doc_id])

    def append(self, changes: Changes) -> None:
        """Make `changes` durable, all of them or none. Raises OSError: then none is."""
        mine = Waiting(changes, encode(self._sealing.seal_all(changes)))
        self._waiting.append(mine)
        with self._disk:
            if not mine.is_durable:
                self._commit(mine)

    @contextmanager
    def held(self) -> Iterator[tuple[int, int]]:
        """Hold up appends; yield the file's inode and how many of its bytes are promised."""
        with self._disk:
            yield os.fstat(self._fd).st_ino, self._end

    def rewrite(self, pause: Callable[[], None]) -> None:
        """Put a journal of what is current in place of this one, while appends go on.

        `pause` is called between records and may raise to give up. Raises OSError or JournalError
        when the disk refuses or damage is found; the journal serves on as it is.
        """
        upto, old = self._end, self._fd
        with Generation(self._path, HEADER) as new:
            for offset, record, changes in self._records(len(HEADER), upto):
                with self.lock:
                    current = self._places.current(changes, offset)
                if current:
                    new.add(record if current == changes else encode(current), current)
                pause()
            while self._end - upto > LITTLE:
                upto = self._carry_over(new, upto, pause)
            new.sync()
            try:
                with self._disk:
                    self._carry_over(new, upto, lambda: None)
                    self._switch_to(new)
            finally:
                if self._fd != old:
                    os.close(old)  # gives all its room back: too long for saves to wait

    def _carry_over(self, new: Generation, since: int, pause: Callable[[], None]) -> int:
        """Give `new` what was appended from `since` on; return up to where."""
        upto = self._end
        for _, record, changes in self._records(since, upto):
            new.add(record, changes)
            pause()
        return upto

    def _switch_to(self, new: Generation) -> None:
        new.sync()
        self._name_is_durable = False  # from here on a power cut may leave either generation
        new.take_place()
        self._overhangs = False
        with self.lock:
            self._fd, self._places, self._end = new.fd, new.places, new.end
        self._make_name_durable()

    def _make_name_durable(self) -> None:
        """Sync the folder after a rewrite; if even that fails, nothing is appended until it succeeds."""
        if not self._name_is_durable:
            sync_directory(self._path.parent)
            self._name_is_durable = True

    def _commit(self, mine: Waiting) -> None:
        batch = self._waiting[:]
        try:
            self._write(b"".join(each.record for each in batch))
        except BaseException:
            self._waiting.remove(mine)  # the others try for themselves
            raise
        del self._waiting[: len(batch)]
        with self.lock:
            for each in batch:
                self._note(each.changes, each.record)
                each.is_durable = True

    def _write(self, data: bytes) -> None:
        self._make_name_durable()
        self._cut_overhang()
        try:
            self._overhangs = True
            os.lseek(self._fd, self._end, os.SEEK_SET)
            write_whole(self._fd, data)
            os.fdatasync(self._fd)
        except BaseException:
            self._cut_overhang()
            raise
        self._overhangs = False

    def _cut_overhang(self) -> None:
        """Cut what a failed append left; if even that fails, nothing is appended until it succeeds."""
        if self._overhangs:
            os.ftruncate(self._fd, self._end)
            self._overhangs = False

    def _note(self, changes: Changes, record: bytes) -> None:
        self._places.note(changes, self._end, record)
        self._end += len(record)
        for table, documents in changes.items():
            for doc_id, document in documents.items():
                self._tell(table, doc_id, document)

    def _load(self) -> None:
        with self._path.open("rb") as file, uncollected():
            if file.readline() != HEADER:
                raise JournalError(f"{self._path.name} is not a journal this version can read")
            self._end = len(HEADER)
            for line in file:
                changes = decode(line)
                if changes is None:
                    break
                self._note(self._opened(changes), line)
        self._drop_torn_tail()

    def _opened(self, changes: Changes) -> Changes:
        """Open what a record says; what cannot be read any more is as if it were removed."""
        opened = self._sealing.open_all(changes)
        if opened is not changes:
            for table, documents in changes.items():
                for doc_id, document in documents.items():
                    if document is not None and opened[table][doc_id] is None:
                        self.gone.add((table, doc_id))
                    else:
                        self.gone.discard((table, doc_id))
        return opened

    def _drop_torn_tail(self) -> None:
        """Cut what follows the last good record, if it can only be one unfinished append."""
        tail = os.pread(self._fd, 1 << 30, self._end)
        if tail and not unfinished(tail):
            raise self._damaged_at(self._end)
        if tail:
            os.ftruncate(self._fd, self._end)
            os.fsync(self._fd)
        self.dropped = len(tail)

    def _records(self, at: int, upto: int) -> Iterator[tuple[int, bytes, Changes]]:
        """Yield the records between two places, each with its own. Raises JournalError for damage."""
        with self._path.open("rb") as file:
            file.seek(at)
            while at < upto:
                record = file.readline()
                changes = decode(record)
                if changes is None:
                    raise self._damaged_at(at)
                yield at, record, changes
                at += len(record)

    def _damaged_at(self, offset: int) -> JournalError:
        return JournalError(
            f"{self._path.name} is damaged at byte {offset}; nothing was changed. Keep the folder, restore "
            "the last backup elsewhere, and copy the messages that came since to its spool/incoming"
        )
