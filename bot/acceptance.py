"""Taking responsibility: what a door brings is durable in the spool before the door says so.

Arrivals that come while one commit is on its way to the disk share the next one (group commit).
Several at once mean that the door is under pressure; the work behind it then gives way.
"""

import asyncio
from collections.abc import Callable

from store.spool import Envelope, Spool

Arrival = tuple[Envelope, bytes]

CROWD = 3  # arrivals in one commit
CALM_AFTER = 0.05  # seconds without a crowd


class Acceptance:
    def __init__(self, spool: Spool, accepted: Callable[[str], None]) -> None:
        """Tell `accepted` the id of each message that has become ours."""
        self._spool = spool
        self._accepted = accepted
        self._waiting: list[tuple[Arrival, asyncio.Future[str]]] = []
        self._committing: asyncio.Task[None] | None = None
        self._crowded_until = 0.0

    @property
    def under_pressure(self) -> bool:
        return asyncio.get_running_loop().time() < self._crowded_until

    async def accept(self, envelope: Envelope, raw: bytes) -> str:
        """Store one message durably and return its spool id. Raises OSError: then it is not ours.

        Once begun, the commit completes although the client may be gone: its retry is
        recognised as a copy later.
        """
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
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
                if len(batch) >= CROWD:
                    self._crowded_until = asyncio.get_running_loop().time() + CALM_AFTER
                await self._commit(batch)
        finally:
            self._committing = None

    async def _commit(self, batch: list[tuple[Arrival, asyncio.Future[str]]]) -> None:
        try:
            spool_ids = await asyncio.to_thread(
                self._spool.accept, [arrival for arrival, _ in batch]
            )
        except Exception as error:  # noqa: BLE001  (whoever handed it in must hear, whatever it is)
            for _, answer in batch:
                answer.set_exception(error)
                answer.exception()  # the client may be gone, and nobody left to ask
            return
        for spool_id, (_, answer) in zip(spool_ids, batch, strict=True):
            answer.set_result(spool_id)
            self._accepted(spool_id)
