"""Existing mail is taken in with its true receipt, once, with letters or without; beside a running bot or alone."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.command import CommandError
from bot.ingesting import found_files
from bot.lone_intake import take_in
from bot.views import View
from store.events import Unanswered
from store.folder import DataFolder
from tests.conftest import Bot, Sink, Start, configured, until
from tests.flow.letters import ACCESS, ERASURE, INVOICE, mail

RECEIVED = "from a by mx.acme.example; Mon, 2 Nov 2026 09:30:00 +0000"
RECEIVED_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ANN = mail(ACCESS, message_id="<ann@mail.example>", Received=RECEIVED)
BOB = mail(ERASURE, sender="bob@mail.example", message_id="<bob@mail.example>", Received=RECEIVED)
BILL = mail(INVOICE, sender="green@leaf.example", message_id="<i@leaf.example>", Received=RECEIVED)


def mbox(folder: Path) -> Path:
    path = folder / "old.mbox"
    line = "From ann@mail.example Tue Nov  3 09:30:00 2026\n"
    path.write_text("".join(f"{line}{one}\n" for one in (ANN, BOB, BILL)))
    return path


async def take(bot: Bot, *paths: Path, no_letters: bool = False) -> View:
    return await asyncio.to_thread(take_in, bot.config, found_files(paths), no_letters=no_letters)


async def test_a_running_bot_takes_it_in_and_acknowledges_from_the_true_day(
    bot: Bot, tmp_path: Path
):
    summary = await take(bot, mbox(tmp_path))
    assert summary == {
        "taken_in": 3, "copies": 0, "opened": 2, "other": 1, "cases": 2, "too_large": [],
    }  # fmt: skip
    await bot.settled()
    assert {case.opened.received_at for case in bot.cases} == {RECEIVED_AT}
    assert {case.opened.channel for case in bot.cases} == {"import"}
    assert len(bot.sink.letters) == 2
    assert "2 December 2026" in str(bot.sink.to("ann@mail.example")[0])


async def test_once_more_and_from_elsewhere_it_opens_nothing_and_writes_to_nobody(
    bot: Bot, tmp_path: Path
):
    await bot.send(ANN)
    single = tmp_path / "ann.eml"
    single.write_text(ANN)
    box = mbox(tmp_path)
    await take(bot, box)
    assert (await take(bot, box, single))["copies"] == 4
    await bot.settled()
    assert len(bot.cases) == 2
    assert len(bot.sink.letters) == 2
    (account,) = await bot.ask("reconcile")
    assert (account["accepted"], account["adds_up"]) == (8, True)


async def test_without_letters_the_cases_say_why_nobody_was_written_to(bot: Bot, tmp_path: Path):
    await take(bot, mbox(tmp_path), no_letters=True)
    await bot.settled()
    assert bot.sink.letters == []
    whys = {e.why for case in bot.cases for e in case.events if isinstance(e, Unanswered)}
    assert whys == {"it was taken in from existing mail, without letters"}


async def test_staff_are_not_told_of_each_old_case_as_if_it_were_new(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.backroom.WATCH_EVERY", 0.01)
    sam = {"name": "Sam", "email": "sam@acme.example"}
    async with start(staff=[sam], policy={"digest_hour": 23}) as bot:
        await take(bot, mbox(tmp_path))
        await bot.send(mail(ACCESS, sender="eve@mail.example"), sender="eve@mail.example")
        await until(lambda: len(bot.sink.to("sam@acme.example")) > 0)
        assert len(bot.sink.to("sam@acme.example")) == 1


async def test_what_is_too_large_is_left_out_and_named(start: Start, tmp_path: Path):
    async with start(mail={"max_bytes": 10_000}) as bot:
        path = tmp_path / "large.eml"
        path.write_text(mail("x " * 6_000))
        summary = await take(bot, path, mbox(tmp_path))
    assert summary["too_large"] == [str(path)]
    assert summary["taken_in"] == 3


def test_alone_it_takes_everything_in_and_the_letters_wait_for_the_bot(tmp_path: Path):
    config = configured(tmp_path, Sink(port=9), {})
    summary = take_in(config, [mbox(tmp_path)], no_letters=False)
    assert (summary["opened"], summary["other"]) == (2, 1)
    assert take_in(config, [mbox(tmp_path)], no_letters=False)["copies"] == 3
    with DataFolder(config.data.dir) as folder:
        assert len(folder.casebook.owed()) == 2
        assert folder.spool.pending() == []


def test_a_path_that_is_not_there_is_refused_before_anything_is_taken(tmp_path: Path):
    with pytest.raises(CommandError, match="no such file"):
        found_files([mbox(tmp_path), tmp_path / "nothing"])
