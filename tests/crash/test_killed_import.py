"""The command that moves a casebook is killed again and again; given once more it goes on, and nothing is missing or double."""

import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.folder import DataFolder
from store.spool import Envelope
from tests.casebook.making import disposition, message, new_case
from tests.postgres import shared_server
from tests.processes import ROOT, BotProcess

CASES = 600
KILLS = 6


def furnish(bot: BotProcess) -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    envelope = Envelope(at, "ann@mail.example", ("desk@acme.example",))
    with DataFolder(bot.data) as folder:
        for number in range(CASES):
            (spool_id,) = folder.spool.accept([(envelope, b"%d\r\n" % number)])
            case = new_case(f"DP-2026-{number:06}").record(message(spool_id))
            end = disposition(spool_id, case.ref)
            folder.casebook.save(case, version=0, dispositions=[end])
            folder.spool.finish(spool_id)


def killed(bot: BotProcess, path: Path, seconds: float) -> int:
    """Begin an import and kill it; return how much has been taken in."""
    command = [sys.executable, "-m", "bot", "import", str(path), "--config", str(bot.settings)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as moving:
        try:
            moving.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            moving.kill()
    with DataFolder(bot.data, bot.casebook) as folder:
        ends = sum(1 for _ in folder.casebook.dispositions())
        return ends + sum(1 for _ in folder.casebook.cases())


@pytest.mark.crash
@pytest.mark.parametrize("kind", ["tinydb", "postgres"])
def test_an_import_that_is_killed_again_and_again_is_whole_in_the_end(tmp_path: Path, kind: str):
    chance = random.Random(20261122)
    url = kind if kind == "tinydb" else shared_server().schema()
    old, new = BotProcess(tmp_path / "old"), BotProcess(tmp_path / "new", casebook=url)
    for bot in (old, new):
        bot.write_settings()
    furnish(old)
    one, two = tmp_path / "one", tmp_path / "two"
    assert old.command("export", str(one)).returncode == 0
    patience, hits, taken_in = 0.6, 0, 0
    while hits < KILLS and taken_in < 2 * CASES:
        taken_in = killed(new, one, patience * chance.uniform(1, 1.5))
        hits += 0 < taken_in < 2 * CASES
        patience *= 1 if taken_in else 1.5  # it takes its time to begin
    assert new.command("import", str(one)).returncode == 0
    assert new.command("import", str(one)).returncode == 0
    assert new.command("export", str(two)).returncode == 0
    assert two.read_bytes() == one.read_bytes()
    assert new.command("reconcile").returncode == 0
    print(f"{kind}: {hits} imports were killed in the middle")
    assert hits
