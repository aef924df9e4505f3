"""The stores that are compared: each keeps cases with their dispositions, durable when a save returns.

Another one needs the same five methods and a line in `STORES`.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

import psycopg
from tinydb import TinyDB, where

from store.case import Case
from store.casebook import Disposition
from store.changes import encode
from store.documents import from_case, from_disposition
from store.embedded import EmbeddedCasebook
from store.journal import HEADER
from store.postgres.casebook import PostgresCasebook
from store.postgres.database import Database
from store.postgres.texts import dumped
from store.sealing import PLAIN

ADDRESS = "database"
Kept = tuple[Case, Disposition]


class Store(Protocol):
    def fill(self, kept: Iterable[Kept]) -> None:
        """Put all of these into an empty store, quickly."""
        ...

    def open(self) -> None: ...

    def save(self, case: Case, disposition: Disposition) -> None:
        """Make both durable, together."""
        ...

    def by_ref(self, ref: str) -> Any:
        """Return the document of a case."""
        ...

    def by_token(self, token: str) -> Any: ...


def token_of(case: Case) -> str:
    return case.opened.token


class Embedded:
    """This bot's casebook."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "casebook.journal"

    def fill(self, kept: Iterable[Kept]) -> None:
        with self.path.open("wb") as file:
            file.write(HEADER)
            for case, end in kept:
                cases = {"cases": {case.ref: from_case(case)}}
                ends = {"dispositions": {end.spool_id: from_disposition(end)}}
                file.write(encode(cases | ends))

    def open(self) -> None:
        self.book = EmbeddedCasebook(self.path)

    def save(self, case: Case, disposition: Disposition) -> None:
        self.book.save(case, version=0, dispositions=[disposition])

    def by_ref(self, ref: str) -> Any:
        return self.book._cases.fetch(ref)

    def by_token(self, token: str) -> Any:
        return self.by_ref(self.book._indexes.tokens[token])


class PlainTinyDB:
    """TinyDB as it comes: the whole file is read and written anew at each change, and not synced."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tinydb.json"

    def fill(self, kept: Iterable[Kept]) -> None:
        tables: dict[str, dict[int, Any]] = {"cases": {}, "dispositions": {}}
        for number, (case, end) in enumerate(kept, start=1):
            tables["cases"][number] = from_case(case)
            tables["dispositions"][number] = from_disposition(end)
        self.path.write_text(json.dumps(tables))

    def open(self) -> None:
        self.db = TinyDB(self.path)
        self.cases = self.db.table("cases")
        self.cases.get(doc_id=1)

    def save(self, case: Case, disposition: Disposition) -> None:
        self.cases.insert(from_case(case))
        self.db.table("dispositions").insert(from_disposition(disposition))

    def by_ref(self, ref: str) -> Any:
        return self.cases.get(where("ref") == ref)

    def by_token(self, token: str) -> Any:
        return self.cases.get(where("events").test(lambda events: events[0]["token"] == token))


class SQLite:
    """SQLite's write-ahead log, fully synced: a row of JSON for each document."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "casebook.sqlite"

    def fill(self, kept: Iterable[Kept]) -> None:
        self.open()
        with self.db:
            for case, end in kept:
                self._put(case, end)
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()

    def open(self) -> None:
        self.db = sqlite3.connect(self.path)
        self.db.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE IF NOT EXISTS cases(ref TEXT PRIMARY KEY, token TEXT UNIQUE, body TEXT);"
            "CREATE TABLE IF NOT EXISTS ends(spool_id TEXT PRIMARY KEY, key TEXT, body TEXT);"
            "CREATE INDEX IF NOT EXISTS alike ON ends(key);"
        )

    def save(self, case: Case, disposition: Disposition) -> None:
        with self.db:
            self._put(case, disposition)

    def _put(self, case: Case, end: Disposition) -> None:
        body = json.dumps(from_case(case))
        self.db.execute("INSERT INTO cases VALUES(?, ?, ?)", (case.ref, token_of(case), body))
        body = json.dumps(from_disposition(end))
        self.db.execute("INSERT INTO ends VALUES(?, ?, ?)", (end.spool_id, end.key, body))

    def by_ref(self, ref: str) -> Any:
        return self._body("SELECT body FROM cases WHERE ref = ?", ref)

    def by_token(self, token: str) -> Any:
        return self._body("SELECT body FROM cases WHERE token = ?", token)

    def _body(self, query: str, value: str) -> Any:
        return json.loads(self.db.execute(query, (value,)).fetchone()[0])


class Postgres:
    """This bot's casebook on PostgreSQL; the address of its database lies in the folder."""

    def __init__(self, folder: Path) -> None:
        self.url = (folder / ADDRESS).read_text()

    def fill(self, kept: Iterable[Kept]) -> None:
        """Load by COPY, beside the casebook: two streams at once, and the look-ups from what came."""
        PostgresCasebook(Database(self.url)).versions()  # makes the tables
        with psycopg.connect(self.url) as one, psycopg.connect(self.url) as other:
            one.execute(
                "CREATE TEMP TABLE came (ref text, token text, document jsonb, traits text[])"
            )
            copy = "COPY dispositions FROM STDIN"
            with (
                one.cursor().copy("COPY came FROM STDIN") as cases,
                other.cursor().copy(copy) as ends,
            ):
                for case, end in kept:
                    token, document = PLAIN.digest(token_of(case)), dumped(from_case(case))
                    traits = [PLAIN.digest(trait) for trait in dict.fromkeys(case.traits)]
                    cases.write_row((case.ref, token, document, traits))
                    key = PLAIN.digest(end.key)
                    ends.write_row((end.spool_id, key, dumped(from_disposition(end))))
            one.execute(
                "INSERT INTO cases SELECT ref, jsonb_array_length(document->'events'), token, true, document FROM came"
            )
            one.execute("INSERT INTO traits SELECT unnest(traits), ref FROM came")
        with psycopg.connect(self.url, autocommit=True) as done:
            done.execute("VACUUM ANALYZE")

    def open(self) -> None:
        self.database = Database(self.url)
        self.book = PostgresCasebook(self.database)
        self.book.running()

    def save(self, case: Case, disposition: Disposition) -> None:
        self.book.save(case, version=0, dispositions=[disposition])

    def by_ref(self, ref: str) -> Any:
        return self._document("SELECT document::text FROM cases WHERE ref = %s", ref)

    def by_token(self, token: str) -> Any:
        found = PLAIN.digest(token)
        return self._document("SELECT document::text FROM cases WHERE token = %s", found)

    def _document(self, query: str, value: str) -> Any:
        with self.database.connection() as connection:
            row = connection.execute(query, [value]).fetchone()
        assert row is not None
        return json.loads(row[0])


class BarePostgres:
    """PostgreSQL without this bot: a connection, and a row of JSONB for each document."""

    def __init__(self, folder: Path) -> None:
        self.url = (folder / ADDRESS).read_text()

    def fill(self, kept: Iterable[Kept]) -> None:
        with psycopg.connect(self.url) as one, psycopg.connect(self.url, autocommit=True) as other:
            one.execute("CREATE TABLE cases (ref text PRIMARY KEY, token text UNIQUE, body jsonb)")
            one.execute("CREATE TABLE ends (spool_id text PRIMARY KEY, key text, body jsonb)")
            one.execute("CREATE INDEX alike ON ends (key)")
            one.commit()
            copies = ("COPY cases FROM STDIN", "COPY ends FROM STDIN")
            with one.cursor().copy(copies[0]) as cases, other.cursor().copy(copies[1]) as ends:
                for case, end in kept:
                    cases.write_row((case.ref, token_of(case), dumped(from_case(case))))
                    ends.write_row((end.spool_id, end.key, dumped(from_disposition(end))))
            one.commit()
            other.execute("VACUUM ANALYZE")

    def open(self) -> None:
        self.db = psycopg.connect(self.url, autocommit=True)

    def save(self, case: Case, disposition: Disposition) -> None:
        with self.db.transaction():
            values = (case.ref, token_of(case), dumped(from_case(case)))
            self.db.execute("INSERT INTO cases VALUES (%s, %s, %s)", values)
            values = (disposition.spool_id, disposition.key, dumped(from_disposition(disposition)))
            self.db.execute("INSERT INTO ends VALUES (%s, %s, %s)", values)

    def by_ref(self, ref: str) -> Any:
        return self._body("SELECT body::text FROM cases WHERE ref = %s", ref)

    def by_token(self, token: str) -> Any:
        return self._body("SELECT body::text FROM cases WHERE token = %s", token)

    def _body(self, query: str, value: str) -> Any:
        row = self.db.execute(query, [value]).fetchone()
        assert row is not None
        return json.loads(row[0])


SERVED = frozenset({"PostgreSQL", "bare PostgreSQL"})
"""Those that need a server."""

STORES: dict[str, Callable[[Path], Store]] = {
    "embedded": Embedded,
    "PostgreSQL": Postgres,
    "bare PostgreSQL": BarePostgres,
    "SQLite": SQLite,
    "TinyDB": PlainTinyDB,
}
