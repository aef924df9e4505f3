"""Where a message stands in Slack, and the key by which its copies are known: channel and ts, never the event's id."""

from dataclasses import dataclass
from typing import Self

PREFIX = "slack"


@dataclass(frozen=True, slots=True)
class Place:
    channel: str
    ts: str
    thread: str = ""
    """The ts of the thread's first message, where this is a reply to it."""

    @property
    def key(self) -> str:
        return "/".join(filter(None, (PREFIX, self.channel, self.thread, self.ts)))

    @property
    def parent(self) -> "Place":
        """Where an answer belongs: Slack threads hang on first messages only."""
        return Place(self.channel, self.thread or self.ts)

    @classmethod
    def of(cls, key: str) -> Self | None:
        """Return the place that a message's key names, if it is one of Slack's."""
        prefix, *parts = key.partition("#")[0].split("/")
        if prefix != PREFIX or len(parts) not in {2, 3}:
            return None
        return cls(parts[0], parts[-1], "/".join(parts[1:-1]))


def place_of_message(channel: str, message: dict[str, str]) -> Place:
    ts, thread = message["ts"], message.get("thread_ts", "")
    return Place(channel, ts, "" if thread == ts else thread)


def is_direct(channel: str) -> bool:
    """Whether only one person and the bot read there."""
    return channel.startswith("D")


def edit_key(key: str, edited: dict[str, str]) -> str:
    """Return by what one edit of a message is known."""
    return f"{key}#edited:{edited['ts']}"
