"""The way to PostgreSQL: a pool of connections, the tables made sure of, and one error when it is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure
from psycopg_pool import ConnectionPool

from store.casebook import CasebookAwayError, ChangedMeanwhileError
from store.postgres.schema import Conn, bind, migrate
from store.sealing import PLAIN, Sealing

PATIENCE = 5.0  # seconds until the database counts as away
MOST_CONNECTIONS = 8
CONTENDED = (DeadlockDetected, SerializationFailure)
WRONG = (psycopg.DataError, psycopg.IntegrityError)
"""About what was to be written; all other errors are about the database, whatever is asked of it."""


def fault_of(url: str) -> str:
    """Say in one line why a database cannot be reached; nothing if it can."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        return " ".join(str(error).split())
    return ""


class Database:
    def __init__(self, url: str, sealing: Sealing = PLAIN) -> None:
        """Begin to connect. Whether the database is there, and is sealed so, shows at the first use."""
        self.url = url
        self.sealing = sealing
        self._migrated = False
        self._migrating = Lock()
        self._pool = ConnectionPool(
            url,
            kwargs={"autocommit": True, "connect_timeout": 5},
            min_size=1,
            max_size=MOST_CONNECTIONS,
            timeout=PATIENCE,
            reconnect_timeout=PATIENCE,  # then whoever asks next begins anew, without a long wait
            check=ConnectionPool.check_connection,
            open=True,
        )

    @contextmanager
    def connection(self) -> Iterator[Conn]:
        """Lend a connection that commits each statement.

        Raises CasebookAwayError when there is none, and ChangedMeanwhileError when two who
        save stood in each other's way.
        """
        try:
            with self._pool.connection() as connection:
                self._make_sure_of_tables(connection)
                yield connection
        except CONTENDED as error:
            raise ChangedMeanwhileError("somebody else saved at the same moment") from error
        except WRONG:
            raise
        except psycopg.Error as error:
            raise CasebookAwayError from error

    @contextmanager
    def transaction(self) -> Iterator[Conn]:
        """Lend a connection for what is to be saved together, or not at all."""
        with self.connection() as connection, connection.transaction():
            yield connection

    def _make_sure_of_tables(self, connection: Conn) -> None:
        if self._migrated:
            return
        with self._migrating:
            migrate(connection)
            bind(connection, self.sealing)
            self._migrated = True

    def close(self) -> None:
        self._pool.close()
