"""The block-list: entries by a keyed hash, since the first time, with who lifted them; and its key."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from store.block_list import (
    ALL,
    KEY_FILE,
    MARKETING,
    BlockList,
    BlockListError,
    Entry,
    open_block_list,
)
from store.case import Case
from store.embedded import EmbeddedCasebook
from store.events import Blocked
from store.law import Label
from tests.casebook.making import at, new_case

AT = datetime(2026, 11, 27, 16, 40, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[EmbeddedCasebook]:
    book = EmbeddedCasebook(tmp_path / "casebook.journal")
    yield book
    book.close()


@pytest.fixture
def listed(tmp_path: Path, book: EmbeddedCasebook) -> BlockList:
    return open_block_list(tmp_path, book, ("newsletter",))


def entry(listed: BlockList, address: str = "ann@mail.example", scope: str = MARKETING) -> Entry:
    return Entry(digest=listed.digest(address), scope=scope, since=AT, by="ann", why="by phone")


def blocked_case(ref: str = "DP-2026-000001") -> Case:
    case = new_case(ref, label=Label.UNSUBSCRIBE)
    return case.record(Blocked(at=AT, request=1, systems=("newsletter",)))


def test_an_entry_answers_for_every_spelling_and_for_nobody_else(listed: BlockList):
    listed.add(entry(listed))
    for spelling in ("ann@mail.example", "ANN+news@Mail.Example", " ann@mail.example "):
        assert [e.since for e in listed.blocking(spelling)] == [AT]
    assert listed.blocking("bob@mail.example") == []


def test_no_entry_holds_the_address(listed: BlockList, tmp_path: Path):
    listed.add(entry(listed))
    listed.count(date(2026, 11, 27), "ann", addresses=1, blocked=1)
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"mail.example" not in held


@pytest.mark.parametrize(
    ("scope", "use", "blocked"),
    [
        (MARKETING, MARKETING, True),
        (MARKETING, "research", False),
        ("research", "research", True),
        ("research", MARKETING, False),
        (ALL, MARKETING, True),
        (ALL, "research", True),
        ("research", "", True),
    ],
)
def test_a_scope_forbids_its_own_use_and_all_forbids_every_one(
    listed: BlockList, scope: str, use: str, *, blocked: bool
):
    listed.add(entry(listed, scope=scope))
    assert bool(listed.blocking("ann@mail.example", use)) is blocked
    (screened,) = listed.screen(["ann@mail.example"], use)
    assert bool(screened) is blocked


def test_who_is_blocked_again_is_blocked_since_the_first_time(listed: BlockList):
    first = listed.add(entry(listed))
    assert listed.add(replace(entry(listed), since=at(9), by="bob")) == first


def test_who_was_lifted_is_free_and_can_be_blocked_anew(listed: BlockList):
    listed.add(entry(listed))
    lifted = listed.lift("Ann@mail.example", MARKETING, at=at(1), by="bob", why="she asked")
    assert (lifted.lifted_at, lifted.lifted_by, lifted.lifted_why) == (at(1), "bob", "she asked")
    assert listed.blocking("ann@mail.example") == []
    assert list(listed.entries()) == [lifted]
    with pytest.raises(BlockListError, match="not on the block-list for marketing"):
        listed.lift("ann@mail.example", MARKETING, at=at(2), by="bob", why="again")
    again = replace(entry(listed), since=at(5))
    assert listed.add(again) == again


def test_a_case_brings_its_requester_onto_the_list_once(listed: BlockList, book: EmbeddedCasebook):
    case = blocked_case()
    keep = listed.due(case, 0)
    book.save(case, version=0, keep=keep)
    (found,) = listed.entries()
    assert (found.scope, found.since, found.ref, found.by) == (MARKETING, AT, case.ref, "bot")
    assert listed.due(case, len(case.events)) == {}, "what was saved before is not due again"
    assert listed.due(blocked_case("DP-2026-000002"), 0) == {}, "it stands already"


def test_a_requester_without_an_address_brings_no_entry(listed: BlockList):
    case = new_case("DP-2026-000001", label=Label.UNSUBSCRIBE)
    assert listed.due(case.record(Blocked(at=AT, request=1, listed=False)), 0) == {}


def test_checks_are_counted_by_day_and_person(listed: BlockList):
    listed.count(date(2026, 11, 27), "ann", addresses=1, blocked=1)
    listed.count(date(2026, 11, 27), "ann", addresses=9, blocked=2)
    listed.count(date(2026, 11, 28), "ann", addresses=1, blocked=0)
    assert list(listed.checks()) == [
        {"on": "2026-11-27", "by": "ann", "checks": "2", "addresses": "10", "blocked": "3"},
        {"on": "2026-11-28", "by": "ann", "checks": "1", "addresses": "1", "blocked": "0"},
    ]


class TestTheKey:
    def test_is_made_on_first_use_for_its_owner_alone(self, listed: BlockList, tmp_path: Path):
        assert listed.systems == ("newsletter",)
        path = tmp_path / KEY_FILE
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(bytes.fromhex(path.read_text())) == 32

    def test_stays_the_same(self, listed: BlockList, tmp_path: Path, book: EmbeddedCasebook):
        listed.add(entry(listed))
        assert open_block_list(tmp_path, book, ()).blocking("ann@mail.example")

    def test_of_another_folder_makes_other_entries(self, listed: BlockList, tmp_path: Path):
        other = EmbeddedCasebook(tmp_path / "other.journal")
        (tmp_path / "other").mkdir()
        elsewhere = open_block_list(tmp_path / "other", other, ())
        assert elsewhere.digest("ann@mail.example") != listed.digest("ann@mail.example")
        other.close()

    def test_may_be_given_before_the_first_use(self, tmp_path: Path, book: EmbeddedCasebook):
        (tmp_path / KEY_FILE).write_text("shared by all machines\n")
        one = open_block_list(tmp_path, book, ())
        assert one.digest("a@b.example") == BlockList(book, b"shared by all machines").digest(
            "A@b.example"
        )

    @pytest.mark.usefixtures("listed")
    def test_that_is_missing_is_not_made_anew(self, tmp_path: Path, book: EmbeddedCasebook):
        (tmp_path / KEY_FILE).unlink()
        with pytest.raises(BlockListError, match=r"block-list\.key is missing"):
            open_block_list(tmp_path, book, ())
        assert not (tmp_path / KEY_FILE).exists()

    @pytest.mark.usefixtures("listed")
    def test_that_is_another_is_refused(self, tmp_path: Path, book: EmbeddedCasebook):
        (tmp_path / KEY_FILE).write_text("another\n")
        with pytest.raises(BlockListError, match="not the key"):
            open_block_list(tmp_path, book, ())
