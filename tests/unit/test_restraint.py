"""Each count of answers holds the next one back, and only the next one."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.config import LimitsConfig
from bot.restraint import AGAIN, DAY, HOUR, Restraint
from store.case import Case
from store.events import MessageReceived, RequestClosed, Requested
from store.law import Label
from store.recorded import Outcome, Trust
from tests.casebook.making import at, letter, new_case

LIMITS = LimitsConfig(
    answers_per_sender_day=2,
    answers_per_case_day=2,
    answers_per_domain_hour=2,
    answers_per_hour=2,
)
NOW = at(0)
CASE = new_case("DP-2026-000009")
ONCE = {"ann@mail.example": 1}


def why(counted: dict[str, int], case: Case = CASE, *earlier: Case) -> str:
    counts = Counter(counted)
    return Restraint(LIMITS, lambda to, _since: counts[to]).why_wait(case, earlier, NOW)


def test_below_every_limit_the_answer_goes():
    assert why({"": 1, "@mail.example": 1, "ann@mail.example": 1}) == ""


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("", "too many answers in an hour"),
        ("@mail.example", "too many answers to one domain in an hour"),
        ("ann@mail.example", "too many answers to one sender in a day"),
    ],
)
def test_at_a_limit_it_waits_and_says_which(to: str, reason: str):
    assert why({to: 1}) == ""
    assert why({to: 2}) == reason


def test_hours_are_counted_as_hours_and_days_as_days():
    asked: dict[str, timedelta] = {}

    def answered(to: str, since: datetime) -> int:
        asked[to] = NOW - since
        return 0

    Restraint(LIMITS, answered).why_wait(CASE, (), NOW)
    assert asked == {"": HOUR, "@mail.example": HOUR, "ann@mail.example": DAY}


def test_in_one_case_only_the_answers_of_a_day_count():
    two = CASE.record(letter("DP-2026-000009-2"))
    three = two.record(letter("DP-2026-000009-3"))
    assert why({}, two) == ""
    assert why({}, three) == "too many answers in one case in a day"
    later = Restraint(LIMITS, lambda _to, _since: 0)
    assert later.why_wait(three, (), NOW + DAY + timedelta(minutes=1)) == ""


class TestAskedAgain:
    def test_what_was_answered_today_is_not_answered_again(self):
        assert why(ONCE, CASE, new_case("DP-2026-000001")) == AGAIN

    def test_another_thing_is(self):
        other = new_case("DP-2026-000001", label=Label.COMPLAINT)
        assert why(ONCE, CASE, other) == ""

    def test_more_than_was_answered_is(self):
        more = Requested(at=NOW, request=2, label=Label.ERASURE, received_at=NOW)
        both = replace(letter("DP-2026-000009-2"), requests=(1, 2))
        assert why(ONCE, CASE.record(more, both), new_case("DP-2026-000001")) == ""

    def test_what_was_closed_is(self):
        first = new_case("DP-2026-000001")
        closed = RequestClosed(at=NOW, by="sam", request=1, outcome=Outcome.FULFILLED)
        assert why(ONCE, CASE, first.record(closed)) == ""

    def test_a_case_does_not_repeat_itself(self):
        assert why(ONCE, CASE, CASE) == ""

    def test_what_a_forger_asked_was_not_asked(self):
        first = new_case("DP-2026-000001")
        forged = (
            replace(e, trust=Trust.FAILED) if isinstance(e, MessageReceived) else e
            for e in first.events
        )
        assert why(ONCE, CASE, Case(first.ref, tuple(forged))) == ""

    def test_what_was_answered_yesterday_is(self):
        assert why(ONCE, CASE, new_case("DP-2026-000001", minutes=-25 * 60)) == ""
