"""Killed at every call that changes the disk: what was promised is there, and nothing is torn."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.checks import (
    Check,
    an_open_folder_with_all_of_it,
    as_it_was_or_one_further,
    each_save_whole_or_not_at_all,
    fill,
    in_the_place_last_promised,
    nothing,
    nothing_or_all_of_it,
    the_old_file_or_the_new,
    work,
)

pytestmark = pytest.mark.crash
PROJECT = Path(__file__).parents[2]


def run(steps: str, folder: Path, at: int) -> tuple[int, list[str]]:
    """Run the steps in a process killed at its call `at`; return its end and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.dying", steps, folder, str(at)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def promises(said: list[str]) -> list[str]:
    return [line.removeprefix("promised ") for line in said if line.startswith("promised ")]


def killed_everywhere(
    steps: str, tmp_path: Path, check: Check, prepare: Callable[[Path], None] = nothing
) -> dict[str, int]:
    """Kill the steps at each of their calls, check what is left, and return how many there were."""

    def attempt(at: int) -> tuple[int, list[str]]:
        folder = tmp_path / str(at)
        folder.mkdir()
        prepare(folder)
        return run(steps, folder, at)

    end, said = attempt(0)
    assert end == 0
    check(tmp_path / "0", promises(said))
    calls = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", said[-1])}
    points = range(1, sum(calls.values()) + 1)
    with ThreadPoolExecutor(2) as runs:
        for at, (end, said) in zip(points, runs.map(attempt, points), strict=True):
            assert end == -signal.SIGKILL
            check(tmp_path / str(at), promises(said))
    return {name: number for name, number in calls.items() if number}


def test_a_journal_killed_anywhere_holds_what_it_promised_and_no_half_of_anything(tmp_path: Path):
    check = as_it_was_or_one_further("journal", tmp_path / "live", nothing)
    calls = killed_everywhere("journal", tmp_path, check)
    assert calls == {"fdatasync": 8, "fsync": 2, "replace": 1, "unlink": 2, "write": 9}


def test_a_journal_killed_anywhere_while_it_is_rewritten_keeps_everything(tmp_path: Path):
    check = as_it_was_or_one_further("compaction", tmp_path / "live", fill)
    calls = killed_everywhere("compaction", tmp_path, check, fill)
    assert calls == {"fdatasync": 6, "fsync": 3, "replace": 1, "unlink": 2, "write": 8}


def test_a_casebook_killed_anywhere_has_each_case_with_its_dispositions_or_neither(tmp_path: Path):
    check = each_save_whole_or_not_at_all(tmp_path / "live")
    calls = killed_everywhere("casebook", tmp_path, check)
    assert calls == {"fdatasync": 6, "fsync": 2, "replace": 1, "unlink": 2, "write": 7}


def test_a_spool_killed_anywhere_has_what_it_promised_where_it_promised_it(tmp_path: Path):
    calls = killed_everywhere("spool", tmp_path, in_the_place_last_promised)
    assert calls == {"fsync": 10, "mkdir": 4, "rename": 4, "write": 8}


def test_a_data_folder_killed_anywhere_opens_again_with_what_it_promised(tmp_path: Path):
    calls = killed_everywhere("folder", tmp_path, an_open_folder_with_all_of_it)
    assert sum(calls.values()) >= 20
    assert calls["fdatasync"] == 1


def test_a_file_killed_anywhere_while_it_is_replaced_is_the_old_or_the_new(tmp_path: Path):
    calls = killed_everywhere("letter", tmp_path, the_old_file_or_the_new)
    assert calls == {"fsync": 6, "replace": 3, "unlink": 3, "write": 6}


def test_a_backup_and_a_restoring_killed_anywhere_leave_nothing_or_all_of_it(tmp_path: Path):
    calls = killed_everywhere("backup", tmp_path, nothing_or_all_of_it, work)
    assert calls["replace"] == 4
    assert calls["link"] == 1
    assert sum(calls.values()) > 30


def traced(steps: str, folder: Path, tmp_path: Path) -> list[str]:
    """Return the calls of the steps as the kernel saw them, promises among them."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    log = tmp_path / "calls"
    done = subprocess.run(
        [
            *("strace", "-f", "-y", "-s", "200", "-o", log),
            *("-e", "trace=openat,write,fsync,fdatasync"),
            *(sys.executable, "-m", "tests.crash.dying", steps, folder, "0"),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 and "PTRACE" in done.stderr.upper():
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    return log.read_text().splitlines()


def last(calls: list[str], pattern: str) -> int:
    """Return the place of the last call that matches, and that succeeded."""
    found = [n for n, call in enumerate(calls) if re.search(pattern, call) and " = -1 " not in call]
    assert found, f"no call like {pattern}"
    return found[-1]


def test_the_kernel_sees_every_file_and_then_the_directory_synced_before_the_promise(
    tmp_path: Path,
):
    (tmp_path / "s").mkdir()
    calls = traced("spool", tmp_path / "s", tmp_path)
    promise = last(calls, r"write\(1<.*promised incoming \S+ incoming \S+ incoming")
    spool_ids = re.findall(r"incoming (\S+-[0-9a-f]{8})", calls[promise])
    assert len(spool_ids) == 3
    batch = calls[:promise]
    synced_directory = last(batch, r"fsync\(\d+</[^>]*/incoming>\)")
    for spool_id in spool_ids:
        file = rf"\d+</[^>]*/incoming/{re.escape(spool_id)}>"
        created = last(batch, rf"openat\(.*/incoming/{re.escape(spool_id)}\", O_WRONLY\|O_CREAT")
        written = last(batch, rf"write\({file}")
        synced = last(batch, rf"fsync\({file}\)")
        assert created < written < synced < synced_directory


def test_the_kernel_sees_each_record_synced_before_its_promise(tmp_path: Path):
    (tmp_path / "j").mkdir()
    calls = traced("journal", tmp_path / "j", tmp_path)
    kinds = {
        r" write\(\d+<[^>]*/casebook\.journal>": "written",
        r" fdatasync\(\d+<[^>]*/casebook\.journal>\) = 0": "synced",
        r" write\(1<[^>]*>, \"promised": "promised",
    }
    seen = [name for call in calls for pattern, name in kinds.items() if re.search(pattern, call)]
    assert seen == ["written", "synced", "promised"] * 8
