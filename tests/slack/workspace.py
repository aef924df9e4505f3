"""The state of the fake workspace: people, channels, messages, views, and what everybody was shown."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.processes import ROOT

BOT_TOKEN = "xoxb-fake-bot"
APP_TOKEN = "xapp-fake-app"
TEAM = "T0ACME"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
MANIFEST = json.loads((ROOT / "deploy" / "slack-manifest.json").read_text())
SCOPES = frozenset(MANIFEST["oauth_config"]["scopes"]["bot"])
"""What the app was granted: what its manifest asks for."""


@dataclass
class User:
    id: str
    name: str = "somebody"
    team_id: str = TEAM
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    hidden: bool = False
    """Whether the app may not know of them: somebody in a shared channel it is not in."""
    enterprise_teams: tuple[str, ...] = ()
    """Of somebody in an Enterprise Grid: every workspace they belong to."""

    def as_json(self) -> dict[str, Any]:
        return {
            **vars(self),
            "is_stranger": TEAM not in {self.team_id, *self.enterprise_teams},
            "enterprise_user": {"teams": list(self.enterprise_teams)},
            "profile": {"real_name": self.name, "display_name": self.name},
        }


@dataclass
class Channel:
    id: str
    is_private: bool = False
    is_im: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    has_bot: bool = True
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id, "name": self.id.lower(), "is_channel": True,
            "is_private": self.is_private, "is_im": self.is_im, "is_ext_shared": self.is_ext_shared,
            "is_archived": self.is_archived, "is_member": self.has_bot,
        }  # fmt: skip

    def top(self) -> list[dict[str, Any]]:
        return [m for m in self.messages.values() if m.get("thread_ts", m["ts"]) == m["ts"]]

    def thread(self, ts: str) -> list[dict[str, Any]]:
        return [m for m in self.messages.values() if m.get("thread_ts", m["ts"]) == ts]


@dataclass
class Shown:
    """A payload that the bot sent: to a channel, or to one person only."""

    method: str
    to: str
    payload: dict[str, Any]

    @property
    def public(self) -> bool:
        """Whether others than one person may have seen it; what is posted to one may be seen over a shoulder."""
        return self.method in {"chat.postMessage", "chat.update"}


def wall() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  (a server has a clock of its own)


@dataclass
class Workspace:
    now: Callable[[], datetime] = wall
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, list[str]] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    _last: int = 0

    def __post_init__(self) -> None:
        self.add(User(BOT_USER, "privacy", is_bot=True))

    def add(self, thing: User | Channel) -> None:
        if isinstance(thing, User):
            self.users[thing.id] = thing
        else:
            self.channels[thing.id] = thing

    def direct(self, user: str) -> str:
        """Return the channel in which only that person and the app read."""
        channel = f"D{user}"
        self.channels.setdefault(channel, Channel(channel, is_im=True))
        return channel

    def new_ts(self) -> str:
        """Return the stamp of a new message: unique, and never earlier than the one before."""
        self._last = max(round(self.now().timestamp() * 1e6), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"

    def new_id(self, letter: str) -> str:
        return f"{letter}{next(self._numbers):08}"

    def put(self, channel: str, **message: Any) -> dict[str, Any]:
        """Keep a message as Slack does and return it."""
        message = {"type": "message", "ts": self.new_ts(), **message}
        messages = self.channels[channel].messages
        parent = messages.get(message.get("thread_ts", ""))
        if parent is not None:
            parent["reply_count"] = parent.get("reply_count", 0) + 1
            parent["latest_reply"] = message["ts"]
            parent["thread_ts"] = parent["ts"]
        messages[message["ts"]] = message
        return message

    def posts(self, channel: str) -> list[dict[str, Any]]:
        """Return what the bot has standing in a channel, oldest first."""
        return [m for m in self.channels[channel].messages.values() if m.get("bot_id") == BOT_ID]
