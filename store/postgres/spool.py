"""The spool of one bot among several: a message is copied to the database before it is read.

So any machine can show any case, and the message has one place at a time where it can be
erased: once it is dealt with, its bytes are in the database alone.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from typing_extensions import override

from store.entries import Entry, from_fields, open_entry, rewritten, seal_entry, to_fields
from store.postgres.database import Database
from store.postgres.texts import dumped, fitted, loaded
from store.sealing import SPOOL
from store.spool import Spool

COPY = """
    INSERT INTO messages VALUES (%(id)s, %(bot)s, %(envelope)s, %(raw)s)
    ON CONFLICT (spool_id) DO NOTHING
"""
UPDATE = "UPDATE messages SET envelope = %(envelope)s, raw = %(raw)s WHERE spool_id = %(id)s"
READ = "SELECT envelope::text, raw FROM messages WHERE spool_id = %s"
PENDING = ("incoming", "quarantine")


class SharedSpool(Spool):
    def __init__(self, root: Path, database: Database, bot: str) -> None:
        super().__init__(root, database.sealing)
        self._database = database
        self._bot = bot

    @override
    def share(self, spool_id: str) -> None:
        """Copy the message to the database. Raises CasebookAwayError, and what `read` raises."""
        self._write(COPY, super().read(spool_id), SPOOL)

    @override
    def read(self, spool_id: str) -> Entry:
        """Return the entry, of whatever bot. Raises KeyError and what `Spool.read` raises."""
        with suppress(KeyError, FileNotFoundError):  # it may be finished at this moment
            return super().read(spool_id)
        with self._database.connection() as connection:
            row = connection.execute(READ, [fitted(spool_id)]).fetchone()
        if row is None:
            raise KeyError(spool_id)
        envelope = loaded(row[0])
        if "key" in envelope:
            return open_entry(spool_id, envelope["key"], row[1], self._sealing)
        return Entry(spool_id, from_fields(envelope), row[1])

    @override
    def rewrite(self, spool_id: str, raw: bytes, *, nameless: bool = False) -> None:
        entry = self.read(spool_id)
        self._write(UPDATE, rewritten(entry, raw, nameless=nameless), entry.key)
        if self.folder_of(spool_id) is not None:
            super().rewrite(spool_id, raw, nameless=nameless)

    @override
    def hand_to(self, ref: str, spool_id: str) -> None:
        if ref and self._sealing.keyring_id:
            self._write(UPDATE, self.read(spool_id), ref)

    @override
    def finish(self, spool_id: str, ref: str = "") -> None:
        """Remove the file of a message that is dealt with: the database has it."""
        self.hand_to(ref, spool_id)
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
    def take_over(self, entry: Entry, folder: str, ref: str = "") -> None:
        """Keep an entry that comes from elsewhere: in the database, and here while it is to be done."""
        self._write(COPY, entry, ref or SPOOL)
        if folder in PENDING:
            super().take_over(entry, folder, ref)
        elif self.folder_of(entry.spool_id) is not None:
            self.finish(entry.spool_id)

    def _write(self, query: str, entry: Entry, key: str) -> None:
        """Write a message to the database: sealed whole, if there is a keyring."""
        envelope, raw = to_fields(entry.envelope), entry.raw
        if self._sealing.keyring_id:
            name, raw = seal_entry(entry, self._sealing, key)
            envelope = {"key": name}
        values = {"id": entry.spool_id, "bot": self._bot, "envelope": dumped(envelope), "raw": raw}
        with self._database.connection() as connection:
            connection.execute(query, values)
