"""What the law says, row by row: which regime governs what, and that no number lacks its source."""

from dataclasses import fields
from datetime import date, timedelta

import pytest

from store.law import (
    ADOPTED,
    DUTIES,
    REGIMES,
    UK_REGIMES,
    DueKind,
    Label,
    Regime,
    regime_for,
    regime_named,
)
from store.regime import Switches

ARTICLE_12A = date(2026, 2, 5)
SECTION_164A = date(2026, 6, 19)
DAY = timedelta(days=1)
REQUESTS = {
    Label.ACCESS,
    Label.RECTIFICATION,
    Label.ERASURE,
    Label.RESTRICTION,
    Label.PORTABILITY,
    Label.OBJECTION,
    Label.AUTOMATED_DECISION,
}


def key(label: Label, on: date) -> str | None:
    regime = regime_for(label, on)
    return regime.key if regime else None


@pytest.mark.parametrize("label", sorted(REQUESTS))
def test_every_right_changes_its_clock_on_the_day_article_12a_begins(label: Label):
    assert key(label, ARTICLE_12A) == "uk_gdpr"
    assert key(label, ARTICLE_12A - DAY) == "uk_gdpr_pre_duaa"


@pytest.mark.parametrize("label", [Label.COMPLAINT, Label.REVIEW])
def test_a_complaint_has_a_clock_from_the_day_section_164a_begins(label: Label):
    assert key(label, SECTION_164A) == "uk_dpa_s164a"
    assert key(label, SECTION_164A - DAY) is None


def test_a_breach_and_marketing_have_clocks_of_their_own():
    assert key(Label.BREACH, ARTICLE_12A) == "uk_gdpr_breach"
    assert key(Label.UNSUBSCRIBE, ARTICLE_12A) == "uk_direct_marketing"


@pytest.mark.parametrize("label", [Label.QUERY, Label.OTHER])
def test_no_statute_dates_a_question_or_what_is_not_ours(label: Label):
    assert key(label, SECTION_164A) is None


def test_each_label_is_governed_or_known_to_be_free():
    governed = {label for label in Label if regime_for(label, SECTION_164A)}
    assert governed == set(Label) - {Label.QUERY, Label.OTHER}


@pytest.mark.parametrize("right", sorted({r for regime in UK_REGIMES for r in regime.rights}))
def test_no_day_has_two_clocks_for_one_right_and_none_falls_between(right: str):
    rows = [regime for regime in UK_REGIMES if right in regime.rights]
    first = min(regime.received_from for regime in rows)
    assert first in {date(2018, 5, 25), SECTION_164A}
    for day in (first, ARTICLE_12A - DAY, ARTICLE_12A, SECTION_164A, date(2028, 12, 31)):
        assert sum(regime.covers(day) for regime in rows) == (day >= first)
    assert not any(regime.covers(first - DAY) for regime in rows)


@pytest.mark.parametrize(
    ("key", "right", "first"),
    [("eu_gdpr", "access", date(2018, 5, 25)), ("us_ca_ccpa", "know", date(2020, 1, 1))],
)
def test_a_regime_elsewhere_begins_on_its_day(key: str, right: str, first: date):
    regime = regime_named(key, right, first)
    assert regime
    assert regime.covers(first)
    assert not regime.covers(first - DAY)


def test_what_stands_behind_a_date_is_told_by_its_regime():
    kinds = {label: found.kind for label in Label if (found := regime_for(label, SECTION_164A))}
    assert {kinds[label] for label in REQUESTS} == {DueKind.STATUTORY}
    assert kinds[Label.COMPLAINT] == kinds[Label.REVIEW] == DueKind.ACKNOWLEDGEMENT
    assert kinds[Label.BREACH] == DueKind.HOURS
    assert kinds[Label.UNSUBSCRIBE] == DueKind.AT_ONCE


def test_one_month_thirty_days_seventy_two_hours():
    lengths = {
        regime.key: (p.months, p.days, p.working_days, p.hours)
        for regime in reversed(REGIMES)
        for p in [regime.period]
    }
    assert lengths == {
        "uk_gdpr": (1, 0, 0, 0),
        "uk_gdpr_pre_duaa": (1, 0, 0, 0),
        "uk_direct_marketing": (0, 0, 1, 0),
        "uk_dpa_s164a": (0, 30, 0, 0),
        "uk_gdpr_breach": (0, 0, 0, 72),
        "eu_gdpr": (1, 0, 0, 0),
        "us_ca_ccpa": (0, 45, 0, 0),
    }


def test_an_extension_makes_three_months_or_ninety_days():
    lengths = {
        regime.key: (e.total.months, e.total.days, e.further.months, e.further.days)
        for regime in REGIMES
        if (e := regime.extension)
    }
    months, days = (3, 0, 2, 0), (0, 90, 0, 45)
    assert lengths == {
        "uk_gdpr": months,
        "uk_gdpr_pre_duaa": months,
        "eu_gdpr": months,
        "us_ca_ccpa": days,
    }


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: f"{regime.key}-{min(regime.rights)}")
def test_every_number_has_its_source(regime: Regime):
    lengths = [regime.period, regime.acknowledge, regime.reply, regime.least_working_days]
    if regime.extension:
        lengths += [regime.extension.total, regime.extension.further]
    for period in filter(None, lengths):
        assert period.cites
        assert (
            sum(bool(n) for n in (period.months, period.days, period.working_days, period.hours))
            == 1
        )
    assert regime.start_cites
    assert regime.dates_cite
    assert all(condition.cites for condition in regime.conditions)


def test_marketing_is_never_held_up_nor_extended():
    for regime in REGIMES:
        if regime.rights & {"marketing_objection", Label.UNSUBSCRIBE}:
            assert (regime.conditions, regime.stop, regime.extension) == ((), None, None)


def test_only_access_under_article_12a_is_stopped_by_a_question():
    stopped = {
        (regime.key, right)
        for regime in REGIMES
        if regime.stop and regime.stop.counts(ADOPTED)
        for right in regime.stop.rights
    }
    assert stopped == {("uk_gdpr", Label.ACCESS)}


def test_a_regime_is_found_by_name_in_force_before_out_of_force():
    assert regime_named("uk_gdpr", "access", ARTICLE_12A) is regime_for(Label.ACCESS, ARTICLE_12A)
    old = regime_named("uk_gdpr", "access", ARTICLE_12A - DAY)
    assert old
    assert not old.covers(ARTICLE_12A - DAY)
    unnamed = regime_named(None, "access", ARTICLE_12A - DAY)
    assert unnamed
    assert unnamed.key == "uk_gdpr_pre_duaa"
    assert regime_named("uk_gdpr", "know", ARTICLE_12A) is None


def test_what_no_statute_dated_yet_is_told_by_the_uks_own_text():
    unborn = regime_named(None, "access", date(2018, 5, 24))
    assert unborn is regime_for(Label.ACCESS, ARTICLE_12A)


def test_all_but_one_switch_is_off_as_adopted():
    on = {field.name for field in fields(Switches) if getattr(ADOPTED, field.name)}
    assert on == {"same_day_answer_stops_a_day"}


def test_every_duty_belongs_to_a_right_that_some_regime_knows():
    assert set(DUTIES) <= {right for regime in REGIMES for right in regime.rights}
