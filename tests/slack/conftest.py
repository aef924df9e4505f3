"""A bot that runs in this process beside a Slack of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.conftest import Bot, Clock, Start, until
from tests.slack.fake import INTAKE, JO, SAM, STAFF, FakeSlack
from tests.slack.workspace import Workspace

STAFF_LIST = [
    {"name": "Sam", "login": "sam", "slack_id": SAM, "roles": ["handler", "lead"]},
    {"name": "Jo", "login": "jo", "slack_id": JO, "roles": ["handler"]},
    {"name": "Root", "login": "root", "roles": ["handler", "lead"]},
]


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(Workspace(now=clock.now), ack_within=1.0) as fake:
        yield fake


@pytest.fixture
def start_both(start: Start, slack: FakeSlack) -> Start:
    """Return a context manager that runs a bot which is connected to the fake."""

    @asynccontextmanager
    async def starting(**sections: Any) -> AsyncIterator[Bot]:
        settings = slack.settings(**sections.pop("slack", {}))
        sections.setdefault("staff", STAFF_LIST)
        async with start(slack=settings, **sections) as bot:
            await until(slack.sockets.connected.is_set)
            await until(lambda: bot.data.casebook.kept("slack history") is not None)
            yield bot

    return starting


@pytest.fixture
async def desk(start_both: Start) -> AsyncIterator[Bot]:
    async with start_both() as bot:
        yield bot


def answers(slack: FakeSlack, ts: str) -> list[dict[str, Any]]:
    """Return what the bot said in the thread of a relayed message."""
    return [m for m in slack.workspace.posts(INTAKE) if m.get("thread_ts") == ts]


def cards(slack: FakeSlack) -> list[dict[str, Any]]:
    return [m for m in slack.workspace.posts(STAFF) if m.get("thread_ts", m["ts"]) == m["ts"]]


def told(slack: FakeSlack, card: dict[str, Any]) -> str:
    """Return all that was said in a card's thread."""
    posts = slack.workspace.posts(STAFF)
    return "\n".join(m["text"] for m in posts if m.get("thread_ts") == card["ts"] != m["ts"])
