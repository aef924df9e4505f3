"""An older state that comes back under a ledger: what was erased goes again, and nothing else does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from typing_extensions import override

from store.case import Case
from store.embedded import EmbeddedCasebook
from store.erasing import STATISTICS, Erasing, decision_of
from store.folder import JOURNAL, DataFolder
from store.ledger import ERASED, LEDGER, Ledger
from store.outbox import Outbox
from store.sealing import PLAIN
from store.spool import Entry, Envelope, Spool
from store.tombstones import MARK
from tests.crash.erasing import AT, HERE, decided, erasing_in, furnish, name, spool_id_of, tells


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


class WithALateCopy(EmbeddedCasebook):
    """A casebook in which a copy of the first message gets its place just before the case is taken out."""

    @override
    def erase(self, ref: str, **more: Any) -> None:
        if ref:
            first = self.disposition(spool_id_of(0))
            assert first is not None
            late = replace(first, spool_id=spool_id_of(7))
            self.save(None, version=0, dispositions=[late])
        super().erase(ref, **more)


def test_a_copy_that_comes_while_the_case_is_taken_out_goes_too(tmp_path: Path):
    furnish(tmp_path, 1)
    spool = Spool(tmp_path / "spool")
    copy = Entry(spool_id_of(7), Envelope(AT, "p0@mail.example", ()), b"Dear " + name(0))
    spool.take_over(copy, "done")
    book = WithALateCopy(tmp_path / JOURNAL)
    outbox, ledger = Outbox(tmp_path / "outgoing"), Ledger(tmp_path / LEDGER)
    erasing = Erasing(
        book, spool, HERE, secret=lambda: b"secret", outbox=outbox, ledger=ledger, sealing=PLAIN
    )
    erasing.begin(decided(0), decision_of(decided(0)), AT)
    assert erasing.finish() == [decided(0).ref]
    assert list(book.dispositions()) == []
    assert spool.ids("done") == []
    assert not tells(tmp_path, 0)
    book.close()
