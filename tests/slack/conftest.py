"""A bot that runs in this process beside a Slack of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.mail.parse import parse
from bot.slack.parse import parse as slack_parse
from tests.conftest import Bot, Clock, Start, until
from tests.slack.fake import INTAKE, JO, SAM, STAFF, FakeSlack
from tests.slack.workspace import Workspace

LONG_ENOUGH = 5  # letters, to be told from a word of ours
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
def start_both(start: Start, slack: FakeSlack, capsys: pytest.CaptureFixture[str]) -> Start:
    """Return a context manager that runs a bot which is connected to the fake.

    At its end nothing personal may stand in any channel or in the log.
    """

    @asynccontextmanager
    async def starting(**sections: Any) -> AsyncIterator[Bot]:
        settings = slack.settings(**sections.pop("slack", {}))
        sections.setdefault("staff", STAFF_LIST)
        async with start(slack=settings, **sections) as bot:
            await until(slack.sockets.connected.is_set)
            await until(lambda: bot.data.casebook.kept("slack history") is not None)
            yield bot
            said = capsys.readouterr().out
            print(said)
            for secret in secrets_of(bot):
                assert secret not in slack.public(), "personal data in a channel"
                assert secret not in said, "personal data in the log"

    return starting


def secrets_of(bot: Bot) -> set[str]:
    """Return names, addresses, subjects and lines of text of everybody who wrote."""
    found: set[str] = set()
    for case in bot.cases:
        found |= {case.requester_name, case.requester_address, *case.opened.identifiers}
    for spool_id in bot.data.spool.ids("done"):
        entry = bot.data.spool.read(spool_id)
        message = slack_parse(entry.raw) if entry.envelope.door == "slack" else parse(entry.raw)
        found |= {message.subject, *message.text.splitlines()}
        found |= {attachment.name for attachment in message.attachments}
    return {secret for secret in found if len(secret) > LONG_ENOUGH}


@pytest.fixture
async def desk(start_both: Start) -> AsyncIterator[Bot]:
    async with start_both() as bot:
        yield bot


def answers(slack: FakeSlack, ts: str) -> list[dict[str, Any]]:
    """Return what the bot said in the thread of a relayed message."""
    return [m for m in slack.workspace.posts(INTAKE) if m.get("thread_ts") == ts]


def cards(slack: FakeSlack) -> list[dict[str, Any]]:
    return [m for m in tops(slack) if m["text"].startswith("DP-")]


def digests(slack: FakeSlack) -> list[dict[str, Any]]:
    return [m for m in tops(slack) if m["text"].startswith("*The privacy desk")]


def tops(slack: FakeSlack) -> list[dict[str, Any]]:
    return [m for m in slack.workspace.posts(STAFF) if m.get("thread_ts", m["ts"]) == m["ts"]]


def told(slack: FakeSlack, card: dict[str, Any]) -> str:
    """Return all that was said in a card's thread."""
    posts = slack.workspace.posts(STAFF)
    return "\n".join(m["text"] for m in posts if m.get("thread_ts") == card["ts"] != m["ts"])
