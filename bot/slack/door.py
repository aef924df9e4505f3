"""The Slack door: what colleagues write in the intake channel, or to the bot, is durable in the spool before Slack hears ack.

It stands before the library's own authorisation, which acks events when Slack's answer to it is
a fault. Whoever makes a request of their own does so in a direct message, which is owned likewise.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.acceptance import Acceptance
from bot.slack.history import History
from bot.slack.place import is_direct
from bot.slack.wire import LaterError, RefusedBySlackError, patiently
from store.casebook import Casebook
from store.spool import Envelope

SENDER = 0  # one conversation, in the acceptance's eyes
TOMBSTONE = "tombstone"
NOISE = {
    "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name",
    "channel_archive", "channel_unarchive", "channel_posting_permissions", "pinned_item",
    "unpinned_item", TOMBSTONE, "bot_add", "bot_remove", "reminder_add", "message_replied", "group_join",
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
        self._web = web
        self._channel = channel
        self._now = now
        self._bot_ids: set[str] = set()
        self.history = History(web, casebook, channel, self._own)

    async def own_it_first(
        self, body: dict[str, Any], next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        """Spool an event that may be a request. Raises OSError: then there is no ack, and it comes again."""
        event = body.get("event") or {}
        channel = str(event.get("channel") or "")
        heard = channel == self._channel or is_direct(channel)
        if body.get("type") == "event_callback" and heard and not is_ours(body):
            await self._own(as_deletion(event), str(body.get("event_id", "")))
        if body.get("type") == "app_rate_limited":  # Slack has dropped some
            self.history.missed.set()
            return BoltResponse(status=200)
        await next_()
        return None

    async def _own(self, event: dict[str, Any], event_id: str = "") -> None:
        if event.get("type") not in {"message", "app_mention"} or await self._is_noise(event):
            return
        raw = json.dumps({"event_id": event_id, "event": event}, ensure_ascii=False).encode()
        envelope = Envelope(
            accepted_at=self._now(),
            mail_from="",
            rcpt_tos=(str(event["channel"]),),
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


def is_ours(body: dict[str, Any]) -> bool:
    """Whether the bot's own user wrote it, as the event itself tells."""
    own = {a.get("user_id") for a in body.get("authorizations") or [] if a.get("is_bot")}
    event = body["event"]
    said = event.get("message") or event.get("previous_message") or event
    return said.get("user") in own - {None}


def as_deletion(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event; one by which a thread's first message became a tombstone tells of a deletion."""
    said = event.get("message") or {}
    if said.get("subtype") != TOMBSTONE:
        return event
    kept = {key: value for key, value in event.items() if key != "message"}
    return {**kept, "subtype": "message_deleted", "deleted_ts": said["ts"]}
