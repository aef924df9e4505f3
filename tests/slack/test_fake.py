"""The fake is as strict as Slack's documentation says Slack is, seen through Slack's own library."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.fake import INTAKE, STAFF, FakeSlack
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(ack_within=0.05, post_every=0.0) as fake:
        yield fake


@pytest.fixture
async def web(fake: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(BOT_TOKEN, base_url=fake.url, session=session, retry_handlers=[])


def section(length: int, block_id: str = "") -> dict[str, Any]:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}}
    return block | {"block_id": block_id} if block_id else block


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"blocks": [section(3_001)]}, "invalid_blocks"),
        ({"blocks": [section(1)] * 51}, "invalid_blocks"),
        ({"blocks": [section(3_000)] * 5}, "msg_blocks_too_long"),
        ({"blocks": [section(1, "a"), section(1, "a")]}, "invalid_blocks"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "channel": "C0OTHER"}, "not_in_channel"),
        ({"text": "x", "channel": "C0NONE"}, "channel_not_found"),
        ({"text": "x", "thread_ts": "1.1"}, "thread_not_found"),
    ],
)
async def test_a_message_that_breaks_a_limit_is_refused(
    web: AsyncWebClient, arguments: dict[str, Any], code: str
):
    with pytest.raises(SlackApiError) as caught:
        await web.chat_postMessage(**{"channel": STAFF, "text": "x", **arguments})
    assert caught.value.response["error"] == code


async def test_what_is_within_the_limits_is_taken(web: AsyncWebClient):
    answer = await web.chat_postMessage(channel=STAFF, text="x", blocks=[section(3_000)] * 4)
    assert answer["ts"]


async def test_a_post_a_second_and_channel(fake: FakeSlack, web: AsyncWebClient):
    fake.api._post_every = 1.0
    await web.chat_postMessage(channel=STAFF, text="x")
    await web.chat_postMessage(channel=INTAKE, text="x")
    with pytest.raises(SlackApiError) as caught:
        await web.chat_postMessage(channel=STAFF, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"


async def test_tokens_and_scopes_are_asked_for(fake: FakeSlack, web: AsyncWebClient):
    for token, code in (("xoxb-other", "invalid_auth"), (APP_TOKEN, "not_allowed_token_type")):
        with pytest.raises(SlackApiError) as caught:
            await web.auth_test(token=token)
        assert caught.value.response["error"] == code
    fake.workspace.scopes.discard("groups:history")
    with pytest.raises(SlackApiError) as caught:
        await web.conversations_history(channel=STAFF)
    assert caught.value.response["error"] == "missing_scope"


async def test_a_trigger_is_good_once_and_for_three_seconds(fake: FakeSlack, web: AsyncWebClient):
    view = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [section(1)]}
    fresh, old = fake.api.trigger(), fake.api.trigger()
    fake.api.triggers[old] -= 3.1
    await web.views_open(trigger_id=fresh, view=view)
    for trigger, code in ((fresh, "exchanged_trigger_id"), (old, "expired_trigger_id")):
        with pytest.raises(SlackApiError) as caught:
            await web.views_open(trigger_id=trigger, view=view)
        assert caught.value.response["error"] == code


async def test_an_event_that_is_not_acked_arrives_four_times(fake: FakeSlack, web: AsyncWebClient):
    link = await web.apps_connections_open(app_token=APP_TOKEN)
    assert web.session is not None
    async with web.session.ws_connect(link["url"]) as wire:
        assert (await wire.receive_json())["type"] == "hello"
        fake.say("hello")
        frames = [await wire.receive_json() for _ in range(4)]
        assert [frame.get("retry_attempt", 0) for frame in frames] == [0, 1, 2, 3]
        assert len({frame["envelope_id"] for frame in frames}) == 1
        again = fake.event(type="message", channel=INTAKE, ts="1.1", text="x")
        await wire.send_json({"envelope_id": (await wire.receive_json())["envelope_id"]})
        await asyncio.wait_for(again.acked.wait(), 5)
        assert again.deliveries == 1


async def test_an_address_is_good_for_one_connection(web: AsyncWebClient):
    link = await web.apps_connections_open(app_token=APP_TOKEN)
    assert web.session is not None
    async with web.session.ws_connect(link["url"]):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await web.session.ws_connect(link["url"])
