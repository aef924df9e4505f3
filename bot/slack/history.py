"""What was written while nobody was connected: read from the channels' histories after every connect.

Up to where each was read stands in the casebook, for all bots on it. What was taken in before is
known by channel and ts; direct messages are read whole the first time, since nobody writes one to a
bot by chance.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.place import Place, edit_key, is_direct, place_of_message
from bot.slack.wire import LaterError, RefusedBySlackError, next_wait, pages, patiently
from store.casebook import Casebook

log = structlog.get_logger()

MARK = "slack history"
"""Under this name the casebook keeps up to where the intake channel was read; of others, with their ID."""
PAGE = 200
SOON = 100  # tenths of a second
LATE = 50  # cases that are closed, too

Own = Callable[[dict[str, Any]], Awaitable[None]]


class History:
    def __init__(self, web: AsyncWebClient, casebook: Casebook, channel: str, own: Own) -> None:
        """Give what was missed in `channel`, and in direct messages, to `own`."""
        self._web = web
        self._casebook = casebook
        self._channel = channel
        self._own = own
        self.missed = asyncio.Event()
        """Set after every connect: something may have been missed."""

    async def catch_up(self) -> None:
        """After every connect, read what was written meanwhile; for ever."""
        tries = 0
        while True:
            await self.missed.wait()
            self.missed.clear()
            try:
                await self._read(self._channel)
                await self._read_direct()
                tries = 0
            except (LaterError, RefusedBySlackError, OSError) as error:
                log.warning("slack history not read", why=type(error).__name__, what=str(error))
                self.missed.set()
                tries += 1
                await asyncio.sleep(next_wait(tries))

    async def _read_direct(self) -> None:
        try:
            for channel in await self._direct():
                await self._read(channel)
        except RefusedBySlackError as error:
            log.warning("slack direct messages that were missed are not read", why=error.code)

    async def _direct(self) -> list[str]:
        """Return the channels in which people write to the bot alone."""
        call = partial(self._web.users_conversations, types="im", limit=PAGE)
        return [found["id"] async for page in pages(call, "channels") for found in page]

    async def _read(self, channel: str) -> None:
        mark = await asyncio.to_thread(self._casebook.kept, mark_of(channel, self._channel))
        if mark is None and not is_direct(channel):
            # what was said before the bot came is nobody's request to it
            call = self._web.conversations_history
            latest = await patiently(lambda: call(channel=channel, limit=1))
            newest = latest["messages"][0]["ts"] if latest["messages"] else "0"
            await self._keep(channel, newest)
            return
        oldest = mark["ts"] if mark else "0"
        newest, begun = oldest, []
        async for message in self._after(channel, oldest):
            newest = max(newest, message["ts"], key=float)
            await self._own_if_new(channel, message)
            if message.get("reply_count"):
                begun.append(message["ts"])
        for ts in [*await asyncio.to_thread(self._open_threads, channel, oldest), *begun]:
            await self._taken_in(Place(channel, ts).key)
            await self._read_thread(channel, ts, oldest)
        if newest != oldest:
            await self._keep(channel, newest)

    async def _after(self, channel: str, oldest: str) -> AsyncIterator[dict[str, Any]]:
        """Yield the channel's messages after `oldest`, in order."""
        call = partial(self._web.conversations_history, channel=channel, oldest=oldest, limit=PAGE)
        for messages in reversed([page async for page in pages(call)]):
            for message in reversed(messages):
                yield message

    async def _read_thread(self, channel: str, ts: str, oldest: str) -> None:
        call = partial(
            self._web.conversations_replies, channel=channel, ts=ts, oldest=oldest, limit=PAGE
        )
        try:
            found = [message async for page in pages(call) for message in page]
        except RefusedBySlackError:  # the first message was deleted
            return
        for message in found:
            if message["ts"] != ts:
                await self._own_if_new(channel, message)

    async def _taken_in(self, key: str) -> None:
        """Wait until a thread's first message has its place: what follows joins its case."""
        for _ in range(SOON):
            if await asyncio.to_thread(self._casebook.alike, key):
                return
            await asyncio.sleep(0.1)

    async def _own_if_new(self, channel: str, message: dict[str, Any]) -> None:
        key = place_of_message(channel, message).key
        event: dict[str, Any] = {"type": "message", **message, "channel": channel}
        edited = message.get("edited") or {}
        if not await asyncio.to_thread(self._casebook.alike, key):
            await self._own(event)
        elif edited and not await asyncio.to_thread(self._casebook.alike, edit_key(key, edited)):
            changed = {"type": "message", "subtype": "message_changed", "message": message}
            await self._own({**changed, "channel": channel, "ts": edited["ts"]})

    def _open_threads(self, channel: str, oldest: str) -> list[str]:
        """Return the threads of running and of late cases that began before `oldest`: they may have gone on."""
        found = set()
        late = [name.rpartition(" ")[2] for name in self._casebook.kept_names("slack answer ")]
        for ref in {*self._casebook.running(), *late[-LATE:]}:
            case = self._casebook.get(ref)
            for message in case.messages if case else ():
                place = Place.of(message.message_id)
                if place and place.channel == channel:
                    found.add(place.parent.ts)
        return sorted(ts for ts in found if float(ts) <= float(oldest))

    async def _keep(self, channel: str, ts: str) -> None:
        name = mark_of(channel, self._channel)
        await asyncio.to_thread(self._casebook.keep, name, {"ts": ts})


def mark_of(channel: str, intake: str) -> str:
    return MARK if channel == intake else f"{MARK} {channel}"
