"""The database goes away and returns: mail is taken and waits, nothing is quarantined, work resumes alone."""

import asyncio
import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot import outcry
from store.postgres import database
from tests.conftest import Bot, Start, until
from tests.flow.letters import ACCESS, mail
from tests.ports import free_port
from tests.postgres import Server, new_server
from tests.processes import BotProcess


@pytest.fixture
def server() -> Iterator[Server]:
    server = new_server()
    yield server
    server.stop()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.5)


async def health(port: int) -> Any:
    def look() -> Any:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=15) as answer:
                return json.loads(answer.read())
        except HTTPError as unwell:
            with unwell:
                return json.loads(unwell.read())

    return await asyncio.to_thread(look)


async def hand_in(bot: Bot, count: int, sender: str) -> None:
    for number in range(count):
        raw = mail(ACCESS, sender=f"{sender}{number}@mail.example")
        await asyncio.to_thread(bot.hand_in, raw, "x@mail.example", "dataprotection@acme.example")


@pytest.mark.usefixtures("hasty")
async def test_mail_is_taken_while_the_casebook_is_away_and_dealt_with_when_it_returns(
    server: Server, start: Start, capsys: pytest.CaptureFixture[str]
):
    port = free_port()
    web, data = {"listen": f"127.0.0.1:{port}"}, {"casebook": server.schema()}
    async with start(web=web, data=data) as bot:
        await bot.send(mail(ACCESS))
        await asyncio.to_thread(server.stop)
        await hand_in(bot, 6, "while-away")
        said = await health(port)
        assert (said["status"], said["waiting"]) == ("trouble", 6)
        assert "the casebook is away" in said["reasons"]
        await until(lambda: "the casebook is away" in capsys.readouterr().out)
        await asyncio.to_thread(server.start)
        await until(lambda: not bot.data.spool.pending())
        await bot.settled()
        assert len(bot.cases) == 7
        assert bot.data.spool.ids("quarantine") == []
        assert len(bot.sink.letters) == 7
        assert (await health(port))["status"] == "ok"
        (account,) = await bot.ask("reconcile")
        assert account["adds_up"]
        assert account["accepted"] == 7
    said_later = capsys.readouterr().out
    assert "the casebook is away" not in said_later
    assert said_later.count("the casebook is back") == 1


@pytest.mark.slow
@pytest.mark.usefixtures("hasty")
async def test_staff_are_told_once_each_time_though_nothing_can_be_owed(
    server: Server, start: Start, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outcry, "PATIENCE", 0.2)
    monkeypatch.setattr(outcry, "LOOK", 0.05)
    sam = {"name": "Sam", "login": "sam", "email": "sam@acme.example"}
    settings = {"staff": [sam], "policy": {"digest_hour": 23}}
    async with start(data={"casebook": server.schema()}, **settings) as bot:
        for times in (1, 2):
            await asyncio.to_thread(server.stop)
            await hand_in(bot, 1, f"while-away-{times}-")  # whoever takes it in finds out
            await until(lambda times=times: len(told_of_it(bot)) == times)
            await asyncio.sleep(0.5)  # time to say it again
            assert len(told_of_it(bot)) == times
            await asyncio.to_thread(server.start)
            await until(lambda: not bot.data.spool.pending())
        assert "mail is taken and waits" in told_of_it(bot)[0].get_content()


def told_of_it(bot: Bot) -> list[EmailMessage]:
    mails = bot.sink.to("sam@acme.example")
    return [told for told in mails if "cannot be reached" in str(told["Subject"])]


@pytest.mark.usefixtures("hasty")
async def test_a_command_says_in_one_sentence_that_the_casebook_is_away(
    server: Server, start: Start
):
    async with start(data={"casebook": server.schema()}) as bot:
        await asyncio.to_thread(server.stop)
        with pytest.raises(Exception, match="the casebook's database cannot be reached"):
            await bot.ask("cases")


@pytest.mark.slow
def test_a_bot_that_starts_while_the_casebook_is_away_takes_mail_and_begins_when_it_returns(
    server: Server, tmp_path: Path
):
    url = server.schema()
    server.stop()
    with BotProcess(tmp_path, casebook=url) as bot:
        bot.start()
        with smtplib.SMTP("127.0.0.1", bot.port, timeout=10) as wire:
            raw = mail(ACCESS).replace("\n", "\r\n")
            wire.sendmail("ann@mail.example", ["dataprotection@acme.example"], raw)
        assert bot.stop() == 0
        bot.start()
        server.start()
        bot.wait_until_quiet(1)
        assert bot.command("reconcile").returncode == 0
        assert bot.stop() == 0
