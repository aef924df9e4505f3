"""The spool of one bot among several: a message is copied to the database before it is read.

So any machine can show any case, and the message has one place at a time where it can be
erased: once it is dealt with, its bytes are in the database alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from typing_extensions import override

from store.entries import Entry, from_fields, header, to_fields
from store.postgres.database import Database
from store.postgres.texts import dumped, fitted, loaded
from store.spool import Spool

COPY = "INSERT INTO messages VALUES (%s, %s, %s, %s) ON CONFLICT (spool_id) DO NOTHING"
READ = "SELECT envelope::text, raw FROM messages WHERE spool_id = %s"
PENDING = ("incoming", "quarantine")
LENT = "lent-"


class SharedSpool(Spool):
    def __init__(self, root: Path, database: Database, bot: str) -> None:
        super().__init__(root)
        self._database = database
        self._bot = bot

    @override
    def share(self, spool_id: str) -> None:
        """Copy the message to the database. Raises CasebookAwayError, and what `read` raises."""
        self._copy(super().read(spool_id))

    @override
    def read(self, spool_id: str) -> Entry:
        """Return the entry, of whatever bot. Raises KeyError and what `Spool.read` raises."""
        with suppress(KeyError, FileNotFoundError):  # it may be finished at this moment
            return super().read(spool_id)
        with self._database.connection() as connection:
            row = connection.execute(READ, [fitted(spool_id)]).fetchone()
        if row is None:
            raise KeyError(spool_id)
        return Entry(spool_id, from_fields(loaded(row[0])), row[1])

    @override
    @contextmanager
    def lent(self, spool_id: str) -> Iterator[Path]:
        if self.folder_of(spool_id) is not None:
            yield self.path(spool_id)
            return
        entry = self.read(spool_id)
        with TemporaryDirectory(prefix=LENT, dir=self._root) as folder:
            path = Path(folder) / spool_id
            path.write_bytes(header(entry.envelope, entry.raw) + entry.raw)
            yield path

    @override
    def recover(self) -> list[str]:
        for left in self._root.glob(f"{LENT}*"):  # a crash may leave what was lent
            rmtree(left)
        return super().recover()

    @override
    def rewrite(self, spool_id: str, raw: bytes) -> None:
        with self._database.connection() as connection:
            values = [raw, spool_id]
            connection.execute("UPDATE messages SET raw = %s WHERE spool_id = %s", values)
        if self.folder_of(spool_id) is not None:
            super().rewrite(spool_id, raw)

    @override
    def finish(self, spool_id: str) -> None:
        """Remove the file of a message that is dealt with: the database has it."""
        self.path(spool_id).unlink()

    @override
    def erase(self, spool_ids: Iterable[str]) -> int:
        gone = list(spool_ids)
        here = super().erase(gone)
        with self._database.connection() as connection:
            erased = connection.execute("DELETE FROM messages WHERE spool_id = ANY(%s)", [gone])
        return max(here, erased.rowcount)

    @override
    def done(self) -> set[str]:
        with self._database.connection() as connection:
            rows = connection.execute("SELECT spool_id FROM messages WHERE bot = %s", [self._bot])
            copied = {spool_id for (spool_id,) in rows}
        return copied.union(self.ids("done")).difference(*map(self.ids, PENDING))

    @override
    def shared(self) -> set[str]:
        with self._database.connection() as connection:
            return {i for (i,) in connection.execute("SELECT spool_id FROM messages")}

    @override
    def take_over(self, entry: Entry, folder: str) -> None:
        """Keep an entry that comes from elsewhere: in the database, and here while it is to be done."""
        self._copy(entry)
        if folder in PENDING:
            super().take_over(entry, folder)
        elif self.folder_of(entry.spool_id) is not None:
            self.finish(entry.spool_id)

    def _copy(self, entry: Entry) -> None:
        values = [entry.spool_id, self._bot, dumped(to_fields(entry.envelope)), entry.raw]
        with self._database.connection() as connection:
            connection.execute(COPY, values)
