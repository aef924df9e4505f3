"""A lane for each channel: what cases owe there is posted in order, one post a second, never twice.

What is owed is not written down: it follows from the case, which is durable, and from the record of
what was posted for it. Before a post the record says that it is being tried; whoever finds that
after a fault or a crash looks in the channel before posting again.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.journal import place_of
from bot.slack.wire import (
    DoubtfulError,
    LaterError,
    RefusedBySlackError,
    done,
    next_wait,
    patiently,
)
from store.case import Case
from store.casebook import Casebook

log = structlog.get_logger()

Block = dict[str, Any]
Record = dict[str, str]
"""What was posted for a case in a channel, as the casebook keeps it."""

PACE = 1.0  # seconds between posts in one channel, as Slack allows
LOOK_EVERY = 2.0
LOOK_BACK = 200  # messages in which a doubtful post is looked for
CHANNEL_IS_WRONG = {
    "not_in_channel", "channel_not_found", "is_archived", "missing_scope", "invalid_auth",
    "account_inactive", "token_revoked", "token_expired", "not_authed", "restricted_action",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Post:
    """What is to stand in a channel; `text` is what notifications and readers without blocks get."""

    text: str
    blocks: tuple[Block, ...] = ()
    thread: str = ""


class Poster:
    """Posts in one channel, at Slack's pace, and keeps the records of it."""

    def __init__(self, name: str, channel: str, casebook: Casebook, web: AsyncWebClient) -> None:
        self._name = name
        self._channel = channel
        self._casebook = casebook
        self._web = web
        self._own_id = ""
        self._free_at = 0.0

    def record(self, ref: str) -> Record:
        return dict(self._casebook.kept(self._key(ref)) or {})

    def keep(self, ref: str, record: Record) -> None:
        self._casebook.keep(self._key(ref), record)

    def _key(self, ref: str) -> str:
        return f"slack {self._name} {ref}"

    async def post(self, ref: str, record: Record, what: str, post: Post, starts: str) -> str:
        """Post and return the ts. `what` and how the text `starts` tell this post from every other."""
        if record.get("trying") == what:
            found = await self._find(post.thread, starts)
            if found:
                return found
        record["trying"] = what
        await asyncio.to_thread(self.keep, ref, record)
        await self._pace()
        answer = await done(
            self._web.chat_postMessage(
                channel=self._channel,
                text=post.text,
                blocks=list(post.blocks) or None,
                thread_ts=post.thread or None,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer["ts"])

    async def update(self, ts: str, post: Post) -> None:
        await self._pace()
        call = self._web.chat_update(
            channel=self._channel, ts=ts, text=post.text, blocks=list(post.blocks)
        )
        await self._unless_gone(call)

    async def delete(self, ts: str) -> None:
        await self._pace()
        await self._unless_gone(self._web.chat_delete(channel=self._channel, ts=ts))

    async def _unless_gone(self, call: Awaitable[Any]) -> None:
        """Make a call that may be repeated; somebody may have deleted the message."""
        try:
            await done(call)
        except RefusedBySlackError as error:
            if error.code not in {"message_not_found", "cant_update_message"}:
                raise

    async def _find(self, thread: str, starts: str) -> str:
        """Return the ts of our own post that starts so, or an empty text."""
        if not self._own_id:
            self._own_id = (await patiently(self._web.auth_test))["bot_id"]
        if thread:
            page = await patiently(
                lambda: self._web.conversations_replies(
                    channel=self._channel, ts=thread, limit=LOOK_BACK
                )
            )
        else:
            page = await patiently(
                lambda: self._web.conversations_history(channel=self._channel, limit=LOOK_BACK)
            )
        own = (m for m in page["messages"] if m.get("bot_id") == self._own_id)
        return next((m["ts"] for m in own if str(m.get("text", "")).startswith(starts)), "")

    async def _pace(self) -> None:
        loop = asyncio.get_running_loop()
        wait = self._free_at - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        self._free_at = loop.time() + PACE


class Lane:
    """Tends the cases of one channel, one after another, in the order of their references."""

    def __init__(
        self,
        name: str,
        casebook: Casebook,
        tend: Callable[[Case], Awaitable[None]],
        first: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Tend each case by `tend`, after what belongs to no case by `first`."""
        self._name = name
        self._casebook = casebook
        self._tend = tend
        self._first = first
        self._seen: dict[str, int] = {}
        self._tries = 0
        self.wake = asyncio.Event()
        self.trouble = ""
        """Slack's code for why nothing can be posted; empty while all is well."""

    async def work(self) -> None:
        """Tend for ever: when woken, and every few seconds."""
        while True:
            self.wake.clear()
            await self.round()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self.wake.wait()

    def look_again(self) -> None:
        """Look at every case again: it is another day."""
        self._seen.clear()

    async def round(self) -> None:
        """Tend each case that has changed; stop at the first that must wait, to keep the order."""
        versions = await asyncio.to_thread(self._casebook.versions)
        for ref in ["", *changed(versions, self._seen)]:
            try:
                await self._tend_one(ref)
            except (LaterError, OSError) as error:
                await self._rest(error)
                return
            except RefusedBySlackError as error:
                if error.code in CHANNEL_IS_WRONG:
                    await self._stand_still(error.code)
                    return
                log.error("slack refuses a post", ref=ref, lane=self._name, why=error.code)
            except Exception as error:  # noqa: BLE001  (one case must not stop the others)
                log.error("cannot post", ref=ref, lane=self._name, error=place_of(error))
            else:
                if ref:
                    self._tries, self.trouble = 0, ""
            self._seen[ref] = versions.get(ref, 0)

    async def _tend_one(self, ref: str) -> None:
        case = await asyncio.to_thread(self._casebook.get, ref) if ref else None
        if case is not None:
            await self._tend(case)
        elif not ref and self._first is not None:
            await self._first()

    async def _rest(self, error: LaterError | OSError) -> None:
        self._tries += 1
        told = error.seconds if isinstance(error, LaterError) else 0.0
        log.warning("slack put off", lane=self._name, why=str(error), doubtful=isinstance(error, DoubtfulError))  # fmt: skip
        await asyncio.sleep(told or next_wait(self._tries - 1))

    async def _stand_still(self, code: str) -> None:
        if code != self.trouble:
            log.error("slack refuses all posts", lane=self._name, why=code)
        self.trouble = code
        self._tries += 1
        await asyncio.sleep(next_wait(self._tries))


def changed(versions: Mapping[str, int], seen: Mapping[str, int]) -> list[str]:
    return sorted(ref for ref, version in versions.items() if seen.get(ref) != version)
