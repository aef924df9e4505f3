"""Slack comes by HTTP: signed, durable before the 200, and nothing else changes."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.config import ConfigError, load
from bot.slack.entrance import PATH
from tests.conftest import Bot, Start, until
from tests.flow.letters import ACCESS, mail
from tests.ports import free_port
from tests.slack.by_http import SECRET, ByHttp, signed
from tests.slack.conftest import STAFF_LIST, answers, cards
from tests.slack.fake import INTAKE, LEE, SAM, FakeSlack, acked
from tests.slack.test_desk import choose, text
from tests.slack.test_relays import RELAY


@dataclass
class Reached:
    """A bot to which Slack comes."""

    bot: Bot
    slack: FakeSlack
    http: ByHttp


@pytest.fixture
async def reached(start: Start, slack: FakeSlack) -> AsyncIterator[Reached]:
    where = f"127.0.0.1:{free_port()}"
    settings = slack.settings(mode="http", listen=where, signing_secret=SECRET, app_token="")
    http = ByHttp(slack.workspace, f"http://{where}{PATH}", ack_within=1.0)
    slack.deliver = http.deliver
    async with start(slack=settings, staff=STAFF_LIST) as bot:
        await until(lambda: bot.data.casebook.kept("slack history") is not None)
        yield Reached(bot, slack, http)


async def test_a_relayed_request_is_answered_and_worked(reached: Reached):
    slack = reached.slack
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)) and bool(cards(slack)))
    ref = reached.bot.only_case.ref
    await acked(slack.press("claim", ref, user=SAM))
    assert reached.bot.only_case.owner == "sam"
    view = await choose(slack, "note", ref)
    assert await acked(slack.submit(view, {"text": text("rang back")}, user=SAM)) == {}
    assert ref in (await acked(slack.command("list", user=SAM)))["text"]
    assert not slack.sockets.connections


async def test_what_comes_four_times_is_one_case(reached: Reached):
    reached.http.doubling = 3
    ts = reached.slack.say(RELAY)
    await until(lambda: bool(answers(reached.slack, ts)))
    await until(lambda: len(list(reached.bot.data.casebook.dispositions())) == 4)
    assert len(reached.bot.cases) == 1


@pytest.mark.parametrize(("secret", "age"), [("another", 0), (SECRET, 301), (SECRET, -301)])
async def test_a_signature_that_is_wrong_or_old_is_refused(reached: Reached, secret: str, age: int):
    event = {"type": "message", "channel": INTAKE, "user": "U0LEE", "ts": "1.1", "text": RELAY}
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": event})
    headers = {"Content-Type": "application/json", **signed(body, secret, age)}
    status, _ = await reached.http.post(body, headers)
    assert status == 401
    status, _ = await reached.http.post(body, {"Content-Type": "application/json"})
    assert status == 401
    assert not reached.bot.data.spool.pending()
    assert not list(reached.bot.data.casebook.dispositions())


async def test_slack_verifies_the_address(reached: Reached):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"})
    headers = {"Content-Type": "application/json", **signed(body)}
    status, said = await reached.http.post(body, headers)
    assert (status, json.loads(said)) == (200, {"challenge": "3eZbrw1aB"})


async def test_there_is_no_200_before_the_disk_has_it(
    reached: Reached, monkeypatch: pytest.MonkeyPatch
):
    spool = reached.bot.data.spool
    whole = spool.accept

    def refuse(_arrivals: object) -> list[str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "accept", refuse)
    written = reached.slack.workspace.put(INTAKE, user=LEE, text=RELAY)
    envelope = reached.slack.event(**written, channel=INTAKE, channel_type="channel")
    await until(lambda: envelope.deliveries == 4)
    assert not envelope.acked.is_set()
    monkeypatch.setattr(spool, "accept", whole)
    await acked(reached.slack.event(**written, channel=INTAKE, channel_type="channel"))
    await until(lambda: bool(answers(reached.slack, written["ts"])))


@pytest.mark.slow
async def test_a_slow_slack_delays_no_ack_beyond_its_time(reached: Reached):
    """Who may act is asked of Slack; where it does not say, whoever clicked hears that in time."""
    await reached.bot.send(mail(ACCESS))
    await until(lambda: bool(cards(reached.slack)))
    reached.slack.api.slow = 5.0
    http = ByHttp(reached.slack.workspace, reached.http._url, ack_within=3.0)
    reached.slack.deliver = http.deliver
    said = await acked(reached.slack.command("list", user=SAM))
    assert "try again" in said["text"]


@pytest.mark.parametrize(("mode", "missing"), [("http", "signing_secret"), ("socket", "app_token")])
def test_each_mode_needs_a_secret_of_its_own(tmp_path: Path, mode: str, missing: str):
    path = tmp_path / "privacy-intake.toml"
    path.write_text(f'[slack]\nenabled = true\nmode = "{mode}"\nintake_channel = "C0INTAKE"\n')
    with pytest.raises(ConfigError, match=f"slack.{missing}"):
        load(path, {"PRIVACY_INTAKE_SLACK__BOT_TOKEN": "xoxb-1"})
