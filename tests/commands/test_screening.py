"""A marketing list of 100,000 rows is screened well within the time anybody waits for it."""

import csv
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.block_list import Entry, open_block_list
from store.folder import DataFolder
from tests.processes import BotProcess

ROWS = 100_000
LISTED = 10_000
SINCE = datetime(2026, 11, 27, tzinfo=UTC)
AT_MOST = (
    30.0  # seconds; with the machine to itself it takes 2.3 of the 10 that it may, start included
)
pytestmark = pytest.mark.slow


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BotProcess:
    """Return a data folder with people on its block-list: every tenth of the list to be screened."""
    bot = BotProcess(tmp_path)
    bot.write_settings()
    with monkeypatch.context() as quick, DataFolder(bot.data) as folder:
        quick.setattr(os, "fdatasync", lambda _fd: None)  # 20,000 times: not what is measured
        listed = open_block_list(folder.root, folder.casebook, ())
        for n in range(0, ROWS, ROWS // LISTED):
            digest = listed.digest(address(n))
            listed.add(Entry(digest=digest, scope="marketing", since=SINCE, by="ann"))
    return bot


def address(number: int) -> str:
    return f"somebody.or.other.{number}@mail{number % 7}.example"


@pytest.mark.parametrize("running", [True, False], ids=["a bot runs", "none runs"])
def test_a_hundred_thousand_rows_are_screened_in_time(
    bot: BotProcess, tmp_path: Path, *, running: bool
):
    path, out = tmp_path / "list.csv", tmp_path / "out.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "email"])
        writer.writerows([f"Nr {n}", address(n).title()] for n in range(ROWS))
    with bot:
        if running:
            bot.start()
        begun = time.perf_counter()
        done = bot.command("blocklist", "check", "--file", str(path), "--out", str(out))
        took = time.perf_counter() - begun
    print(f"{ROWS} rows against {LISTED} entries: {took:.2f} s")
    assert (
        done.stdout
        == f"{ROWS} rows: {ROWS // 10} blocked, {ROWS - ROWS // 10} not listed, 0 no address\n"
    )
    assert took < AT_MOST
    with out.open(newline="") as file:
        answers = [row["block_list"] for row in csv.DictReader(file)]
    assert [n for n, answer in enumerate(answers) if answer != "not listed"] == list(
        range(0, ROWS, 10)
    )
