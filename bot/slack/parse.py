"""From the event as Slack sent it to a Message. Runs in a reading worker; knows nothing of Slack's libraries."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from bot.message import Attachment, Change, Message, Relayed
from bot.slack.place import is_direct, place_of_message
from bot.slack.text import words_of

CHANGES = {"message_changed": Change.EDITED, "message_deleted": Change.DELETED}
FROM_OUTSIDE = "written by somebody of another organisation"


def parse(raw: bytes) -> Message:
    """Read one spooled event. Raises ValueError or KeyError for what is none."""
    event = json.loads(raw)["event"]
    change = CHANGES.get(event.get("subtype", ""))
    said = message_in(event)
    place = place_of_message(event["channel"], said)
    key, refers_to = place.key, [place.parent.key] if place.thread else []
    if change is not None:
        refers_to.insert(0, key)
        key = f"{key}#{change}:{changed_at(event, said)}"
    return Message(
        message_id=key,
        digest=hashlib.sha256(key.encode()).hexdigest(),  # one place, one message, however it came
        sender=None,
        subject="",
        text="" if change is Change.DELETED else words_of(said),
        refers_to=tuple(refers_to),
        attachments=tuple(map(attachment, said.get("files") or [])),
        flags=flags(event, said),
        relayed=Relayed(instant(place.ts), author(said), change, is_direct(place.channel)),
    )


def message_in(event: dict[str, Any]) -> dict[str, Any]:
    """Return the message an event is about: itself, or what was edited or deleted."""
    if event.get("subtype") == "message_deleted":
        previous = event.get("previous_message") or {}
        return {**previous, "ts": event["deleted_ts"]}
    if event.get("subtype") == "message_changed":
        return dict(event["message"])
    return dict(event)


def changed_at(event: dict[str, Any], said: dict[str, Any]) -> str:
    """Return what tells one change of a message from the next, in an event and in the history alike."""
    edited = said.get("edited") or {}
    return str((edited.get("ts") if event["subtype"] == "message_changed" else None) or event["ts"])


def instant(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)


def author(said: dict[str, Any]) -> str:
    return str(said.get("user") or said.get("bot_id") or "")


def attachment(file: dict[str, Any]) -> Attachment:
    kind = file.get("mimetype") or "application/octet-stream"
    return Attachment(str(file.get("name") or ""), str(kind), int(file.get("size") or 0))


def flags(event: dict[str, Any], said: dict[str, Any]) -> tuple[str, ...]:
    team, home = said.get("user_team") or said.get("source_team"), event.get("team")
    return (FROM_OUTSIDE,) if team and home and team != home else ()
