"""The commands as a person gives them, with the bot running and without."""

import json
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.spool import Envelope, Spool
from tests.flow.letters import ACCESS, COMPLAINT, INVOICE, mail
from tests.processes import DESK, BotProcess, wait_for


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with BotProcess(tmp_path_factory.mktemp("bot")) as running:
        running.start()
        with smtplib.SMTP("127.0.0.1", running.port) as wire:
            for text in (ACCESS, f"{ACCESS} {COMPLAINT}", INVOICE):
                raw = mail(text, subject="").replace("\n", "\r\n")
                wire.sendmail("ann@mail.example", [DESK], raw)
        wait_for(lambda: running.ask("reconcile")[0]["ends"]["waiting"] == 0)
        yield running
        assert running.stop() == 0


def test_cases_are_listed_one_value_a_line(bot: BotProcess):
    first = bot.ask("cases")[0]
    assert first["ref"] == "DP-2026-000001" or first["ref"].endswith("-000001")
    assert {"state", "received_at", "requester", "requests", "letters", "events"} <= first.keys()
    assert first["requests"][0]["right"] == "access"


def test_one_case_shows_its_dates_with_their_working(bot: BotProcess):
    ref = bot.ask("cases")[0]["ref"]
    shown = bot.command("cases", ref).stdout
    assert ref in shown
    assert "access: due" in shown
    assert "12A" in shown


def test_an_unknown_reference_is_refused_with_a_sentence(bot: BotProcess):
    done = bot.command("cases", "DP-1999-000001")
    assert done.returncode == 1
    assert done.stderr == "privacy-intake: there is no case DP-1999-000001\n"


def test_a_request_is_closed_once_and_the_second_is_told_who_was_first(bot: BotProcess):
    ref = next(case["ref"] for case in bot.ask("cases") if len(case["requests"]) == 1)
    closed = bot.ask("close", ref, "--outcome", "fulfilled", "--reasons", "sent by post")[0]
    assert closed["state"] == "closed"
    again = bot.command("close", ref, "--outcome", "fulfilled")
    assert again.returncode == 1
    assert "closed already" in again.stderr


def test_a_case_with_several_requests_wants_to_know_which(bot: BotProcess):
    several = next(case for case in bot.ask("cases") if len(case["requests"]) > 1)
    refused = bot.command("close", several["ref"], "--outcome", "fulfilled")
    assert refused.returncode == 1
    assert "--request" in refused.stderr


def test_an_unknown_outcome_is_wrong_usage(bot: BotProcess):
    assert bot.command("close", "DP-2026-000001", "--outcome", "maybe").returncode == 2


def test_reconcile_adds_up(bot: BotProcess):
    done = bot.command("reconcile")
    assert done.returncode == 0
    assert "it adds up" in done.stdout


def test_reconcile_finds_what_was_taken_away(bot: BotProcess):
    done = bot.data / "spool" / "done"
    taken = min(done.iterdir())
    away = taken.rename(bot.data / taken.name)
    found = bot.command("reconcile")
    away.rename(taken)
    assert found.returncode == 1
    assert taken.name in found.stdout


def test_a_second_bot_on_the_same_folder_is_refused_with_one_sentence(bot: BotProcess):
    second = bot.command("run")
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "another privacy-intake is at work" in second.stderr


def test_the_control_socket_is_for_its_own_user_alone(bot: BotProcess):
    assert (bot.data / "control.sock").stat().st_mode & 0o777 == 0o600


def test_the_log_holds_nothing_personal(bot: BotProcess):
    log = (bot.folder / "bot.log").read_text()
    assert "taken in" in log
    for private in ("ann@mail.example", "Ann", "copy of all"):
        assert private not in log


def test_a_command_given_while_the_bot_starts_waits_for_it(tmp_path: Path):
    with BotProcess(tmp_path) as starting:
        starting.start()  # its mail door is open by then, and little more
        assert starting.ask("reconcile")[0]["adds_up"]


def test_commands_work_without_a_bot_too(tmp_path: Path):
    alone = BotProcess(tmp_path)
    alone.start()
    with smtplib.SMTP("127.0.0.1", alone.port) as wire:
        wire.sendmail("ann@mail.example", [DESK], mail(ACCESS).replace("\n", "\r\n"))
    wait_for(lambda: len(alone.ask("cases")) == 1)
    assert alone.stop() == 0
    (case,) = alone.ask("cases")
    assert alone.ask("close", case["ref"], "--outcome", "withdrawn")[0]["state"] == "closed"
    assert alone.ask("cases", "--open") == []
    assert alone.command("reconcile").returncode == 0


@pytest.mark.slow
def test_a_quarantined_message_is_listed_and_retried(tmp_path: Path):
    bot = BotProcess(tmp_path)
    bot.write_settings()
    assert bot.ask("cases") == []
    spool = Spool(bot.data / "spool")
    envelope = Envelope(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), "ann@mail.example", (DESK,))
    (spool_id,) = spool.accept([(envelope, mail(ACCESS).encode())])
    spool.quarantine(spool_id)
    (listed,) = bot.ask("spool", "list")
    assert (listed["id"], listed["state"]) == (spool_id, "quarantined")
    bot.start()
    assert bot.ask("spool", "retry", spool_id) == [{"id": spool_id, "state": "waiting"}]
    wait_for(lambda: len(bot.ask("cases")) == 1)
    assert "all the personal data" in bot.command("spool", "show", spool_id).stdout
    assert bot.stop() == 0
    assert bot.command("spool", "retry", "nonsense").returncode == 1


@pytest.mark.slow
def test_a_damaged_message_is_listed_like_any_other(tmp_path: Path):
    bot = BotProcess(tmp_path)
    bot.write_settings()
    assert bot.ask("cases") == []
    spool = Spool(bot.data / "spool")
    envelope = Envelope(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), "ann@mail.example", (DESK,))
    (spool_id,) = spool.accept([(envelope, mail(ACCESS).encode())])
    spool.quarantine(spool_id)
    path = spool.path(spool_id)
    path.write_bytes(path.read_bytes().replace(b"personal", b"persona1"))
    (listed,) = bot.ask("spool", "list")
    assert (listed["id"], listed["accepted_at"]) == (spool_id, "2026-11-20T09:00:00+00:00")
    refused = bot.command("spool", "show", spool_id)
    assert refused.returncode == 1
    assert spool_id in refused.stderr


def test_due_explains_the_date_in_one_line(tmp_path: Path):
    bot = BotProcess(tmp_path)
    bot.write_settings()
    shown = bot.command("due", "access", "2026-11-27").stdout.splitlines()
    assert shown[0] == (
        "received Fri 27 Nov 2026; same date next month is Sun 27 Dec; not a working day; "
        "Mon 28 Dec is a bank holiday; due Tue 29 Dec 2026"
    )
    (value,) = bot.ask("due", "complaint", "2026-11-05")
    assert value["due"] == "2026-12-07"


def test_due_tells_what_a_pause_and_an_extension_would_do(tmp_path: Path):
    bot = BotProcess(tmp_path)
    bot.write_settings()
    asked = (
        "due",
        "access",
        "2026-11-27",
        "--if-paused-from",
        "2026-12-04",
        "--until",
        "2026-12-14",
    )
    (paused,) = bot.ask(*asked)
    (extended,) = bot.ask(*asked, "--if-extended")
    assert (paused["due"], paused["paused_days"]) == ("2027-01-07", 11)
    assert extended["due"] == "2027-03-10"


def test_due_reckons_a_file_of_rows_and_a_bad_row_does_not_stop_the_rest(tmp_path: Path):
    bot = BotProcess(tmp_path)
    bot.write_settings()
    row = {"id": "a", "right": "access", "received": "2026-11-27T16:40:00+00:00"}
    rows = tmp_path / "rows.json"
    rows.write_text(json.dumps({"cases": [row, {"id": "b", "right": "access"}, row | {"id": "c"}]}))
    first, bad, last = map(json.loads, bot.command("due", "--file", str(rows)).stdout.splitlines())
    assert first["due"] == last["due"] == "2026-12-29"
    assert bad["id"] == "b"
    assert bad["error"]


def test_classify_says_what_is_asked(tmp_path: Path):
    bot = BotProcess(tmp_path)
    bot.write_settings()
    (one,) = bot.ask("classify", ACCESS)
    assert one["labels"] == ["access"]
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps({"id": "a", "subject": "", "text": COMPLAINT}) + "\n")
    (read,) = map(json.loads, bot.command("classify", "--jsonl", str(lines)).stdout.splitlines())
    assert read["id"] == "a"
    assert "complaint" in read["labels"]
    lines.write_text("not json\n")
    refused = bot.command("classify", "--jsonl", str(lines))
    assert (refused.returncode, "line 1" in refused.stderr) == (1, True)


@pytest.mark.slow
def test_existing_mail_is_taken_in_and_looked_at_from_the_command_line(tmp_path: Path):
    bot = BotProcess(tmp_path)
    bot.write_settings()
    (tmp_path / "old.eml").write_text(mail(ACCESS))
    (summary,) = bot.ask("ingest", str(tmp_path / "old.eml"), "--no-letters")
    assert (summary["taken_in"], summary["opened"]) == (1, 1)
    (case,) = bot.ask("cases")
    (shown,) = bot.ask("show", case["ref"])
    assert shown["text"].strip() == ACCESS
    (saved,) = bot.ask("show", case["ref"], "--save", str(tmp_path / "out"))
    assert Path(saved["path"]).parent == tmp_path / "out"
    assert "messages, saved as files" in bot.command("cases", case["ref"]).stdout
