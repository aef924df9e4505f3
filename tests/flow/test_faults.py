"""Faults injected into a running bot: what was promised is kept, what was not is refused blandly, and work goes on."""

import asyncio
import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.mail.door import TRY_LATER
from store.folder import DataFolder
from store.spool import Spool
from tests.bench import processes as seen
from tests.conftest import DESK, Bot
from tests.flow.letters import ACCESS, mail
from tests.flow.test_bad_input import heavy
from tests.flow.wire import Wire, wire
from tests.processes import ROOT, BotProcess, wait_for

BODY = mail(ACCESS).replace("\n", "\r\n").encode()


def offer(port: int, raw: bytes, to: str = DESK) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        return client.sendmail("ann@mail.example", [to], raw)


@pytest.mark.parametrize(
    "error", [RuntimeError("secret words"), MemoryError("secret"), UnicodeError(), KeyError("x")]
)
async def test_whatever_breaks_behind_the_door_is_a_451_that_says_nothing(
    bot: Bot, error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def broken(*_: object) -> list[str]:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Spool, "accept", broken)
        async with wire(bot) as talk:
            await talk.greet()
            await talk.begin_data()
            talk.writer.write(BODY)
            assert await talk.say("\r\n.") == TRY_LATER
    logged = capsys.readouterr().out
    assert type(error).__name__ in logged
    assert "secret" not in logged
    await bot.send(BODY)
    assert len(bot.cases) == 1


@pytest.mark.slow
def test_a_log_that_nobody_reads_any_more_costs_no_mail(tmp_path: Path):
    with BotProcess(tmp_path) as bot:
        bot.write_settings()
        reading, writing = os.pipe()
        command = [sys.executable, "-m", "bot", "run", "--config", str(bot.settings)]
        bot.process = subprocess.Popen(command, stderr=writing, cwd=ROOT, start_new_session=True)
        os.close(writing)
        wait_for(lambda: seen.is_open(bot.port))
        os.close(reading)
        for _ in range(3):
            assert offer(bot.port, mail(ACCESS).replace("\n", "\r\n").encode()) == {}
        wait_for(lambda: len(list((bot.data / "outgoing" / "new").glob("*"))) == 2)
        assert bot.stop() == 0
    with DataFolder(bot.data) as folder:
        assert len(list(folder.casebook.cases())) == 3


async def test_mail_that_goes_round_in_a_circle_is_refused_and_a_long_way_is_not(bot: Bot):
    hop = b"Received: from a.example by b.example; Fri, 27 Nov 2026 09:00:00 +0000\r\n"
    quoted = BODY.replace(b"Hello", b"Hello\r\n" + hop * 60)
    await bot.send(hop * 50 + quoted)
    with pytest.raises(smtplib.SMTPDataError, match=r"5\.4\.6"):
        await bot.send(hop * 51 + BODY)
    assert len(bot.cases) == 1


def kill_who_reads(bot: BotProcess) -> set[int]:
    """Kill the workers that have begun to read; they give way to all others, by which they are known."""
    assert bot.process is not None
    killed = set()
    for pid in seen.session(bot.process.pid):
        with suppress(ProcessLookupError, FileNotFoundError, IndexError):
            if os.getpriority(os.PRIO_PROCESS, pid) == 5 and seen.cpu_seconds(pid) > 0.2:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
    return killed


@pytest.mark.slow
def test_a_mail_whose_reading_is_killed_again_and_again_is_a_case_and_the_next_is_read(
    tmp_path: Path,
):
    with BotProcess(tmp_path, more="[classify]\nworkers = 1\nseconds = 60\n") as bot:
        bot.start()
        offer(bot.port, heavy())
        killed = set[int]()
        while list((bot.data / "spool" / "incoming").iterdir()):
            killed |= kill_who_reads(bot)
        (shown,) = bot.ask("cases")
        assert len(killed) >= 2
        assert shown["state"] == "triage"
        flags = [e["flags"] for e in shown["events"] if e["kind"] == "message_received"]
        assert flags == [["unreadable: reading it ended the worker"]]
        offer(bot.port, BODY)
        wait_for(lambda: len(bot.ask("cases")) == 2)
        assert bot.stop() == 0


@asynccontextmanager
async def dialogues(bot: BotProcess, many: int) -> AsyncIterator[list[Wire]]:
    async with AsyncExitStack() as stack:
        talks = []
        for _ in range(many):
            reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
            stack.callback(writer.close)
            talks.append(Wire(reader, writer))
            await talks[-1].greet()
        yield talks


@pytest.mark.slow
async def test_at_the_stop_of_fifty_conversations_none_that_heard_250_is_lost(tmp_path: Path):
    with BotProcess(tmp_path) as bot:
        await asyncio.to_thread(bot.start)
        assert bot.process is not None
        async with dialogues(bot, 50) as talks:
            for number, talk in enumerate(talks[:25]):
                await talk.begin_data()
                raw = mail(ACCESS, message_id=f"<{number}@mail.example>").replace("\n", "\r\n")
                talk.writer.write(raw.encode())
            bot.process.send_signal(signal.SIGTERM)
            idle = await asyncio.gather(*(talk.hang_up() for talk in talks[25:]))
            promised = await asyncio.gather(*(talk.say("\r\n.") for talk in talks[:25]))
        assert await asyncio.to_thread(bot.process.wait, 60) == 0
    assert {said[:3] for said in idle} == {"421"}
    assert {said[:3] for said in promised} == {"250"}
    with DataFolder(bot.data) as folder:
        ends = {end.spool_id for end in folder.casebook.dispositions()}
        assert len(ends | set(folder.spool.pending())) == 25


@pytest.mark.parametrize(
    "date", ["Thu, 1 Jan 1970 00:00:00 +0000", "Fri, 1 Jan 2099 00:00:00 +0000", ""]
)
async def test_whatever_date_a_mail_bears_its_clock_starts_when_we_got_it(bot: Bot, date: str):
    await bot.send(mail(ACCESS, Date=date) if date else mail(ACCESS))
    (view,) = await bot.ask("cases")
    assert (view["received_on"], view["requests"][0]["due_on"]) == ("2026-11-27", "2026-12-29")


async def test_a_clock_that_jumps_back_doubles_nothing_and_forgets_nothing(bot: Bot):
    one = mail(ACCESS)
    await bot.send(one)
    bot.clock.turn(hours=-1)
    await bot.send(one, mail(ACCESS, sender="bob@mail.example"))
    assert len(bot.cases) == 2
    assert bot.cases[1].opened.received_at == datetime(2026, 11, 27, 15, 40, tzinfo=UTC).replace(
        microsecond=bot.cases[1].opened.received_at.microsecond
    )
    assert len(bot.sink.letters) == 2
    bot.clock.turn(hours=2)
    await bot.send(mail(ACCESS))
    status = [letter.owed.letter_kind for case in bot.cases for letter in case.letters]
    assert status == ["acknowledgement", "acknowledgement", "duplicate"]
