"""The casebook on PostgreSQL: JSONB documents, keys where the bot relies on them, a version to each case.

Any thread of any bot may call. A case is written only over the version it was read at; what two
bots would otherwise both do, a key of the database lets only one of them do.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from typing_extensions import override

from store.case import Case, Letter, LetterStatus
from store.casebook import Casebook, Change, ChangedMeanwhileError, Disposition, Notice
from store.documents import Document, to_case, to_disposition, to_notice
from store.indexes import NUMBERS
from store.postgres.database import Database
from store.postgres.schema import Conn, value
from store.postgres.texts import digest, fitted, loaded
from store.postgres.writing import (
    drop_case,
    numbers,
    pass_number,
    put_case,
    put_disposition,
    put_kept,
    put_notice,
)

PAGE = 500

NEW_NUMBER = """
    INSERT INTO numbers VALUES (%s, 1)
    ON CONFLICT (year) DO UPDATE SET last = numbers.last + 1 RETURNING last
"""
KEPT_NAMES = "SELECT name FROM kept WHERE starts_with(name, %s) ORDER BY name"
ALIKE = "SELECT document::text FROM dispositions WHERE known_by = %s ORDER BY spool_id"
ANSWERED = "SELECT count(*) FROM answers WHERE at >= %s AND (%s OR address = %s OR domain = %s)"
BY_TRAIT = "SELECT ref FROM traits WHERE trait = %s ORDER BY ref"
PURGE = "VACUUM cases, traits, dispositions, kept, owed, messages, answers"
"""Nobody sees a deleted row; this also frees its place in the tables' pages and their long values."""
CASES_OWING = "SELECT document::text FROM cases WHERE ref IN (SELECT holder FROM owed)"
NOTICES_OWED = "SELECT document::text FROM notices WHERE notice_id IN (SELECT holder FROM owed)"


class PostgresCasebook(Casebook):
    def __init__(self, database: Database) -> None:
        self._database = database
        self._given: dict[str, None] = {}

    @override
    def new_ref(self, year: int) -> str:
        with self._database.connection() as connection:
            ref = f"DP-{year}-{int(value(connection, NEW_NUMBER, [year])):06}"
        self._given[ref] = None
        return ref

    @override
    def get(self, ref: str) -> Case | None:
        found = self._one("SELECT document::text FROM cases WHERE ref = %s", fitted(ref))
        return to_case(found) if found else None

    @override
    def cases(self) -> Iterator[Case]:
        query = "SELECT ref, document::text FROM cases WHERE ref > %s ORDER BY ref LIMIT %s"
        return (to_case(found) for found in self._pages(query))

    @override
    def versions(self) -> Mapping[str, int]:
        with self._database.connection() as connection:
            return dict(connection.execute("SELECT ref, version FROM cases").fetchall())

    @override
    def running(self) -> list[str]:
        return self._refs("SELECT ref FROM cases WHERE running ORDER BY ref")

    @override
    def by_trait(self, trait: str) -> list[str]:
        return self._refs(BY_TRAIT, digest(trait))

    @override
    def answered(self, to: str, since: datetime) -> int:
        whom = digest(to.lower())
        with self._database.connection() as connection:
            return int(value(connection, ANSWERED, [since, not to, whom, whom]))

    @override
    def by_token(self, token: str) -> Case | None:
        found = self._one("SELECT document::text FROM cases WHERE token = %s", digest(token))
        return to_case(found) if found else None

    @override
    def disposition(self, spool_id: str) -> Disposition | None:
        query = "SELECT document::text FROM dispositions WHERE spool_id = %s"
        found = self._one(query, fitted(spool_id))
        return to_disposition(found) if found else None

    @override
    def dispositions(self) -> Iterator[Disposition]:
        query = "SELECT spool_id, document::text FROM dispositions WHERE spool_id > %s ORDER BY spool_id LIMIT %s"
        return (to_disposition(found) for found in self._pages(query))

    @override
    def alike(self, key: str) -> Sequence[Disposition]:
        with self._database.connection() as connection:
            return alike(connection, key)

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
                check_copies(connection, dispositions, copies)
            for change in sorted(changes, key=lambda change: change.case.ref):
                put_case(connection, change)
                if not change.version and change.case.ref not in self._given:
                    pass_number(connection, change.case.ref)
            for disposition in dispositions:
                put_disposition(connection, disposition)
            for name, kept in keep.items():
                put_kept(connection, name, kept)
        for change in changes:
            self._given.pop(change.case.ref, None)

    @override
    def put_notice(self, notice: Notice) -> None:
        with self._database.transaction() as connection:
            put_notice(connection, notice)

    @override
    def owe_notice(self, notice: Notice) -> bool:
        with self._database.transaction() as connection:
            return put_notice(connection, notice, only_new=True)

    @override
    def notice(self, notice_id: str) -> Notice | None:
        query = "SELECT document::text FROM notices WHERE notice_id = %s"
        found = self._one(query, fitted(notice_id))
        return to_notice(found) if found else None

    @override
    def notices(self) -> Iterator[Notice]:
        query = "SELECT notice_id, document::text FROM notices WHERE notice_id > %s ORDER BY notice_id LIMIT %s"
        return (to_notice(found) for found in self._pages(query))

    @override
    def kept(self, name: str) -> Mapping[str, str] | None:
        return self._one("SELECT document::text FROM kept WHERE name = %s", name)

    @override
    def kept_names(self, prefix: str) -> list[str]:
        return self._refs(KEPT_NAMES, prefix)

    @override
    def keep(self, name: str, value: Mapping[str, str]) -> None:
        with self._database.transaction() as connection:
            put_kept(connection, name, value)

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
                put_kept(connection, NUMBERS, numbers(connection))
            connection.execute("DELETE FROM dispositions WHERE spool_id = ANY(%s)", [list(gone)])
            connection.execute("DELETE FROM kept WHERE name = ANY(%s)", [list(forget)])
            for name, kept in keep.items():
                put_kept(connection, name, kept)

    @override
    def purge(self) -> None:
        with self._database.connection() as connection:
            connection.execute(PURGE)

    @override
    def owed(self) -> list[Letter]:
        with self._database.connection() as connection:
            cases = [to_case(loaded(text)) for (text,) in connection.execute(CASES_OWING)]
            notices = [to_notice(loaded(text)) for (text,) in connection.execute(NOTICES_OWED)]
        letters = [letter for case in cases for letter in case.letters]
        letters += [notice.letter for notice in notices]
        queued = [letter for letter in letters if letter.status is LetterStatus.QUEUED]
        return sorted(queued, key=lambda letter: letter.owed.at)

    @override
    def close(self) -> None:
        self._database.close()

    def _one(self, query: str, key: str) -> Document | None:
        with self._database.connection() as connection:
            text = value(connection, query, [key])
        return loaded(text) if text else None

    def _refs(self, query: str, *given: str) -> list[str]:
        with self._database.connection() as connection:
            return [ref for (ref,) in connection.execute(query, given or None)]

    def _pages(self, query: str) -> Iterator[Document]:
        """Yield documents page by page in the order of their keys, holding no connection meanwhile."""
        last = ""
        while True:
            with self._database.connection() as connection:
                rows = connection.execute(query, [last, PAGE]).fetchall()
            yield from (loaded(text) for _, text in rows)
            if len(rows) < PAGE:
                return
            last = rows[-1][0]


def alike(connection: Conn, key: str) -> list[Disposition]:
    rows = connection.execute(ALIKE, [digest(key)])
    return [to_disposition(loaded(text)) for (text,) in rows]


def check_copies(connection: Conn, dispositions: Sequence[Disposition], copies: int) -> None:
    """Refuse if more messages like these are known by now; whoever takes in another one waits.

    Raises ChangedMeanwhileError.
    """
    for disposition in dispositions:
        lock = int(digest(disposition.key)[:15], 16)
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        if len(alike(connection, disposition.key)) != copies:
            raise ChangedMeanwhileError("another copy of the message was taken in meanwhile")
