"""Before a request goes on in another case, and after a proof has served: what waits, and what is due."""

from dataclasses import replace
from datetime import date

import pytest

from store.case import CaseError
from store.deeds import Asked, Extended, LetterReleased, PapersDeleted, Supplied
from store.events import Event, LetterSent
from store.law import Label
from store.recorded import Medium, Wanted
from store.ties import Moved
from tests.unit.test_case import asked, at, case_of, failed, owed

ACCESS = asked(1, Label.ACCESS)
MOVED = Moved(at=at(9), request=1, to="DP-2026-000009")
BY_LETTER = Asked(
    at=at(4),
    wanted=Wanted.CLARIFICATION,
    requests=(1,),
    medium=Medium.EMAIL,
    letter_id="a",
)
WHO = Asked(at=at(4), wanted=Wanted.IDENTITY, requests=(1,), medium=Medium.PHONE)
EXTENDED = Extended(at=at(4), request=1, reasons="many records", letter_id="a")


def proof(*papers: str) -> Supplied:
    return Supplied(
        at=at(5),
        effective_on=date(2026, 11, 5),
        wanted=Wanted.IDENTITY,
        requests=(1,),
        papers=papers,
    )


@pytest.mark.parametrize("deed", [BY_LETTER, EXTENDED], ids=["a question", "an extension"])
@pytest.mark.parametrize("draft", [False, True], ids=["queued", "drafted"])
def test_a_request_does_not_move_while_a_letter_about_its_clock_has_not_gone(
    deed: Event, *, draft: bool
):
    case = case_of(ACCESS, replace(owed("a", 1), draft=draft), deed)
    with pytest.raises(CaseError) as refused:
        case.record(MOVED)
    assert str(refused.value) == (
        "letter a about request 1 of DP-2026-000001 has not gone yet: wait for it, or take it "
        "back first"
    )


@pytest.mark.parametrize("deed", [BY_LETTER, EXTENDED], ids=["a question", "an extension"])
@pytest.mark.parametrize(
    "end", [LetterSent(at=at(5), letter_id="a"), failed("a")], ids=["went", "failed"]
)
def test_a_request_moves_once_the_letter_about_its_clock_went_or_failed(deed: Event, end: Event):
    assert case_of(ACCESS, owed("a", 1), deed, end, MOVED).running == ()


def test_a_released_draft_still_holds_the_request_until_it_went():
    draft = replace(owed("a", 1), draft=True)
    released = case_of(ACCESS, draft, BY_LETTER, LetterReleased(at=at(5), letter_id="a"))
    with pytest.raises(CaseError, match="has not gone yet"):
        released.record(MOVED)


def test_a_letter_about_something_else_holds_nothing():
    assert case_of(ACCESS, owed("a", 1), MOVED).running == ()


def test_papers_that_proved_who_asks_are_due_for_deletion_until_they_are_gone():
    case = case_of(ACCESS, WHO, proof("m1", "m2"), WHO, proof("m2", "m3"))
    assert case.papers_due == ("m1", "m2", "m3")
    assert case.record(PapersDeleted(at=at(9), spool_id="m2")).papers_due == ("m1", "m3")
    assert case_of(ACCESS, WHO, proof()).papers_due == ()


def test_a_requester_is_known_again_by_address_and_name():
    assert case_of().traits == ("address:ann.other@mail.example", "name:ann other")
