"""Which days are working days, and where a calendar stops knowing."""

from datetime import date

import pytest

from store.working_days import Calendar, CalendarEnds

BOXING_DAY_SUBSTITUTE = date(2026, 12, 28)
TUESDAY = date(2026, 12, 29)


def test_a_rest_day_is_called_by_its_name():
    england = Calendar.of("ENG")
    assert england.name_of(date(2026, 12, 26)) == "Boxing Day"
    assert england.name_of(BOXING_DAY_SUBSTITUTE) == "Boxing Day (substitute day)"
    assert england.name_of(date(2026, 12, 27)) == "a Sunday"
    assert england.name_of(date(2026, 11, 28)) == "a Saturday"
    assert england.name_of(TUESDAY) is None


def test_a_working_day_is_its_own_next_working_day():
    england = Calendar.of("ENG")
    assert england.next_working_day(TUESDAY) == TUESDAY
    assert england.next_working_day(date(2026, 12, 25)) == TUESDAY


def test_working_days_are_counted_from_the_day_after():
    england = Calendar.of("ENG")
    assert england.working_days_after(date(2026, 12, 24), 1) == TUESDAY
    assert england.working_days_after(date(2026, 12, 24), 2) == date(2026, 12, 30)


def test_a_nation_is_the_same_under_both_its_names():
    assert Calendar.of("GB-SCT") == Calendar.of("SCT") != Calendar.of("ENG")


@pytest.mark.parametrize(
    ("place", "holiday"),
    [
        ("DE-BE", date(2026, 3, 8)),
        ("IE", date(2026, 10, 26)),
        ("US-federal", date(2026, 11, 26)),
        ("FR", date(2026, 7, 14)),
    ],
)
def test_other_places_have_their_own_holidays(place: str, holiday: date):
    assert Calendar.of(place).holiday(holiday)
    assert not Calendar.of("ENG").holiday(holiday)


def test_a_proclaimed_day_is_added_and_a_moved_one_dropped():
    corrected = Calendar.of("ENG", {TUESDAY: "a coronation"}, {BOXING_DAY_SUBSTITUTE})
    assert corrected.name_of(TUESDAY) == "a coronation"
    assert not corrected.is_rest_day(BOXING_DAY_SUBSTITUTE)
    assert not corrected.is_rest_day(date(2027, 12, 29))
    assert not Calendar.of("ENG").is_rest_day(TUESDAY)


def test_the_version_names_the_place_and_the_corrections():
    plain, corrected = Calendar.of("ENG"), Calendar.of("ENG", {TUESDAY: "a coronation"})
    assert plain.version.startswith("ENG, holidays 0.")
    assert plain.version.endswith("0 added, 0 dropped")
    assert corrected.version.endswith("1 added, 0 dropped")


def test_the_calendar_refuses_to_guess_beyond_its_last_year():
    england = Calendar.of("ENG")
    assert england.ends_with_year == 2028
    assert not england.is_rest_day(date(2028, 12, 29))
    with pytest.raises(
        CalendarEnds, match="of England are known up to the end of 2028, so 2029-01-02"
    ):
        england.is_rest_day(date(2029, 1, 2))


@pytest.mark.parametrize("place", ["GB", "UK", "ZZ", "DE-XX", ""])
def test_a_place_without_holidays_of_its_own_is_refused(place: str):
    with pytest.raises(ValueError, match=r"name the nation, ENG|No holidays are known for"):
        Calendar.of(place)


def test_a_place_that_is_no_nation_is_called_by_its_own_name_where_its_calendar_ends():
    with pytest.raises(CalendarEnds, match="The holidays of DE-BE are known up to the end of 2028"):
        Calendar.of("DE-BE").is_rest_day(date(2029, 1, 2))


def test_a_correction_counts_in_its_own_year_alone():
    corrected = Calendar.of("ENG", {TUESDAY: "a coronation"}, {date(2026, 12, 25)})
    assert corrected.holiday(date(2026, 12, 25)) is None
    assert corrected.holiday(date(2025, 12, 25)) == "Christmas Day"
    assert corrected.holiday(date(2025, 12, 29)) is None


def test_the_last_working_day_that_is_known_is_reached_and_the_next_one_is_refused():
    england = Calendar.of("ENG")
    assert england.working_days_after(date(2028, 12, 28), 1) == date(2028, 12, 29)
    with pytest.raises(CalendarEnds, match="so 2029-01-01 cannot be reckoned yet"):
        england.working_days_after(date(2028, 12, 29), 1)
