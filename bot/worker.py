"""Works off the spool: hands every accepted message to the intake, several at a time.

A full disk, a casebook that is away and reading workers that do not start are no message's fault: work pauses and goes on. A message whose own handling fails three times is set aside for a person, never dropped.
"""

import asyncio
from collections.abc import Callable, Coroutine

import structlog

from bot.acceptance import Acceptance
from bot.intake import Intake
from bot.journal import place_of
from bot.reader import ReadingDownError
from store.casebook import CasebookAwayError
from store.spool import Spool

log = structlog.get_logger()

MOST_TRIES = 3
REST = 2.0  # seconds between tries while the disk refuses; each time twice as long
LONGEST_REST = 16.0
GIVE_WAY = 0.5  # seconds; a handful of messages a second go on even in a flood


class Worker:
    def __init__(
        self,
        spool: Spool,
        intake: Intake,
        todo: asyncio.Queue[str],
        acceptance: Acceptance,
        *,
        hands: int,
        taken_in: Callable[[], None],
        away: Callable[[], None],
    ) -> None:
        """Work off `todo`, `hands` messages at once; `taken_in` hears of each one done.

        `away` hears when the casebook is.
        """
        self._spool = spool
        self._intake = intake
        self._hands = hands
        self._taken_in = taken_in
        self._away = away
        self._todo = todo
        self._acceptance = acceptance

    def hands(self) -> list[Coroutine[None, None, None]]:
        """Return what works for ever, each on one message at a time."""
        return [self._work() for _ in range(self._hands)]

    async def _work(self) -> None:
        rest = REST
        while True:
            spool_id = await self._todo.get()
            if self._acceptance.under_pressure:  # what is accepted can wait, the sender cannot
                await asyncio.sleep(GIVE_WAY)
            if await self._try(spool_id):
                rest = REST
                continue
            await asyncio.sleep(rest)
            rest = min(2 * rest, LONGEST_REST)
            self._todo.put_nowait(spool_id)

    async def _try(self, spool_id: str) -> bool:
        """Take one message in; return False when it is to be tried again after a rest."""
        try:
            await self._intake.take_in(spool_id)
        except CasebookAwayError:  # the heart says so, once for all messages
            self._away()
            return False
        except (OSError, ReadingDownError) as error:
            log.error("cannot take in", spool_id=spool_id, error=place_of(error))
            return False
        except Exception as error:  # whatever it was, the message outlives it
            log.error("failed", spool_id=spool_id, error=place_of(error))
            return await asyncio.to_thread(self._set_back, spool_id)
        self._taken_in()
        return True

    def _set_back(self, spool_id: str) -> bool:
        """Note the failure; return whether the message is out of the way."""
        try:
            return self._count_try(spool_id)
        except OSError as error:
            log.error("cannot set aside", spool_id=spool_id, error=place_of(error))
            return False

    def _count_try(self, spool_id: str) -> bool:
        """Note the failure; return whether the message is out of the way."""
        if self._spool.folder_of(spool_id) is None:
            log.error("gone", spool_id=spool_id)
            return True
        if self._spool.count_try(spool_id) < MOST_TRIES:
            return False
        self._spool.quarantine(spool_id)
        log.error("quarantined", spool_id=spool_id)
        return True
