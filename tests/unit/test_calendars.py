"""A changed holiday list is told apart from the accepted one, and moves nothing before it is accepted."""

from dataclasses import replace
from datetime import date

import pytest

from store.calendars import FIRST_YEAR, Move, differences, in_force, listed, moves
from store.law import Label
from store.working_days import Calendar
from tests.unit.test_case import HERE, asked, case_of, closed

ENGLAND = Calendar.of("ENG")
CORONATION = date(2026, 12, 2)
"""The day on which a request of 2 November 2026 is due."""
WITH_CORONATION = Calendar.of("ENG", {CORONATION: "a coronation"})
WITHOUT_NEW_YEAR = Calendar.of("ENG", dropped=[date(2027, 1, 1)])


def test_every_bank_holiday_is_listed_from_the_first_year_to_the_last():
    found = listed(ENGLAND)
    assert found["2026-12-28"] == "Boxing Day (substitute day)"
    assert list(found) == sorted(found)
    assert (min(found), max(found)) == ("2024-01-01", "2028-12-26")
    assert FIRST_YEAR == 2024
    assert "2026-12-27" not in found  # a mere Sunday


def test_the_last_day_of_the_last_year_is_listed_if_it_is_a_holiday():
    eve = Calendar.of("ENG", {date(2028, 12, 31): "a jubilee"})
    assert listed(eve)["2028-12-31"] == "a jubilee"


def test_a_list_that_is_accepted_differs_in_nothing():
    assert differences(WITH_CORONATION, listed(WITH_CORONATION)) == []


def test_what_is_added_and_what_is_dropped_is_told_in_the_order_of_the_dates():
    changed = Calendar.of("ENG", {CORONATION: "a coronation"}, [date(2026, 12, 25)])
    assert differences(changed, listed(ENGLAND)) == [
        "+ 2026-12-02 a coronation",
        "- 2026-12-25 Christmas Day",
    ]


@pytest.mark.parametrize(
    ("configured", "accepted"),
    [
        (WITH_CORONATION, ENGLAND),
        (ENGLAND, WITH_CORONATION),
        (WITHOUT_NEW_YEAR, ENGLAND),
        (ENGLAND, WITHOUT_NEW_YEAR),
        (WITH_CORONATION, WITHOUT_NEW_YEAR),
        (Calendar.of("SCT"), ENGLAND),
    ],
    ids=[
        "a holiday is proclaimed and not accepted",
        "a proclaimed holiday is accepted and gone from the settings",
        "a holiday is dropped and that is not accepted",
        "a dropped holiday is accepted and back in the settings",
        "one is proclaimed where another was dropped",
        "the nation is another one",
    ],
)
def test_the_accepted_holidays_are_in_force_whatever_is_configured(
    configured: Calendar, accepted: Calendar
):
    assert listed(in_force(configured, listed(accepted))) == listed(accepted)
    assert in_force(configured, listed(accepted)).place == configured.place


def test_a_holiday_that_was_proclaimed_and_accepted_keeps_its_name():
    assert in_force(WITH_CORONATION, listed(WITH_CORONATION)) == WITH_CORONATION
    assert in_force(WITHOUT_NEW_YEAR, listed(WITHOUT_NEW_YEAR)).dropped == {date(2027, 1, 1)}


def test_a_new_holiday_moves_the_running_requests_that_fall_due_on_it():
    case = case_of(asked(1, Label.ACCESS), asked(2, Label.QUERY), asked(3, Label.ERASURE))
    unmoved = case_of(asked(1, Label.QUERY))
    moved = list(moves([unmoved, case], HERE, WITH_CORONATION))
    assert moved == [
        Move("DP-2026-000001", case.request(n), CORONATION, date(2026, 12, 3)) for n in (1, 3)
    ]


def test_a_closed_request_is_not_moved():
    assert list(moves([case_of(asked(1, Label.ACCESS), closed(1))], HERE, WITH_CORONATION)) == []


def test_the_list_in_force_moves_nothing():
    there = replace(HERE, calendar=WITH_CORONATION)
    assert list(moves([case_of(asked(1, Label.ACCESS))], there, WITH_CORONATION)) == []
