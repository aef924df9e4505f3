"""Backup and restore as a person gives them: while the bot takes mail, and while none runs."""

import shutil
import smtplib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.flow.letters import ACCESS, mail
from tests.processes import DESK, BotProcess, wait_for


def send(bot: BotProcess, number: int) -> None:
    raw = mail(ACCESS, sender=f"p{number}@mail.example", message_id=f"<{number}@mail.example>")
    with smtplib.SMTP("127.0.0.1", bot.port, timeout=20) as wire:
        wire.sendmail(f"p{number}@mail.example", [DESK], raw.replace("\n", "\r\n"))


def restored(bot: BotProcess, backup: Path, into: Path) -> BotProcess:
    again = BotProcess(into)
    again.write_settings()
    done = bot.command("restore", str(backup), "--into", str(again.data))
    assert done.returncode == 0, done.stderr
    return again


@pytest.mark.slow
def test_taken_while_mail_flows_in_it_adds_up_and_goes_on_elsewhere(tmp_path: Path):
    with BotProcess(tmp_path / "bot") as bot, ThreadPoolExecutor(1) as sending:
        bot.start()
        flow = sending.map(lambda n: send(bot, n), range(60))
        wait_for(lambda: len(bot.ask("cases")) > 5)
        (summary,) = bot.ask("backup", str(tmp_path / "backup"))
        list(flow)
        wait_for(lambda: bot.ask("reconcile")[0]["ends"]["waiting"] == 0)
        assert bot.stop() == 0
        later = {case["ref"]: case for case in bot.ask("cases")}
    again = restored(bot, tmp_path / "backup", tmp_path / "again")
    cases = again.ask("cases")
    assert 5 < len(cases) == summary["cases"]
    (account,) = again.ask("reconcile")
    assert account["adds_up"]
    assert account["accepted"] == summary["messages"]
    for case in cases:
        assert case["requests"] == later[case["ref"]]["requests"]
        assert case["received_at"] == later[case["ref"]]["received_at"]
    with again:
        again.start()
        send(again, 1000)
        wait_for(lambda: again.ask("reconcile")[0]["ends"]["waiting"] == 0)
        (account,) = again.ask("reconcile")
        assert account["adds_up"]
        assert account["accepted"] == summary["messages"] + 1
        newest = max(int(case["ref"].rpartition("-")[2]) for case in again.ask("cases"))
        assert newest > 1000
        assert again.stop() == 0


@pytest.mark.slow
def test_with_no_bot_running_it_works_too_and_says_what_it_did(tmp_path: Path):
    with BotProcess(tmp_path / "bot") as bot:
        bot.start()
        send(bot, 1)
        wait_for(lambda: any((bot.data / "outgoing" / "new").glob("*")))
        assert bot.stop() == 0
    done = bot.command("backup", str(tmp_path / "backup"))
    assert done.returncode == 0
    assert "1 cases, 1 messages" in done.stdout
    again = restored(bot, tmp_path / "backup", tmp_path / "again")
    assert again.ask("cases") == bot.ask("cases")
    assert len(list((again.data / "outgoing" / "new").iterdir())) == 1


@pytest.mark.slow
def test_refusals_are_one_sentence(tmp_path: Path):
    bot = BotProcess(tmp_path / "bot")
    bot.write_settings()
    none = bot.command("backup", str(tmp_path / "backup"))
    assert (none.returncode, none.stderr.count("\n")) == (1, 1)
    assert not bot.data.exists()
    assert bot.ask("cases") == []
    assert bot.command("backup", str(tmp_path / "backup")).returncode == 0
    full = bot.command("restore", str(tmp_path / "backup"), "--into", str(bot.data))
    assert full.returncode == 1
    assert full.stderr == f"privacy-intake: {bot.data} is not empty: name a new folder\n"


@pytest.mark.slow
def test_after_damage_a_backup_and_the_messages_since_give_every_message_its_case(tmp_path: Path):
    with BotProcess(tmp_path / "bot") as bot:
        bot.start()
        send(bot, 1)
        wait_for(lambda: len(bot.ask("cases")) == 1)
        assert bot.command("backup", str(tmp_path / "backup")).returncode == 0
        send(bot, 2)
        wait_for(lambda: len(bot.ask("cases")) == 2)
        assert bot.stop() == 0
    journal = bot.data / "casebook.journal"
    journal.write_bytes(journal.read_bytes().replace(b"p1@mail", b"p9@mail"))
    refused = bot.command("run")
    assert refused.returncode == 1
    assert "restore the last backup" in refused.stderr
    again = restored(bot, tmp_path / "backup", tmp_path / "again")
    there = {found.name for found in (again.data / "spool").rglob("2*")}
    for message in (bot.data / "spool" / "done").iterdir():
        if message.name not in there:
            shutil.copy(message, again.data / "spool" / "incoming")
    with again:
        again.start()
        wait_for(lambda: len(again.ask("cases")) == 2)
        assert again.command("reconcile").returncode == 0
        assert again.stop() == 0
    people = {case["requester"]["address"] for case in again.ask("cases")}
    assert people == {"p1@mail.example", "p2@mail.example"}
