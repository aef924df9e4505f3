"""A mail the bot sends itself: missed when it does not come home, and no trouble to anybody when it does."""

from pathlib import Path
from typing import Any

import pytest

from bot.canary import Canary
from store.casebook import End
from tests.conftest import DESK, Bot, Start, until
from tests.flow.test_health import reasons
from tests.ports import free_port
from tests.processes import BotProcess, wait_for

MISSED = "the mail the bot sends itself has not come back"


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    monkeypatch.setattr("bot.backroom.WATCH_EVERY", 0.01)
    return {
        "mail": {"canary_minutes": 60},
        "web": {"listen": f"127.0.0.1:{free_port()}"},
        "policy": {"digest_hour": 0},
    }


async def bring_home(bot: Bot) -> None:
    await until(lambda: len(bot.sink.to(DESK)) > 0)
    both = zip(bot.sink.raw, bot.sink.letters, strict=True)  # staff get mail meanwhile
    await bot.send([raw for raw, letter in both if letter["To"] == DESK][-1])


async def test_one_that_comes_home_is_filed_as_automatic_and_on_no_list(
    start: Start, often: dict[str, dict[str, Any]]
):
    sam = {"name": "Sam", "email": "sam@acme.example"}
    async with start(**often, staff=[sam]) as bot:
        await bring_home(bot)
        (home,) = bot.data.casebook.dispositions()
        assert home.end is End.AUTOMATIC
        bot.clock.turn(minutes=20)
        assert await reasons(bot) == []
        bot.clock.turn(days=3)
        await until(lambda: any("Privacy desk" in str(m["Subject"]) for m in bot.sink.letters[2:]))
        assert not any("Filed without" in str(letter["Subject"]) for letter in bot.sink.letters)


async def test_one_that_does_not_come_home_is_missed_until_a_later_one_does(
    start: Start, often: dict[str, dict[str, Any]]
):
    async with start(**often) as bot:
        await until(lambda: len(bot.sink.to(DESK)) == 1)
        assert await reasons(bot) == []
        bot.clock.turn(minutes=16)
        assert await reasons(bot) == [MISSED]
        bot.clock.turn(minutes=46)
        await until(lambda: len(bot.sink.to(DESK)) == 2)
        assert await reasons(bot) == [MISSED]
        await bring_home(bot)
        assert await reasons(bot) == []


@pytest.mark.slow
@pytest.mark.parametrize("comes", [True, False])
def test_check_waits_for_one_on_the_way_that_replies_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, comes: bool
):
    monkeypatch.setenv("PRIVACY_INTAKE_MAIL__REPLY_ADDRESS", "plus")
    with BotProcess(tmp_path) as bot:
        if comes:
            bot.relay = f"smtp://127.0.0.1:{bot.port}"  # what it sends comes in at its own door
        bot.start()
        wait_for((bot.data / "control.sock").exists)  # mail is taken before commands are
        done = bot.command("check", "--canary", "30" if comes else "0.5")
        said = " ".join((done.stdout + done.stderr).split())
        assert done.returncode == (0 if comes else 1), said
        way = "dataprotection+canary@acme.example"
        assert f"{way} has come home" in said if comes else f"{way} did not come home" in said
        assert bot.ask("cases") == []
    done = bot.command("check", "--canary", "1")
    assert done.returncode == 1
    assert "it is not running" in done.stderr


async def test_none_is_sent_unless_asked_for(bot: Bot):
    canary = Canary(bot.data.casebook, bot.config.mail)
    assert canary.fly(bot.clock.now()) == []
    assert canary.missing_since(bot.clock.now()) is None


async def test_a_forged_one_does_not_stand_for_ours(start: Start, often: dict[str, dict[str, Any]]):
    async with start(**often) as bot:
        await until(lambda: len(bot.sink.to(DESK)) == 1)
        forged = bot.sink.raw[-1].replace(b"<canary.", b"<canary.0")
        await bot.send(forged)
        bot.clock.turn(minutes=16)
        assert await reasons(bot) == [MISSED]
