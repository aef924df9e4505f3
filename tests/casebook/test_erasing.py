"""What every casebook promises about what is taken out of it: gone from every look-up, and never half."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store.casebook import Casebook, ChangedMeanwhileError
from tests.casebook.making import START, disposition, new_case, sent
from tests.casebook.shelves import SHELVES, Shelf

ONE, TWO = new_case("DP-2026-000001"), new_case("DP-2026-000002", minutes=2)


class Erased:
    """A casebook with two cases of one person, out of which the first was taken."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.book = shelf.open()
        for number, case in enumerate((ONE, TWO), start=1):
            found = [disposition(f"x{number}{copy}", case.ref, key="same") for copy in "ab"]
            self.book.save(case, version=0, dispositions=found, keep={f"of {case.ref}": {"a": "b"}})
        self.book.erase(
            ONE.ref,
            version=len(ONE.events),
            gone=["x1a", "x1b"],
            forget=[f"of {ONE.ref}"],
            keep={"left": {"of": "it"}},
        )

    def live_and_restarted(self) -> Iterator[Casebook]:
        yield self.book
        self.book.purge()
        yield self.book
        self.book.close()
        self.book = self._shelf.open()
        yield self.book


@pytest.fixture(params=SHELVES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    return SHELVES[request.param](tmp_path)


@pytest.fixture
def erased(shelf: Shelf) -> Iterator[Erased]:
    erased = Erased(shelf)
    yield erased
    erased.book.close()


def test_a_case_that_was_taken_out_is_in_no_look_up_and_the_other_in_every_one(erased: Erased):
    for book in erased.live_and_restarted():
        assert book.get(ONE.ref) is None
        assert list(book.cases()) == [TWO]
        assert dict(book.versions()) == {TWO.ref: len(TWO.events)}
        assert book.running() == [TWO.ref]
        assert {ref for trait in TWO.traits for ref in book.by_trait(trait)} == {TWO.ref}
        assert book.answered("ann@mail.example", START) == 1
        assert book.by_token(ONE.opened.token) is None
        assert book.by_token(TWO.opened.token) == TWO
        assert [d.spool_id for d in book.dispositions()] == ["x2a", "x2b"]
        assert [d.spool_id for d in book.alike("same")] == ["x2a", "x2b"]
        assert [letter.owed.letter_id for letter in book.owed()] == [f"{TWO.ref}-1"]
        assert [n for n in book.kept_names("") if n != "last numbers"] == ["left", f"of {TWO.ref}"]


def test_its_reference_is_never_given_again(shelf: Shelf):
    book = shelf.open()
    last = new_case(book.new_ref(2026))
    book.save(last, version=0)
    book.erase(last.ref, version=len(last.events))
    book.purge()
    book.close()
    book = shelf.open()
    assert book.new_ref(2026) > last.ref
    book.close()


def test_a_reference_that_is_known_to_be_erased_is_never_given(shelf: Shelf):
    book = shelf.open()
    book.keep("erased:DP-2026-000041", {"at": "2026-12-04"})
    assert book.new_ref(2026) == "DP-2026-000042"
    book.close()
    book = shelf.open()
    assert book.new_ref(2026) > "DP-2026-000041"
    book.close()


@pytest.mark.parametrize("off_by", [-1, 1])
def test_a_case_that_has_changed_is_not_taken_out_and_nothing_with_it(shelf: Shelf, off_by: int):
    book = shelf.open()
    found = disposition("x", ONE.ref)
    book.save(ONE, version=0, dispositions=[found], keep={"kept": {"a": "b"}})
    with pytest.raises(ChangedMeanwhileError):
        book.erase(
            ONE.ref,
            version=len(ONE.events) + off_by,
            gone=["x"],
            forget=["kept"],
            keep={"left": {}},
        )
    assert book.get(ONE.ref) == ONE
    assert book.disposition("x") == found
    assert book.kept("kept") == {"a": "b"}
    assert book.kept("left") is None
    book.close()


def test_what_was_read_before_cannot_be_saved_again(erased: Erased):
    grown = ONE.record(sent(f"{ONE.ref}-1"))
    with pytest.raises(ChangedMeanwhileError):
        erased.book.save(grown, version=len(ONE.events))
    assert erased.book.get(ONE.ref) is None


def test_dispositions_and_values_alone_can_be_taken_out_once_and_again(erased: Erased):
    for _ in range(2):
        erased.book.erase("", version=0, gone=["x2a"], forget=["left"])
        assert [d.spool_id for d in erased.book.alike("same")] == ["x2b"]
        assert erased.book.kept("left") is None
    assert erased.book.get(TWO.ref) == TWO


def test_nothing_of_it_is_in_the_journal_once_it_was_purged(tmp_path: Path):
    other = replace(TWO.events[0], requester_name="Bob", requester_address="bob@else.example")
    stay = replace(new_case("DP-2026-000002"), events=(other,))
    book = SHELVES["embedded"](tmp_path).open()
    book.save(ONE, version=0, dispositions=[disposition("x1", ONE.ref)])
    book.save(stay, version=0)
    book.erase(ONE.ref, version=len(ONE.events), gone=["x1"])
    (journal,) = tmp_path.iterdir()
    assert b"Ann Other" in journal.read_bytes()
    book.purge()
    assert b"Ann" not in journal.read_bytes()
    assert b"mail.example" not in journal.read_bytes()
    assert book.get(stay.ref) == stay
    book.close()
