"""Erasing as people do it, with a bot of its own process: nothing tells whose it was, and no older state brings it back."""

import shutil
import smtplib
from pathlib import Path

import pytest

from bot.app import wall_clock
from bot.bench import Doing
from bot.config import load
from bot.control import own_login
from bot.setting import setting
from store.folder import DataFolder
from tests.flow.erased import NAMES, from_zebedee, places_that_tell
from tests.flow.letters import ACCESS, mail
from tests.processes import DESK, BotProcess, wait_for

STAFF = f"""
[[staff]]
name = "Us"
login = "{own_login()}"
roles = ["handler", "lead"]
[[staff]]
name = "Kim"
login = "kim"
roles = ["lead"]
[policy.retention]
undo_days = 0
"""


def send(bot: BotProcess, raw: str, sender: str = "zq@heron.example") -> None:
    with smtplib.SMTP("127.0.0.1", bot.port, timeout=20) as wire:
        wire.sendmail(sender, [DESK], raw.replace("\n", "\r\n"))


def confirm_as_kim(bot: BotProcess, ref: str) -> None:
    """Confirm an erasure as the second person, while no bot runs."""
    config = load(bot.settings)
    with DataFolder(config.data.dir) as folder:
        parts = setting(config, folder)
        parts.desk.confirm_erasure(ref, Doing(parts.people.who("kim"), wall_clock()))


def must(bot: BotProcess, *words: str) -> str:
    done = bot.command(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(bot: BotProcess, *words: str) -> str:
    done = bot.command(*words)
    assert done.returncode == 1, done.stdout
    return done.stderr


def with_two_cases(bot: BotProcess) -> tuple[str, str]:
    """Take mail in and work on Zebedee's case; return his reference and the other's. The bot runs on."""
    bot.start()
    send(bot, mail(ACCESS, sender="Bob Other <bob@else.example>"), "bob@else.example")
    bot.wait_until_quiet(1)
    other = bot.ask("cases")[0]["ref"]
    for _ in range(2):
        send(bot, from_zebedee(ACCESS).as_string())
    bot.wait_until_quiet(2)
    wait_for(lambda: bot.ask("reconcile")[0]["ends"]["waiting"] == 0)
    (ref,) = {case["ref"] for case in bot.ask("cases")} - {other}
    must(bot, "note", ref, "Zebedee Quillfeather rang")
    must(bot, "sort", ref, "unsubscribe")
    must(bot, "reply", ref, "Dear Zebedee Quillfeather, we have done it.")
    bot.wait_until_quiet(2)
    must(bot, "close", ref, "--outcome", "fulfilled")
    return ref, other


@pytest.mark.slow
def test_after_the_bot_has_erased_a_case_no_byte_tells_whose_it_was(tmp_path: Path):
    with BotProcess(tmp_path / "bot", more=STAFF) as bot:
        ref, other = with_two_cases(bot)
        before = bot.ask("cases", other)
        assert {word for _, word in places_that_tell(bot.data)} == set(NAMES)
        must(bot, "erase", ref, "--reason", "mistake")
        assert "somebody else must confirm" in refused(bot, "erase", ref, "--confirm")
        assert bot.stop() == 0
        confirm_as_kim(bot, ref)
        bot.start()
        wait_for(lambda: "erased on" in bot.command("cases", ref).stdout)
        assert places_that_tell(bot.data) == []
        (receipt,) = bot.ask("cases", ref)
        assert receipt["places"]["outgoing mails"] == receipt["places"]["letters"] == 2
        assert bot.ask("cases", other) == before
        assert bot.ask("reconcile")[0]["adds_up"]
        (checked,) = bot.ask("blocklist", "check", "Zq+x@heron.example")
        assert checked["blocked"]
        assert bot.stop() == 0
        assert places_that_tell(bot.data) == []


@pytest.mark.slow
def test_neither_a_backup_nor_an_export_from_before_brings_it_back(tmp_path: Path):
    with BotProcess(tmp_path / "bot", more=STAFF) as bot:
        ref, other = with_two_cases(bot)
        assert bot.stop() == 0
    must(bot, "backup", str(tmp_path / "backup"))
    must(bot, "export", str(tmp_path / "export"))
    must(bot, "erase", ref, "--reason", "mistake")
    confirm_as_kim(bot, ref)
    figures = bot.ask("report")
    assert f"{ref}" in must(bot, "retain", "--now")
    assert bot.ask("report") == figures

    again = BotProcess(tmp_path / "again", more=STAFF)
    again.write_settings()
    said = must(bot, "restore", str(tmp_path / "backup"), "--into", str(again.data))
    assert f"erased since then, and now again: {ref}" in said
    comes_without_it(again, ref, other)
    assert again.ask("report") == figures
    must(bot, "import", str(tmp_path / "export"))
    comes_without_it(bot, ref, other)

    moved = BotProcess(tmp_path / "moved", more=STAFF)
    moved.write_settings()
    moved.data.mkdir()
    shutil.copy(bot.data / "block-list.key", moved.data)
    ledger = str(bot.data / "erasures.jsonl")
    must(moved, "import", str(tmp_path / "export"), "--erasures", ledger)
    comes_without_it(moved, ref, other)


def comes_without_it(bot: BotProcess, ref: str, other: str) -> None:
    assert [case["ref"] for case in bot.ask("cases")] == [other]
    assert bot.ask("cases", ref)[0]["state"] == "erased"
    assert places_that_tell(bot.data) == []
    assert bot.ask("reconcile")[0]["adds_up"]
