"""Postfix in front, handing over by LMTP and carrying our letters: the usual place of the bot."""

import asyncio
import random
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from store.folder import DataFolder
from tests.conftest import DESK, Bot, Sink, Start, until
from tests.flow.letters import ACCESS, mail
from tests.peers.parts import part, run
from tests.peers.postfix import FRONT, Postfix
from tests.ports import free_port
from tests.processes import BotProcess, wait_for

MANY = 500


@pytest.fixture
def postfix(tmp_path: Path, sink: Sink) -> Iterator[Postfix]:
    with Postfix(tmp_path / "postfix", "acme.example", free_port(), sink.port) as running:
        yield running


def swaks(port: int, mail: str, folder: Path, *more: str, to: str = DESK) -> str:
    """Hand a mail in as a person with a command line does."""
    path = folder / "mail.eml"
    path.write_text(mail)
    server = ("--server", f"127.0.0.1:{port}", "--from", "ann@mail.example", "--to", to)
    return run(part("swaks"), *server, "--data", f"@{path}", *more)


def behind(postfix: Postfix) -> dict[str, dict[str, object]]:
    lmtp = {"lmtp_listen": f"127.0.0.1:{postfix.lmtp_port}", "trusted_hosts": [FRONT]}
    return {"mail": {**lmtp, "relay": f"smtp://127.0.0.1:{postfix.port}"}}


async def hand_in(bot: Bot, postfix: Postfix, text: str, folder: Path, count: int) -> None:
    await asyncio.to_thread(swaks, postfix.port, text, folder)
    await until(lambda: len(bot.data.spool.ids("done")) == count)
    await bot.settled()


async def test_a_request_comes_in_by_lmtp_and_its_acknowledgement_goes_out_the_same_way(
    start: Start, postfix: Postfix, sink: Sink, tmp_path: Path
):
    async with start(**behind(postfix)) as bot:
        bot.clock.turn(days=365)  # so that the stamp of the server in front is the earlier one
        await hand_in(bot, postfix, mail(ACCESS), tmp_path, 1)
        await until(lambda: len(sink.to("ann@mail.example")) == 1)
        case = bot.only_case
        entry = bot.data.spool.read(case.messages[0].spool_id)
    assert (entry.envelope.door, entry.envelope.mail_from) == ("lmtp", "ann@mail.example")
    stamped = entry.raw.split(b"\r\n\r\n")[0].split(b";")[1].split(b"\r\n")[0].decode().strip()
    assert case.opened.received_at == parsedate_to_datetime(stamped)


async def test_a_letter_that_cannot_arrive_comes_back_as_a_real_bounce_and_is_told(
    start: Start, postfix: Postfix, sink: Sink, tmp_path: Path
):
    sink.replies = ["550 5.1.1 there is nobody here by that name"]
    async with start(**behind(postfix)) as bot:
        await hand_in(bot, postfix, mail(ACCESS), tmp_path, 1)
        await until(lambda: len(bot.data.spool.ids("done")) == 2)
        (letter,) = bot.only_case.letters
        assert letter.status == "bounced"
        (account,) = await bot.ask("reconcile")
        assert account["ends"] == {"bounce": 1, "opened": 1, "quarantined": 0, "waiting": 0}
    assert len(sink.letters) == 0


@pytest.mark.slow
def test_of_500_mails_none_is_lost_or_doubled_though_the_bot_is_killed_under_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    chance = random.Random(20261122)
    lmtp_port = free_port()
    monkeypatch.setenv("PRIVACY_INTAKE_MAIL__LMTP_LISTEN", f"127.0.0.1:{lmtp_port}")
    with (
        Postfix(tmp_path / "postfix", "acme.example", lmtp_port, free_port()) as postfix,
        BotProcess(tmp_path / "bot") as bot,
    ):
        bot.start()
        source = (part("smtp-source"), "-s", "10", "-l", "3000", "-f", "ann@mail.example")
        run(*source, "-m", str(MANY), "-t", DESK, f"127.0.0.1:{postfix.port}")
        under_way = 0
        for _ in range(3):
            time.sleep(chance.uniform(0.2, 0.6))
            bot.kill()
            under_way += postfix.waiting()
            bot.start()
        wait_for(lambda: postfix.tried_again() == 0)
        wait_for(lambda: bot.ask("reconcile")[0]["ends"]["waiting"] == 0)
        assert bot.command("reconcile").returncode == 0
        assert bot.stop() == 0
    with DataFolder(bot.data) as folder:
        ends = list(folder.casebook.dispositions())
    assert under_way, "no kill came between"
    first = [end for end in ends if not end.why.startswith("a second copy")]
    assert len(first) == len({end.key for end in first}) == MANY
