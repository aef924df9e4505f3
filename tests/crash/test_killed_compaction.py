"""Killed sixty times while three threads save and the journal is rewritten beside them: nothing promised is lost."""

import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from store.embedded import EmbeddedCasebook
from store.files import partial_of

PROJECT = Path(__file__).parents[2]
KILLS = 60


def killed_after(folder: Path, promises: int) -> list[str]:
    """Let a process save, kill it once it has promised so much, and return all it promised."""
    said: list[str] = []
    command = [sys.executable, "-m", "tests.crash.busy", folder]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if len(said) == promises:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return [line for line in said if line.endswith("\n")]


def stage_of(path: Path, inode: int) -> str:
    """Say where the rewriting was when the process died."""
    partial = partial_of(path)
    if partial.exists():
        return "written, not in place" if partial.stat().st_size else "reading what is current"
    return "in place" if path.stat().st_ino != inode else "not begun"


@pytest.mark.crash
def test_sixty_kills_amid_saves_and_rewritings_cost_nothing_that_was_promised(tmp_path: Path):
    chance = random.Random(20261123)
    path = tmp_path / "casebook.journal"
    EmbeddedCasebook(path).close()
    versions: dict[str, int] = {}
    stages: Counter[str] = Counter()
    for _ in range(KILLS):
        inode = path.stat().st_ino
        for line in killed_after(tmp_path, chance.randrange(20, 120)):
            ref, version = line.split()
            versions[ref] = max(versions.get(ref, 0), int(version))
        stages[stage_of(path, inode)] += 1
        check(path, versions)
    print(f"kills by stage of the rewriting: {dict(stages)}")
    assert stages["written, not in place"] + stages["reading what is current"] >= KILLS / 3


def check(path: Path, versions: dict[str, int]) -> None:
    """Find every promise kept; what was saved beyond the last of them is where the next round begins."""
    book = EmbeddedCasebook(path)
    for ref, version in list(versions.items()):
        case = book.get(ref)
        assert case is not None
        assert version <= len(case.events) <= version + 1
        ends = {end.spool_id for end in map(book.disposition, names(ref, version)) if end}
        assert ends == set(names(ref, version))
        versions[ref] = len(case.events)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    book.close()


def names(ref: str, version: int) -> list[str]:
    """Return the dispositions that were saved with a case up to a version; it opens with four events."""
    return [f"{ref}.{events}" for events in (0, *range(4, version))]
