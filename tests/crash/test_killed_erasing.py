"""Killed anywhere in an erasure: the case is as it was, or gone from every place once the next look has ended it."""

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.control import own_login
from store.ledger import LEDGER
from tests.crash.erasing import as_it_was_or_erased, furnish
from tests.crash.test_killed_store import killed_everywhere
from tests.processes import ROOT, BotProcess

pytestmark = pytest.mark.crash
CASES = 60
KILLS = 20
STAFF = f'[[staff]]\nname = "Us"\nlogin = "{own_login()}"\nroles = ["lead"]\n'


def test_an_erasure_killed_at_every_call_leaves_the_case_or_nothing_of_it(tmp_path: Path):
    def prepare(folder: Path) -> None:
        furnish(folder / "data", 2)

    def check(folder: Path, promises: list[str]) -> None:
        gone = as_it_was_or_erased(folder / "data", 2)
        assert gone == 1 if promises else gone in {0, 1}

    calls = killed_everywhere("erasing", tmp_path, check, prepare)
    print(f"killed at each of {calls}")
    assert calls["unlink"] >= 2
    assert sum(calls.values()) > 20


def killed(bot: BotProcess, seconds: float) -> str:
    """Begin to erase, kill the process so long after its first change, and say where it was."""
    journal, ledger = bot.data / "casebook.journal", bot.data / LEDGER
    inode, size = journal.stat().st_ino, journal.stat().st_size
    command = [sys.executable, "-m", "bot", "retain", "--now", "--config", str(bot.settings)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet) as erasing:
        while journal.stat().st_size == size and erasing.poll() is None:
            pass
        try:
            erasing.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            erasing.kill()
        else:
            return "done"
    if ledger.exists():
        return "being said"
    if journal.stat().st_ino != inode:
        return "journal rewritten"
    begun = sum(b'"erasing:' in line for line in journal.read_bytes().splitlines())
    if begun < CASES:
        return "being decided"
    left = len(list((bot.data / "spool" / "done").iterdir()))
    return "in the spool and outbox" if left > 0 else "journal being rewritten"


def test_twenty_kills_at_random_leave_each_case_whole_or_gone(tmp_path: Path):
    chance = random.Random(20261122)
    stages: Counter[str] = Counter()
    for number in range(KILLS):
        bot = BotProcess(tmp_path / str(number), more=STAFF)
        bot.write_settings()
        furnish(bot.data, CASES)
        stages[killed(bot, chance.uniform(0, 1.2))] += 1
        as_it_was_or_erased(bot.data, CASES)
        assert bot.command("retain", "--now").returncode == 0
        assert as_it_was_or_erased(bot.data, CASES) == CASES
    print(f"kills by stage: {dict(stages)}")
    assert KILLS - stages["done"] >= KILLS / 4
