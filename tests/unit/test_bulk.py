"""Rows of facts in, rows of dates out; a bad row says what is wrong with it."""

import json
from typing import Any

import pytest

from store.bulk import reckon_row

ROW: dict[str, Any] = {
    "id": 7,
    "regime": "uk_gdpr",
    "right": "access",
    "received": "2026-09-07T10:00:00+01:00",
    "timezone": "Europe/London",
    "events": [],
    "holidays_subdivision": "GB-ENG",
}


def reckoned(**changes: object) -> dict[str, Any]:
    return reckon_row({**ROW, **changes})


def test_a_row_has_its_dates_and_its_working_and_goes_into_json():
    row = reckoned()
    working = row.pop("working")
    assert json.loads(json.dumps(row)) == {
        "id": 7,
        "start": "2026-09-07",
        "nominal_due": "2026-10-07",
        "due": "2026-10-07",
        "paused_days": 0,
        "extension_notice_due": "2026-10-07",
        "extension_notice_nominal": "2026-10-07",
        "provisional_due": None,
    }
    assert len(working) == 3


def test_only_right_and_receipt_are_needed():
    assert reckon_row({"right": "access", "received": ROW["received"]})["due"] == "2026-10-07"


@pytest.mark.parametrize(
    ("right", "received", "due"),
    [
        ("access", "2026-02-04T10:00:00+00:00", "2026-03-04"),
        ("complaint", "2026-06-18T10:00:00+01:00", None),
        ("unsubscribe", "2026-09-07", "2026-09-08"),
        ("marketing_objection", "2026-09-07", "2026-10-07"),
        ("consent_withdrawal", "2026-09-07", "2026-10-07"),
        ("query", "2026-09-07", None),
        ("other", "2026-09-07", None),
        ("breach", "2026-09-07", "2026-09-10T00:00:00+01:00"),
        ("limit", "2026-09-08", "2026-09-29"),
    ],
)
def test_without_a_regime_the_day_of_receipt_chooses_it(right: str, received: str, due: str | None):
    assert reckoned(regime=None, right=right, received=received)["due"] == due


def test_of_rights_that_share_a_row_the_first_date_shows_and_each_tells_its_working():
    question = [{"kind": "clarification_requested", "date": "2026-09-10"}]
    row = reckoned(right="access+erasure", events=question)
    assert row["due"] == "2026-10-07"
    assert row["working"][0].startswith("For access: ")
    assert row["working"][-1].startswith("For erasure: ")


def test_of_rights_that_all_wait_the_first_alarm_shows():
    asked = [{"kind": "id_requested", "date": "2026-09-10"}]
    row = reckoned(right="access+portability", events=asked)
    assert (row["due"], row["provisional_due"]) == (None, "2026-10-07")
    assert not any(line.startswith("For ") for line in row["working"])


def test_intervals_stand_in_for_the_clarification_events():
    events = [
        {"kind": "clarification_requested", "date": "2026-09-10"},
        {"kind": "logged", "date": "2026-09-10"},
    ]
    row = reckoned(
        events=events, intervals=[["2026-09-10", "2026-09-14"], ["2026-09-12", "2026-09-18"]]
    )
    assert (row["due"], row["paused_days"]) == ("2026-10-16", 9)
    waiting = reckoned(intervals=[["2026-09-10", None]])
    assert (waiting["due"], waiting["provisional_due"]) == (None, "2026-10-07")
    assert waiting["remaining_days_at_pause"] == 28


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"received": "soon"}, '"soon" in "received" is no date and no instant of ISO 8601.'),
        ({"received": None}, 'The field "received" is missing or is not text.'),
        ({"received": 5}, 'The field "received" is missing or is not text.'),
        (
            {"received": "2026-09-07T10:00:00"},
            "The instant 2026-09-07T10:00:00 has no offset from UTC.",
        ),
        (
            {"received": "9999-12-31"},
            '"9999-12-31" in "received" lies at the edge of the calendar.',
        ),
        (
            {"received": "2028-12-31"},
            "The holidays of England are known up to the end of 2028, so 2029-01-31 cannot be reckoned yet.",
        ),
        ({"right": ""}, 'The field "right" is missing or is not text.'),
        ({"right": "know"}, 'The regime "uk_gdpr" knows no right called "know".'),
        ({"right": "query"}, 'The regime "uk_gdpr" knows no right called "query".'),
        ({"regime": "mars"}, 'There is no regime called "mars".'),
        ({"regime": None, "right": "tea"}, 'No regime knows a right called "tea".'),
        ({"timezone": "Mars/Base"}, 'There is no time zone called "Mars/Base".'),
        ({"timezone": "../etc"}, 'There is no time zone called "../etc".'),
        (
            {"holidays_subdivision": "GB"},
            "GB has no holidays of its own: name the nation, ENG, WLS, SCT, NIR.",
        ),
        ({"holidays_subdivision": "ZZ"}, "No holidays are known for 'ZZ'."),
        ({"events": "none"}, 'The field "events" is not a list.'),
        ({"events": ["none"]}, 'An entry of "events" is not an object.'),
        ({"events": [{"kind": "aware"}]}, 'The field "date" is missing or is not text.'),
        (
            {"events": [{"kind": "aware", "date": "2026-02-30"}]},
            '"2026-02-30" in "events" is no date and no instant of ISO 8601.',
        ),
        ({"intervals": [["2026-09-10"]]}, 'An entry of "intervals" is not a pair of dates.'),
    ],
)
def test_a_bad_row_says_what_is_wrong(changes: dict[str, object], error: str):
    assert reckoned(**changes) == {"id": 7, "error": error}


@pytest.mark.parametrize("row", [None, 5, "row", ["row"]])
def test_what_is_no_row_at_all_says_so(row: object):
    assert reckon_row(row) == {"id": None, "error": "The row is not an object."}
