"""Taking responsibility: what a door brings is durable in the spool before the door says so.

Arrivals that come while one commit is on its way to the disk share the next one (group commit).
Many messages by several senders at once mean that the door is under pressure; the work behind it then gives way.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime

from store.spool import Envelope, Spool

Arrival = tuple[Envelope, bytes]

CROWD = 3  # senders
FLOOD = 15  # messages, so sixty a second
AT_ONCE = 0.25  # seconds: as long as a commit of many messages may take
LOOKED_AT = 64  # of the latest messages


class Acceptance:
    def __init__(self, spool: Spool, accepted: Callable[[str], None]) -> None:
        """Tell `accepted` the id of each message that has become ours."""
        self._spool = spool
        self._accepted = accepted
        self._waiting: list[tuple[Arrival, asyncio.Future[str]]] = []
        self._committing: asyncio.Task[None] | None = None
        self._lately: deque[tuple[float, int]] = deque(maxlen=LOOKED_AT)
        self.count = 0
        """How many messages have become ours since the start."""
        self.last_at: datetime | None = None

    @property
    def under_pressure(self) -> bool:
        """Whether several senders are handing many messages over at this moment."""
        since = asyncio.get_running_loop().time() - AT_ONCE
        senders = [sender for at, sender in self._lately if at > since]
        return len(senders) >= FLOOD and len(set(senders)) >= CROWD

    async def accept(self, envelope: Envelope, raw: bytes, sender: int) -> str:
        """Store one message durably and return its spool id. Raises OSError: then it is not ours.

        `sender` tells one conversation from another.

        Once begun, the commit completes although the client may be gone: its retry is
        recognised as a copy later.
        """
        loop = asyncio.get_running_loop()
        self._lately.append((loop.time(), sender))
        answer: asyncio.Future[str] = loop.create_future()
        self._waiting.append(((envelope, raw), answer))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        return await asyncio.shield(answer)

    async def drained(self) -> None:
        """Wait until everything that was handed in is answered."""
        while self._committing is not None:
            await asyncio.wait([self._committing])

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._commit(batch)
        finally:
            self._committing = None

    async def _commit(self, batch: list[tuple[Arrival, asyncio.Future[str]]]) -> None:
        try:
            spool_ids = await asyncio.to_thread(
                self._spool.accept, [arrival for arrival, _ in batch]
            )
        except Exception as error:  # whoever handed it in must hear, whatever it is
            for _, answer in batch:
                answer.set_exception(error)
                answer.exception()  # the client may be gone, and nobody left to ask
            return
        self.count += len(batch)
        self.last_at = batch[-1][0][0].accepted_at
        for spool_id, (_, answer) in zip(spool_ids, batch, strict=True):
            answer.set_result(spool_id)
            self._accepted(spool_id)
