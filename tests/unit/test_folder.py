"""One process at a time works on a data folder; whoever is killed leaves it free."""

import errno
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.folder import DataFolder, InUseError
from store.journal import JournalError
from store.refused import RefusedError
from store.spool import Envelope

PROJECT = Path(__file__).parents[2]
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HOLDER = """
import sys
from pathlib import Path
from store.folder import DataFolder

with DataFolder(Path(sys.argv[1])):
    print("holding", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_another_process(root: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, root],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        try:
            yield holder
        finally:
            holder.kill()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_the_folder_is_made_with_all_it_needs_and_for_us_alone(tmp_path: Path):
    root = tmp_path / "srv" / "data"
    with DataFolder(root) as folder:
        assert folder.root == root
        assert folder.spool.pending() == []
        assert list(folder.casebook.cases()) == []
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    for file in ("lock", "casebook.journal"):
        assert stat.S_IMODE((root / file).stat().st_mode) & 0o077 == 0


def test_what_was_left_in_it_is_found_again(tmp_path: Path):
    envelope = Envelope(accepted_at=AT, mail_from="", rcpt_tos=("dataprotection@acme.example",))
    with DataFolder(tmp_path) as folder:
        (spool_id,) = folder.spool.accept([(envelope, b"hello")])
    with DataFolder(tmp_path) as folder:
        assert folder.spool.read(spool_id).raw == b"hello"


def test_a_second_process_is_refused_with_one_sentence_and_the_first_works_on(tmp_path: Path):
    root = tmp_path / "data"
    with held_by_another_process(root) as holder:
        with pytest.raises(InUseError) as refused:
            DataFolder(root)
        assert str(refused.value) == f"another privacy-intake is at work on {root}"
        assert isinstance(refused.value, RefusedError)
        assert holder.poll() is None
        assert holder.communicate("")[0] == ""
        assert holder.returncode == 0
    with DataFolder(root):
        pass


def test_the_same_process_cannot_have_it_twice_either(tmp_path: Path):
    with DataFolder(tmp_path), pytest.raises(InUseError):
        DataFolder(tmp_path)


def test_a_killed_process_leaves_the_folder_free(tmp_path: Path):
    with held_by_another_process(tmp_path) as holder:
        holder.kill()
        assert holder.wait() == -signal.SIGKILL
        with DataFolder(tmp_path):
            pass


def test_a_stopped_process_still_has_the_folder(tmp_path: Path):
    with held_by_another_process(tmp_path) as holder:
        holder.send_signal(signal.SIGSTOP)
        with pytest.raises(InUseError):
            DataFolder(tmp_path)


def test_a_refused_opening_leaves_the_folder_free_and_nothing_open(tmp_path: Path):
    (tmp_path / "casebook.journal").write_bytes(b"not a journal")
    DataFolder(tmp_path / "warm").__exit__(None, None, None)
    held, refusals = open_files(), []
    for _ in range(2):
        with pytest.raises(JournalError) as refused:
            DataFolder(tmp_path)
        refusals.append(refused)  # kept, so that only what was closed is closed
    assert open_files() == held
    (tmp_path / "casebook.journal").unlink()
    with DataFolder(tmp_path):
        pass


def test_a_folder_that_cannot_be_had_is_an_error_of_the_disk(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileExistsError):
        DataFolder(tmp_path / "file")
    with pytest.raises(NotADirectoryError):
        DataFolder(tmp_path / "file" / "data")
    with pytest.raises(FileNotFoundError):
        DataFolder(Path("/proc/data"))  # where not even root may make a folder


def test_leaving_frees_the_folder_even_when_the_casebook_cannot_be_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> None:
        raise OSError(errno.EIO, "refused")

    folder = DataFolder(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(folder.casebook, "close", fail)
        with pytest.raises(OSError, match="refused"):
            folder.__exit__(None, None, None)
    folder.casebook.close()
    with DataFolder(tmp_path):
        pass
