"""The casebook on PostgreSQL: JSONB documents, keys where the bot relies on them, a version to each case.

Any thread of any bot may call. A case is written only over the version it was read at; what two
bots would otherwise both do, a key of the database lets only one of them do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from typing_extensions import override

from store.case import Case, Letter, LetterStatus
from store.casebook import Casebook, Change, ChangedMeanwhileError, Disposition, Notice
from store.documents import Document, to_case, to_disposition, to_notice
from store.indexes import NUMBERS
from store.postgres.database import Database
from store.postgres.schema import Conn, value
from store.postgres.texts import fitted, loaded
from store.postgres.writing import (
    drop_case,
    numbers,
    pass_number,
    put_case,
    put_disposition,
    put_kept,
    put_notice,
)
from store.sealing import Sealing

PAGE = 500

NEW_NUMBER = """
    INSERT INTO numbers VALUES (%s, 1)
    ON CONFLICT (year) DO UPDATE SET last = numbers.last + 1 RETURNING last
"""
KEPT_NAMES = "SELECT name FROM kept WHERE starts_with(name, %s) ORDER BY name"
ALIKE = "SELECT spool_id, document::text FROM dispositions WHERE known_by = %s ORDER BY spool_id"
ANSWERED = "SELECT count(*) FROM answers WHERE at >= %s AND (%s OR address = %s OR domain = %s)"
BY_TRAIT = "SELECT ref FROM traits WHERE trait = %s ORDER BY ref"
PURGE = "VACUUM cases, traits, dispositions, kept, owed, messages, answers"
"""Nobody sees a deleted row; this also frees its place in the tables' pages and their long values."""
CASES_OWING = "SELECT ref, document::text FROM cases WHERE ref IN (SELECT holder FROM owed)"
NOTICES_OWED = (
    "SELECT notice_id, document::text FROM notices WHERE notice_id IN (SELECT holder FROM owed)"
)


class PostgresCasebook(Casebook):
    def __init__(self, database: Database) -> None:
        self._database = database
        self._sealing = database.sealing
        self._given: dict[str, None] = {}

    @override
    def new_ref(self, year: int) -> str:
        with self._database.connection() as connection:
            ref = f"DP-{year}-{int(value(connection, NEW_NUMBER, [year])):06}"
        self._given[ref] = None
        return ref

    @override
    def get(self, ref: str) -> Case | None:
        found = self._one(
            "cases", "SELECT ref, document::text FROM cases WHERE ref = %s", fitted(ref)
        )
        return to_case(found) if found else None

    @override
    def cases(self) -> Iterator[Case]:
        query = "SELECT ref, document::text FROM cases WHERE ref > %s ORDER BY ref LIMIT %s"
        return (to_case(found) for found in self._pages("cases", query))

    @override
    def versions(self) -> Mapping[str, int]:
        with self._database.connection() as connection:
            return dict(connection.execute("SELECT ref, version FROM cases").fetchall())

    @override
    def running(self) -> list[str]:
        return self._refs("SELECT ref FROM cases WHERE running ORDER BY ref")

    @override
    def by_trait(self, trait: str) -> list[str]:
        return self._refs(BY_TRAIT, self._sealing.digest(trait))

    @override
    def answered(self, to: str, since: datetime) -> int:
        whom = self._sealing.digest(to.lower())
        with self._database.connection() as connection:
            return int(value(connection, ANSWERED, [since, not to, whom, whom]))

    @override
    def by_token(self, token: str) -> Case | None:
        query = "SELECT ref, document::text FROM cases WHERE token = %s"
        found = self._one("cases", query, self._sealing.digest(token))
        return to_case(found) if found else None

    @override
    def disposition(self, spool_id: str) -> Disposition | None:
        query = "SELECT spool_id, document::text FROM dispositions WHERE spool_id = %s"
        found = self._one("dispositions", query, fitted(spool_id))
        return to_disposition(found) if found else None

    @override
    def dispositions(self) -> Iterator[Disposition]:
        query = "SELECT spool_id, document::text FROM dispositions WHERE spool_id > %s ORDER BY spool_id LIMIT %s"
        return (to_disposition(found) for found in self._pages("dispositions", query))

    @override
    def alike(self, key: str) -> Sequence[Disposition]:
        with self._database.connection() as connection:
            return alike(connection, key, self._sealing)

    @override
    def save(
        self,
        case: Case | None,
        *,
        version: int,
        dispositions: Sequence[Disposition] = (),
        also: Sequence[Change] = (),
        keep: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        copies: int | None = None,
    ) -> None:
        changes = [*([Change(case, version)] if case else []), *also]
        if not (changes or dispositions or keep):
            return
        with self._database.transaction() as connection:
            if copies is not None:
                check_copies(connection, dispositions, copies, self._sealing)
            for change in sorted(changes, key=lambda change: change.case.ref):
                put_case(connection, change, self._sealing)
                if not change.version and change.case.ref not in self._given:
                    pass_number(connection, change.case.ref)
            for disposition in dispositions:
                put_disposition(connection, disposition, self._sealing)
            for name, kept in keep.items():
                put_kept(connection, name, kept, self._sealing)
        for change in changes:
            self._given.pop(change.case.ref, None)

    @override
    def put_notice(self, notice: Notice) -> None:
        with self._database.transaction() as connection:
            put_notice(connection, notice, self._sealing)

    @override
    def owe_notice(self, notice: Notice) -> bool:
        with self._database.transaction() as connection:
            return put_notice(connection, notice, self._sealing, only_new=True)

    @override
    def notice(self, notice_id: str) -> Notice | None:
        query = "SELECT notice_id, document::text FROM notices WHERE notice_id = %s"
        found = self._one("notices", query, fitted(notice_id))
        return to_notice(found) if found else None

    @override
    def notices(self) -> Iterator[Notice]:
        query = "SELECT notice_id, document::text FROM notices WHERE notice_id > %s ORDER BY notice_id LIMIT %s"
        return (to_notice(found) for found in self._pages("notices", query))

    @override
    def kept(self, name: str) -> Mapping[str, str] | None:
        return self._one("kept", "SELECT name, document::text FROM kept WHERE name = %s", name)

    @override
    def kept_names(self, prefix: str) -> list[str]:
        return self._refs(KEPT_NAMES, prefix)

    @override
    def keep(self, name: str, value: Mapping[str, str]) -> None:
        with self._database.transaction() as connection:
            put_kept(connection, name, value, self._sealing)

    @override
    def erase(
        self,
        ref: str,
        *,
        version: int,
        gone: Sequence[str] = (),
        forget: Sequence[str] = (),
        keep: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> None:
        with self._database.transaction() as connection:
            if ref:
                drop_case(connection, ref, version)
                put_kept(connection, NUMBERS, numbers(connection), self._sealing)
            connection.execute("DELETE FROM dispositions WHERE spool_id = ANY(%s)", [list(gone)])
            connection.execute("DELETE FROM kept WHERE name = ANY(%s)", [list(forget)])
            for name, kept in keep.items():
                put_kept(connection, name, kept, self._sealing)

    @override
    def purge(self) -> None:
        with self._database.connection() as connection:
            connection.execute(PURGE)

    @override
    def owed(self) -> list[Letter]:
        with self._database.connection() as connection:
            cases = list(
                map(to_case, opened("cases", connection.execute(CASES_OWING), self._sealing))
            )
            rows = connection.execute(NOTICES_OWED)
            notices = list(map(to_notice, opened("notices", rows, self._sealing)))
        letters = [letter for case in cases for letter in case.letters]
        letters += [notice.letter for notice in notices]
        queued = [letter for letter in letters if letter.status is LetterStatus.QUEUED]
        return sorted(queued, key=lambda letter: letter.owed.at)

    @override
    def close(self) -> None:
        self._database.close()

    def _one(self, table: str, query: str, key: str) -> Document | None:
        with self._database.connection() as connection:
            rows = connection.execute(query, [key]).fetchall()
        return next(opened(table, rows, self._sealing), None)

    def _refs(self, query: str, *given: str) -> list[str]:
        with self._database.connection() as connection:
            return [ref for (ref,) in connection.execute(query, given or None)]

    def _pages(self, table: str, query: str) -> Iterator[Document]:
        """Yield documents page by page in the order of their keys, holding no connection meanwhile."""
        last = ""
        while True:
            with self._database.connection() as connection:
                rows = connection.execute(query, [last, PAGE]).fetchall()
            yield from opened(table, rows, self._sealing)
            if len(rows) < PAGE:
                return
            last = rows[-1][0]


def opened(table: str, rows: Iterable[tuple[str, str]], sealing: Sealing) -> Iterator[Document]:
    """Yield the documents of rows of id and text; those whose key was destroyed are left out."""
    for doc_id, text in rows:
        document = sealing.open(table, doc_id, loaded(text))
        if document is not None:
            yield dict(document)


def alike(connection: Conn, key: str, sealing: Sealing) -> list[Disposition]:
    rows = connection.execute(ALIKE, [sealing.digest(key)])
    return list(map(to_disposition, opened("dispositions", rows, sealing)))


def check_copies(
    connection: Conn, dispositions: Sequence[Disposition], copies: int, sealing: Sealing
) -> None:
    """Refuse if more messages like these are known by now; whoever takes in another one waits.

    Raises ChangedMeanwhileError.
    """
    for disposition in dispositions:
        lock = int(sealing.digest(disposition.key)[:15], 16)
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        if len(alike(connection, disposition.key, sealing)) != copies:
            raise ChangedMeanwhileError("another copy of the message was taken in meanwhile")
