"""The mailbox door on a real Dovecot: each message is one case, marked or moved once it is ours, never deleted."""

import asyncio
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import make_certificate
from tests.conftest import DESK, Bot, Start, until
from tests.flow.erased import KIM, NAMES, US, from_zebedee, places_that_tell, raw
from tests.flow.letters import ACCESS, ERASURE, mail
from tests.flow.test_erasing import decided
from tests.peers.dovecot import PASSWORD, USER, Dovecot
from tests.ports import free_port

ANN = mail(ACCESS, message_id="<ann@mail.example>")
BOB = mail(ERASURE, sender="bob@mail.example", message_id="<bob@mail.example>")
AT = '" 2-Nov-2026 10:30:00 +0100"'


@pytest.fixture
def dovecot(tmp_path: Path) -> Iterator[Dovecot]:
    with Dovecot(tmp_path / "dovecot") as running:
        yield running


def imap(dovecot: Dovecot, **more: Any) -> dict[str, Any]:
    at_home = {"host": "127.0.0.1", "port": dovecot.port, "tls": "none", "poll_seconds": 0.05}
    return {**at_home, "user": USER, "password": PASSWORD, **more}


async def taken(bot: Bot, count: int) -> None:
    await until(lambda: len(bot.data.spool.ids("done")) >= count)
    await bot.settled()


async def test_what_lies_and_what_arrives_becomes_a_case_from_the_day_the_mailbox_had_it(
    start: Start, dovecot: Dovecot
):
    dovecot.put(ANN, at=AT)
    async with start(imap=imap(dovecot)) as bot:
        await taken(bot, 1)
        await asyncio.to_thread(dovecot.put, BOB)
        await taken(bot, 2)
        assert bot.cases[0].opened.received_at == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
        assert len(bot.sink.to("ann@mail.example")) == len(bot.sink.to("bob@mail.example")) == 1
        assert bot.data.spool.read(bot.cases[0].messages[0].spool_id).envelope.door == "imap"
        await until(lambda: all(rb"\Seen" in flags for flags in dovecot.flags()))
    assert len(dovecot.flags()) == 2


async def test_what_was_taken_is_moved_where_that_is_asked_and_the_folder_is_made(
    start: Start, dovecot: Dovecot
):
    dovecot.put(ANN, BOB)
    async with start(imap=imap(dovecot, done="move:Taken & in")) as bot:
        await taken(bot, 2)
        await until(lambda: not dovecot.flags())
    assert len(dovecot.flags('"Taken &- in"')) == 2


async def test_after_the_folder_is_numbered_anew_no_case_is_doubled_and_nobody_hears_twice(
    start: Start, dovecot: Dovecot
):
    dovecot.put(ANN, BOB)
    async with start(imap=imap(dovecot)) as bot:
        await taken(bot, 2)
    dovecot.number_anew()
    async with start(imap=imap(dovecot)) as bot:
        await taken(bot, 4)
        await asyncio.to_thread(dovecot.put, mail(ACCESS, sender="eve@mail.example"))
        await taken(bot, 5)
        assert len(bot.cases) == 3
        assert len(bot.sink.letters) == 3
        assert (await bot.ask("reconcile"))[0]["adds_up"]


async def test_what_was_erased_does_not_come_back_from_a_folder_numbered_anew(
    start: Start, dovecot: Dovecot
):
    first = raw(from_zebedee(ACCESS))
    dovecot.put(first, BOB)
    async with start(imap=imap(dovecot), staff=[US, KIM]) as bot:
        await taken(bot, 2)
        (ref,) = (c.ref for c in bot.cases if c.opened.requester_address == "zq@heron.example")
        (told,) = bot.sink.to("zq@heron.example")
        second = from_zebedee(
            "Where is it?", "<z2@heron.example>", In_Reply_To=str(told["Message-ID"])
        )
        await asyncio.to_thread(dovecot.put, raw(second))
        await taken(bot, 3)
        assert [len(case.messages) for case in bot.cases if case.ref == ref] == [2]
        assert {word for _, word in places_that_tell(bot.data.root)} == set(NAMES)
        await bot.ask("close", ref=ref, outcome="fulfilled")
        await decided(bot, ref)
        bot.clock.turn(days=8)
        assert await bot.ask("retain_now") == [{"erased": ref}]
        (bobs,) = bot.cases
        letters = len(bot.sink.letters)
    dovecot.number_anew()
    async with start(imap=imap(dovecot), staff=[US, KIM]) as bot:
        await taken(bot, 4)  # two are erased, and come again with Bob's
        await asyncio.to_thread(dovecot.put, mail(ACCESS, sender="eve@mail.example"))
        await taken(bot, 5)
        assert [case.requester_address for case in bot.cases] == [
            "bob@mail.example",
            "eve@mail.example",
        ]
        assert bot.cases[0].events[: len(bobs.events)] == bobs.events
        assert len(bot.cases[0].messages) == 1
        assert [str(x["To"]) for x in bot.sink.letters[letters:] if "acme" not in str(x["To"])] == [
            "eve@mail.example"
        ]
        assert places_that_tell(bot.data.root) == []
        assert (await bot.ask("reconcile"))[0]["adds_up"]
        assert (await bot.ask("cases", ref=ref))[0]["state"] == "erased"
    assert len(dovecot.flags()) == 4


@pytest.mark.slow
async def test_a_restart_goes_on_where_it_was(start: Start, dovecot: Dovecot):
    dovecot.put(ANN)
    async with start(imap=imap(dovecot)) as bot:
        await taken(bot, 1)
    dovecot.put(BOB)
    async with start(imap=imap(dovecot)) as bot:
        await taken(bot, 2)
        assert len(bot.data.spool.ids("done")) == 2


async def test_whichever_ways_the_same_mail_comes_it_is_one_case_and_one_answer(
    start: Start, dovecot: Dovecot
):
    dovecot.put(ANN)
    lmtp = free_port()
    async with start(imap=imap(dovecot), mail={"lmtp_listen": f"127.0.0.1:{lmtp}"}) as bot:
        await taken(bot, 1)
        await bot.send(ANN)
        await bot.send(f"Received: by list.example; Fri, 27 Nov 2026 09:00:00 +0000\n{ANN}")
        await bot.send(
            ANN.replace("To: ", "Cc: all@acme.example\nTo: "), to=DESK.replace("@", "+x@")
        )
        await asyncio.to_thread(by_lmtp, lmtp)
        await taken(bot, 5)
        assert len(bot.only_case.messages) == 1
        assert len(bot.sink.letters) == 1


def by_lmtp(port: int) -> None:
    with smtplib.LMTP("127.0.0.1", port, timeout=10) as wire:
        wire.sendmail("ann@mail.example", [DESK], ANN.replace("\n", "\r\n"))


async def test_the_server_tells_what_comes_long_before_we_would_look(
    start: Start, dovecot: Dovecot
):
    async with start(imap=imap(dovecot, poll_seconds=600)) as bot:
        for number, one in enumerate((ANN, BOB), start=1):
            await asyncio.to_thread(dovecot.put, one)
            await taken(bot, number)
    assert len(dovecot.flags()) == 2


@pytest.mark.slow
async def test_a_connection_that_is_cut_while_we_listen_is_noticed(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.mail.mailbox_door.FIRST_WAIT", 0.05)
    dovecot = Dovecot(tmp_path / "dovecot")
    with dovecot:
        dovecot.put(ANN)
    async with start(imap=imap(dovecot, poll_seconds=600)) as bot:
        with dovecot:
            await taken(bot, 1)
        with dovecot:
            await asyncio.to_thread(dovecot.put, BOB)
            await taken(bot, 2)


async def test_where_the_server_cannot_tell_we_look(start: Start, tmp_path: Path):
    more = "protocol imap {\n  imap_capability = IMAP4rev1 LITERAL+\n}"
    with Dovecot(tmp_path / "dovecot", more=more) as dovecot:
        async with start(imap=imap(dovecot)) as bot:
            await asyncio.to_thread(dovecot.put, ANN)
            await taken(bot, 1)


@pytest.mark.slow
async def test_what_was_received_before_the_day_we_began_is_left_alone(
    start: Start, dovecot: Dovecot
):
    dovecot.put(ANN, at='" 2-Mar-2026 10:30:00 +0000"')
    dovecot.put(BOB, at=AT)
    async with start(imap=imap(dovecot, since="2026-11-01")) as bot:
        await taken(bot, 1)
        assert bot.only_case.opened.requester_address == "bob@mail.example"
    assert sum(rb"\Seen" in flags for flags in dovecot.flags()) == 1


@pytest.mark.slow
async def test_what_is_too_large_stays_and_is_told_until_somebody_opens_it(
    start: Start, dovecot: Dovecot
):
    dovecot.put(mail("x " * 6_000), ANN)
    async with start(imap=imap(dovecot), mail={"max_bytes": 10_000}) as bot:
        await taken(bot, 1)
        (kept,) = [bot.data.casebook.kept(f"imap {USER} 127.0.0.1 INBOX")]
        assert kept is not None
        assert (kept["uid"], kept["left"]) == ("2", "1")
        await asyncio.to_thread(open_all, dovecot)
        await until(
            lambda: (bot.data.casebook.kept(f"imap {USER} 127.0.0.1 INBOX") or {})["left"] == ""
        )
    assert len(dovecot.flags()) == 2


def open_all(dovecot: Dovecot) -> None:
    with dovecot.box("INBOX") as box:
        box.store("1:*", "+FLAGS", r"(\Seen)")


@pytest.mark.slow
async def test_when_the_server_goes_away_it_is_reached_again(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.mail.mailbox_door.FIRST_WAIT", 0.05)
    dovecot = Dovecot(tmp_path / "dovecot")
    with dovecot:
        dovecot.put(ANN)
    async with start(imap=imap(dovecot)) as bot:
        with dovecot:
            await taken(bot, 1)
        with dovecot:
            await asyncio.to_thread(dovecot.put, BOB)
            await taken(bot, 2)
            assert len(bot.cases) == 2


@pytest.mark.slow
async def test_what_could_not_be_stored_is_not_marked_and_comes_later(
    start: Start,
    dovecot: Dovecot,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("bot.mail.mailbox_door.FIRST_WAIT", 0.05)
    async with start(imap=imap(dovecot)) as bot:
        incoming = bot.data.root / "spool" / "incoming"
        incoming.rename(incoming.with_name("away"))
        await asyncio.to_thread(dovecot.put, ANN)
        await until(lambda: "into the mailbox failed" in capsys.readouterr().out)
        assert not any(rb"\Seen" in flags for flags in dovecot.flags())
        incoming.with_name("away").rename(incoming)
        await taken(bot, 1)
        await until(lambda: all(rb"\Seen" in flags for flags in dovecot.flags()))
        assert len(bot.cases) == 1


@pytest.mark.slow
async def test_a_wrong_password_is_trouble_and_no_secret_in_the_log(
    start: Start, dovecot: Dovecot, capsys: pytest.CaptureFixture[str]
):
    async with start(imap=imap(dovecot, password="wrong secret")) as bot:
        await until(lambda: "into the mailbox failed" in capsys.readouterr().out)
        assert bot.cases == []
    assert "wrong secret" not in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("tls", ["tls", "starttls"])
async def test_by_tls_the_server_must_show_a_certificate_that_holds(
    start: Start, tmp_path: Path, tls: str, capsys: pytest.CaptureFixture[str]
):
    shown = make_certificate(tmp_path)
    more = f"ssl = yes\nssl_cert = <{shown.certificate}\nssl_key = <{shown.key}"
    with Dovecot(tmp_path / "dovecot", more=more) as dovecot:
        dovecot.put(ANN)
        port = dovecot.tls_port if tls == "tls" else dovecot.port
        settings = imap(dovecot, tls=tls, host="localhost", port=port)
        async with start(imap=settings):
            await until(lambda: "into the mailbox failed" in capsys.readouterr().out)
        async with start(imap={**settings, "ca_file": shown.certificate}) as bot:
            await taken(bot, 1)
            assert len(bot.cases) == 1
