"""TinyDB's own ways of asking and changing work over the journal, and read only what they need."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tinydb import Query, where
from tinydb.operations import delete, increment
from tinydb.table import Document

from store.tables import Draft, JournalDB, JournalStorage, JournalTable


class Opened:
    """A database at a path, that can be closed and opened again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.open()

    def open(self) -> None:
        self.db = JournalDB(self.path, lambda *_: None, storage=JournalStorage)
        self.cases = self.db.journal_table("cases")

    def reopen(self) -> None:
        self.db.close()
        self.open()

    @property
    def storage(self) -> JournalStorage:
        assert isinstance(self.db.storage, JournalStorage)
        return self.db.storage

    @property
    def records(self) -> int:
        return self.path.read_bytes().count(b"\n") - 1

    def now(self) -> dict[str, dict[str, Any]]:
        """Return all cases: what a restart finds is what was there before it."""
        before = {case.doc_id: dict(case) for case in self.cases}
        self.reopen()
        assert {case.doc_id: dict(case) for case in self.cases} == before
        return before


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(tmp_path / "casebook.journal")
    yield opened
    opened.db.close()


@pytest.fixture
def filled(opened: Opened) -> Opened:
    for n, right in enumerate(("access", "erasure", "access")):
        opened.cases.put(f"c{n}", {"right": right, "n": n, "events": [{"kind": "opened"}]})
    return opened


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How much is read from the journal, one figure for each look."""
    looks: list[int] = []
    pread = os.pread

    def counted(fd: int, length: int, offset: int) -> bytes:
        looks.append(length)
        return pread(fd, length, offset)

    monkeypatch.setattr(os, "pread", counted)
    return looks


def test_what_is_put_replaces_what_was_there(opened: Opened):
    opened.cases.put("c", {"a": 1})
    opened.cases.put("c", {"b": 2})
    assert opened.cases.fetch("c") == {"b": 2}
    assert opened.cases.fetch("d") is None
    assert opened.now() == {"c": {"b": 2}}


def test_a_stored_table_is_a_dictionary_to_look_into(filled: Opened):
    stored = filled.storage.stored("cases")
    assert list(stored) == ["c0", "c1", "c2"]
    assert stored["c1"]["n"] == 1
    with pytest.raises(KeyError):
        stored["c9"]


def test_queries_find_by_field_path_and_test(filled: Opened):
    assert [c.doc_id for c in filled.cases.search(where("right") == "access")] == ["c0", "c2"]
    opening = Query().events.any(where("kind") == "opened")
    assert filled.cases.count(opening) == 3
    assert filled.cases.get(Query().n.test(lambda n: n > 1)) == filled.cases.fetch("c2")
    assert filled.cases.get(where("n") == 9) is None
    assert filled.cases.contains(where("right") == "erasure")
    assert not filled.cases.contains(where("right") == "objection")


def test_documents_are_had_by_id_one_or_several(filled: Opened):
    found: Any = filled.cases.get(doc_id="c1")
    assert (found.doc_id, found["n"]) == ("c1", 1)
    assert filled.cases.get(doc_id="c9") is None
    several: Any = filled.cases.get(doc_ids=["c0", "c2", "c9"])
    assert [case.doc_id for case in several] == ["c0", "c2"]
    assert filled.cases.contains(doc_id="c1")
    assert len(filled.cases) == 3
    assert [case.doc_id for case in filled.cases.all()] == ["c0", "c1", "c2"]


def test_asking_by_id_reads_that_document_alone_and_asking_anew_reads_anew(
    filled: Opened, reads: list[int]
):
    filled.cases.get(doc_id="c1")
    assert len(reads) == 1
    filled.cases.fetch("c1")
    assert len(reads) == 2
    assert len(filled.cases) == 3
    assert filled.db.tables() == {"cases"}
    assert len(reads) == 2
    filled.cases.search(where("n") == 1)
    filled.cases.search(where("n") == 1)
    assert len(reads) == 8


def test_a_search_stops_reading_where_it_found(filled: Opened, reads: list[int]):
    assert filled.cases.get(where("n") == 0) is not None
    assert len(reads) == 1


def test_what_a_search_found_is_the_askers_own(filled: Opened):
    (found,) = filled.cases.search(where("n") == 1)
    found["events"].append({"kind": "forged"})
    (again,) = filled.cases.search(where("n") == 1)
    assert again["events"] == [{"kind": "opened"}]


def test_inserting_gives_an_id_of_its_own_to_each(opened: Opened):
    first = opened.cases.insert({"n": 1})
    rest = opened.cases.insert_multiple([{"n": 2}, {"n": 3}])
    assert len({first, *rest}) == 3
    assert [type(doc_id) for doc_id in (first, *rest)] == [str, str, str]
    assert opened.now() == {first: {"n": 1}, rest[0]: {"n": 2}, rest[1]: {"n": 3}}


def test_inserting_under_a_chosen_id_keeps_to_it_and_refuses_a_taken_one(opened: Opened):
    opened.cases.insert(Document({"n": 1}, doc_id="DP-2026-000001"))
    opened.cases.insert_multiple([Document({"n": 2}, doc_id="DP-2026-000002")])
    with pytest.raises(ValueError, match="already exists"):
        opened.cases.insert(Document({"n": 3}, doc_id="DP-2026-000001"))
    assert opened.now() == {"DP-2026-000001": {"n": 1}, "DP-2026-000002": {"n": 2}}


def test_an_id_given_as_a_number_is_the_same_id_as_text(opened: Opened):
    opened.cases.insert(Document({"n": 1}, doc_id=7))
    with pytest.raises(ValueError, match="already exists"):
        opened.cases.insert(Document({"n": 2}, doc_id="7"))
    assert opened.cases.contains(doc_id=7)
    opened.cases.update({"n": 3}, doc_ids=[7])
    assert opened.now() == {"7": {"n": 3}}
    opened.cases.remove(doc_ids=[7])
    assert opened.now() == {}


def test_updating_changes_what_matches_and_writes_nothing_else(filled: Opened):
    before = filled.records
    assert filled.cases.update({"state": "closed"}, where("right") == "access") == ["c0", "c2"]
    assert filled.records == before + 1
    assert b'"c1"' not in filled.path.read_bytes().splitlines()[-1]
    assert [case.get("state") for case in filled.now().values()] == ["closed", None, "closed"]


def test_updating_all_by_id_and_by_operation(filled: Opened):
    filled.cases.update(increment("n"))
    filled.cases.update(delete("right"), doc_ids=["c0", "c9"])
    filled.cases.update(lambda case: case["events"].append("closed"), where("n") == 3)
    found = filled.now()
    assert [case["n"] for case in found.values()] == [1, 2, 3]
    assert "right" not in found["c0"]
    assert found["c2"]["events"] == [{"kind": "opened"}, "closed"]


def test_updating_several_ways_at_once(filled: Opened):
    filled.cases.update_multiple([({"n": 10}, where("n") == 0), ({"n": 11}, where("n") == 1)])
    assert [case["n"] for case in filled.now().values()] == [10, 11, 2]


def test_upserting_merges_or_inserts(filled: Opened):
    filled.cases.upsert({"right": "erasure", "n": 5}, where("right") == "erasure")
    filled.cases.upsert({"right": "query"}, where("right") == "query")
    filled.cases.upsert(Document({"n": 6}, doc_id="c0"))
    found = filled.now()
    assert (found["c0"]["n"], found["c1"]["n"]) == (6, 5)
    assert {"right": "query"} in found.values()
    assert len(found) == 4


def test_removing_by_query_and_by_id(filled: Opened):
    assert filled.cases.remove(where("right") == "erasure") == ["c1"]
    assert filled.cases.remove(doc_ids=["c0", "c9"]) == ["c0"]
    assert list(filled.now()) == ["c2"]
    assert filled.cases.fetch("c0") is None


def test_truncating_removes_all_in_one_record_and_reads_nothing(filled: Opened, reads: list[int]):
    before = filled.records
    filled.cases.truncate()
    assert reads == []
    assert filled.records == before + 1
    assert filled.now() == {}
    assert filled.db.tables() == set()


def test_a_change_that_changes_nothing_writes_nothing(filled: Opened):
    before = filled.records
    filled.cases.update({"n": 1}, where("n") == 1)
    filled.cases.remove(where("n") == 9)
    filled.cases.insert_multiple([])
    filled.db.table("new", persist_empty=True)
    with filled.storage.transaction():
        pass
    assert filled.records == before


def test_a_change_that_fails_halfway_changes_nothing(filled: Opened):
    def fail(case: dict[str, Any]) -> None:
        case["events"].clear()
        if case["n"] == 1:
            raise ZeroDivisionError

    before = filled.now()
    with pytest.raises(ZeroDivisionError):
        filled.cases.update(fail)
    assert filled.now() == before


def test_tables_are_apart(filled: Opened):
    notices = filled.db.journal_table("notices")
    notices.put("c0", {"to": "staff"})
    filled.cases.remove(doc_ids=["c0"])
    assert notices.fetch("c0") == {"to": "staff"}
    assert filled.db.tables() == {"cases", "notices"}
    assert len(filled.db) == 0  # TinyDB's table without a name
    filled.db.insert({"n": 1})
    assert len(filled.db) == 1
    assert isinstance(filled.db.table("_default"), JournalTable)


def test_changes_of_one_transaction_are_one_record_over_all_tables(filled: Opened):
    before = filled.records
    with filled.storage.transaction():
        filled.cases.put("c3", {"n": 3})
        filled.db.journal_table("notices").put("x", {})
        filled.cases.remove(doc_ids=["c0"])
        assert filled.records == before
    assert filled.records == before + 1
    assert list(filled.now()) == ["c1", "c2", "c3"]
    assert filled.db.journal_table("notices").fetch("x") == {}


def test_inside_a_transaction_its_own_changes_are_seen(filled: Opened):
    with filled.storage.transaction():
        filled.cases.put("c3", {"n": 3, "events": []})
        filled.cases.remove(doc_ids=["c0"])
        assert filled.cases.contains(doc_id="c3")
        assert not filled.cases.contains(doc_id="c0")
        assert [case.doc_id for case in filled.cases] == ["c1", "c2", "c3"]
        assert len(filled.cases) == 3
        with pytest.raises(ValueError, match="already exists"):
            filled.cases.insert(Document({}, doc_id="c3"))
        filled.cases.insert(Document({"n": 0}, doc_id="c0"))
        filled.cases.update(increment("n"), where("n") < 4)
        filled.db.journal_table("notices").put("x", {})
        assert filled.db.tables() == {"cases", "notices"}
    assert {doc_id: case["n"] for doc_id, case in filled.now().items()} == {
        "c0": 1,
        "c1": 2,
        "c2": 3,
        "c3": 4,
    }


def test_after_a_transaction_no_search_remembers_what_was_before_it(filled: Opened):
    with filled.storage.transaction():
        filled.cases.put("c0", {"right": "query"})
        assert filled.cases.count(where("right") == "query") == 1
    with suppress(ZeroDivisionError), filled.storage.transaction():
        filled.cases.put("c1", {"right": "query"})
        assert filled.cases.count(where("right") == "query") == 2
        raise ZeroDivisionError
    assert filled.cases.count(where("right") == "query") == 1


def test_what_a_failed_transaction_changed_is_as_before(filled: Opened):
    before = filled.now()

    def fail(case: dict[str, Any]) -> None:
        case["events"].clear()
        raise ZeroDivisionError

    with filled.storage.transaction():
        filled.cases.put("c0", before["c0"])
        with pytest.raises(ZeroDivisionError):
            filled.cases.update(fail, doc_ids=["c0"])
    assert filled.now() == before


def test_transactions_do_not_nest(filled: Opened):
    with (
        filled.storage.transaction(),
        pytest.raises(AssertionError, match="do not nest"),
        filled.storage.transaction(),
    ):
        pass


def test_the_ways_that_would_rewrite_the_whole_file_are_refused(filled: Opened):
    for way in (filled.db.drop_tables, lambda: filled.db.drop_table("cases")):
        with pytest.raises(NotImplementedError, match="appends its changes"):
            way()
    assert len(filled.now()) == 3


def test_a_draft_is_a_dictionary_whose_changes_are_known(filled: Opened):
    draft = Draft(filled.storage.stored("cases"))
    draft["c3"] = {"n": 3}
    draft["c1"] = {"n": 9}
    del draft["c0"]
    assert sorted(draft) == ["c1", "c2", "c3"]
    assert len(draft) == 3
    assert (draft["c3"], draft["c1"], draft["c2"]["n"]) == ({"n": 3}, {"n": 9}, 2)
    assert "c3" in draft
    assert "c0" not in draft
    for act in (draft.__getitem__, draft.__delitem__, draft.pop):
        with pytest.raises(KeyError):
            act("c0")
    assert draft.changes() == {"c0": None, "c1": {"n": 9}, "c3": {"n": 3}}
    draft.clear()
    assert list(draft) == []
    assert draft.changes() == dict.fromkeys(["c0", "c1", "c2", "c3"])


def test_one_insertion_cannot_bring_two_documents_under_one_id(opened: Opened):
    with pytest.raises(ValueError, match="already exists"):
        opened.cases.insert_multiple([Document({}, doc_id="c"), Document({}, doc_id="c")])
    assert opened.now() == {}
