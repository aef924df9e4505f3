"""The mail door: what it takes, what it refuses, and what it says when the fault is ours."""

import asyncio
import smtplib
from collections.abc import Callable
from threading import Event
from typing import Any, TypeVar

import pytest

from bot.mail.door import TRY_LATER
from tests.conftest import DESK, Bot, Start, until
from tests.flow.letters import ACCESS, mail
from tests.flow.wire import wire

ONE = "<one@mail.example>"

Answer = TypeVar("Answer")


async def talk(bot: Bot, converse: Callable[[smtplib.SMTP], Answer]) -> Answer:
    """Hold one conversation at the mail door."""

    def conversation() -> Answer:
        host, _, port = bot.config.mail.listen.rpartition(":")
        with smtplib.SMTP(host, int(port), timeout=20) as wire:
            wire.ehlo()
            return converse(wire)

    return await asyncio.to_thread(conversation)


async def test_only_configured_recipients_are_accepted(bot: Bot):
    def converse(wire: smtplib.SMTP) -> list[int]:
        wire.mail("ann@mail.example")
        tried = (
            "someone@acme.example",
            "postmaster",
            DESK.upper(),
            "dataprotection+x@acme.example",
        )
        return [wire.rcpt(address)[0] for address in tried]

    assert await talk(bot, converse) == [550, 550, 250, 250]


async def test_a_local_part_alone_is_accepted_at_any_domain(start: Start):
    async with start(mail={"addresses": ["dataprotection@"]}) as bot:

        def converse(wire: smtplib.SMTP) -> list[int]:
            wire.mail("ann@mail.example")
            tried = (
                "dataprotection@one.example",
                "dataprotection@two.example",
                "sales@one.example",
            )
            return [wire.rcpt(address)[0] for address in tried]

        assert await talk(bot, converse) == [250, 250, 550]


async def test_the_size_limit_is_announced_and_kept(start: Start):
    async with start(mail={"max_bytes": 20_000}) as bot:

        def converse(wire: smtplib.SMTP) -> tuple[str, int, int]:
            announced = wire.esmtp_features["size"]
            at_mail = wire.mail("ann@mail.example", ["SIZE=20001"])[0]
            wire.mail("ann@mail.example")
            wire.rcpt(DESK)
            at_data = wire.data(b"Subject: large\r\n\r\n" + b"x" * 70 * 300 + b"\r\n")[0]
            return announced, at_mail, at_data

        assert await talk(bot, converse) == ("20000", 552, 552)
        assert bot.data.spool.pending() == []


async def test_the_null_sender_is_a_sender(bot: Bot):
    assert (await talk(bot, lambda wire: wire.mail("")))[0] == 250


async def test_a_malformed_path_is_refused(bot: Bot):
    reply = await talk(
        bot, lambda wire: wire.docmd("MAIL", "FROM:<" + "a" * 321 + "@mail.example>")
    )
    assert reply[0] // 100 == 5


async def test_a_line_far_over_the_limit_of_the_rfc_is_taken(bot: Bot):
    for length in (998, 1_001, 2_048, 65_535, 65_536, 65_537, 100_000, 3_000_000):
        await bot.send(mail(f"{ACCESS} {length}") + "x" * length)
    assert len(bot.cases) == 8
    sizes = [
        len(bot.data.spool.read(i).raw.rsplit(b"\r\n", 2)[1]) for i in bot.data.spool.ids("done")
    ]
    assert sizes == [998, 1_001, 2_048, 65_535, 65_536, 65_537, 100_000, 3_000_000]


async def test_a_fault_of_the_disk_is_a_451_without_detail_and_passes_by_itself(bot: Bot):
    incoming = bot.data.root / "spool" / "incoming"

    def converse(wire: smtplib.SMTP) -> tuple[int, bytes]:
        wire.mail("ann@mail.example")
        wire.rcpt(DESK)
        return wire.data(mail(ACCESS).encode())

    incoming.rename(incoming.with_name("away"))
    code, text = await talk(bot, converse)
    incoming.with_name("away").rename(incoming)
    assert code == 451
    assert b"incoming" not in text
    assert b"Error" not in text
    await bot.send(mail(ACCESS))
    assert len(bot.cases) == 1


async def test_after_a_fault_the_same_conversation_goes_on(bot: Bot):
    incoming = bot.data.root / "spool" / "incoming"

    def attempt(wire: smtplib.SMTP) -> int:
        wire.mail("ann@mail.example")
        wire.rcpt(DESK)
        return wire.data(mail(ACCESS).encode())[0]

    def converse(wire: smtplib.SMTP) -> list[int]:
        incoming.rename(incoming.with_name("away"))
        first = attempt(wire)
        incoming.with_name("away").rename(incoming)
        return [first, attempt(wire)]

    assert await talk(bot, converse) == [451, 250]
    await bot.settled()


async def test_what_is_accepted_is_kept_byte_for_byte(bot: Bot):
    raw = mail(ACCESS, message_id="<exact@mail.example>").encode() + b"\n.\n..dots \xff\xfe end"
    await bot.send(raw)
    (spool_id,) = bot.data.spool.ids("done")
    assert bot.data.spool.read(spool_id).raw == raw.replace(b"\n", b"\r\n") + b"\r\n"


async def test_nothing_the_door_says_names_the_software(bot: Bot):
    def converse(wire: smtplib.SMTP) -> bytes:
        said = [wire.docmd(c)[1] for c in ("EHLO x", "HELP", "HELP MAIL", "VRFY ann", "EXPN all")]
        return b" ".join([*said, wire.docmd("AUTH", "PLAIN AAAA")[1], wire.quit()[1]])

    said = (await talk(bot, converse)).lower()
    assert not [word for word in (b"python", b"aiosmtpd", b"intake", b"auth") if word in said]


async def test_the_greeting_names_what_is_configured_and_no_software(bot: Bot):
    def greeting() -> bytes:
        host, _, port = bot.config.mail.listen.rpartition(":")
        with smtplib.SMTP(timeout=20) as wire:
            return wire.connect(host, int(port))[1]

    assert await asyncio.to_thread(greeting) == b"mail.invalid ESMTP"


async def test_a_client_that_leaves_during_the_commit_has_handed_its_mail_over(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    committing, may_end = held_up(bot, monkeypatch)
    async with wire(bot) as talk_:
        await talk_.greet()
        await talk_.begin_data()
        talk_.writer.write(
            mail(ACCESS, message_id=ONE).replace("\n", "\r\n").encode() + b"\r\n.\r\n"
        )
        await asyncio.to_thread(committing.wait, 20)
    may_end.set()
    await until(lambda: bot.cases != [])
    await bot.send(mail(ACCESS, message_id=ONE))
    assert len(bot.cases) == 1
    assert len(bot.sink.letters) == 1


async def test_a_disk_that_hangs_is_a_451_in_time_and_what_it_stores_after_all_is_no_second_case(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.mail.door.COMMIT_SECONDS", 0.2)
    _, may_end = held_up(bot, monkeypatch)
    async with wire(bot) as talk_:
        await talk_.greet()
        await talk_.begin_data()
        talk_.writer.write(mail(ACCESS, message_id=ONE).replace("\n", "\r\n").encode())
        assert await talk_.say("\r\n.") == TRY_LATER
        may_end.set()
        assert (await talk_.say("NOOP")).startswith("250")
    monkeypatch.undo()
    await bot.send(mail(ACCESS, message_id=ONE))
    assert len(bot.data.spool.ids("done")) == 2
    assert len(bot.cases) == 1
    assert len(bot.sink.letters) == 1


def held_up(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """Let the disk take its time: the first event tells that it is at work, the second lets it end."""
    committing, may_end = Event(), Event()
    accept = bot.data.spool.accept

    def slowly(arrivals: Any) -> list[str]:
        committing.set()
        assert may_end.wait(20)
        return accept(arrivals)

    monkeypatch.setattr(bot.data.spool, "accept", slowly)
    return committing, may_end


async def test_a_client_that_leaves_after_the_last_dot_has_handed_its_mail_over(bot: Bot):
    host, _, port = bot.config.mail.listen.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = ["EHLO x", "MAIL FROM:<ann@mail.example>", f"RCPT TO:<{DESK}>", "DATA"]
    await reader.readline()
    for line in lines:
        writer.write(f"{line}\r\n".encode())
        while (await reader.readline())[3:4] == b"-":
            pass
    body = mail(ACCESS).replace("\n", "\r\n")
    writer.write(f"{body}\r\n.\r\n".encode())
    await writer.drain()
    writer.close()
    await until(lambda: bot.cases != [])
    await bot.settled()
    assert len(bot.sink.letters) == 1
