"""The tables, as numbered migrations that run by themselves; a migration that was released never changes.

Bots that start at once wait for one another, and each finds the work done or does it whole.
Look-ups go by digests (`known_by`, `token`, `trait`): a column of fixed length, whatever people write.
"""

from collections.abc import Sequence
from typing import Any, Final

from psycopg import Connection

from store.refused import RefusedError
from store.sealing import SealError, Sealing, misfit

Conn = Connection[tuple[Any, ...]]

LOCK: Final = 0x7072_6976_6163  # this tool's own number among the database's advisory locks

MIGRATIONS: Final = (
    """
    CREATE TABLE numbers (year integer PRIMARY KEY, last numeric NOT NULL);
    CREATE TABLE cases (
        ref text COLLATE "C" PRIMARY KEY,
        version integer NOT NULL,
        token text NOT NULL UNIQUE,
        running boolean NOT NULL,
        document jsonb NOT NULL
    );
    CREATE INDEX cases_running ON cases (ref) WHERE running;
    CREATE TABLE traits (
        trait text NOT NULL,
        ref text COLLATE "C" NOT NULL REFERENCES cases,
        PRIMARY KEY (trait, ref)
    );
    CREATE TABLE dispositions (
        spool_id text COLLATE "C" PRIMARY KEY,
        known_by text NOT NULL,
        document jsonb NOT NULL
    );
    CREATE INDEX dispositions_alike ON dispositions (known_by);
    CREATE TABLE notices (notice_id text COLLATE "C" PRIMARY KEY, document jsonb NOT NULL);
    CREATE TABLE kept (name text COLLATE "C" PRIMARY KEY, document jsonb NOT NULL);
    CREATE TABLE owed (
        letter_id text NOT NULL,
        holder text NOT NULL,
        claimed_by text NOT NULL DEFAULT '',
        claimed_until timestamptz NOT NULL DEFAULT '-infinity',
        PRIMARY KEY (letter_id, holder)
    );
    CREATE INDEX owed_holder ON owed (holder);
    CREATE TABLE messages (
        spool_id text COLLATE "C" PRIMARY KEY,
        bot text NOT NULL,
        envelope jsonb NOT NULL,
        raw bytea NOT NULL
    );
    CREATE TABLE bots (
        name text PRIMARY KEY,
        seen_at timestamptz NOT NULL,
        at_rest boolean NOT NULL,
        waiting integer NOT NULL,
        quarantined integer NOT NULL,
        oldest timestamptz
    );
    """,
    """
    CREATE TABLE answers (
        letter_id text PRIMARY KEY,
        at timestamptz NOT NULL,
        address text NOT NULL,
        domain text NOT NULL
    );
    CREATE INDEX answers_at ON answers (at);
    """,
    """
    CREATE TABLE sealed_by (keyring text PRIMARY KEY);
    """,
)
HAS_DATA: Final = """
    SELECT EXISTS (SELECT FROM cases) OR EXISTS (SELECT FROM dispositions)
        OR EXISTS (SELECT FROM kept) OR EXISTS (SELECT FROM messages)
"""
BACK: Final = "SELECT ref FROM cases WHERE ref = ANY(%s) AND document->>'key' = ref"
FORGET: Final = (
    "DELETE FROM owed WHERE holder = ANY(%s)",
    "DELETE FROM traits WHERE ref = ANY(%s)",
    "DELETE FROM cases WHERE ref = ANY(%s)",
    "DELETE FROM dispositions WHERE document->>'key' = ANY(%s)",
    "DELETE FROM kept WHERE document->>'key' = ANY(%s)",
    "DELETE FROM messages WHERE envelope->>'key' = ANY(%s)",
)


class SchemaError(RefusedError):
    """The database is not one this version can work on; the text is for a person."""


def migrate(connection: Conn) -> None:
    """Bring the tables up to date. Raises SchemaError when that cannot be."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if value(connection, "SHOW server_encoding") != "UTF8":
            raise SchemaError("data.casebook: the database must be made with ENCODING 'UTF8'")
        connection.execute("CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY)")
        done = value(connection, "SELECT coalesce(max(number), 0) FROM migrations")
        if done > len(MIGRATIONS):
            raise SchemaError("data.casebook: a newer privacy-intake has worked on the database")
        for number, statements in enumerate(MIGRATIONS[done:], start=done + 1):
            connection.execute(statements)
            connection.execute("INSERT INTO migrations VALUES (%s)", [number])


def bind(connection: Conn, sealing: Sealing) -> None:
    """Make sure that the database belongs to this keyring; a new one does from now on.

    Raises SealError when it belongs to another, or to none.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        known = value(connection, "SELECT keyring FROM sealed_by") or ""
        if not known and sealing.keyring_id and not value(connection, HAS_DATA):
            connection.execute("INSERT INTO sealed_by VALUES (%s)", [sealing.keyring_id])
        elif fault := misfit(known, sealing.keyring_id, "the database"):
            raise SealError(fault)
        if gone := sealing.gone():
            forget(connection, gone)


def forget(connection: Conn, gone: list[str]) -> None:
    """Remove what there is of cases whose key was destroyed: a database put back brings it back."""
    back = [ref for (ref,) in connection.execute(BACK, [gone])]
    for statement in FORGET if back else ():
        connection.execute(statement, [back])


def value(connection: Conn, query: str, given: Sequence[object] | None = None) -> Any:
    """Return the one value of a query's one row, or None when there is no row."""
    row = connection.execute(query, given).fetchone()
    return row[0] if row else None
