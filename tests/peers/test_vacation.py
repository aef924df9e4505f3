"""A real vacation reply (Dovecot's sieve, RFC 5230): filed as automatic and never answered; and ours calls none forth."""

import asyncio
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.casebook import End
from tests.conftest import DESK, Bot, Start, until
from tests.flow.letters import ACCESS, mail
from tests.peers.dovecot import Dovecot
from tests.ports import free_port

ANN = "ann@mail.example"
AWAY = f'require "vacation"; vacation :days 1 :addresses "{ANN}" "I am away until Monday.";'
MORE = """
recipient_delimiter =
auth_username_format = %n
submission_host = 127.0.0.1:{port}
protocol lmtp {{
  mail_plugins = sieve
  postmaster_address = postmaster@mail.example
}}
plugin {{
  sieve = file:{root}/home/.dovecot.sieve
}}
"""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def dovecot(tmp_path: Path, port: int) -> Iterator[Dovecot]:
    root = tmp_path / "dovecot"
    with Dovecot(root, "imap lmtp", MORE.format(port=port, root=root)) as running:
        running.sieve(AWAY)
        yield running


def deliver(dovecot: Dovecot, raw: bytes, path: str = DESK) -> None:
    with smtplib.LMTP("127.0.0.1", dovecot.lmtp_port) as wire:
        assert wire.sendmail(path, [ANN], raw) == {}


async def delivered(bot: Bot, dovecot: Dovecot, raw: bytes) -> None:
    await asyncio.to_thread(deliver, dovecot, raw)
    await bot.settled()


async def test_its_reply_is_filed_and_not_answered(start: Start, dovecot: Dovecot, port: int):
    async with start(mail={"listen": f"127.0.0.1:{port}"}) as bot:
        by_hand = mail("We have your form.", sender=DESK, message_id="<hand@acme.example>")
        await delivered(bot, dovecot, by_hand.replace(DESK, ANN, 2).replace(ANN, DESK, 1).encode())
        await until(lambda: len(bot.data.spool.ids("done")) == 1)
        (filed,) = bot.data.casebook.dispositions()
        assert (filed.end, filed.ref) == (End.AUTOMATIC, "")
        assert b"I am away until Monday." in bot.data.spool.read(filed.spool_id).raw
        assert bot.cases == []
        assert bot.sink.letters == []


async def test_our_acknowledgement_calls_no_reply_forth(start: Start, dovecot: Dovecot, port: int):
    async with start(mail={"listen": f"127.0.0.1:{port}"}) as bot:
        await bot.send(mail(ACCESS))
        await delivered(bot, dovecot, bot.sink.raw[0])
        await until(
            lambda: "discarding vacation response" in dovecot.log or len(dovecot.flags()) == 1
        )
        await bot.settled()
        assert len(bot.data.spool.ids("done")) == 1
        assert len(bot.sink.letters) == 1
