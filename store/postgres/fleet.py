"""Several bots on one database: a claim to each letter, a heartbeat, and NOTIFY to wake one another.

Only the database's clock counts: machines may disagree about the time. A claim ends by itself half a
minute after its bot was last heard of, so what a dead bot was carrying comes free.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event, Lock, Thread

import psycopg
from typing_extensions import override

from store.fleet import Fleet, Peer, Pulse
from store.postgres.database import Database
from store.postgres.writing import CHANNEL

LOOK = 0.25  # seconds between looks whether to stop
LEASE = 30  # seconds that a claim lasts unless the heart beats
POLL = 15.0  # seconds after which the couriers are woken in any case

CLAIM = """
    UPDATE owed
    SET claimed_by = %(bot)s, claimed_until = now() + %(lease)s * interval '1 second'
    WHERE (letter_id, holder) IN (
        SELECT letter_id, holder FROM owed
        WHERE letter_id = %(letter)s AND (claimed_by = %(bot)s OR claimed_until < now())
        FOR UPDATE SKIP LOCKED
    )
"""
OWN_CLAIMS = """
    UPDATE owed SET claimed_until = now() + %s * interval '1 second'
    WHERE (letter_id, holder) IN (
        SELECT letter_id, holder FROM owed WHERE claimed_by = %s AND claimed_until > now()
        FOR UPDATE SKIP LOCKED
    )
"""
"""Waits for nobody: what is locked is being settled at this moment."""
STANDING = "INSERT INTO owed VALUES (%s, '') ON CONFLICT DO NOTHING"
"""A turn stands beside the letters, so that it is claimed, kept and let go of like one."""
RELEASE = "UPDATE owed SET claimed_until = '-infinity' WHERE claimed_by = %s AND letter_id = %s"
BEAT = """
    INSERT INTO bots (name, seen_at, at_rest, waiting, quarantined, oldest)
    VALUES (%s, now(), %s, %s, %s, %s) ON CONFLICT (name) DO UPDATE
    SET seen_at = excluded.seen_at, at_rest = excluded.at_rest, waiting = excluded.waiting,
        quarantined = excluded.quarantined, oldest = excluded.oldest
"""
PEERS = """
    SELECT name, seen_at, waiting, quarantined, oldest,
        seen_at < now() - interval '2 minutes' AND NOT (at_rest AND waiting = 0)
    FROM bots WHERE name <> %s ORDER BY name
"""


class PostgresFleet(Fleet):
    def __init__(self, database: Database, bot: str) -> None:
        """`bot` is the name of the one that speaks, empty for a mere onlooker."""
        self._database = database
        self._bot = bot
        self._listener: Listener | None = None
        self._claiming = Lock()
        self._left = False

    @override
    def claim(self, letter_id: str) -> bool:
        # A claim on its way when the bot leaves would outlive it, and keep its peers waiting.
        with self._claiming, self._database.connection() as connection:
            if self._left:
                return False
            values = {"bot": self._bot, "letter": letter_id, "lease": LEASE}
            return connection.execute(CLAIM, values).rowcount > 0

    @override
    def release(self, letter_id: str) -> None:
        with self._database.connection() as connection:
            connection.execute(RELEASE, [self._bot, letter_id])

    @override
    def turn(self, what: str) -> bool:
        with self._database.connection() as connection:
            connection.execute(STANDING, [what])
        return self.claim(what)

    @override
    def beat(self, pulse: Pulse) -> None:
        self._say(pulse, LEASE, at_rest=False)

    @override
    def leave(self, pulse: Pulse) -> None:
        with self._claiming:
            self._left = True
            self._say(pulse, 0, at_rest=True)

    def _say(self, pulse: Pulse, lease: int, *, at_rest: bool) -> None:
        values = [self._bot, at_rest, pulse.waiting, pulse.quarantined, pulse.oldest]
        with self._database.transaction() as connection:
            connection.execute(BEAT, values)
            connection.execute(OWN_CLAIMS, [lease, self._bot])

    @override
    def peers(self) -> Sequence[Peer]:
        with self._database.connection() as connection:
            return [
                Peer(name, seen_at, Pulse(waiting, quarantined, oldest), silent)
                for name, seen_at, waiting, quarantined, oldest, silent in connection.execute(
                    PEERS, [self._bot]
                )
            ]

    @override
    def listen(self, wake: Callable[[], None]) -> None:
        self._listener = Listener(self._database.url, wake)

    @override
    def close(self) -> None:
        if self._listener is not None:
            self._listener.close()


class Listener:
    """A thread that waits for word of owed letters; without a connection it wakes now and then."""

    def __init__(self, url: str, wake: Callable[[], None]) -> None:
        self._url = url
        self._wake = wake
        self._ending = Event()
        self._thread = Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            with suppress(psycopg.Error):
                self._listen()
            self._ending.wait(POLL)

    def _listen(self) -> None:
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            looks = 0
            while not self._ending.is_set():
                heard = any(True for _ in connection.notifies(timeout=LOOK, stop_after=1))
                looks = 0 if heard else looks + 1
                if heard or looks % (POLL // LOOK) == 1:
                    self._wake()
