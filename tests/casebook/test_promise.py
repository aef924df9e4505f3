"""What every casebook promises, tried on each kind there is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Barrier

import pytest

from store.case import Letter, LetterStatus
from store.casebook import Casebook, Change, ChangedMeanwhileError, End
from store.deeds import LetterHeld, LetterReleased
from store.events import LetterBounced, LetterFailed, LetterSent
from store.refused import RefusedError
from tests.casebook.making import at, disposition, letter, message, new_case, notice, sent
from tests.casebook.shelves import SHELVES, Shelf


class Library:
    """A casebook that can be closed and opened again; `book` is the one open now."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.book: Casebook = shelf.open()

    def restart(self) -> Casebook:
        self.book.close()
        self.book = self._shelf.open()
        return self.book

    def live_and_restarted(self) -> Iterator[Casebook]:
        yield self.book
        yield self.restart()


@pytest.fixture(params=SHELVES)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    library = Library(SHELVES[request.param](tmp_path))
    yield library
    library.book.close()


@pytest.fixture
def book(library: Library) -> Casebook:
    return library.book


def owed_ids(book: Casebook) -> list[str]:
    return [letter.owed.letter_id for letter in book.owed()]


def test_a_new_casebook_is_empty(book: Casebook):
    assert list(book.cases()) == []
    assert list(book.dispositions()) == []
    assert book.owed() == []
    assert book.get("DP-2026-000001") is None
    assert book.by_token("t") is None
    assert book.disposition("x") is None
    assert book.notice("x") is None
    assert book.alike("k") == []


def test_references_count_up_within_each_year(book: Casebook):
    assert [book.new_ref(2026) for _ in range(3)] == [f"DP-2026-00000{n}" for n in (1, 2, 3)]
    assert book.new_ref(2027) == "DP-2027-000001"
    assert book.new_ref(2026) == "DP-2026-000004"


def test_a_reference_that_was_saved_is_never_given_again(library: Library):
    refs = [library.book.new_ref(2026) for _ in range(3)]
    library.book.save(new_case(refs[1]), version=0)
    assert library.book.new_ref(2026) not in refs
    assert library.restart().new_ref(2026) > refs[1]


def test_references_go_on_past_a_million(library: Library):
    library.book.save(new_case("DP-2026-1000000"), version=0)
    assert library.book.new_ref(2026) == "DP-2026-1000001"
    assert library.restart().new_ref(2026) in {"DP-2026-1000001", "DP-2026-1000002"}


def test_a_case_with_a_reference_of_another_making_is_kept_like_any(library: Library):
    for ref in ("SAR/2019/17", "DP-2026-A", "DP-20260-000001", "old"):
        library.book.save(new_case(ref), version=0)
    assert library.restart().get("SAR/2019/17") == new_case("SAR/2019/17")
    assert library.book.new_ref(2026) == "DP-2026-000001"


def test_threads_that_ask_at_once_get_references_of_their_own(book: Casebook):
    with ThreadPoolExecutor(8) as threads:
        refs = list(threads.map(lambda _: book.new_ref(2026), range(200)))
    assert len(set(refs)) == 200


def test_what_is_saved_is_there_at_once_and_after_a_restart(library: Library):
    case, end = new_case("DP-2026-000001"), disposition("x", "DP-2026-000001")
    library.book.save(case, version=0, dispositions=[end])
    library.book.put_notice(notice("n"))
    for book in library.live_and_restarted():
        assert book.get(case.ref) == case
        assert list(book.cases()) == [case]
        assert book.by_token("token of DP-2026-000001") == case
        assert book.disposition("x") == end
        assert list(book.dispositions()) == [end]
        assert book.notice("n") == notice("n")


def test_cases_and_dispositions_are_listed_in_their_order(library: Library):
    for n in (3, 1, 2):
        ref = f"DP-2026-00000{n}"
        library.book.save(new_case(ref), version=0, dispositions=[disposition(f"x{n}", ref)])
    for book in library.live_and_restarted():
        assert [case.ref[-1] for case in book.cases()] == ["1", "2", "3"]
        assert [found.spool_id for found in book.dispositions()] == ["x1", "x2", "x3"]


def test_what_is_saved_while_somebody_lists_does_not_disturb_the_list(book: Casebook):
    book.save(new_case("DP-2026-000001"), version=0, dispositions=[disposition("x1")])
    cases, dispositions = book.cases(), book.dispositions()
    assert next(cases).ref == "DP-2026-000001"
    assert next(dispositions).spool_id == "x1"
    book.save(new_case("DP-2026-000002"), version=0, dispositions=[disposition("x2")])
    assert {case.ref for case in cases} <= {"DP-2026-000002"}
    assert {found.spool_id for found in dispositions} <= {"x2"}


def test_a_case_grows_by_saving_it_with_the_version_it_was_read_at(library: Library):
    case = new_case("DP-2026-000001")
    library.book.save(case, version=0)
    grown = case.record(message("second"), sent("DP-2026-000001-1"))
    library.book.save(grown, version=len(case.events))
    assert library.book.get(case.ref) == grown
    assert library.restart().get(case.ref) == grown


@pytest.mark.parametrize("off_by", [-5, -1, 1, 5])
def test_a_stale_save_is_refused_and_changes_nothing(library: Library, off_by: int):
    case = new_case("DP-2026-000001")
    library.book.save(case, version=0)
    grown = case.record(sent("DP-2026-000001-1"))
    with pytest.raises(ChangedMeanwhileError) as refused:
        library.book.save(
            grown, version=len(case.events) + off_by, dispositions=[disposition("x", case.ref)]
        )
    assert isinstance(refused.value, RefusedError)
    for book in library.live_and_restarted():
        assert book.get(case.ref) == case
        assert owed_ids(book) == ["DP-2026-000001-1"]
        assert book.disposition("x") is None
        assert book.alike("<x@mail.example>") == []


def test_a_new_case_does_not_replace_one_that_is_there(book: Casebook):
    case = new_case("DP-2026-000001")
    book.save(case, version=0)
    with pytest.raises(ChangedMeanwhileError):
        book.save(new_case("DP-2026-000001", minutes=9), version=0)
    assert book.get(case.ref) == case


def test_a_case_that_is_not_there_does_not_grow(book: Casebook):
    case = new_case("DP-2026-000001")
    with pytest.raises(ChangedMeanwhileError):
        book.save(case, version=len(case.events))
    assert book.get(case.ref) is None


def test_after_a_refusal_looking_again_and_saving_works(book: Casebook):
    case = new_case("DP-2026-000001")
    book.save(case, version=0)
    book.save(case.record(message("quicker")), version=len(case.events))
    with pytest.raises(ChangedMeanwhileError):
        book.save(case.record(message("slower")), version=len(case.events))
    again = book.get(case.ref)
    assert again is not None
    book.save(again.record(message("slower")), version=len(again.events))
    after = book.get(case.ref)
    assert after is not None
    assert [m.spool_id for m in after.messages][1:] == ["quicker", "slower"]


def test_of_those_who_save_one_version_at_once_exactly_one_succeeds(book: Casebook):
    case = new_case("DP-2026-000001")
    book.save(case, version=0)
    together = Barrier(8)

    def race(number: int) -> int | None:
        together.wait(timeout=10)
        ends = [disposition(f"x{number}", case.ref)]
        try:
            book.save(
                case.record(message(f"m{number}")), version=len(case.events), dispositions=ends
            )
        except ChangedMeanwhileError:
            return None
        return number

    with ThreadPoolExecutor(8) as threads:
        (winner,) = [number for number in threads.map(race, range(8)) if number is not None]
    after = book.get(case.ref)
    assert after is not None
    assert after.messages[-1].spool_id == f"m{winner}"
    assert [found.spool_id for found in book.dispositions()] == [f"x{winner}"]


def test_answers_of_a_machine_are_counted_by_whom_they_went_to(library: Library):
    first, second = "DP-2026-000001", "DP-2026-000002"
    library.book.save(new_case(first), version=0)
    library.book.save(new_case(second, minutes=30), version=0)
    for book in library.live_and_restarted():
        for whom in ("", "@mail.example", "Ann@mail.example"):
            assert [book.answered(whom, at(minutes)) for minutes in (0, 1, 30, 31)] == [2, 1, 1, 0]
        assert book.answered("@example", at(0)) == 0
        assert book.answered("n@mail.example", at(0)) == 0


def test_an_answer_that_waits_for_a_person_is_not_counted_until_it_goes(library: Library):
    case, letter_id = new_case("DP-2026-000001"), "DP-2026-000001-1"
    library.book.save(case, version=0)
    held = case.record(LetterHeld(at=at(1), letter_id=letter_id, why="too many"))
    library.book.save(held, version=len(case.events))
    assert [book.answered("", at(0)) for book in library.live_and_restarted()] == [0, 0]
    released = held.record(LetterReleased(at=at(2), by="sam", letter_id=letter_id))
    library.book.save(released, version=len(held.events))
    assert [book.answered("", at(0)) for book in library.live_and_restarted()] == [1, 1]


def test_what_a_person_writes_is_no_answer_of_a_machine(library: Library):
    case = new_case("DP-2026-000001")
    drafted = replace(letter("DP-2026-000001-2"), draft=True)
    others = replace(letter("DP-2026-000001-3"), letter_kind="reply")
    persons = replace(letter("DP-2026-000001-4"), by="sam")
    library.book.save(case.record(drafted, others, persons), version=0)
    assert [book.answered("", at(0)) for book in library.live_and_restarted()] == [1, 1]


def test_a_day_is_long_enough_to_count(library: Library):
    for number in range(1, 51):
        library.book.save(new_case(f"DP-2026-{number:06}", minutes=60 * number), version=0)
    for book in library.live_and_restarted():
        assert book.answered("", at(60 * 50 - 24 * 60)) == 25
        assert book.answered("ann@mail.example", at(60 * 49)) == 2


def test_dispositions_can_be_saved_without_a_case_and_a_case_without_them(library: Library):
    library.book.save(None, version=0, dispositions=[disposition("x"), disposition("y")])
    library.book.save(new_case("DP-2026-000001"), version=0)
    library.book.save(None, version=0)
    for book in library.live_and_restarted():
        assert [found.spool_id for found in book.dispositions()] == ["x", "y"]
        assert [case.ref for case in book.cases()] == ["DP-2026-000001"]


def test_a_disposition_can_be_changed_when_a_person_opens_what_was_filed(library: Library):
    library.book.save(None, version=0, dispositions=[disposition("x")])
    opened = replace(disposition("x"), end=End.OPENED, ref="DP-2026-000001")
    library.book.save(new_case("DP-2026-000001"), version=0, dispositions=[opened])
    for book in library.live_and_restarted():
        assert list(book.dispositions()) == [opened]
        assert book.alike(opened.key) == [opened]


def test_what_ended_without_a_case_is_filed_and_what_has_one_is_not():
    ends = {end: replace(disposition("x"), end=end) for end in End}
    filed = {end for end, disposition in ends.items() if disposition.filed}
    assert filed == {End.AUTOMATIC, End.BOUNCE, End.SPAM, End.OTHER}
    assert not replace(ends[End.OTHER], ref="DP-2026-000001").filed


def test_copies_are_found_by_what_they_are_known_by(library: Library):
    first, other, copy = (
        disposition("x1", key="<k@mail.example>"),
        disposition("x2", key="<other@mail.example>"),
        disposition("x3", key="<k@mail.example>"),
    )
    library.book.save(None, version=0, dispositions=[copy, other])
    library.book.save(None, version=0, dispositions=[first])
    for book in library.live_and_restarted():
        assert list(book.alike("<k@mail.example>")) == [first, copy]
        assert list(book.alike("<other@mail.example>")) == [other]
        assert list(book.alike("<K@mail.example>")) == []
        assert list(book.alike("")) == []


def test_a_disposition_is_no_longer_found_by_what_it_was_known_by_once(library: Library):
    library.book.save(None, version=0, dispositions=[disposition("x", key="<old@mail.example>")])
    library.book.save(None, version=0, dispositions=[disposition("x", key="<new@mail.example>")])
    for book in library.live_and_restarted():
        assert list(book.alike("<old@mail.example>")) == []
        assert [found.spool_id for found in book.alike("<new@mail.example>")] == ["x"]


def test_a_token_finds_its_case_as_it_is_now_and_no_other(library: Library):
    one, two = new_case("DP-2026-000001"), new_case("DP-2026-000002")
    library.book.save(one, version=0)
    library.book.save(two, version=0)
    grown = one.record(message("second"))
    library.book.save(grown, version=len(one.events))
    for book in library.live_and_restarted():
        assert book.by_token("token of DP-2026-000001") == grown
        assert book.by_token("token of DP-2026-000002") == two
        assert book.by_token("token of DP-2026-00000") is None
        assert book.by_token("") is None


def test_a_requester_is_found_by_what_they_are_known_by(library: Library):
    library.book.save(new_case("DP-2026-000002"), version=0)
    library.book.save(new_case("DP-2026-000001"), version=0)
    for book in library.live_and_restarted():
        for trait in ("address:ann@mail.example", "name:ann other"):
            assert book.by_trait(trait) == ["DP-2026-000001", "DP-2026-000002"]
        assert book.by_trait("name:bob other") == []


def test_two_cases_are_saved_together(library: Library):
    first, second = new_case("DP-2026-000001"), new_case("DP-2026-000002")
    library.book.save(first, version=0, also=[Change(second, 0)])
    for book in library.live_and_restarted():
        assert [case.ref for case in book.cases()] == [first.ref, second.ref]


def test_of_two_cases_neither_is_saved_when_one_was_changed(library: Library):
    first, second = new_case("DP-2026-000001"), new_case("DP-2026-000002")
    library.book.save(second, version=0)
    with pytest.raises(ChangedMeanwhileError):
        library.book.save(first, version=0, also=[Change(second, 0)])
    for book in library.live_and_restarted():
        assert book.get(first.ref) is None
        assert book.get(second.ref) == second


def test_what_is_owed_is_every_queued_letter_oldest_first(library: Library):
    late, early = new_case("DP-2026-000001", minutes=30), new_case("DP-2026-000002", minutes=10)
    library.book.save(late, version=0)
    library.book.save(early, version=0)
    library.book.put_notice(notice("n", minutes=20))
    library.book.save(late.record(letter("extra", minutes=5)), version=len(late.events))
    for book in library.live_and_restarted():
        assert owed_ids(book) == ["extra", "DP-2026-000002-1", "n", "DP-2026-000001-1"]
        assert {found.status for found in book.owed()} == {LetterStatus.QUEUED}
        assert all(a.owed.at <= b.owed.at for a, b in pairwise(book.owed()))


@pytest.mark.parametrize(
    "settled",
    [
        LetterSent(at=at(5), letter_id="DP-2026-000001-1"),
        LetterFailed(at=at(5), letter_id="DP-2026-000001-1", why="550"),
        LetterBounced(at=at(5), letter_id="DP-2026-000001-1"),
    ],
    ids=lambda event: event.kind,
)
def test_a_letter_that_is_settled_is_no_longer_owed_whatever_became_of_it(
    library: Library, settled: LetterSent | LetterFailed | LetterBounced
):
    case = new_case("DP-2026-000001").record(letter("second", minutes=1))
    library.book.save(case, version=0)
    library.book.save(case.record(settled), version=len(case.events))
    for book in library.live_and_restarted():
        assert owed_ids(book) == ["second"]


@pytest.mark.parametrize("status", [LetterStatus.SENT, LetterStatus.FAILED, LetterStatus.BOUNCED])
def test_a_notice_that_is_settled_is_no_longer_owed_but_kept(
    library: Library, status: LetterStatus
):
    library.book.put_notice(notice("n"))
    settled = replace(notice("n"), letter=Letter(letter("n"), status, at(5)))
    library.book.put_notice(settled)
    for book in library.live_and_restarted():
        assert book.owed() == []
        assert book.notice("n") == settled


def test_a_letter_owed_anew_is_owed_though_others_were_sent(library: Library):
    case = new_case("DP-2026-000001").record(sent("DP-2026-000001-1"))
    library.book.save(case, version=0)
    assert library.book.owed() == []
    grown = case.record(letter("DP-2026-000001-2", minutes=9))
    library.book.save(grown, version=len(case.events))
    assert owed_ids(library.book) == ["DP-2026-000001-2"]
    assert owed_ids(library.restart()) == ["DP-2026-000001-2"]


def test_what_is_kept_with_a_case_is_kept_together_with_it(library: Library):
    case = new_case("DP-2026-000001")
    library.book.save(case, version=0, keep={"a:1": {"since": "now"}, "b": {"x": "\u00e9"}})
    for book in library.live_and_restarted():
        assert book.kept("a:1") == {"since": "now"}
        assert book.kept("b") == {"x": "\u00e9"}
        assert book.kept("a:") is None


def test_a_refused_save_keeps_nothing(library: Library):
    library.book.save(new_case("DP-2026-000001"), version=0, keep={"a": {"by": "first"}})
    with pytest.raises(ChangedMeanwhileError):
        library.book.save(
            new_case("DP-2026-000001"), version=0, keep={"a": {"by": "second"}, "b": {}}
        )
    for book in library.live_and_restarted():
        assert book.kept("a") == {"by": "first"}
        assert book.kept("b") is None


def test_a_kept_value_is_replaced_whole(library: Library):
    library.book.keep("a", {"since": "then", "by": "ann"})
    library.book.save(None, version=0, keep={"a": {"since": "now"}})
    for book in library.live_and_restarted():
        assert book.kept("a") == {"since": "now"}


def test_kept_names_are_found_by_how_they_begin(library: Library):
    for name in ("a:2", "a:1", "a:10", "b:1", "a", "A:1", "a%", "a_1"):
        library.book.keep(name, {"n": name})
    for book in library.live_and_restarted():
        assert book.kept_names("a:") == ["a:1", "a:10", "a:2"]
        assert book.kept_names("a:1") == ["a:1", "a:10"]
        assert book.kept_names("a%") == ["a%"], "a prefix is no pattern"
        assert book.kept_names("a_") == ["a_1"]
        assert book.kept_names("c") == []
        assert len(book.kept_names("")) == 8


def test_a_notice_is_owed_once_whoever_else_would_owe_it(library: Library):
    assert library.book.owe_notice(notice("n"))
    settled = replace(notice("n"), letter=Letter(letter("n"), LetterStatus.SENT, at(5)))
    library.book.put_notice(settled)
    for book in library.live_and_restarted():
        assert not book.owe_notice(notice("n", minutes=9))
        assert book.owed() == []
        assert list(book.notices()) == [settled]


def test_of_those_who_owe_one_notice_at_once_exactly_one_does(book: Casebook):
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: book.owe_notice(notice("n")), range(8))) == 1


def test_what_is_kept_is_there_after_a_restart_and_gives_way_to_what_is_kept_later(
    library: Library,
):
    library.book.keep("b", {"2026-12-25": "Christmas Day"})
    library.book.keep("a", {"x": "1"})
    library.book.keep("a", {"x": "2"})
    for book in library.live_and_restarted():
        assert book.kept_names("") == ["a", "b"]
        assert book.kept("a") == {"x": "2"}
        assert book.kept("b") == {"2026-12-25": "Christmas Day"}
        assert book.kept("c") is None


def test_two_copies_taken_in_at_once_are_not_both_the_first(book: Casebook):
    together = Barrier(4)

    def race(number: int) -> bool:
        case, end = new_case(f"DP-2026-00000{number}"), disposition(f"x{number}", key="<same>")
        together.wait(timeout=10)
        try:
            book.save(case, version=0, dispositions=[end], copies=0)
        except ChangedMeanwhileError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(race, range(1, 5))) == 1
    assert len(list(book.cases())) == len(book.alike("<same>")) == 1
    book.save(None, version=0, dispositions=[disposition("y", key="<same>")], copies=1)


@pytest.mark.parametrize(
    "odd", ["\0", "\ud800", "\\u0000", "\ue0000000", "\ue000", "é𝒳\u2028", "k" * 20_000]
)
def test_whatever_people_write_is_kept_and_found_again(library: Library, odd: str):
    case = new_case("DP-2026-000001").record(replace(message("m"), message_id=odd, sender=odd))
    end = disposition("x", "DP-2026-000001", key=f"<{odd}>")
    library.book.save(case, version=0, dispositions=[end])
    for book in library.live_and_restarted():
        assert book.get("DP-2026-000001") == case
        assert list(book.alike(f"<{odd}>")) == [end]


def test_a_list_longer_than_one_look_is_whole_and_in_order(book: Casebook):
    ends = [disposition(f"x{n:04}") for n in range(1100)]
    for first in range(0, len(ends), 50):
        book.save(None, version=0, dispositions=ends[first : first + 50][::-1])
    assert list(book.dispositions()) == ends
