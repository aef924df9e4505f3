"""The journal keeps what it promised, drops only what nobody was promised, and never guesses."""

import errno
import gc
import os
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.changes import Changes, encode
from store.journal import HEADER, Journal, JournalError
from tests.journals import Contents, contents, filled, open_files, opened, refuse, reopened

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "casebook.journal"


@pytest.fixture
def quick() -> Iterator[Path]:
    """A journal where syncing costs nothing: for tests about bytes, not about disks."""
    shared = Path("/dev/shm")
    with TemporaryDirectory(dir=shared if os.access(shared, os.W_OK) else None) as folder:
        yield Path(folder) / "casebook.journal"


def test_what_was_appended_is_there_at_once_and_after_a_restart(path: Path):
    journal = opened(path)
    journal.append({"cases": {"a": {"n": 1}}, "dispositions": {"x": {"ref": "a"}}})
    journal.append({"cases": {"a": {"n": 2}, "b": {"n": 1}}})
    expected = {"cases": {"a": {"n": 2}, "b": {"n": 1}}, "dispositions": {"x": {"ref": "a"}}}
    assert contents(journal) == expected
    assert (journal.count("cases"), journal.count("notices")) == (2, 0)
    assert journal.holds("cases", "b")
    assert not journal.holds("cases", "c")
    journal.close()
    assert reopened(path) == expected


def test_what_is_unknown_is_none(path: Path):
    journal = opened(path)
    journal.append({"cases": {"a": {}}})
    assert journal.read("cases", "b") is None
    assert journal.read("notices", "a") is None
    assert journal.ids("notices") == []
    journal.close()


def test_what_was_removed_is_gone_also_after_a_restart(path: Path):
    journal = opened(path)
    journal.append({"cases": {"a": {"n": 1}, "b": {"n": 1}}})
    journal.append({"cases": {"a": None, "never there": None}})
    assert contents(journal) == {"cases": {"b": {"n": 1}}}
    journal.close()
    assert reopened(path) == {"cases": {"b": {"n": 1}}}


def test_a_transaction_is_one_record_whatever_it_touches(path: Path):
    journal = opened(path)
    journal.append({"cases": {"a": {}, "b": {}}, "dispositions": {"x": {}}})
    journal.close()
    assert path.read_bytes().count(b"\n") == 2


def test_the_index_is_told_the_same_at_a_restart_as_it_was_live(path: Path):
    live: list[object] = []
    journal = Journal(path, lambda *told: live.append(told))
    journal.append({"cases": {"a": {"n": 1}}, "notices": {"x": {}}})
    journal.append({"cases": {"a": None}})
    journal.close()
    again: list[object] = []
    Journal(path, lambda *told: again.append(told)).close()
    assert live == [("cases", "a", {"n": 1}), ("notices", "x", {}), ("cases", "a", None)]
    assert again == live


def test_each_reading_is_the_readers_own(path: Path):
    journal = opened(path)
    journal.append({"cases": {"a": {"events": [1]}}})
    first: Any = journal.read("cases", "a")
    first["events"].append(2)
    assert journal.read("cases", "a") == {"events": [1]}
    journal.close()


def test_documents_stay_on_disk_until_somebody_asks(quick: Path):
    expected, _ = filled(quick, 70, 100_000)
    assert quick.stat().st_size > 4_000_000
    gc.collect()
    tracemalloc.start()
    journal = opened(quick)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 100_000
    assert contents(journal) == expected
    journal.close()


def test_what_is_not_json_is_refused_before_anything_is_written(path: Path):
    journal = opened(path)
    with pytest.raises(TypeError):
        journal.append({"cases": {"a": {"at": object()}}})
    assert path.read_bytes() == HEADER
    journal.append({"cases": {"a": {}}})
    journal.close()
    assert reopened(path) == {"cases": {"a": {}}}


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["cases", "notices"]),
            st.dictionaries(
                st.sampled_from("abc"),
                st.none() | st.dictionaries(st.text(), st.text() | st.integers()),
            ),
        )
    )
)
@settings(max_examples=50)
def test_any_run_of_changes_reads_as_the_last_of_each(changes: list[Changes]):
    expected: Contents = {}
    with TemporaryDirectory() as folder:
        journal = opened(Path(folder) / "any.journal")
        for change in changes:
            journal.append(change)
            for table, documents in change.items():
                expected.setdefault(table, {}).update(documents)
        there = {t: {i: d for i, d in ds.items() if d is not None} for t, ds in expected.items()}
        there = {table: documents for table, documents in there.items() if documents}
        assert contents(journal) == there
        journal.close()
        assert reopened(Path(folder) / "any.journal") == there


def test_cut_at_any_byte_of_its_last_4_kb_it_opens_and_drops_exactly_the_torn_record(quick: Path):
    _, ends = filled(quick, 30, 500)
    whole = quick.read_bytes()
    for length in range(len(whole) - 4096, len(whole)):
        quick.write_bytes(whole[:length])
        journal = opened(quick)
        kept = max(end for end in ends if end <= length)
        assert journal.dropped == length - kept
        assert quick.read_bytes() == whole[:kept]
        journal.close()


def test_what_is_appended_after_a_torn_record_was_dropped_stays(path: Path):
    expected, _ = filled(path, 3, 100)
    with path.open("ab") as file:
        file.write(encode({"cases": {"0": {"n": "never promised"}}})[:-1])
    journal = opened(path)
    journal.append({"cases": {"new": {}}})
    journal.close()
    expected["cases"]["new"] = {}
    journal = opened(path)
    assert journal.dropped == 0
    assert contents(journal) == expected
    journal.close()


def test_a_last_record_that_a_power_cut_left_as_zeros_is_dropped(path: Path):
    expected, _ = filled(path, 3, 100)
    with path.open("ab") as file:
        file.write(bytes(300))
    journal = opened(path)
    assert journal.dropped == 300
    assert contents(journal) == expected
    journal.close()


def read_or_refuse(path: Path) -> Contents | None:
    """Return what the journal says, or None if it refuses and leaves the file alone."""
    before, held = path.read_bytes(), open_files()
    try:
        return reopened(path)
    except JournalError as error:
        refusal = str(error)
    assert "\n" not in refusal
    assert path.read_bytes() == before
    assert open_files() == held
    return None


def test_with_any_bit_changed_it_refuses_and_changes_nothing(quick: Path):
    filled(quick, 4, 20)
    whole = quick.read_bytes()
    assert len(whole) > 250
    for place in range(len(whole)):
        for bit in range(8):
            changed = bytes([whole[place] ^ (1 << bit)])
            quick.write_bytes(whole[:place] + changed + whole[place + 1 :])
            assert read_or_refuse(quick) is None, (place, bit)


def test_with_any_byte_changed_at_200_random_places_it_refuses_and_changes_nothing(quick: Path):
    filled(quick, 100, 8000)
    whole = quick.read_bytes()
    assert len(whole) > 500_000
    chance = random.Random(2026)
    for _ in range(200):
        place = chance.randrange(len(whole))
        changed = bytes([(whole[place] + chance.randrange(1, 256)) % 256])
        quick.write_bytes(whole[:place] + changed + whole[place + 1 :])
        assert read_or_refuse(quick) is None, place


def test_with_a_byte_of_a_torn_record_changed_it_refuses_or_says_all_that_was_promised(quick: Path):
    expected, _ = filled(quick, 3, 40)
    whole = quick.read_bytes()
    torn = encode({"cases": {"0": {"n": "never promised", "text": "x" * 40}}})[:-20]
    for place in range(len(torn)):
        for changed in (0, ord("\n"), ord("9"), torn[place] ^ 1):
            quick.write_bytes(whole + torn[:place] + bytes([changed]) + torn[place + 1 :])
            assert read_or_refuse(quick) in (None, expected), place


@pytest.mark.parametrize(
    "foreign", [b"", b"{}", b"privacy-intake journal 2\n", b"From ann\n" * 99, HEADER[:-1]]
)
def test_a_file_that_is_no_journal_of_this_version_is_refused_and_left_alone(
    path: Path, foreign: bytes
):
    path.write_bytes(foreign)
    with pytest.raises(JournalError, match="not a journal this version can read"):
        opened(path)
    assert path.read_bytes() == foreign


def test_bytes_that_rot_while_it_is_open_are_noticed_when_they_are_read(path: Path):
    filled(path, 2, 20)
    journal = opened(path)
    with path.open("r+b") as file:
        file.seek(-3, os.SEEK_END)
        file.write(b"?")
    assert journal.read("cases", "0") is not None
    with pytest.raises(JournalError, match="is damaged at byte"):
        journal.read("cases", "1")
    journal.close()


def test_closed_it_reads_nothing_and_another_files_bytes_least_of_all(path: Path):
    journal = opened(path)
    journal.append({"cases": {"a": {}}})
    journal.close()
    with path.open("rb"), pytest.raises(OSError, match="Bad file descriptor"):
        journal.read("cases", "a")
    journal.close()


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt("stopped")])
@pytest.mark.parametrize("call", ["write", "fdatasync"])
def test_an_append_that_fails_leaves_the_journal_as_it_was_and_later_ones_work(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: BaseException
):
    write = os.write

    def fail(fd: int, data: bytes = b"") -> None:
        write(fd, data[: len(data) // 2])
        raise error

    expected, _ = filled(path, 3, 100)
    before = path.read_bytes()
    told: list[object] = []
    journal = Journal(path, lambda *what: told.append(what))
    told.clear()
    with monkeypatch.context() as broken:
        broken.setattr(os, call, fail)
        with pytest.raises(type(error)):
            journal.append({"cases": {"0": {"n": "not promised"}, "new": {}}})
    assert (path.read_bytes(), contents(journal), told) == (before, expected, [])
    journal.append({"cases": {"later": {}}})
    journal.close()
    expected["cases"]["later"] = {}
    assert reopened(path) == expected


def test_while_the_leftover_of_a_failed_append_cannot_be_cut_nothing_is_appended(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    journal = opened(path)
    journal.append({"cases": {"a": {}}})
    before = path.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", refuse)
        broken.setattr(os, "ftruncate", refuse)
        for _ in range(2):
            with pytest.raises(OSError, match="refused"):
                journal.append({"cases": {"a much longer name": {}}})
    assert path.read_bytes() == before + encode({"cases": {"a much longer name": {}}})
    assert contents(journal) == {"cases": {"a": {}}}
    journal.append({"cases": {"b": {}}})
    journal.close()
    assert path.read_bytes() == before + encode({"cases": {"b": {}}})


FULL_DISK = """
import resource, sys
from pathlib import Path
from store.journal import Journal

path = Path(sys.argv[1])
journal = Journal(path, lambda *told: None)
journal.append({"cases": {"a": {"text": "x" * 1000}}})
room = path.stat().st_size + 500
resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
for _ in range(3):
    try:
        journal.append({"cases": {"a": {"text": "y" * 1000}}, "dispositions": {"x": {}}})
    except OSError as error:
        print(error.strerror, path.stat().st_size - room)
journal.append({"cases": {"small": {}}})
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.append({"cases": {"b": {"text": "z" * 1000}}})
"""


def test_a_disk_that_is_full_halfway_through_an_append_costs_that_append_only(path: Path):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, path],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["File too large -500"] * 3
    expected = {"a": {"text": "x" * 1000}, "small": {}, "b": {"text": "z" * 1000}}
    assert reopened(path) == {"cases": expected}


def all_at_once(journal: Journal, names: str) -> dict[str, BaseException]:
    """Append from a thread for each name, all of them waiting for the disk together; return what failed."""
    failed: dict[str, BaseException] = {}

    def append(name: str) -> None:
        try:
            journal.append({"cases": {name: {"n": name}}})
        except OSError as error:
            failed[name] = error

    threads = [Thread(target=append, args=(name,)) for name in names]
    with journal._disk:
        for thread in threads:
            thread.start()
        while len(journal._waiting) < len(names):
            pass
    for thread in threads:
        thread.join()
    return failed


def test_appends_that_wait_together_share_one_sync_and_are_records_of_their_own(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    syncs: list[int] = []
    fdatasync = os.fdatasync
    journal = opened(path)
    monkeypatch.setattr(os, "fdatasync", lambda fd: (syncs.append(fd), fdatasync(fd)))
    assert all_at_once(journal, "abcdefgh") == {}
    assert len(syncs) == 1
    assert path.read_bytes().count(b"\n") == 9
    expected = {"cases": {name: {"n": name} for name in "abcdefgh"}}
    assert contents(journal) == expected
    journal.close()
    assert reopened(path) == expected


def test_of_appends_that_wait_together_only_the_one_that_failed_fails(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    fdatasync, refusals = os.fdatasync, iter([refuse])

    def refuse_once(fd: int) -> None:
        next(refusals, fdatasync)(fd)

    journal = opened(path)
    monkeypatch.setattr(os, "fdatasync", refuse_once)
    failed = all_at_once(journal, "abcd")
    assert len(failed) == 1
    there = set("abcd") - set(failed)
    assert set(journal.ids("cases")) == there
    journal.close()
    assert set(reopened(path)["cases"]) == there


def test_when_the_disk_refuses_all_of_them_all_of_them_fail(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    journal = opened(path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", refuse)
        assert set(all_at_once(journal, "abcd")) == set("abcd")
    assert path.read_bytes() == HEADER
    assert all_at_once(journal, "ab") == {}
    journal.close()
    assert set(reopened(path)["cases"]) == set("ab")
