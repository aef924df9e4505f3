"""LMTP, for the mail server in front: a reply for each recipient, on a port or on a local socket."""

from pathlib import Path

import pytest

from tests.conftest import Start
from tests.flow.letters import ACCESS, mail
from tests.flow.wire import wire
from tests.ports import free_port

BODY = mail(ACCESS).replace("\n", "\r\n").encode()
MANY = ("dataprotection@acme.example", "dataprotection+x@acme.example")


@pytest.mark.parametrize("kind", ["port", "socket"])
async def test_each_recipient_gets_a_reply_and_the_message_is_one(
    start: Start, tmp_path: Path, kind: str
):
    where = f"127.0.0.1:{free_port()}" if kind == "port" else str(tmp_path / "lmtp.sock")
    async with start(mail={"lmtp_listen": where}) as bot:
        async with wire(bot, where) as talk:
            await talk.greet("LHLO front.example")
            assert (await talk.begin_data(*MANY)).startswith("354")
            talk.writer.write(BODY)
            replies = [await talk.say("\r\n."), await talk.reply()]
            assert [reply[:3] for reply in replies] == ["250", "250"]
            assert replies[0] == replies[1]
            assert (await talk.say("QUIT")).startswith("221")
        await bot.settled()
        (spool_id,) = bot.data.spool.ids("done")
        envelope = bot.data.spool.read(spool_id).envelope
        assert (envelope.door, envelope.rcpt_tos) == ("lmtp", MANY)
        assert len(bot.sink.letters) == 1


async def test_a_fault_of_ours_is_a_451_for_each_recipient(start: Start, tmp_path: Path):
    where = str(tmp_path / "lmtp.sock")
    async with start(mail={"lmtp_listen": where}) as bot, wire(bot, where) as talk:
        await talk.greet("LHLO front.example")
        await talk.begin_data(*MANY)
        incoming = bot.data.root / "spool" / "incoming"
        incoming.rename(incoming.with_name("away"))
        talk.writer.write(BODY)
        replies = [await talk.say("\r\n."), await talk.reply()]
        incoming.with_name("away").rename(incoming)
        assert [reply[:3] for reply in replies] == ["451", "451"]
        assert (await talk.say("NOOP")).startswith("250")


async def test_the_smtp_greeting_is_not_taken_there_and_the_lmtp_one_not_at_the_smtp_door(
    start: Start, tmp_path: Path
):
    where = str(tmp_path / "lmtp.sock")
    async with start(mail={"lmtp_listen": where}) as bot:
        async with wire(bot, where) as talk:
            await talk.reply()
            assert (await talk.say("EHLO x")).startswith("500")
            assert (await talk.say("HELO x")).startswith("500")
        async with wire(bot) as talk:
            await talk.reply()
            assert (await talk.say("LHLO x")).startswith("500")


async def test_a_socket_left_behind_does_not_keep_the_bot_from_starting(
    start: Start, tmp_path: Path
):
    where = str(tmp_path / "lmtp.sock")
    for _ in range(2):
        async with start(mail={"lmtp_listen": where}) as bot, wire(bot, where) as talk:
            assert (await talk.reply()).startswith("220")
