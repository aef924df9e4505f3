"""An auditor draws closed cases and gets a folder that proves itself, without this software."""

import hashlib
import smtplib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.letters import ACCESS, mail
from tests.processes import DESK, BotProcess

pytestmark = pytest.mark.slow

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """Three closed cases, and one that still runs."""
    with BotProcess(tmp_path_factory.mktemp("bot")) as running:
        running.start()
        with smtplib.SMTP("127.0.0.1", running.port) as wire:
            for number in range(4):
                sender = f"p{number}@mail.example"
                raw = mail(f"{ACCESS} {HOSTILE}", sender=sender).replace("\n", "\r\n")
                wire.sendmail(sender, [DESK], raw)
        running.wait_until_quiet(4)
        for case in running.ask("cases")[:3]:
            running.ask("close", case["ref"], "--outcome", "fulfilled", "--reasons", "by post")
        yield running
        assert running.stop() == 0


def test_a_draw_is_of_closed_cases_and_can_be_made_again(bot: BotProcess, tmp_path: Path):
    drawn = []
    for name in ("one", "two"):
        done = bot.command(
            "evidence", "--sample", "2", "--seed", "2026-q4", "--out", str(tmp_path / name)
        )
        assert done.returncode == 0, done.stderr
        drawn.append(sorted(path.name for path in (tmp_path / name).iterdir() if path.is_dir()))
    assert drawn[0] == drawn[1]
    states = {case["ref"]: case["state"] for case in bot.ask("cases")}
    assert [states[ref] for ref in drawn[0]] == ["closed", "closed"]
    noted = [entry["what"] for entry in bot.ask("audit") if "seed 2026-q4" in entry["what"]]
    assert len(noted) == 2
    assert all(ref in noted[0] for ref in drawn[0])


def test_a_pack_says_everything_and_its_files_are_what_was_received(
    bot: BotProcess, tmp_path: Path
):
    ref = bot.ask("cases")[0]["ref"]
    out = tmp_path / "pack"
    assert bot.command("evidence", ref, "--out", str(out)).returncode == 0
    page = (out / ref / "index.html").read_text()
    (case,) = bot.ask("cases", ref)
    due_on = case["requests"][0]["due_on"]
    for said in (*case["requests"][0]["working"], due_on, "by post", "everything, as evidence"):
        assert said in page
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    received = (out / ref / f"{ref}-1.eml").read_bytes()
    assert hashlib.sha256(received).hexdigest() in page
    letters = bot.ask("letters", ref)
    assert all(letter["id"] in page for letter in letters)
    done = subprocess.run(
        ["sha256sum", "--quiet", "-c", "manifest.sha256"], cwd=out, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stdout
    (proof,) = bot.ask("verify")
    assert proof["whole"]


def test_what_cannot_be_drawn_or_would_overwrite_is_refused(bot: BotProcess, tmp_path: Path):
    done = bot.command("evidence", "--sample", "9", "--seed", "x", "--out", str(tmp_path / "no"))
    assert done.returncode == 1
    assert "there are only 3 closed cases" in done.stderr
    assert not (tmp_path / "no").exists()
    assert (
        "is there already"
        in bot.command("evidence", "--sample", "1", "--out", str(tmp_path)).stderr
    )
    assert "name cases" in bot.command("evidence", "--out", str(tmp_path / "no")).stderr
