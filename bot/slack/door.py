"""The Slack door: what colleagues write in the intake channel is durable in the spool before Slack hears ack.

It stands before the library's own authorisation, which acks events when Slack's answer to it is
a fault. What was missed while nobody was connected is read from the channel's history.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.acceptance import Acceptance
from bot.slack.place import Place, edit_key, place_of_message
from bot.slack.wire import LaterError, RefusedBySlackError, next_wait, patiently
from store.casebook import Casebook
from store.spool import Envelope

log = structlog.get_logger()

MARK = "slack history"
"""Under this name the casebook keeps up to where the channel's history was read."""
PAGE = 200
SOON = 100  # tenths of a second
SENDER = 0  # one conversation, in the acceptance's eyes
NOISE = {
    "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name",
    "channel_archive", "channel_unarchive", "channel_posting_permissions", "pinned_item",
    "unpinned_item", "bot_add", "bot_remove", "reminder_add", "message_replied", "group_join",
    "group_leave", "group_topic", "group_purpose", "group_name", "huddle_thread",
}  # fmt: skip
"""What Slack writes about the channel itself. Any other subtype may be a person's words."""


class SlackDoor:
    def __init__(
        self,
        acceptance: Acceptance,
        casebook: Casebook,
        web: AsyncWebClient,
        channel: str,
        now: Callable[[], datetime],
    ) -> None:
        self._acceptance = acceptance
        self._casebook = casebook
        self._web = web
        self._channel = channel
        self._now = now
        self._bot_ids: set[str] = set()
        self.missed = asyncio.Event()
        """Set after every connect: something may have been missed."""

    async def own_it_first(
        self, body: dict[str, Any], next_: Callable[[], Awaitable[None]]
    ) -> None:
        """Spool an event of the intake channel. Raises OSError: then there is no ack, and it comes again."""
        event = body.get("event") or {}
        if body.get("type") == "event_callback" and event.get("channel") == self._channel:
            await self._own(event, str(body.get("event_id", "")))
        await next_()

    async def catch_up(self) -> None:
        """After every connect, read what the channel got meanwhile; for ever."""
        tries = 0
        while True:
            await self.missed.wait()
            self.missed.clear()
            try:
                await self._read_history()
                tries = 0
            except (LaterError, RefusedBySlackError, OSError) as error:
                log.warning("slack history not read", why=type(error).__name__, what=str(error))
                self.missed.set()
                tries += 1
                await asyncio.sleep(next_wait(tries))

    async def _own(self, event: dict[str, Any], event_id: str) -> None:
        if event.get("type") not in {"message", "app_mention"} or await self._is_noise(event):
            return
        raw = json.dumps({"event_id": event_id, "event": event}, ensure_ascii=False).encode()
        envelope = Envelope(
            accepted_at=self._now(),
            mail_from="",
            rcpt_tos=(self._channel,),
            peer=str(event.get("user") or event.get("bot_id") or ""),
            door="slack",
        )
        await self._acceptance.accept(envelope, raw, SENDER)

    async def _is_noise(self, event: dict[str, Any]) -> bool:
        """Whether it is Slack's own, ours, or a change that changed no word."""
        message, before = event.get("message") or {}, event.get("previous_message") or {}
        subtype = event.get("subtype", "")
        if subtype in NOISE or message.get("subtype") in NOISE:
            return True
        if subtype == "message_changed":
            same = ("text", "files", "blocks") if not message.get("text") else ("text", "files")
            if all(message.get(part) == before.get(part) for part in same):
                return True  # a link's preview, a first reply
        authors = {part.get("bot_id") or "" for part in (event, message, before)} - {""}
        return bool(authors & await self._own_ids()) if authors else False

    async def _own_ids(self) -> set[str]:
        if not self._bot_ids:
            try:
                told = await patiently(self._web.auth_test)
            except (LaterError, RefusedBySlackError):
                return set()  # better our own post in the spool than somebody's words outside
            self._bot_ids = {told["bot_id"]}
        return self._bot_ids

    async def _read_history(self) -> None:
        mark = await asyncio.to_thread(self._casebook.kept, MARK)
        if mark is None:  # what was said before the bot came is nobody's request to it
            call = self._web.conversations_history
            latest = await patiently(lambda: call(channel=self._channel, limit=1))
            await self._keep(latest["messages"][0]["ts"] if latest["messages"] else "0")
            return
        newest, begun = mark["ts"], []
        async for message in self._history(mark["ts"]):
            newest = max(newest, message["ts"], key=float)
            await self._own_if_new(message)
            if message.get("reply_count"):
                begun.append(message["ts"])
        for ts in [*await asyncio.to_thread(self._open_threads, mark["ts"]), *begun]:
            await self._taken_in(Place(self._channel, ts).key)
            await self._read_thread(ts, mark["ts"])
        await self._keep(newest)

    async def _history(self, oldest: str) -> AsyncIterator[dict[str, Any]]:
        """Yield the channel's messages after `oldest`, in order."""
        pages, cursor = [], None
        while cursor != "":
            page = await patiently(
                lambda cursor=cursor: self._web.conversations_history(  # type: ignore[misc]  # bound now
                    channel=self._channel, oldest=oldest, limit=PAGE, cursor=cursor
                )
            )
            pages.append(page["messages"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        for messages in reversed(pages):
            for message in reversed(messages):
                yield message

    async def _read_thread(self, ts: str, oldest: str) -> None:
        try:
            page = await patiently(
                lambda: self._web.conversations_replies(
                    channel=self._channel, ts=ts, oldest=oldest, limit=PAGE
                )
            )
        except RefusedBySlackError:  # the first message was deleted
            return
        for message in page["messages"]:
            if message["ts"] != ts:
                await self._own_if_new(message)

    async def _taken_in(self, key: str) -> None:
        """Wait until a thread's first message has its place: what follows joins its case."""
        for _ in range(SOON):
            if await asyncio.to_thread(self._casebook.alike, key):
                return
            await asyncio.sleep(0.1)

    async def _own_if_new(self, message: dict[str, Any]) -> None:
        key = place_of_message(self._channel, message).key
        event: dict[str, Any] = {"type": "message", **message, "channel": self._channel}
        edited = message.get("edited") or {}
        if not await asyncio.to_thread(self._casebook.alike, key):
            await self._own(event, "")
        elif edited and not await asyncio.to_thread(self._casebook.alike, edit_key(key, edited)):
            changed = {"type": "message", "subtype": "message_changed", "message": message}
            await self._own({**changed, "channel": self._channel, "ts": edited["ts"]}, "")

    def _open_threads(self, oldest: str) -> list[str]:
        """Return the threads of running cases that began before `oldest`: they may have gone on."""
        found = set()
        for ref in self._casebook.running():
            case = self._casebook.get(ref)
            for message in case.messages if case else ():
                place = Place.of(message.message_id)
                if place and place.channel == self._channel:
                    found.add(place.parent.ts)
        return sorted(ts for ts in found if float(ts) <= float(oldest))

    async def _keep(self, ts: str) -> None:
        await asyncio.to_thread(self._casebook.keep, MARK, {"ts": ts})
