"""A journal that is mostly past is rewritten beside the work, and nothing of what is current is ever at risk."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from store import compaction as compaction_module
from store import journal as journal_module
from store.changes import encode
from store.compaction import Compaction, GivenUpError, Pacing
from store.embedded import EmbeddedCasebook
from store.generation import SYNC_EVERY
from store.journal import HEADER, Journal, JournalError
from store.places import own_bytes
from tests.casebook.making import message, new_case, notice
from tests.journals import contents, filled, open_files, opened, refuse, reopened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "casebook.journal"


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "WORTH_COMPACTING", 1000)


def at_once() -> None:
    pass


def names(path: Path) -> list[str]:
    return [found.name for found in path.parent.iterdir()]


def test_it_is_rewritten_with_what_is_current_and_serves_on(path: Path):
    filled(path, 50, 100)
    before, held = path.stat().st_size, open_files()
    journal = opened(path)
    journal.rewrite(at_once)
    assert path.stat().st_size < before / 5
    assert open_files() == held + 1
    journal.append({"cases": {"5": None}, "notices": {"x": {"n": 1}}})
    expected = contents(journal)
    journal.close()
    assert reopened(path) == expected
    numbers = {doc_id: document["n"] for doc_id, document in expected["cases"].items() if document}
    assert numbers == {"0": 49, "1": 43, "2": 44, "3": 45, "4": 46, "6": 48}
    assert expected["notices"] == {"x": {"n": 1}}
    assert names(path) == [path.name]


def test_what_is_left_of_a_record_is_kept_and_what_is_past_of_it_is_gone(path: Path):
    journal = opened(path)
    journal.append({"cases": {"a": {"text": "old words"}}, "ends": {"x": {}, "y": {}}})
    journal.append({"cases": {"a": {"text": "new words"}}, "ends": {"y": None}})
    journal.rewrite(at_once)
    assert contents(journal) == {"ends": {"x": {}}, "cases": {"a": {"text": "new words"}}}
    journal.close()
    assert b"old words" not in path.read_bytes()
    assert b'"y"' not in path.read_bytes()


def test_what_is_appended_meanwhile_is_carried_over(path: Path):
    expected, _ = filled(path, 20, 100)
    journal = opened(path)
    numbers = iter(range(100))

    def meanwhile() -> None:
        n = next(numbers)
        journal.append({"cases": {"0": {"n": n}, f"new {n}": {"n": n}, "1": None}})
        expected["cases"] |= {"0": {"n": n}, f"new {n}": {"n": n}}
        assert contents(journal)["cases"].keys() == expected["cases"].keys() - {"1"}

    journal.rewrite(meanwhile)
    del expected["cases"]["1"]
    assert next(numbers) == 20  # a pause for each record there was
    assert contents(journal) == expected
    journal.append({"cases": {"after": {}}})
    journal.close()
    assert reopened(path)["cases"] == expected["cases"] | {"after": {}}


def test_much_that_is_appended_meanwhile_is_carried_over_while_saves_go_on(path: Path):
    filled(path, 2, 100)
    journal = opened(path)
    rounds = iter(range(1000))

    def meanwhile() -> None:
        if (n := next(rounds)) < 10:
            journal.append({"cases": {"big": {"n": n, "text": "x" * SYNC_EVERY}}})

    journal.rewrite(meanwhile)
    assert next(rounds) > 10
    assert contents(journal)["cases"]["big"]["n"] == 9  # type: ignore[index]
    journal.close()


@pytest.mark.usefixtures("early")
def test_the_share_of_the_past_is_known_before_and_after(path: Path):
    filled(path, 7, 1000)
    journal = opened(path)
    assert not journal.is_mostly_past
    for n in range(21):
        journal.append({"cases": {str(n % 7): {"text": "x" * 2000}}})
    assert journal.is_mostly_past
    journal.rewrite(at_once)
    assert not journal.is_mostly_past
    journal.close()


def test_of_a_record_of_several_documents_each_counts_for_what_it_takes():
    small, big = {"n": 1}, {"text": 'says "b": ' * 100}
    changes = {"cases": {"a": big}, "ends": {"b": small, "c": small, "d \u2713": None}}
    record = encode(changes)
    sizes = dict(own_bytes(changes, record))
    assert sum(sizes.values()) == len(record)
    assert sizes["cases", "a"] > 1000
    assert all(size < 50 for (table, _), size in sizes.items() if table == "ends")
    assert dict(own_bytes({"cases": {}}, encode({"cases": {}}))) == {}


def test_a_small_journal_is_never_worth_it(path: Path):
    filled(path, 50, 100)
    journal = opened(path)
    assert not journal.is_mostly_past
    journal.close()


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_disk_too_full_for_it_leaves_the_journal_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
):
    expected, _ = filled(path, 50, 100)
    before, held = path.stat().st_ino, open_files()
    journal = opened(path)
    with monkeypatch.context() as broken:
        broken.setattr(os, call, refuse)
        with pytest.raises(OSError, match="refused"):
            journal.rewrite(at_once)
    assert (path.stat().st_ino, names(path), open_files()) == (before, [path.name], held + 1)
    journal.append({"cases": {"after": {}}})
    expected["cases"]["after"] = {}
    assert contents(journal) == expected
    journal.close()
    assert reopened(path) == expected


def test_a_rewritten_journal_whose_name_is_not_durable_is_not_written_to(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    expected, _ = filled(path, 50, 100)
    held = open_files()
    journal = opened(path)
    with monkeypatch.context() as broken:
        broken.setattr("store.journal.sync_directory", refuse)
        with pytest.raises(OSError, match="refused"):
            journal.rewrite(at_once)
        before = path.read_bytes()
        for _ in range(2):
            with pytest.raises(OSError, match="refused"):
                journal.append({"cases": {"not promised": {}}})
    assert open_files() == held + 1
    assert path.read_bytes() == before
    assert contents(journal) == expected
    journal.append({"cases": {"after": {}}})
    journal.close()
    assert reopened(path)["cases"] == expected["cases"] | {"after": {}}


def test_damage_that_it_finds_stops_it(path: Path):
    filled(path, 50, 100)
    journal = opened(path)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"n":20', b'"n":21'))
    with pytest.raises(JournalError, match="is damaged at byte"):
        journal.rewrite(at_once)
    assert names(path) == [path.name]
    journal.close()


def test_what_a_kill_left_of_a_rewriting_is_removed_at_the_next_opening(path: Path):
    expected, _ = filled(path, 3, 100)
    path.with_name(f".{path.name}.partial").write_bytes(HEADER)
    assert reopened(path) == expected
    assert names(path) == [path.name]


class Watched(Journal):
    """A journal whose rewriting waits until it is let go."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, lambda *_: None)
        self.begun, self.let_go, self.over = Event(), Event(), Event()
        self.rewritings = 0

    def rewrite(self, pause: Callable[[], None]) -> None:
        self.rewritings += 1
        self.begun.set()
        assert self.let_go.wait(10)
        try:
            super().rewrite(pause)
        finally:
            self.over.set()


@pytest.mark.usefixtures("early")
def test_one_runs_at_a_time_and_saves_go_on_meanwhile(path: Path):
    filled(path, 50, 100)
    journal = Watched(path)
    compaction = Compaction(journal)
    compaction.begin_if_worthwhile()
    assert journal.begun.wait(10)
    for n in range(20):
        journal.append({"cases": {"0": {"n": n}}})
        compaction.begin_if_worthwhile()
    journal.let_go.set()
    assert journal.over.wait(10)
    compaction.close()
    assert journal.rewritings == 1
    assert path.stat().st_size < 2000
    assert contents(journal)["cases"]["0"] == {"n": 19}
    journal.close()


@pytest.mark.usefixtures("early")
def test_closing_gives_it_up_and_lets_no_other_begin(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compaction_module, "AT_A_TIME", 1)
    filled(path, 50, 100)
    before = path.read_bytes()
    journal = Watched(path)
    compaction = Compaction(journal)
    compaction.begin_if_worthwhile()
    assert journal.begun.wait(10)
    closing = Thread(target=compaction.close)
    closing.start()
    assert compaction._end.wait(10)
    journal.let_go.set()
    closing.join()
    compaction.close()
    compaction.begin_if_worthwhile()
    assert (journal.rewritings, path.read_bytes(), names(path)) == (1, before, [path.name])
    journal.close()


def test_it_rests_now_and_then_and_gives_up_at_the_end():
    end = Event()
    pacing = Pacing(end)
    for _ in range(10 * compaction_module.AT_A_TIME - 1):
        pacing.pause()
    end.set()
    with pytest.raises(GivenUpError):
        pacing.pause()


@pytest.mark.usefixtures("early")
def test_a_casebook_begins_it_by_itself_whatever_is_saved(path: Path):
    for save in (save_a_case, put_a_notice, keep_something):
        path.unlink(missing_ok=True)
        book = EmbeddedCasebook(path)
        inode = path.stat().st_ino
        for n in range(100):
            save(book, n)
            book._compaction._at_work.acquire()  # until the one that was begun is over
            book._compaction._at_work.release()
        assert path.stat().st_ino != inode
        assert book.fault == ""
        book.close()
        EmbeddedCasebook(path).close()


def save_a_case(book: EmbeddedCasebook, n: int) -> None:
    case = book.get("DP-2026-000001") or new_case("DP-2026-000001")
    version = 0 if n == 0 else len(case.events)
    book.save(case.record(message(f"m{n}")) if n else case, version=version)


def put_a_notice(book: EmbeddedCasebook, n: int) -> None:
    book.put_notice(notice("n", minutes=n))


def keep_something(book: EmbeddedCasebook, n: int) -> None:
    book.keep("calendar", {"version": str(n), "dates": "x" * 200})


@pytest.mark.usefixtures("early")
def test_a_failure_is_told_and_not_tried_again_at_every_save(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    filled(path, 50, 100)
    journal = Watched(path)
    journal.let_go.set()
    compaction = Compaction(journal)
    with monkeypatch.context() as broken:
        broken.setattr("store.generation.write_whole", refuse)
        for _ in range(3):
            compaction.begin_if_worthwhile()
            with compaction._at_work:
                pass
    assert (journal.rewritings, compaction.fault) == (1, "[Errno 5] refused")
    monkeypatch.setattr(compaction, "_next_at", 0)
    compaction.begin_if_worthwhile()
    with compaction._at_work:
        pass
    assert (journal.rewritings, compaction.fault) == (2, "")
    compaction.close()
    journal.close()
