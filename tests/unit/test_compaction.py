"""A journal that is mostly past is rewritten with what is current, and nothing of that is ever at risk."""

import os
from pathlib import Path

import pytest

from store import journal as journal_module
from store.journal import HEADER, JournalError
from tests.journals import contents, filled, open_files, opened, refuse, reopened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "casebook.journal"


@pytest.fixture
def compacting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "WORTH_COMPACTING", 1000)


@pytest.mark.usefixtures("compacting")
def test_a_journal_mostly_of_old_versions_is_rewritten_with_what_is_current(path: Path):
    filled(path, 50, 100)
    before, held = path.stat().st_size, open_files()
    journal = opened(path)
    assert path.stat().st_size < before / 5
    assert open_files() == held + 1
    journal.append({"cases": {"5": None}, "notices": {"x": {"n": 1}}})
    expected = contents(journal)
    journal.close()
    assert reopened(path) == expected
    numbers = {doc_id: document["n"] for doc_id, document in expected["cases"].items() if document}
    assert numbers == {"0": 49, "1": 43, "2": 44, "3": 45, "4": 46, "6": 48}
    assert expected["notices"] == {"x": {"n": 1}}
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.mark.usefixtures("compacting")
def test_a_journal_mostly_of_what_is_current_is_left_alone(path: Path):
    filled(path, 7, 1000)
    before = path.stat().st_ino
    opened(path).close()
    assert path.stat().st_ino == before


def test_a_small_journal_is_left_alone_however_old_its_versions(path: Path):
    filled(path, 50, 100)
    before = path.stat().st_ino
    opened(path).close()
    assert path.stat().st_ino == before


@pytest.mark.usefixtures("compacting")
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_disk_too_full_to_compact_is_no_reason_not_to_open(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
):
    expected, _ = filled(path, 50, 100)
    before = path.stat().st_ino
    with monkeypatch.context() as broken:
        broken.setattr(os, call, refuse)
        journal = opened(path)
    journal.append({"cases": {"after": {}}})
    expected["cases"]["after"] = {}
    assert contents(journal) == expected
    journal.close()
    assert path.stat().st_ino == before
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.mark.usefixtures("compacting")
def test_a_rewritten_journal_whose_name_is_not_durable_is_not_written_to(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    expected, _ = filled(path, 50, 100)
    held = open_files()
    with monkeypatch.context() as broken:
        broken.setattr("store.files.sync_directory", refuse)
        with pytest.raises(OSError, match="refused"):
            opened(path)
    assert open_files() == held
    assert reopened(path) == expected


@pytest.mark.usefixtures("compacting")
def test_damage_found_while_compacting_stops_it(path: Path, monkeypatch: pytest.MonkeyPatch):
    filled(path, 50, 100)
    before, pread = path.read_bytes(), os.pread

    def rotten(fd: int, length: int, offset: int) -> bytes:
        return pread(fd, length, offset).replace(b"4", b"5")

    with monkeypatch.context() as broken:
        broken.setattr(os, "pread", rotten)
        with pytest.raises(JournalError, match="is damaged at byte"):
            opened(path)
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_what_a_kill_left_of_a_rewriting_is_removed_at_the_next_opening(path: Path):
    expected, _ = filled(path, 3, 100)
    path.with_name(f".{path.name}.partial").write_bytes(HEADER)
    assert reopened(path) == expected
    assert [found.name for found in path.parent.iterdir()] == [path.name]
