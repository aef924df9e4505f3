"""Posts in Slack, each once: before a post its record says that it is being tried; whoever finds that looks first.

A record belongs to a case and is kept in the casebook, so that any bot on it goes on where another stopped.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.wire import LaterError, RefusedBySlackError, done, link_to, pages, patiently
from store.casebook import Casebook

Block = dict[str, Any]
Record = dict[str, str]
"""What was posted for a case in a channel, as the casebook keeps it."""

PACE = 1.0  # seconds between posts in one channel, as Slack allows
LOOK_BACK = 200  # messages in which a doubtful post is looked for


@dataclass(frozen=True, slots=True)
class Post:
    """What is to stand in a channel; `text` is what notifications and readers without blocks get."""

    text: str
    blocks: tuple[Block, ...] = ()
    thread: str = ""
    channel: str = ""
    """Another channel than the poster's own, such as one person's direct messages."""


class Poster:
    """Posts in one channel, at Slack's pace, and keeps the records of it."""

    def __init__(
        self,
        name: str,
        channel: str,
        casebook: Casebook,
        web: AsyncWebClient,
        turn: Callable[[], bool] = lambda: True,
    ) -> None:
        """`turn` says whether it is still this bot that posts here."""
        self._name = name
        self._channel = channel
        self._casebook = casebook
        self._web = web
        self._turn = turn
        self._own_id = ""
        self._free_at = 0.0

    def record(self, ref: str) -> Record:
        return dict(self._casebook.kept(self._key(ref)) or {})

    def keep(self, ref: str, record: Record) -> None:
        self._casebook.keep(self._key(ref), record)

    def _key(self, ref: str) -> str:
        return f"slack {self._name} {ref}"

    async def post(self, ref: str, record: Record, what: str, post: Post, starts: str) -> str:
        """Post and return the ts. `what` and how the text `starts` tell this post from every other.

        The place is added to the record, which the caller keeps.
        """
        channel = post.channel or self._channel
        ts = ""
        if record.get("trying") == what:
            ts = await self.find(channel, post.thread, starts, places_in(record))
        if not ts:
            record |= {"trying": what, "doubt": f"{channel}/{post.thread}/{starts}"}
            await asyncio.to_thread(self._keep_if_ours, ref, record)
            channel, ts = await self._send(channel, post)
        record["places"] = " ".join([*places_in(record), f"{channel}/{ts}"])
        record.pop("trying")
        record.pop("doubt", None)
        return ts

    def _keep_if_ours(self, ref: str, record: Record) -> None:
        if not self._turn():
            raise LaterError("another bot posts here")
        self.keep(ref, record)

    async def _send(self, channel: str, post: Post) -> tuple[str, str]:
        await self._pace()
        answer = await done(
            self._web.chat_postMessage(
                channel=channel,
                text=post.text,
                blocks=list(post.blocks) or None,
                thread_ts=post.thread or None,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer.get("channel") or channel), str(answer["ts"])

    async def link_to(self, channel: str, ts: str) -> str:
        return await link_to(self._web, channel, ts)

    async def update(self, ts: str, post: Post) -> bool:
        """Bring a post up to date; False if it is gone."""
        await self._pace()
        call = self._web.chat_update(
            channel=self._channel, ts=ts, text=post.text, blocks=list(post.blocks)
        )
        return await unless_gone(call)

    async def delete(self, place: str) -> bool:
        """Delete a post; False if it was gone already."""
        await self._pace()
        channel, _, ts = place.partition("/")
        return await unless_gone(self._web.chat_delete(channel=channel, ts=ts))

    async def find(
        self, channel: str, thread: str, starts: str, known: Collection[str] = ()
    ) -> str:
        """Return the ts of our own post that starts so and is none of those known, or an empty text."""
        if not self._own_id:
            self._own_id = (await patiently(self._web.auth_test))["bot_id"]
        async for message in said_in(self._web, channel, thread):
            own = message.get("bot_id") == self._own_id
            new = f"{channel}/{message['ts']}" not in known
            if own and new and str(message.get("text", "")).startswith(starts):
                return str(message["ts"])
        return ""

    async def _pace(self) -> None:
        loop = asyncio.get_running_loop()
        wait = self._free_at - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        self._free_at = loop.time() + PACE


def places_in(record: Record) -> list[str]:
    """Return where the posts of a record stand, in the order they were made."""
    return record.get("places", "").split()


async def unless_gone(call: Awaitable[Any]) -> bool:
    """Make a call that may be repeated; False where somebody has deleted the message."""
    try:
        await done(call)
    except RefusedBySlackError as error:
        if error.code not in {"message_not_found", "cant_update_message", "cant_delete_message"}:
            raise
        return False
    return True


async def said_in(web: AsyncWebClient, channel: str, thread: str) -> AsyncIterator[dict[str, Any]]:
    """Yield a thread whole, or the channel's latest messages."""
    if thread:
        call = partial(web.conversations_replies, channel=channel, ts=thread, limit=LOOK_BACK)
    else:
        call = partial(web.conversations_history, channel=channel, limit=LOOK_BACK)
    seen = 0
    async for page in pages(call):
        for message in page:
            yield message
        seen += len(page)
        if seen >= LOOK_BACK and not thread:
            return
