"""The embedded casebook keeps its promise on a disk that refuses, and says what it dropped."""

import os
from pathlib import Path

import pytest

from store.changes import encode
from store.embedded import EmbeddedCasebook
from store.journal import JournalError
from tests.casebook.making import disposition, new_case, notice, sent
from tests.journals import open_files, refuse


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "casebook.journal"


def opened(path: Path) -> EmbeddedCasebook:
    return EmbeddedCasebook(path)


def test_closing_it_leaves_no_file_open(path: Path):
    held = open_files()
    book = opened(path)
    assert open_files() == held + 1
    book.close()
    assert open_files() == held


def test_case_and_dispositions_are_one_record(path: Path):
    book = opened(path)
    case = new_case("DP-2026-000001")
    book.save(case, version=0, dispositions=[disposition("x", case.ref), disposition("y")])
    book.close()
    assert path.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("call", ["write", "fdatasync"])
def test_a_save_the_disk_refuses_leaves_no_trace_live_or_after_a_restart(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
):
    book = opened(path)
    case = new_case("DP-2026-000001")
    book.save(case, version=0)
    before = path.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(os, call, refuse)
        with pytest.raises(OSError, match="refused"):
            book.save(
                case.record(sent("DP-2026-000001-1")),
                version=len(case.events),
                dispositions=[disposition("x", case.ref)],
            )
        with pytest.raises(OSError, match="refused"):
            book.save(new_case("DP-2026-000002"), version=0)
        with pytest.raises(OSError, match="refused"):
            book.put_notice(notice("n"))
    assert path.read_bytes() == before
    for seen in (book, opened(path)):
        assert list(seen.cases()) == [case]
        assert [letter.owed.letter_id for letter in seen.owed()] == ["DP-2026-000001-1"]
        assert seen.by_token("token of DP-2026-000002") is None
        assert list(seen.alike("<x@mail.example>")) == []
        assert seen.notice("n") is None
        seen.close()


def test_after_the_disk_recovered_the_same_save_succeeds(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    book = opened(path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", refuse)
        with pytest.raises(OSError, match="refused"):
            book.save(new_case("DP-2026-000001"), version=0)
    book.save(new_case("DP-2026-000001"), version=0)
    book.close()


def test_a_torn_last_record_is_dropped_and_told(path: Path):
    book = opened(path)
    book.save(new_case("DP-2026-000001"), version=0)
    assert book.dropped == 0
    book.close()
    with path.open("ab") as file:
        file.write(encode({"cases": {}})[:-3])
    book = opened(path)
    assert book.dropped == len(encode({"cases": {}})) - 3
    assert [case.ref for case in book.cases()] == ["DP-2026-000001"]
    book.close()


def test_a_damaged_file_is_refused_in_one_sentence_that_says_what_to_do(path: Path):
    book = opened(path)
    book.save(new_case("DP-2026-000001"), version=0)
    book.close()
    path.write_bytes(path.read_bytes().replace(b"ann@", b"bob@"))
    with pytest.raises(JournalError) as refused:
        opened(path)
    assert str(refused.value) == (
        "casebook.journal is damaged at byte 25; nothing was changed. Keep the folder, restore "
        "the last backup elsewhere, and copy the messages that came since to its spool/incoming"
    )


def test_what_is_removed_while_somebody_lists_is_left_out_of_the_list(path: Path):
    book = opened(path)
    for n in (1, 2):
        ref = f"DP-2026-00000{n}"
        book.save(new_case(ref), version=0, dispositions=[disposition(f"x{n}", ref)])
    cases, dispositions = book.cases(), book.dispositions()
    assert (next(cases).ref, next(dispositions).spool_id) == ("DP-2026-000001", "x1")
    book._cases.remove(doc_ids=["DP-2026-000002"])
    book._dispositions.remove(doc_ids=["x2"])
    assert (list(cases), list(dispositions)) == ([], [])
    book.close()


def test_a_table_of_another_version_is_kept_and_not_looked_into(path: Path):
    book = opened(path)
    book._db.journal_table("statistics").put("2026", {"cases": 12})
    book.close()
    book = opened(path)
    assert book._db.journal_table("statistics").fetch("2026") == {"cases": 12}
    book.close()
