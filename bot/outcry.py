"""A mail to staff that goes past the casebook, when that is what is away and nothing can be owed.

Each hears of it once for each time it is away, from a minute on; a bot that is started anew says
it again.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog

from bot.courier import From
from bot.mail.compose import compose
from bot.mail.relay import Parcel, Relay, Sent
from bot.notices import Notices

log = structlog.get_logger()

PATIENCE: Final = 60.0  # seconds; a database that is started anew is nobody's trouble
LOOK: Final = 5.0
REASON: Final = "the casebook's database cannot be reached; mail is taken and waits"


class Outcry:
    def __init__(
        self,
        addresses: Sequence[str],
        notices: Notices,
        relay: Relay,
        sender: From,
        *,
        is_away: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        """Write to `addresses` over a relay of its own: the courier's is used by nobody else."""
        self._addresses = addresses
        self._notices = notices
        self._relay = relay
        self._sender = sender
        self._is_away = is_away
        self._now = now
        self._told: set[str] = set()

    async def listen(self) -> None:
        """Look for ever whether the casebook is away, and for how long."""
        clock = asyncio.get_running_loop().time
        since = None
        while True:
            if not self._is_away():
                since = None
                self._told.clear()
            elif since is None:
                since = clock()
            elif clock() - since >= PATIENCE:
                await self._tell()
            await asyncio.sleep(LOOK)

    async def close(self) -> None:
        await self._relay.close()

    async def _tell(self) -> None:
        now, home = self._now(), self._sender
        for to in self._addresses:
            if to in self._told:
                continue
            owed = self._notices.trouble(f"away-{now:%Y%m%dT%H%M%S%f}", to, REASON, now)
            data = compose(owed, name=home.name, address=home.address, at=now)
            sent, why = await self._relay.carry(Parcel(owed.letter_id, home.address, to, data))
            log.info("staff told that the casebook is away", sent=sent.name.lower(), why=why)
            if sent in {Sent.YES, Sent.NEVER}:
                self._told.add(to)
