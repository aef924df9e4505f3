"""Between cases: what moved is over here, what merged goes on there, and who decided does not review."""

from dataclasses import replace
from datetime import date

import pytest

from store.case import Case, CaseError, State
from store.deeds import Acknowledged, Asked, Assigned, Noted, RequestReopened, Sorted, Supplied
from store.events import Event
from store.law import DueKind, Label
from store.recorded import Medium, Outcome, Wanted
from store.requests import RequestState
from store.ties import Linked, Merged, Moved, Reviewing, TookIn
from tests.unit.test_case import HERE, asked, at, case_of, closed

THERE = "DP-2026-000009"
ACCESS = asked(1, Label.ACCESS)
REVIEW = asked(2, Label.REVIEW)
MOVED = Moved(at=at(5), request=1, to=THERE)


def reviewing(by: str = "sam", request: int = 2) -> Reviewing:
    return Reviewing(
        at=at(6),
        request=request,
        of_ref=THERE,
        of_request=1,
        decided_by=by,
        outcome=Outcome.EXEMPT,
    )


def test_what_moved_is_over_here():
    case = case_of(ACCESS, MOVED)
    assert case.running == ()
    assert case.request(1).state(case.letters_by_id) is RequestState.CLOSED
    assert case.state is State.CLOSED


def test_a_case_that_took_another_in_listens_to_both_addresses():
    took = TookIn(at=at(5), ref=THERE, address="Ann@Work.Example", facets=("employee",))
    case = case_of(ACCESS, took)
    assert case.participants == {"ann.other@mail.example", "ann@work.example"}
    assert "employee" in case.kinds


def test_a_complaint_acknowledged_by_post_has_only_the_own_target_left():
    complaint = case_of(asked(1, Label.COMPLAINT))
    told = complaint.record(Acknowledged(at=at(5), request=1, how="by post"))
    kinds = [c.due(c.request(1), HERE).kind for c in (complaint, told)]
    assert kinds == [DueKind.ACKNOWLEDGEMENT, DueKind.POLICY]


@pytest.mark.parametrize(
    ("before", "event", "sentence"),
    [
        ((ACCESS,), Merged(at=at(5), into=THERE), "open requests that went nowhere"),
        ((ACCESS,), Merged(at=at(5), into="DP-2026-000001"), "tied to itself"),
        ((ACCESS,), TookIn(at=at(5), ref="DP-2026-000001", address=""), "tied to itself"),
        ((ACCESS, MOVED), MOVED, f"goes on in {THERE}"),
        ((ACCESS, MOVED), closed(1), f"goes on in {THERE}"),
        ((ACCESS, MOVED), RequestReopened(at=at(6), request=1, why="?"), f"goes on in {THERE}"),
        ((ACCESS, closed(1)), MOVED, "is closed"),
        ((ACCESS,), reviewing(request=1), "asks for no review"),
        ((ACCESS, REVIEW, reviewing()), reviewing(), f"reviews request 1 of {THERE}"),
        ((ACCESS, MOVED, Merged(at=at(6), into=THERE)), asked(2, Label.QUERY), "goes on in"),
        ((ACCESS, MOVED, Merged(at=at(6), into=THERE)), Assigned(at=at(7), owner="a"), "goes on"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_follow_is_refused(before: tuple[Event, ...], event: Event, sentence: str):
    with pytest.raises(CaseError, match=sentence):
        case_of(*before).record(event)


def test_who_decided_does_not_review():
    case = case_of(ACCESS, REVIEW, reviewing(by="sam"))
    verdict = closed(2, Outcome.UPHELD)
    with pytest.raises(CaseError, match=f"sam decided request 1 of {THERE}: somebody else"):
        case.record(replace(verdict, by="sam"))
    assert case.record(verdict).request(2).closed is not None


def test_an_answer_older_than_its_question_is_refused():
    asked_on = Asked(
        at=at(4),
        effective_on=date(2026, 11, 6),
        wanted=Wanted.CLARIFICATION,
        requests=(1,),
        medium=Medium.PHONE,
    )
    answer = Supplied(
        at=at(5), effective_on=date(2026, 11, 4), wanted=Wanted.CLARIFICATION, requests=(1,)
    )
    with pytest.raises(CaseError, match="04 Nov 2026 is before the question, on 06 Nov 2026"):
        case_of(ACCESS, asked_on, answer)


def test_what_was_sorted_as_something_else_waits_for_no_answer():
    question = Asked(at=at(4), wanted=Wanted.CLARIFICATION, requests=(1,), medium=Medium.PHONE)
    case = case_of(ACCESS, question, Sorted(at=at(5), request=1, label=Label.ERASURE))
    assert case.state is State.OPEN


def test_a_merged_case_can_still_be_noted_on():
    case = case_of(ACCESS, MOVED, Merged(at=at(6), into=THERE), Noted(at=at(7), text="x"))
    assert case.merged_into == THERE


def test_replaying_moves_gives_the_same_case():
    case = case_of(ACCESS, Linked(at=at(4), ref=THERE), MOVED, Merged(at=at(6), into=THERE))
    assert Case(case.ref, case.events[:1]).record(*case.events[1:]) == case
