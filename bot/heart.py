"""The heartbeat: says to the other bots that this one lives, and notices when the casebook goes away and returns.

It says so in the log once each way, for all the parts that wait meanwhile.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from bot.finishing import to_the_end
from store.casebook import CasebookAwayError
from store.fleet import Fleet, Pulse
from store.spool import Spool, accepted_at

log = structlog.get_logger()

BEAT = 10.0  # seconds
SOON = 1.0  # seconds, while the casebook is away


class Heart:
    def __init__(self, fleet: Fleet, spool: Spool, back: Callable[[], None]) -> None:
        """Tell `back` when the casebook has returned."""
        self._fleet = fleet
        self._spool = spool
        self._back = back
        self.away = False
        self.doubt = asyncio.Event()
        """Set by whoever finds the casebook away."""

    async def beat(self) -> None:
        """Beat for ever."""
        while True:
            try:
                await to_the_end(self._fleet.beat, await asyncio.to_thread(self._pulse))
            except CasebookAwayError as error:
                self._gone(type(error.__cause__).__name__)
            else:
                self._returned()
            self.doubt.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SOON if self.away else BEAT):
                    await self.doubt.wait()

    async def rest(self) -> None:
        """Say that the bot stops, if there is anybody to hear it."""
        try:
            await asyncio.to_thread(self._fleet.leave, self._pulse())
        except CasebookAwayError:
            log.warning("stopped while the casebook is away")

    def _pulse(self) -> Pulse:
        waiting = self._spool.pending()
        oldest = accepted_at(waiting[0]) if waiting else None
        return Pulse(len(waiting), len(self._spool.ids("quarantine")), oldest)

    def _gone(self, why: str) -> None:
        if not self.away:
            log.error("the casebook is away: mail is taken and waits", why=why)
        self.away = True

    def _returned(self) -> None:
        if self.away:
            log.info("the casebook is back")
            self._back()
        self.away = False
