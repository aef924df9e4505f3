"""Each click once: what is delivered again, or comes while the first is being dealt with, gets the first one's answer."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

MOST = 1_000  # interactions remembered
SOON = 2.4  # seconds; Slack waits three for an ack
SLOW = "This takes longer than Slack waits. Please look in a minute whether it is done, before you repeat it."

Answer = dict[str, Any]


def key_of(body: dict[str, Any]) -> str:
    """Return what one interaction is known by: delivered again it is the same, corrected it is another."""
    view = body.get("view") or {}
    what = (body.get("text"), body.get("actions"), view.get("id"), view.get("state"))
    parts = (body.get("trigger_id"), *what)
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Once:
    def __init__(self) -> None:
        self._known: dict[str, asyncio.Task[Answer]] = {}

    async def do(self, key: str, act: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return what `act` says, or said when this key came first.

        What takes longer than Slack waits goes on to its end, and its answer is that it does.
        """

        async def acting() -> Answer:
            return await act()

        known = self._known.get(key)
        if known is None:
            known = self._known[key] = asyncio.create_task(acting())
            known.add_done_callback(heard)
            while len(self._known) > MOST:
                del self._known[next(iter(self._known))]
        try:
            async with asyncio.timeout(SOON):
                return await asyncio.shield(known)
        except TimeoutError:
            return {"text": SLOW}
        except Exception:
            if self._known.get(key) is known:
                del self._known[key]  # it may be tried again
            raise


def heard(task: asyncio.Task[Answer]) -> None:
    """Take note of how it ended, where nobody waits for it any more."""
    if not task.cancelled():
        task.exception()
