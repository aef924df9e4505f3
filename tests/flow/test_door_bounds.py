"""What one sender, and all of them together, may take of the door; and that the honest one is served."""

import asyncio
from contextlib import AsyncExitStack, suppress
from types import SimpleNamespace

import pytest

from bot.mail.door import TRY_LATER
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, mail
from tests.flow.wire import Wire, wire

BODY = mail(ACCESS).replace("\n", "\r\n").encode()


async def connected(
    bot: Bot, count: int, stack: AsyncExitStack, source: str = "127.0.0.1"
) -> list[Wire]:
    return [await stack.enter_async_context(wire(bot, source=source)) for _ in range(count)]


@pytest.mark.parametrize("limit", ["connections", "per_address"])
async def test_connections_over_the_cap_hear_421_and_room_comes_back(start: Start, limit: str):
    async with start(mail={"limits": {limit: 3}}) as bot, AsyncExitStack() as stack:
        inside = await connected(bot, 3, stack)
        assert all([(await talk.reply()).startswith("220") for talk in inside])
        (outside,) = await connected(bot, 1, stack)
        assert (await outside.hang_up()).startswith("421")
        await inside[0].say("QUIT")
        await inside[0].hang_up()
        await bot.send(mail(ACCESS))
        assert len(bot.cases) == 1


async def test_a_silent_client_is_sent_away(start: Start):
    async with start(mail={"limits": {"idle_seconds": 0.2}}) as bot, wire(bot) as talk:
        assert (await talk.reply()).startswith("220")
        assert (await talk.hang_up()).startswith("421")


async def test_a_client_that_dribbles_a_message_is_sent_away(start: Start):
    async with start(mail={"limits": {"transaction_seconds": 0.5}}) as bot, wire(bot) as talk:
        await talk.greet()
        assert (await talk.begin_data()).startswith("354")
        dribbling = asyncio.create_task(repeat(talk, b"x"))
        with suppress(
            ConnectionResetError
        ):  # what was not read any more may cost it our last words
            assert (await talk.hang_up()).startswith("421")
        dribbling.cancel()
        assert bot.data.spool.pending() == []


async def test_a_client_that_keeps_saying_nothing_of_use_is_sent_away(start: Start):
    async with start(mail={"limits": {"transaction_seconds": 0.5}}) as bot, wire(bot) as talk:
        await talk.greet()
        chattering = asyncio.create_task(repeat(talk, b"NOOP\r\n"))
        with suppress(ConnectionResetError):
            heard = (await talk.hang_up()).splitlines()
            assert len(heard) > 2
            assert heard[-1].startswith("421")
        chattering.cancel()


async def test_each_message_has_its_own_time(start: Start):
    async with start(mail={"limits": {"transaction_seconds": 1.0}}) as bot, wire(bot) as talk:
        await talk.greet()
        for _ in range(4):
            await asyncio.sleep(0.4)
            await talk.begin_data()
            talk.writer.write(BODY)
            assert (await talk.say("\r\n.")).startswith("250")


async def repeat(talk: Wire, what: bytes) -> None:
    while True:
        talk.writer.write(what)
        await asyncio.sleep(0.02)


async def test_too_many_errors_end_the_conversation_and_a_message_wipes_them_out(bot: Bot):
    async with wire(bot) as talk:
        await talk.greet()
        for _ in range(3):
            refused = [await talk.say("MAIL TO") for _ in range(19)]
            assert all(reply.startswith("501") for reply in refused)
            await talk.begin_data()
            talk.writer.write(BODY)
            assert (await talk.say("\r\n.")).startswith("250")
        for _ in range(20):
            await talk.say("RCPT TO:<x@x>")
        assert (await talk.hang_up()).startswith("421")


async def test_endless_commands_without_a_message_end_the_conversation(bot: Bot):
    async with wire(bot) as talk:
        await talk.greet()
        talk.writer.write(b"NOOP\r\n" * 2_000)
        heard = (await talk.hang_up()).splitlines()
        assert heard[-1].startswith("421")
        assert len(heard) <= 2_001


async def test_a_too_large_message_leaves_the_conversation_in_step(start: Start):
    async with start(mail={"max_bytes": 10_000}) as bot, wire(bot) as talk:
        await talk.greet()
        await talk.begin_data()
        talk.writer.write(b"x" * 200_000 + b"\r\n" + b"y\r\n" * 5_000)
        assert (await talk.say(".")).startswith("552")
        await talk.begin_data()
        talk.writer.write(BODY)
        assert (await talk.say("\r\n.")).startswith("250")


async def test_a_nearly_full_disk_is_a_452_before_the_message_and_passes_by_itself(
    start: Start, monkeypatch: pytest.MonkeyPatch
):
    free = [3 << 20]
    monkeypatch.setattr("bot.room.shutil.disk_usage", lambda _: SimpleNamespace(free=free[0]))
    monkeypatch.setattr("bot.room.FRESH", 0.0)
    async with start(data={"least_free_mb": 2}) as bot, wire(bot) as talk:
        await talk.greet()
        assert (await talk.say("MAIL FROM:<a@x> SIZE=1000000")).startswith("250")
        await talk.say("RSET")
        assert (await talk.say("MAIL FROM:<a@x> SIZE=2000000")).startswith("452 4.3.1")
        free[0] = 1 << 20
        assert (await talk.say("MAIL FROM:<a@x>")).startswith("452 4.3.1")
        free[0] = 3 << 20
        await talk.begin_data()
        talk.writer.write(BODY)
        assert (await talk.say("\r\n.")).startswith("250")


async def test_heavy_messages_wait_for_each_other_and_light_ones_for_nobody(
    start: Start, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.mail.crowd.HEAVY", 1)
    async with start() as bot, AsyncExitStack() as stack:
        first, second, third = await connected(bot, 3, stack)
        for talk in (first, second, third):
            await talk.greet()
            assert (await talk.begin_data()).startswith("354")
        first.writer.write(b"x" * (25 << 20))
        await first.writer.drain()  # far more is on the other side than the wire holds
        second.writer.write(BODY + b"x" * (3 << 20))
        waiting = asyncio.create_task(second.say("\r\n."))
        third.writer.write(BODY)
        assert (await third.say("\r\n.")).startswith("250")
        assert not waiting.done()
        first.writer.close()
        assert (await waiting).startswith("250")


async def test_a_disk_that_cannot_be_asked_is_a_451(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    def broken(_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("bot.room.shutil.disk_usage", broken)
    monkeypatch.setattr("bot.room.FRESH", 0.0)
    async with wire(bot) as talk:
        await talk.greet()
        assert await talk.say("MAIL FROM:<a@x>") == TRY_LATER
        assert (await talk.say("NOOP")).startswith("250")


async def test_at_the_stop_the_idle_hear_421_and_what_is_being_received_is_taken(start: Start):
    stack = AsyncExitStack()
    async with stack:
        async with start() as bot:
            idle, sending = await connected(bot, 2, stack)
            await idle.greet()
            await sending.greet()
            assert (await sending.begin_data()).startswith("354")
            told = asyncio.create_task(finish(idle, sending))
        assert await told == ("421", "250", "421")
        assert len(bot.data.spool.ids("incoming") + bot.data.spool.ids("done")) == 1


async def finish(idle: Wire, sending: Wire) -> tuple[str, str, str]:
    """Send the rest once the door is closing."""
    closing = await idle.hang_up()
    sending.writer.write(BODY)
    taken = await sending.say("\r\n.")
    return closing[:3], taken[:3], (await sending.hang_up())[:3]


async def test_a_balancer_says_whom_it_brings(start: Start):
    sections = {"proxy_protocol": True, "limits": {"per_address": 1}}
    async with start(mail=sections) as bot, wire(bot) as talk, wire(bot) as second:
        talk.writer.write(b"PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n")
        await talk.greet()
        second.writer.write(b"PROXY TCP4 192.0.2.7 192.0.2.1 4712 25\r\n")
        assert await second.hang_up() == ""
        await talk.begin_data()
        talk.writer.write(BODY)
        assert (await talk.say("\r\n.")).startswith("250")
        await bot.settled()
        (spool_id,) = bot.data.spool.ids("done")
        assert bot.data.spool.read(spool_id).envelope.peer == "192.0.2.7"


async def test_nobody_says_whom_he_brings_unless_a_balancer_is_configured(bot: Bot):
    async with wire(bot) as talk:
        await talk.reply()
        assert (await talk.say("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25")).startswith("500")


async def test_five_hundred_slow_clients_do_not_keep_an_honest_one_waiting(start: Start):
    limits = {"connections": 50, "per_address": 20}
    async with start(mail={"limits": limits}) as bot, AsyncExitStack() as stack:
        slow = await connected(bot, 500, stack, source="127.0.0.2")
        heard = [await talk.reader.read(3) for talk in slow]
        assert heard.count(b"220") == 20
        assert heard.count(b"421") == 480
        async with asyncio.timeout(2), wire(bot) as talk:
            await talk.greet()
            await talk.begin_data()
            talk.writer.write(BODY)
            assert (await talk.say("\r\n.")).startswith("250")
