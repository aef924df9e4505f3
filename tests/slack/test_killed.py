"""The bot is killed while colleagues write; what was acked becomes one case with one answer and one card."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from store.folder import DataFolder
from tests.conftest import until
from tests.processes import BotProcess
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
