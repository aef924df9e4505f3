"""What the kernel was really told to make safe, before each promise; and where syncs are eaten, it shows.

The rest of the power-cut tests watch our own calls. Here every sync is seen at the kernel's door:
what was promised without it would be gone after a power cut. Under eatmydata, which swallows
syncs, the very same look must fail, or it would prove nothing.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.parts import part
from tests.processes import ROOT

CALLS = "trace=fsync,fdatasync,sync_file_range,write"
PROMISES = 5
SYNCED = re.compile(r"f(?:data)?sync\(\d+<(?P<path>[^>]+)>\) += 0$")
PROMISED = re.compile(r'write\(1<[^>]*>, "promised (?P<what>[^"]*)\\n"')


def unsafe_promises(folder: Path, *before: str) -> list[str]:
    """Run the steps of a spool, watched; return what was promised and would not outlive a power cut."""
    folder.mkdir()
    log = folder / "calls"
    command = [*before, sys.executable, "-m", "tests.crash.dying", "spool", str(folder), "1000000"]
    watch = [part("strace"), "-f", "-y", "-s", "1000", "-e", CALLS, "-o", str(log)]
    done = subprocess.run([*watch, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"strace cannot watch here: {done.stderr[-200:]}")
    return [promise for promise, synced in promises(log.read_text()) if not safe(promise, synced)]


def promises(log: str) -> list[tuple[str, set[str]]]:
    """Return each promise with the paths that were synced before it."""
    synced: set[str] = set()
    found = []
    for line in log.splitlines():
        if done := SYNCED.search(line):
            synced.add(done["path"])
        elif promise := PROMISED.search(line):
            found.append((promise["what"], set(synced)))
    assert len(found) == PROMISES, log[-2000:]
    return found


def safe(promise: str, synced: set[str]) -> bool:
    """Whether the bytes of every entry it names are safe, and the names of those that just came."""
    ids = promise.split()[1::2]
    names = {path.rpartition("/")[2] for path in synced}
    return names >= set(ids) and any(path.endswith("/spool/incoming") for path in synced)


def test_every_promise_of_the_spool_was_synced_before_as_the_kernel_saw_it(tmp_path: Path):
    assert unsafe_promises(tmp_path / "spool") == []


def test_where_syncs_are_eaten_no_promise_is_found_safe(tmp_path: Path):
    assert len(unsafe_promises(tmp_path / "spool", part("eatmydata"))) == PROMISES
