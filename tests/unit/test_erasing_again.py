"""An older state that comes back under a ledger: what was erased goes again, and nothing else does."""

from dataclasses import replace
from pathlib import Path

from store.case import Case
from store.erasing import STATISTICS, decision_of
from store.folder import DataFolder
from store.ledger import ERASED, LEDGER
from store.tombstones import MARK
from tests.crash.erasing import AT, decided, erasing_in, furnish, name, spool_id_of, tells


def erase_the_first(root: Path) -> None:
    with DataFolder(root) as folder:
        case = decided(0)
        erasing_in(folder).begin(case, decision_of(case), AT)
        assert erasing_in(folder).finish() == [case.ref]


def with_the_ledger_of(root: Path, other: Path) -> None:
    (root / LEDGER).write_bytes((other / LEDGER).read_bytes())


def test_a_case_that_came_back_is_erased_again_and_counted_once(tmp_path: Path):
    one, older = tmp_path / "one", tmp_path / "older"
    for root in (one, older):
        furnish(root, 2)
    erase_the_first(one)
    with_the_ledger_of(older, one)
    with DataFolder(older) as folder:
        erasing = erasing_in(folder)
        erasing.again(AT)
        assert erasing.finish() == [decided(0).ref]
        erasing.again(AT)
        assert erasing.finish() == []
        assert not tells(older, 0)
        assert tells(older, 1)
        assert folder.casebook.get(decided(1).ref) == decided(1)
        assert len(folder.casebook.kept_names(STATISTICS)) == 1
    assert {path.name for path in (older / "spool" / "done").iterdir()} == {spool_id_of(1)}


def test_where_the_case_never_was_its_tombstone_and_marks_are_put_up(tmp_path: Path):
    one, empty = tmp_path / "one", tmp_path / "empty"
    furnish(one, 1)
    erase_the_first(one)
    empty.mkdir()
    with_the_ledger_of(empty, one)
    with DataFolder(empty) as folder:
        erasing_in(folder).again(AT)
        tombstone = folder.casebook.kept(f"{ERASED}{decided(0).ref}")
        assert tombstone is not None
        assert (tombstone["asked_by"], tombstone["confirmed_by"]) == ("sam", "kim")
        assert not {"messages", "marks", "token"} & tombstone.keys()
        assert len(folder.casebook.kept_names(MARK)) == 1
        assert folder.casebook.new_ref(2020) == "DP-2020-000001"


def test_another_case_that_has_the_reference_is_left_alone(tmp_path: Path):
    one, fresh = tmp_path / "one", tmp_path / "fresh"
    furnish(one, 1)
    erase_the_first(one)
    fresh.mkdir()
    with_the_ledger_of(fresh, one)
    first, *then = decided(0).events
    another = Case(decided(0).ref, (replace(first, token="of another casebook"), *then))
    with DataFolder(fresh) as folder:
        folder.casebook.save(another, version=0)
        erasing_in(folder).again(AT)
        assert erasing_in(folder).finish() == []
        assert folder.casebook.get(another.ref) == another
        assert folder.casebook.kept(f"{ERASED}{another.ref}") is None
    assert name(0) not in (fresh / LEDGER).read_bytes()
