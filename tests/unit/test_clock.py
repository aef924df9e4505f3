"""The statutory clock, told by situations; its laws for any history; and what it says of itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.clock import (
    Due,
    Happening,
    add_months,
    date_of,
    in_sentence,
    policy_due,
    reckon,
    sentences,
)
from store.law import DueKind, Label, Switches, regime_for, regime_named
from store.working_days import Calendar, CalendarEnds

LONDON = ZoneInfo("Europe/London")
ENGLAND = Calendar.of("ENG")


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def happen(*pairs: tuple[str, str]) -> list[Happening]:
    return [Happening(kind, at(on) if "T" in on else day(on)) for kind, on in pairs]


def clock(
    label: Label,
    received: str | datetime,
    happenings: list[Happening] | None = None,
    switches: Switches | None = None,
) -> Due:
    received_at = at(received) if isinstance(received, str) else received
    regime = regime_for(label, date_of(received_at, LONDON))
    return reckon(
        regime,
        label,
        received_at,
        happenings or [],
        ENGLAND,
        LONDON,
        switches=switches or Switches(),
    )


def line(due: Due) -> str:
    return in_sentence(due)


MONDAY = "2026-09-07T10:00:00+01:00"
PRIYA = "2026-11-27T16:40:00+00:00"
ASKED, ANSWERED = "clarification_requested", "clarification_received"


class TestInOneLine:
    @pytest.mark.parametrize(
        ("received", "told"),
        [
            (
                PRIYA,
                (
                    "received Fri 27 Nov 2026; same date next month is Sun 27 Dec; not a working day; "
                    "Mon 28 Dec is a bank holiday; due Tue 29 Dec 2026"
                ),
            ),
            (
                "2027-01-31T12:00:00+00:00",
                (
                    "received Sun 31 Jan 2027; no 31st next month, so the last day, Sun 28 Feb; "
                    "not a working day; due Mon 1 Mar 2027"
                ),
            ),
            (
                "2026-12-01T12:00:00+00:00",
                (
                    "received Tue 1 Dec 2026; same date next month is Fri 1 Jan 2027; a bank holiday; "
                    "due Mon 4 Jan 2027"
                ),
            ),
            (
                MONDAY,
                "received Mon 7 Sep 2026; same date next month is Wed 7 Oct; due Wed 7 Oct 2026",
            ),
        ],
        ids=["Sunday, then a holiday", "clamped to a Sunday", "over the new year", "a plain month"],
    )
    def test_a_month(self, received: str, told: str):
        assert line(clock(Label.ACCESS, received)) == told

    def test_a_question_awaited_answered_and_then_an_extension(self):
        history = happen((ASKED, "2026-12-04"), (ANSWERED, "2026-12-14"))
        history += happen(("extension_notice_sent", "2026-12-18"))
        first = "received Fri 27 Nov 2026; same date next month is Sun 27 Dec; "
        stopped = (
            "clock stopped Fri 4 Dec to Mon 14 Dec, 11 days; 11 days added makes Thu 7 Jan 2027; "
        )
        assert line(clock(Label.ACCESS, PRIYA, history[:1])) == (
            f"{first}clarification asked for Fri 4 Dec and awaited, 24 days left; "
            "no due date yet, alarm on Tue 29 Dec 2026"
        )
        assert (
            line(clock(Label.ACCESS, PRIYA, history[:2])) == f"{first}{stopped}due Thu 7 Jan 2027"
        )
        assert line(clock(Label.ACCESS, PRIYA, history)) == (
            f"{first}{stopped}extended Fri 18 Dec 2026; same date three months on is Sat 27 Feb 2027; "
            "11 days added makes Wed 10 Mar; due Wed 10 Mar 2027"
        )

    def test_identity_awaited_and_brought(self):
        history = happen(("id_requested", "2026-09-08"), ("id_received", "2026-09-16"))
        assert line(clock(Label.ERASURE, MONDAY, history[:1])) == (
            "received Mon 7 Sep 2026; proof of identity asked for Tue 8 Sep and awaited; "
            "no due date yet, alarm on Wed 7 Oct 2026"
        )
        assert line(clock(Label.ERASURE, MONDAY, history)) == (
            "received Mon 7 Sep 2026; proof of identity received Wed 16 Sep; "
            "the period starts Wed 16 Sep; same date next month is Fri 16 Oct; due Fri 16 Oct 2026"
        )

    def test_a_breach_tells_the_hour(self):
        history = happen(("processor_aware", "2026-10-22"), ("aware", "2026-10-23T18:00:00+01:00"))
        assert line(clock(Label.BREACH, "2026-10-23T19:00:00+01:00", history)) == (
            "aware Fri 23 Oct 2026 at 18:00; processor aware Thu 22 Oct has no effect; "
            "72 hours on is Mon 26 Oct at 17:00; due Mon 26 Oct 2026 at 17:00"
        )

    def test_a_complaint_and_what_satisfies_it(self):
        history = happen(("outcome_sent", "2026-09-28"), ("acknowledgement_sent", "2026-09-29"))
        assert line(clock(Label.COMPLAINT, MONDAY, history)) == (
            "received Mon 7 Sep 2026; 30 days on is Wed 7 Oct; outcome sent Mon 28 Sep, in time; "
            "acknowledgement sent Tue 29 Sep has no effect; due Wed 7 Oct 2026"
        )

    def test_marketing_stops_now_and_is_answered_in_a_month(self):
        assert line(clock(Label.UNSUBSCRIBE, PRIYA)) == (
            "received Fri 27 Nov 2026; 1 working day on is Mon 30 Nov; reply by Tue 29 Dec; "
            "due Mon 30 Nov 2026"
        )

    def test_a_single_day_stopped(self):
        history = happen((ASKED, "2026-09-10"), (ANSWERED, "2026-09-10"))
        assert "; clock stopped Thu 10 Sep, 1 day; 1 day added makes Thu 8 Oct; " in line(
            clock(Label.ACCESS, MONDAY, history)
        )

    def test_a_public_holiday_abroad(self):
        received_at = at("2026-04-01T10:00:00+02:00")
        regime = regime_named("eu_gdpr", "access", date(2026, 4, 1))
        due = reckon(
            regime, "access", received_at, [], Calendar.of("DE-BE"), ZoneInfo("Europe/Berlin")
        )
        assert "same date next month is Fri 1 May; a public holiday; due Mon 4 May" in line(due)


class TestInFullSentences:
    def test_each_sentence_carries_its_source(self):
        assert sentences(clock(Label.ACCESS, PRIYA)) == (
            "It was received on Friday 27 November 2026, local time. (UK GDPR Art. 12A(2))",
            (
                "One month from Friday 27 November 2026 ends on the same date, Sunday 27 December 2026. "
                "(UK GDPR Art. 12A(1); Reg. 1182/71 Art. 3(1) and 3(2)(c))"
            ),
            "Sunday 27 December 2026 is not a working day. (UK GDPR Art. 4A; Reg. 1182/71 Art. 3(4))",
            (
                "Monday 28 December 2026 is a bank holiday: Boxing Day (substitute day). "
                "(UK GDPR Art. 4A; Reg. 1182/71 Art. 3(4))"
            ),
            (
                "The answer is due by the end of Tuesday 29 December 2026, the next working day. "
                "(UK GDPR Art. 12A(1))"
            ),
        )

    @pytest.mark.parametrize(
        ("label", "says"),
        [
            (Label.ERASURE, "The erasure itself is due without undue delay"),
            (Label.UNSUBSCRIBE, "Marketing must stop at once"),
            (Label.COMPLAINT, "The acknowledgement is due by"),
            (Label.REVIEW, "progress and outcome are due without undue delay"),
            (Label.BREACH, "The notification is due by 16:40 on Monday 30 November 2026"),
            (Label.BREACH, "What is notified later must come with the reasons"),
        ],
    )
    def test_the_last_sentence_says_what_the_date_does_not(self, label: Label, says: str):
        assert says in sentences(clock(label, PRIYA))[-1]

    def test_what_has_no_effect_is_named_with_the_reason(self):
        history = happen(
            ("format_question_asked", "2026-09-09"),
            ("forwarded_to_privacy_team", "2026-09-10"),
            ("something_new", "2026-09-11"),
        )
        told = sentences(clock(Label.ACCESS, MONDAY, history))
        assert [sentence for sentence in told if "has no effect" in sentence] == [
            (
                '"format_question_asked" on Wednesday 9 September 2026 has no effect on the date: a '
                "question about format, address or delivery stops no clock. (UK GDPR Art. 12A(5))"
            ),
            (
                '"forwarded_to_privacy_team" on Thursday 10 September 2026 has no effect on the date: it '
                "counts from the day the organisation received it, wherever it came in. "
                "(UK GDPR Art. 12A(2)(a))"
            ),
            (
                '"something_new" on Friday 11 September 2026 has no effect on the date: UK GDPR as '
                "amended gives it none here. (UK GDPR Art. 12A(2))"
            ),
        ]


class TestWhyAHappeningHasNoEffect:
    @pytest.mark.parametrize(
        ("label", "history", "reason"),
        [
            (Label.ERASURE, [(ASKED, "2026-09-08")], "stops the clock of an access request alone"),
            (Label.ACCESS, [(ANSWERED, "2026-09-08")], "nothing that counts had been asked for"),
            (Label.ACCESS, [("fee_paid", "2026-09-08")], "nothing that counts had been asked for"),
            (Label.ACCESS, [(ASKED, "2026-10-08")], "the time had run out before it"),
            (Label.ACCESS, [("fee_requested", "2026-10-08")], "the time had run out before it"),
            (Label.ACCESS, [("fee_requested", "2026-09-06")], "it came before the request did"),
            (
                Label.COMPLAINT,
                [("outcome_sent", "2026-10-08")],
                "the last day for it was Wednesday 7",
            ),
            (
                Label.PORTABILITY,
                [("verified", "2026-09-08")],
                "verification does not move the date",
            ),
        ],
    )
    def test_is_told(self, label: Label, history: list[tuple[str, str]], reason: str):
        (told,) = [s for s in sentences(clock(label, MONDAY, happen(*history))) if "no effect" in s]
        assert reason in told

    def test_is_told_of_question_and_answer_alike(self):
        history = happen((ASKED, "2026-09-06T23:30:00+00:00"), (ANSWERED, "2026-09-07"))
        told = [s for s in sentences(clock(Label.ACCESS, MONDAY, history)) if "no effect" in s]
        assert len(told) == 2
        assert all("none of its days would have counted" in sentence for sentence in told)

    def test_is_told_of_a_question_answered_after_the_month_was_spent(self):
        history = happen((ASKED, "2026-10-08"), (ANSWERED, "2026-10-12"))
        told = [s for s in sentences(clock(Label.ACCESS, MONDAY, history)) if "no effect" in s]
        assert len(told) == 2
        assert all("the time had run out before it" in sentence for sentence in told)

    def test_is_not_told_of_what_has_one(self):
        history = happen((ASKED, "2026-09-08"), (ANSWERED, "2026-09-09"), (ASKED, "2026-09-10"))
        history += happen(("id_requested", "2026-09-08"), ("id_received", "2026-09-08"))
        told = sentences(clock(Label.ACCESS, MONDAY, history))
        assert not any("no effect" in sentence for sentence in told)


class TestWhatStandsBesideTheDate:
    def test_an_acknowledgement_on_the_last_day_satisfies(self):
        last_day = happen(("acknowledgement_sent", "2026-10-07"))
        assert clock(Label.COMPLAINT, MONDAY, last_day).ack_satisfied_by == "acknowledgement_sent"

    def test_a_late_one_does_not_and_a_later_one_neither(self):
        late = happen(("acknowledgement_sent", "2026-10-08"), ("outcome_sent", "2026-10-09"))
        assert clock(Label.COMPLAINT, MONDAY, late).ack_satisfied_by is None

    def test_a_restriction_to_be_lifted_is_announced_first(self):
        due = clock(Label.RESTRICTION, MONDAY, happen(("restriction_lift_planned", "2026-11-02")))
        assert due.inform_before == day("2026-11-02")
        assert "; tell the person before Mon 2 Nov; " in line(due)
        assert (
            clock(
                Label.ACCESS, MONDAY, happen(("restriction_lift_planned", "2026-11-02"))
            ).inform_before
            is None
        )

    def test_california_confirms_within_ten_business_days(self):
        regime = regime_named("us_ca_ccpa", "know", date(2026, 9, 8))
        received_at = at("2026-09-08T10:00:00-07:00")
        pacific = ZoneInfo("America/Los_Angeles")
        due = reckon(regime, "know", received_at, [], Calendar.of("US-federal"), pacific)
        assert line(due) == (
            "received Tue 8 Sep 2026; 45 days on is Fri 23 Oct; acknowledge by Tue 22 Sep; "
            "due Fri 23 Oct 2026"
        )

    def test_californias_days_end_where_they_end_on_a_saturday_too(self):
        regime = regime_named("us_ca_ccpa", "know", date(2026, 9, 9))
        received_at = at("2026-09-09T10:00:00-07:00")
        pacific = ZoneInfo("America/Los_Angeles")
        federal = Calendar.of("US-federal")
        due = reckon(regime, "know", received_at, [], federal, pacific)
        assert due.due_on == due.nominal_due == day("2026-10-24")
        assert federal.is_rest_day(day("2026-10-24"))
        late = happen(("extension_notice_sent", "2026-10-24"))
        extended = reckon(regime, "know", received_at, late, federal, pacific)
        assert extended.due_on == day("2026-12-08")

    def test_marketing_has_a_month_for_the_reply(self):
        assert clock(Label.UNSUBSCRIBE, PRIYA).reply_due == day("2026-12-29")


class TestTheStart:
    @pytest.mark.parametrize(
        ("history", "start", "due_on"),
        [
            ([("id_received", "2026-09-09")], "2026-09-07", "2026-10-07"),
            ([("fee_paid", "2026-09-09")], "2026-09-07", "2026-10-07"),
            ([("id_requested", "2026-09-08")], None, None),
            (
                [
                    ("id_requested", "2026-09-08"),
                    ("id_received", "2026-09-09"),
                    ("fee_requested", "2026-09-09"),
                ],
                None,
                None,
            ),
            (
                [
                    ("id_requested", "2026-09-08"),
                    ("id_requested", "2026-09-12"),
                    ("id_received", "2026-09-16"),
                ],
                "2026-09-16",
                "2026-10-16",
            ),
            (
                [
                    ("id_requested", "2026-09-08"),
                    ("id_received", "2026-09-16"),
                    ("id_requested", "2026-10-16"),
                    ("id_received", "2026-10-20"),
                ],
                "2026-10-20",
                "2026-11-20",
            ),
            (
                [("id_requested", "2026-10-08"), ("id_received", "2026-10-09")],
                "2026-09-07",
                "2026-10-07",
            ),
            (
                [("id_requested", "2026-10-07"), ("id_received", "2026-10-09")],
                "2026-10-09",
                "2026-11-09",
            ),
            (
                [("id_requested", "2026-09-06"), ("id_received", "2026-09-09")],
                "2026-09-07",
                "2026-10-07",
            ),
            (
                [("authority_requested", "2026-09-08"), ("authority_received", "2026-09-07")],
                None,
                None,
            ),
        ],
        ids=[
            "identity nobody asked for moves nothing",
            "a fee nobody asked for moves nothing",
            "identity asked for and not brought: no date",
            "identity brought, the fee still owed: no date",
            "identity asked for twice and brought once",
            "identity asked for again inside the new month",
            "identity asked for after the month was spent revives nothing",
            "identity asked for on the last day still counts",
            "identity asked for before there was a request",
            "authority that came before it was asked for does not answer the asking",
        ],
    )
    def test_is_the_latest_of_what_was_validly_asked_for(
        self, history: list[tuple[str, str]], start: str | None, due_on: str | None
    ):
        due = clock(Label.ACCESS, MONDAY, happen(*history))
        assert (due.start, due.due_on) == (start and day(start), due_on and day(due_on))
        assert (due.provisional_due is None) is (due_on is not None)

    def test_without_a_start_there_is_an_alarm_a_month_from_receipt(self):
        due = clock(Label.ACCESS, MONDAY, happen(("id_requested", "2026-09-08")))
        assert due.kind is DueKind.PROVISIONAL
        assert due.provisional_due == day("2026-10-07")
        assert due.extension_notice_due is None

    def test_long_histories_of_late_askings_are_reckoned_too(self):
        history = [
            Happening(kind, day("2026-11-01") + timedelta(days=number))
            for number in range(100)
            for kind in ("id_requested", "authority_requested", "fee_requested", "id_received")
        ]
        assert clock(Label.ACCESS, MONDAY, history).due_on == day("2026-10-07")

    def test_a_complaint_waits_for_nothing(self):
        history = happen(("id_requested", "2026-09-08"), (ASKED, "2026-09-09"))
        assert clock(Label.COMPLAINT, MONDAY, history).due_on == day("2026-10-07")


class TestTheStop:
    @pytest.mark.parametrize(
        ("history", "due_on", "paused"),
        [
            ([(ASKED, "2026-09-10"), (ANSWERED, "2026-09-10")], "2026-10-08", 1),
            ([(ANSWERED, "2026-09-10")], "2026-10-07", 0),
            (
                [
                    (ASKED, "2026-09-10"),
                    (ANSWERED, "2026-09-11"),
                    (ASKED, "2026-09-12"),
                    (ANSWERED, "2026-09-12"),
                ],
                "2026-10-12",
                3,
            ),
            (
                [
                    (ASKED, "2026-09-10"),
                    (ANSWERED, "2026-09-11"),
                    (ASKED, "2026-10-08"),
                    (ANSWERED, "2026-10-09"),
                ],
                "2026-10-12",
                4,
            ),
            ([(ASKED, "2026-09-07"), (ANSWERED, "2026-09-07")], "2026-10-07", 0),
            ([(ASKED, "2026-09-10T23:30:00+00:00"), (ANSWERED, "2026-09-14")], "2026-10-12", 4),
        ],
        ids=[
            "asked and answered on one day",
            "an answer nobody asked for",
            "two questions back to back",
            "a question that only the first one made possible",
            "asked and answered on the day of receipt",
            "asked late at night counts on the next day",
        ],
    )
    def test_leaves_days_out(self, history: list[tuple[str, str]], due_on: str, paused: int):
        due = clock(Label.ACCESS, MONDAY, happen(*history))
        assert (due.due_on, due.paused_days) == (day(due_on), paused)

    def test_stops_back_to_back_are_told_as_one(self):
        history = happen((ASKED, "2026-09-10"), (ANSWERED, "2026-09-11"))
        history += happen((ASKED, "2026-09-12"), (ANSWERED, "2026-09-13"))
        assert "; clock stopped Thu 10 Sep to Sun 13 Sep, 4 days; " in line(
            clock(Label.ACCESS, MONDAY, history)
        )

    def test_a_day_between_two_stops_counts(self):
        history = happen((ASKED, "2026-09-10"), (ANSWERED, "2026-09-11"))
        history += happen((ASKED, "2026-09-13"), (ANSWERED, "2026-09-14"))
        assert clock(Label.ACCESS, MONDAY, history).paused_days == 4

    def test_questions_are_paired_by_what_they_are_about(self):
        first, last = day("2026-09-10"), day("2026-09-18")
        history = [
            Happening(ASKED, first, "accounts"),
            Happening(ASKED, day("2026-09-12"), "years"),
            Happening(ANSWERED, day("2026-09-14"), "years"),
        ]
        assert clock(Label.ACCESS, MONDAY, history).due_on is None
        history.append(Happening(ANSWERED, last, "accounts"))
        assert clock(Label.ACCESS, MONDAY, history).paused_days == 9

    def test_days_left_do_not_count_what_an_earlier_answer_left_out(self):
        history = happen((ASKED, "2026-09-10"), (ANSWERED, "2026-09-12"), (ASKED, "2026-09-11"))
        due = clock(Label.ACCESS, MONDAY, history)
        assert (due.remaining_days, due.paused_days) == (28, 3)
        assert due.provisional_due == day("2026-10-12")

    def test_of_several_open_questions_the_first_stopped_the_clock(self):
        due = clock(Label.ACCESS, MONDAY, happen((ASKED, "2026-09-12"), (ASKED, "2026-09-10")))
        assert due.remaining_days == 28

    def test_an_open_question_from_before_the_start_leaves_the_whole_month(self):
        history = happen((ASKED, "2026-09-08"), ("id_requested", "2026-09-08"))
        history += happen(("id_received", "2026-09-16"))
        assert clock(Label.ACCESS, MONDAY, history).remaining_days == 30

    def test_an_open_question_after_an_answered_one_leaves_the_rest(self):
        history = happen((ASKED, "2026-09-08"), (ANSWERED, "2026-09-10"), (ASKED, "2026-09-10"))
        due = clock(Label.ACCESS, MONDAY, history)
        assert (due.remaining_days, due.paused_days) == (30, 3)

    def test_a_question_answered_on_the_first_counted_day_leaves_it_out(self):
        due = clock(Label.ACCESS, MONDAY, happen((ASKED, "2026-09-07"), (ANSWERED, "2026-09-08")))
        assert (due.paused_days, due.due_on) == (1, day("2026-10-08"))

    def test_an_open_question_after_the_month_was_spent_keeps_the_date(self):
        due = clock(Label.ACCESS, MONDAY, happen((ASKED, "2026-10-08")))
        assert (due.due_on, due.remaining_days) == (day("2026-10-07"), None)

    def test_an_open_question_in_the_extended_time_keeps_the_notice_limit(self):
        history = happen(("extension_notice_sent", "2026-10-05"), (ASKED, "2026-11-02"))
        due = clock(Label.ACCESS, MONDAY, history)
        assert (due.due_on, due.provisional_due) == (None, day("2026-12-07"))
        assert due.extension_notice_due == day("2026-10-07")


class TestTheExtension:
    def test_given_late_it_has_no_effect_and_says_so(self):
        due = clock(Label.ACCESS, MONDAY, happen(("extension_notice_sent", "2026-10-08")))
        assert (due.due_on, due.extension_valid) == (day("2026-10-07"), False)
        assert any("the last day for it was Wednesday 7 October 2026" in s for s in sentences(due))

    def test_given_twice_it_counts_once(self):
        notice = ("extension_notice_sent", "2026-10-05")
        due = clock(Label.ACCESS, MONDAY, happen(notice, notice))
        assert due.due_on == day("2026-12-07")
        assert any("extended once only" in s for s in sentences(due))

    def test_a_stopped_clock_leaves_time_for_the_notice(self):
        history = happen((ASKED, "2026-10-01"), (ANSWERED, "2026-10-10"))
        history += happen(("extension_notice_sent", "2026-10-16"))
        due = clock(Label.ACCESS, MONDAY, history)
        assert (due.extension_notice_nominal, due.extension_notice_due) == (
            day("2026-10-17"),
            day("2026-10-19"),
        )
        assert due.due_on == day("2026-12-17")

    def test_while_the_clock_stands_the_notice_has_no_last_day(self):
        history = happen((ASKED, "2026-10-01"), ("extension_notice_sent", "2026-10-16"))
        due = clock(Label.ACCESS, MONDAY, history)
        assert (due.extension_notice_due, due.extension_valid) == (None, True)
        assert due.provisional_due == day("2026-12-07")
        assert any("while the clock stood" in s for s in sentences(due))

    def test_marketing_is_not_extended(self):
        regime = regime_named("uk_gdpr", "marketing_objection", day("2026-09-07"))
        notice = happen(("extension_notice_sent", "2026-10-05"), ("id_requested", "2026-09-08"))
        due = reckon(regime, "marketing_objection", at(MONDAY), notice, ENGLAND, LONDON)
        assert (due.due_on, due.extension_valid) == (day("2026-10-07"), None)


class TestHours:
    def test_without_an_awareness_they_run_from_receipt(self):
        due = clock(Label.BREACH, "2026-11-22T22:10:00+00:00")
        assert due.due_at == at("2026-11-25T22:10:00+00:00")
        assert (due.start, due.due_on) == (day("2026-11-22"), day("2026-11-25"))
        assert "No awareness is recorded" in sentences(due)[0]

    def test_the_first_awareness_counts_and_a_date_from_its_first_minute(self):
        history = happen(("aware", "2026-09-08T09:00:00+01:00"), ("aware", "2026-09-07"))
        due = clock(Label.BREACH, MONDAY, history)
        assert due.due_at == at("2026-09-10T00:00:00+01:00")
        assert any("awareness comes once" in s for s in sentences(due))

    def test_they_run_on_where_the_calendar_has_ended(self):
        assert clock(Label.BREACH, "2030-01-01T00:00:00+00:00").due_at == at(
            "2030-01-04T00:00:00+00:00"
        )


class TestWhatNoStatuteDates:
    def test_a_question_has_a_start_and_no_date(self):
        due = clock(Label.QUERY, MONDAY)
        assert (due.start, due.due_on, due.in_force) == (day("2026-09-07"), None, False)
        assert line(due) == "received Mon 7 Sep 2026; no statute dates it"

    @pytest.mark.parametrize(
        ("days", "working", "nominal", "due_on"),
        [
            (10, True, "2027-01-06", "2027-01-06"),
            (8, False, "2026-12-26", "2026-12-29"),
        ],
    )
    def test_the_controllers_own_target_is_called_policy(
        self, days: int, nominal: str, due_on: str, *, working: bool
    ):
        due = policy_due(day("2026-12-18"), days, ENGLAND, "a question", working=working)
        assert due.kind is DueKind.POLICY
        assert (due.nominal_due, due.due_on) == (day(nominal), day(due_on))
        assert "no statute says so" in sentences(due)[-1]
        assert "own target for a question is" in sentences(due)[1]

    def test_a_target_counts_working_days_unless_told_otherwise(self):
        assert policy_due(day("2026-12-18"), 10, ENGLAND, "a question").due_on == day("2027-01-06")

    def test_a_target_of_no_days_is_the_day_of_receipt(self):
        assert policy_due(day("2026-12-18"), 0, ENGLAND, "a question").due_on == day("2026-12-18")

    def test_a_row_of_another_time_is_out_of_force(self):
        regime = regime_named("uk_gdpr", "access", day("2026-02-04"))
        due = reckon(regime, "access", at("2026-02-04T10:00:00+00:00"), [], ENGLAND, LONDON)
        assert (due.in_force, due.due_on) == (False, None)


COPY_FEE = [("fee_requested_further_copy", "2026-09-08"), ("fee_paid", "2026-09-18")]
SAME_DAY = [(ASKED, "2026-09-10"), (ANSWERED, "2026-09-10")]
FROM_JANUARY = [(ASKED, "2027-02-03"), (ANSWERED, "2027-02-05")]
ON_ROLLED_DAY = [(ASKED, "2026-10-05"), (ANSWERED, "2026-10-07")]
AWARE_LATE = [("aware", "2026-09-07T10:20:00+01:00")]


class TestTheOtherReading:
    @pytest.mark.parametrize(
        ("label", "received", "history", "adopted", "switches", "other"),
        [
            (
                Label.ACCESS,
                MONDAY,
                COPY_FEE,
                "2026-10-07",
                Switches(further_copy_fee_restarts=True),
                "2026-10-19",
            ),
            (
                Label.ACCESS,
                MONDAY,
                SAME_DAY,
                "2026-10-08",
                Switches(same_day_answer_stops_a_day=False),
                "2026-10-07",
            ),
            (
                Label.ACCESS,
                "2027-01-31T10:00:00+00:00",
                FROM_JANUARY,
                "2027-03-03",
                Switches(stop_moves_the_start=True),
                "2027-03-03",
            ),
            (
                Label.ACCESS,
                "2027-01-29T10:00:00+00:00",
                FROM_JANUARY,
                "2027-03-03",
                Switches(stop_moves_the_start=True),
                "2027-03-01",
            ),
            (
                Label.ACCESS,
                "2026-09-03T10:00:00+01:00",
                ON_ROLLED_DAY,
                "2026-10-05",
                Switches(stop_on_rolled_day=True),
                "2026-10-08",
            ),
            (
                Label.ACCESS,
                "2026-09-03T10:00:00+01:00",
                ON_ROLLED_DAY[:1],
                "2026-10-05",
                Switches(stop_on_rolled_day=True),
                None,
            ),
            (
                Label.ACCESS,
                MONDAY,
                [],
                "2026-10-07",
                Switches(stop_on_rolled_day=True),
                "2026-10-07",
            ),
            (
                Label.COMPLAINT,
                MONDAY,
                [("pecr_only", "2026-09-07")],
                "2026-10-07",
                Switches(marketing_complaint_is_outside=True),
                None,
            ),
            (
                Label.COMPLAINT,
                MONDAY,
                [],
                "2026-10-07",
                Switches(marketing_complaint_is_outside=True),
                "2026-10-07",
            ),
        ],
        ids=[
            "the fee for further copies starts the month",
            "an answer on the day of asking stops nothing",
            "a stop in a long month moves the start, with the same end",
            "a stop in a short month moves the start, with an earlier end",
            "a question on the day the month rolled to stops the clock",
            "such a question without an answer leaves no date",
            "no question, no difference",
            "a complaint about PECR alone has no clock",
            "any other complaint keeps its clock",
        ],
    )
    def test_of_an_open_question(
        self,
        label: Label,
        received: str,
        history: list[tuple[str, str]],
        adopted: str,
        switches: Switches,
        other: str | None,
    ):
        assert clock(label, received, happen(*history)).due_on == day(adopted)
        assert clock(label, received, happen(*history), switches).due_on == (other and day(other))

    def test_the_hour_of_awareness_is_not_counted(self):
        switches = Switches(breach_skips_hour_of_awareness=True)
        due = clock(Label.BREACH, MONDAY, happen(*AWARE_LATE), switches)
        assert due.due_at == at("2026-09-10T11:00:00+01:00")

    def test_a_stop_moves_the_start_of_an_extended_period_too(self):
        history = happen((ASKED, "2026-12-04"), (ANSWERED, "2026-12-14"))
        history += happen(("extension_notice_sent", "2026-12-18"))
        assert clock(Label.ACCESS, PRIYA, history).due_on == day("2027-03-10")
        moved = clock(Label.ACCESS, PRIYA, history, Switches(stop_moves_the_start=True))
        assert moved.due_on == day("2027-03-08")

    def test_identity_asked_for_with_and_without_doubt_is_brought_once(self):
        history = happen(("id_requested", "2026-09-08"), ("id_requested_unjustified", "2026-09-09"))
        switches = Switches(unjustified_identity_request_restarts=True)
        assert clock(Label.ACCESS, MONDAY, history, switches).due_on is None
        history += happen(("id_received", "2026-09-16"))
        due = clock(Label.ACCESS, MONDAY, history, switches)
        assert (due.start, due.due_on) == (day("2026-09-16"), day("2026-10-16"))

    def test_two_working_days_make_no_difference_in_a_plain_week(self):
        switches = Switches(breach_holds_two_working_days=True)
        assert clock(Label.BREACH, MONDAY, [], switches).due_at == at("2026-09-10T10:00:00+01:00")


class TestDays:
    def test_an_instant_without_an_offset_has_no_date(self):
        with pytest.raises(ValueError, match="has no offset from UTC"):
            date_of(datetime(2026, 6, 30, 23, 30), LONDON)  # noqa: DTZ001 -- the fault under test

    def test_the_month_is_counted_over_the_year(self):
        assert add_months(day("2026-12-31"), 2) == day("2027-02-28")
        assert add_months(day("2026-11-30"), 1) == day("2026-12-30")

    def test_beyond_the_calendar_it_refuses(self):
        with pytest.raises(CalendarEnds):
            clock(Label.ACCESS, "2028-12-01T10:00:00+00:00")


KINDS = [
    *("id_requested", "id_received", "authority_requested", "authority_received", "fee_requested"),
    *(
        "fee_paid",
        "extension_notice_sent",
        "format_question_asked",
        "aware",
        "outcome_sent",
        "moon",
    ),
    *(ASKED, ANSWERED),
]
ROLLED = [label for label in Label if label not in {Label.QUERY, Label.OTHER, Label.BREACH}]
receipts = st.datetimes(datetime(2026, 6, 20), datetime(2027, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001 -- made aware by timezones
labels = st.sampled_from(ROLLED)


@st.composite
def histories(draw: Callable[..., object]) -> tuple[datetime, list[Happening]]:
    """Draw a receipt and up to eight happenings around it."""
    received_at = draw(receipts)
    assert isinstance(received_at, datetime)
    drawn = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-3, 120)), max_size=8))
    assert isinstance(drawn, list)
    return received_at, [Happening(kind, received_at + timedelta(days=n)) for kind, n in drawn]


def last_day(due: Due) -> date:
    found = due.due_on or due.provisional_due
    assert found
    return found


class TestLaws:
    @given(labels, histories())
    def test_nothing_is_due_before_it_came_nor_on_a_rest_day(
        self, label: Label, case: tuple[datetime, list[Happening]]
    ):
        received_at, history = case
        due = clock(label, received_at, history)
        assert last_day(due) >= date_of(received_at, LONDON)
        assert not ENGLAND.is_rest_day(last_day(due))

    @given(labels, histories())
    def test_it_has_either_a_date_or_an_alarm(
        self, label: Label, case: tuple[datetime, list[Happening]]
    ):
        due = clock(label, *case)
        assert (
            (due.due_on is None) is (due.nominal_due is None) is (due.provisional_due is not None)
        )
        assert (due.kind is DueKind.PROVISIONAL) is (due.due_on is None)

    @given(labels, histories())
    def test_the_working_ends_on_the_date_and_cites_at_every_step(
        self, label: Label, case: tuple[datetime, list[Happening]]
    ):
        due = clock(label, *case)
        assert due.working[-1].on == last_day(due)
        assert str(last_day(due).year) in line(due).split("; ")[-1]
        assert all(step.cites and step.what and step.why for step in due.working)

    @given(labels, histories())
    def test_every_happening_is_named_or_used(
        self, label: Label, case: tuple[datetime, list[Happening]]
    ):
        received_at, history = case
        told = sentences(clock(label, received_at, history))
        idle = [h for h in history if h.kind == "moon"]
        assert sum('"moon"' in sentence for sentence in told) == len(idle)

    @given(labels, receipts, receipts)
    def test_what_comes_later_is_never_due_earlier(
        self, label: Label, one: datetime, two: datetime
    ):
        earlier, later = sorted((one, two))
        assert last_day(clock(label, earlier)) <= last_day(clock(label, later))

    @given(receipts, st.integers(0, 60), st.integers(0, 60))
    def test_stopping_never_shortens(self, received_at: datetime, wait: int, length: int):
        asked = received_at + timedelta(days=wait)
        stop = [Happening(ASKED, asked), Happening(ANSWERED, asked + timedelta(days=length))]
        plain, stopped = clock(Label.ACCESS, received_at), clock(Label.ACCESS, received_at, stop)
        assert last_day(stopped) >= last_day(plain)
        assert (stopped.paused_days > 0) is (stopped.nominal_due != plain.nominal_due)

    @given(labels, histories(), st.randoms(use_true_random=False))
    def test_the_order_of_telling_does_not_matter(
        self, label: Label, case: tuple[datetime, list[Happening]], chance: Random
    ):
        received_at, history = case
        by_day = list({h.on: h for h in history}.values())
        told = clock(label, received_at, by_day)
        chance.shuffle(by_day)
        assert clock(label, received_at, by_day) == told

    @given(labels, histories(), st.integers(-3, 120))
    def test_what_nobody_knows_moves_nothing(
        self, label: Label, case: tuple[datetime, list[Happening]], wait: int
    ):
        received_at, history = case
        more = [*history, Happening("moon", received_at + timedelta(days=wait))]
        one, two = clock(label, received_at, history), clock(label, received_at, more)
        assert (one.start, one.due_on, one.provisional_due) == (
            two.start,
            two.due_on,
            two.provisional_due,
        )
