"""The bot is killed while colleagues write; what was acked becomes one case with one answer and one card."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from store.folder import DataFolder
from tests.conftest import until
from tests.postgres import shared_server
from tests.processes import BotProcess, wait_for
from tests.slack.conftest import answers, cards
from tests.slack.fake import INTAKE, STAFF, FakeSlack, acked
from tests.slack.test_relays import RELAY
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN

KILLS = 8


def settings(slack: FakeSlack, folder: Path) -> str:
    (folder / "bot_token").write_text(BOT_TOKEN)
    (folder / "app_token").write_text(APP_TOKEN)
    return (
        f'[slack]\nenabled = true\napi_url = "{slack.url}"\nintake_channel = "{INTAKE}"\n'
        f'staff_channel = "{STAFF}"\nbot_token_file = "{folder}/bot_token"\n'
        f'app_token_file = "{folder}/app_token"\n'
    )


@pytest.mark.crash
async def test_what_was_acked_survives_kills_and_is_answered_once(tmp_path: Path):
    chance = random.Random(20261122)
    async with FakeSlack(post_every=0.9) as slack:
        with BotProcess(tmp_path / "bot", more=settings(slack, tmp_path)) as bot:
            await asyncio.to_thread(bot.start)
            await until(slack.sockets.connected.is_set)
            await until(lambda: any(m == "conversations.history" for m, _ in slack.api.calls))
            written = []
            for number in range(KILLS):
                written.append(slack.say(f"{RELAY}, caller {number}"))
                envelopes = list(slack.sockets._envelopes.values())
                await acked(envelopes[-1])
                await asyncio.sleep(chance.uniform(0, 0.4))
                bot.kill()
                await until(lambda: not slack.sockets.connected.is_set())
                await asyncio.to_thread(bot.start)
                await until(slack.sockets.connected.is_set)
            await until(lambda: all(answers(slack, ts) for ts in written))
            await until(lambda: len(cards(slack)) >= KILLS)
            await asyncio.sleep(2.5)  # whatever would be doubled has its time
            assert bot.stop() == 0
    assert Counter(len(answers(slack, ts)) for ts in written) == {1: KILLS}
    assert len(cards(slack)) == KILLS
    with DataFolder(tmp_path / "bot" / "data") as folder:
        assert len(list(folder.casebook.cases())) == KILLS


@pytest.mark.crash
async def test_of_two_bots_either_is_killed_and_each_message_is_answered_once(tmp_path: Path):
    chance = random.Random(20261123)
    url = shared_server().schema()
    async with FakeSlack(post_every=0.9) as slack:
        more = settings(slack, tmp_path)
        bots = [
            BotProcess(tmp_path / name, more=more, casebook=url, keyring=tmp_path / "keys")
            for name in ("one", "two")
        ]
        with bots[0], bots[1]:
            for bot in bots:
                await asyncio.to_thread(bot.start)
            await until(lambda: slack.sockets.connections == 2)
            written = []
            for number in range(KILLS):
                written.append(slack.say(f"{RELAY}, caller {number}"))
                await acked(list(slack.sockets._envelopes.values())[-1])
                await asyncio.sleep(chance.uniform(0, 0.8))
                bot = chance.choice(bots)
                before = slack.sockets.connections
                bot.kill()
                await asyncio.to_thread(bot.start)
                await until(lambda: slack.sockets.connections > before)  # noqa: B023  (waited for)
            bots[0].kill()
            await until(lambda: len(slack.sockets._open) == 1)
            written.append(slack.say(f"{RELAY}, the last caller"))
            await asyncio.to_thread(
                wait_for, lambda: all(answers(slack, ts) for ts in written[-1:])
            )
            await asyncio.to_thread(bots[0].start)
            await asyncio.to_thread(wait_for, lambda: all(answers(slack, ts) for ts in written))
            await asyncio.to_thread(wait_for, lambda: len(cards(slack)) > KILLS)
            await asyncio.sleep(2.5)  # whatever would be doubled has its time
    assert Counter(len(answers(slack, ts)) for ts in written) == {1: KILLS + 1}
    assert len(cards(slack)) == len({card["text"][:14] for card in cards(slack)}) == KILLS + 1
