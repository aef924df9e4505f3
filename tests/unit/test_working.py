"""The working of a date, sentence by sentence: what a person, a regulator or a court would read."""

from datetime import date
from zoneinfo import ZoneInfo

from store.clock import Due, in_sentence, policy_due, reckon, sentences
from store.law import DueKind, Label, Switches, regime_named
from store.working_days import Calendar
from tests.unit.test_clock import (
    ANSWERED,
    ASKED,
    ENGLAND,
    LONDON,
    MONDAY,
    PRIYA,
    at,
    clock,
    day,
    happen,
)

NOTICE = "extension_notice_sent"
POLICY = "(the controller's own policy)"

RECEIVED = "It was received on Monday 7 September 2026, local time. (UK GDPR Art. 12A(2))"
A_MONTH = (
    "One month from Monday 7 September 2026 ends on the same date, Wednesday 7 October 2026. "
    "(UK GDPR Art. 12A(1); Reg. 1182/71 Art. 3(1) and 3(2)(c))"
)
THREE_MONTHS = (
    "Three months from Monday 7 September 2026 ends on the same date, Monday 7 December 2026. "
    "(UK GDPR Art. 12A(3)-(4); ICO: three months from the start; "
    "Reg. 1182/71 Art. 3(1) and 3(2)(c))"
)
DUE = "The answer is due by the end of Wednesday 7 October 2026, local time. (UK GDPR Art. 12A(1))"


def alarm(on: str) -> str:
    return (
        f"There is no due date yet; {on} is kept as an alarm: the date that applies if what is "
        "awaited was wrongly asked for. (UK GDPR Art. 12A(1))"
    )


def without_effect(due: Due) -> list[str]:
    return [sentence for sentence in sentences(due) if "no effect" in sentence]


def test_of_identity_awaited():
    due = clock(Label.ACCESS, MONDAY, happen(("id_requested", "2026-09-08")))
    assert sentences(due) == (
        RECEIVED,
        (
            "The proof of identity was asked for on Tuesday 8 September 2026 and has not come: "
            "no period runs before it does. (UK GDPR Arts 12(6) and 12A(2)(b))"
        ),
        alarm("Wednesday 7 October 2026"),
    )


def test_of_identity_brought():
    history = happen(("id_requested", "2026-09-08"), ("id_received", "2026-09-16"))
    assert sentences(clock(Label.ACCESS, MONDAY, history)) == (
        RECEIVED,
        (
            "The proof of identity was asked for on Tuesday 8 September 2026 and received on "
            "Wednesday 16 September 2026: the period starts no earlier. "
            "(UK GDPR Arts 12(6) and 12A(2)(b))"
        ),
        (
            "The period starts on Wednesday 16 September 2026, the latest of these days. "
            "(UK GDPR Art. 12A(2))"
        ),
        (
            "One month from Wednesday 16 September 2026 ends on the same date, "
            "Friday 16 October 2026. (UK GDPR Art. 12A(1); Reg. 1182/71 Art. 3(1) and 3(2)(c))"
        ),
        "The answer is due by the end of Friday 16 October 2026, local time. (UK GDPR Art. 12A(1))",
    )


def test_of_a_question_of_two_days_and_an_extension_in_time():
    history = happen((ASKED, "2026-09-10"), (ANSWERED, "2026-09-11"), (NOTICE, "2026-10-05"))
    due = clock(Label.ACCESS, MONDAY, history)
    assert "; clock stopped Thu 10 Sep to Fri 11 Sep, 2 days; " in in_sentence(due)
    assert sentences(due) == (
        RECEIVED,
        A_MONTH,
        (
            "Clarification was awaited from Thursday 10 September 2026 to "
            "Friday 11 September 2026, both included: 2 days not counted. "
            "(UK GDPR Art. 12A(5)-(6))"
        ),
        "With 2 days added the period ends on Friday 9 October 2026. (UK GDPR Art. 12A(5)-(6))",
        (
            "Notice of the extension was given on Monday 5 October 2026, by "
            "Friday 9 October 2026, the last day for it. "
            "(UK GDPR Art. 12A(3)-(4); ICO: three months from the start)"
        ),
        THREE_MONTHS,
        "With 2 days added the period ends on Wednesday 9 December 2026. (UK GDPR Art. 12A(5)-(6))",
        (
            "The answer is due by the end of Wednesday 9 December 2026, local time. "
            "(UK GDPR Art. 12A(1))"
        ),
    )


def test_of_an_extension_while_a_question_is_open():
    due = clock(Label.ACCESS, MONDAY, happen((ASKED, "2026-10-01"), (NOTICE, "2026-10-16")))
    assert (due.kind, due.remaining_days) == (DueKind.PROVISIONAL, 68)
    assert sentences(due) == (
        RECEIVED,
        A_MONTH,
        (
            "Notice of the extension was given on Friday 16 October 2026, while the clock stood. "
            "(UK GDPR Art. 12A(3)-(4); ICO: three months from the start)"
        ),
        THREE_MONTHS,
        (
            "Clarification was asked for on Thursday 1 October 2026 and has not come: the clock "
            "stands with 68 days left. (UK GDPR Art. 12A(5)-(6))"
        ),
        alarm("Monday 7 December 2026"),
    )


def test_of_an_extension_counted_from_the_end_of_the_first_month():
    switches = Switches(extension_follows_first_month=True)
    due = clock(Label.ACCESS, MONDAY, happen((NOTICE, "2026-10-05")), switches)
    assert sentences(due)[-2] == (
        "Two months from Wednesday 7 October 2026 ends on the same date, Monday 7 December 2026. "
        "(UK GDPR Art. 12A(3)-(4); Reg. 1182/71 Art. 3(1) and 3(2)(c))"
    )


def test_of_an_extension_to_a_month_without_that_date():
    due = clock(Label.ACCESS, "2026-11-30T12:00:00+00:00", happen((NOTICE, "2026-12-07")))
    assert "; no 30th three months on, so the last day, Sun 28 Feb 2027; " in in_sentence(due)
    assert sentences(due)[-3:] == (
        (
            "Three months from Monday 30 November 2026 finds no 30th, so it ends on the last day "
            "of the month, Sunday 28 February 2027. (UK GDPR Art. 12A(3)-(4); ICO: three months "
            "from the start; Reg. 1182/71 Art. 3(1) and 3(2)(c))"
        ),
        "Sunday 28 February 2027 is not a working day. (UK GDPR Art. 4A; Reg. 1182/71 Art. 3(4))",
        (
            "The answer is due by the end of Monday 1 March 2027, the next working day. "
            "(UK GDPR Art. 12A(1))"
        ),
    )


def test_of_notices_of_extension_that_come_too_late_or_twice():
    late = happen((NOTICE, "2026-10-08"))
    assert without_effect(clock(Label.ACCESS, MONDAY, late)) == [
        (
            '"extension_notice_sent" on Thursday 8 October 2026 has no effect on the date: the last '
            "day for it was Wednesday 7 October 2026. "
            "(UK GDPR Art. 12A(3)-(4); ICO: three months from the start)"
        )
    ]
    twice = happen((NOTICE, "2026-10-05"), (NOTICE, "2026-10-06"))
    assert without_effect(clock(Label.ACCESS, MONDAY, twice)) == [
        (
            '"extension_notice_sent" on Tuesday 6 October 2026 has no effect on the date: a period '
            "is extended once only. (UK GDPR Art. 12A(3)-(4); ICO: three months from the start)"
        )
    ]


def test_of_a_question_about_an_erasure():
    history = happen((ASKED, "2026-09-08"), (ANSWERED, "2026-09-09"))
    assert without_effect(clock(Label.ERASURE, MONDAY, history)) == [
        f'"{kind}" on {on} September 2026 has no effect on the date: a question stops the clock '
        "of an access request alone. (UK GDPR Art. 12A(5)-(6))"
        for kind, on in ((ASKED, "Tuesday 8"), (ANSWERED, "Wednesday 9"))
    ]


def test_of_a_question_whose_days_never_count():
    history = happen((ASKED, "2026-09-07"), (ANSWERED, "2026-09-07"))
    assert without_effect(clock(Label.ACCESS, MONDAY, history)) == [
        f'"{kind}" on Monday 7 September 2026 has no effect on the date: none of its days would '
        "have counted. (UK GDPR Art. 12A(5)-(6))"
        for kind in (ASKED, ANSWERED)
    ]


def test_of_what_nobody_asked_for_and_of_what_came_too_late_or_too_early():
    history = happen(("fee_requested", "2026-09-06"), ("id_received", "2026-09-08"))
    history += happen((ANSWERED, "2026-09-09"), (ASKED, "2026-10-08"))
    assert without_effect(clock(Label.ACCESS, MONDAY, history)) == [
        (
            '"fee_requested" on Sunday 6 September 2026 has no effect on the date: it came before '
            "the request did. (UK GDPR Art. 12A(2))"
        ),
        (
            '"id_received" on Tuesday 8 September 2026 has no effect on the date: nothing that '
            "counts had been asked for. (UK GDPR Art. 12A(2))"
        ),
        (
            '"clarification_received" on Wednesday 9 September 2026 has no effect on the date: '
            "nothing that counts had been asked for. (UK GDPR Art. 12A(2))"
        ),
        (
            '"clarification_requested" on Thursday 8 October 2026 has no effect on the date: the '
            "time had run out before it. (UK GDPR Art. 12A(2))"
        ),
    ]


def test_of_a_complaint_that_was_answered_before_it_was_acknowledged():
    assert sentences(clock(Label.COMPLAINT, MONDAY, happen(("outcome_sent", "2026-09-28")))) == (
        "It was received on Monday 7 September 2026, local time. (DPA 2018 s.164A(3))",
        (
            "30 days on from Monday 7 September 2026, the day after it being the first, is "
            "Wednesday 7 October 2026. "
            "(DPA 2018 s.164A(3); DPA 2018 s.205(2); Reg. 1182/71 Art. 3(1))"
        ),
        (
            '"outcome_sent" on Monday 28 September 2026 is in time and satisfies the duty to '
            "acknowledge. (DPA 2018 s.164A(3))"
        ),
        (
            "The acknowledgement is due by the end of Wednesday 7 October 2026, local time. "
            "Inquiries, progress and outcome are due without undue delay, s.164A(4). "
            "(DPA 2018 s.164A(3))"
        ),
    )


def test_of_a_complaint_on_the_reading_that_leaves_it_outside_the_statute():
    switches = Switches(marketing_complaint_is_outside=True)
    due = clock(Label.COMPLAINT, MONDAY, happen(("pecr_only", "2026-09-07")), switches)
    assert (due.kind, due.start, due.in_force) == (
        DueKind.ACKNOWLEDGEMENT,
        day("2026-09-07"),
        False,
    )
    assert in_sentence(due) == "received Mon 7 Sep 2026; outside the statute"
    assert sentences(due) == (
        "It was received on Monday 7 September 2026, local time. (DPA 2018 s.164A(1), read strictly)",
        (
            "The complaint is about PECR alone, and the section speaks of the UK GDPR. "
            "(DPA 2018 s.164A(1), read strictly)"
        ),
    )


def test_of_a_restriction_to_be_lifted():
    due = clock(Label.RESTRICTION, MONDAY, happen(("restriction_lift_planned", "2026-11-02")))
    assert sentences(due) == (
        RECEIVED,
        A_MONTH,
        (
            "The restriction is to be lifted on Monday 2 November 2026: the person must be told "
            "before that. (UK GDPR Art. 18(3))"
        ),
        DUE,
    )


def test_of_marketing():
    assert sentences(clock(Label.UNSUBSCRIBE, PRIYA)) == (
        (
            "It was received on Friday 27 November 2026, local time. "
            "(UK GDPR Art. 21(3); PECR reg. 22)"
        ),
        (
            "1 working day on from Friday 27 November 2026, the day after it being the first, is "
            "Monday 30 November 2026. (the controller's own target; the law says at once; "
            "Reg. 1182/71 Art. 3(1) and 3(2)(c))"
        ),
        (
            "The person must be told of it by the end of Tuesday 29 December 2026. "
            "(UK GDPR Art. 12A(1); before 5 February 2026, Art. 12(3))"
        ),
        (
            "The last system should have stopped by the end of Monday 30 November 2026, local "
            "time. Marketing must stop at once, UK GDPR Art. 21(3) and PECR reg. 22. "
            "(the controller's own target; the law says at once)"
        ),
    )


def test_of_an_objection_to_marketing_that_is_answered_within_the_month():
    regime = regime_named("uk_gdpr", "marketing_objection", day("2026-09-07"))
    due = reckon(regime, "marketing_objection", at(MONDAY), [], ENGLAND, LONDON)
    assert sentences(due) == (
        (
            "It was received on Monday 7 September 2026, local time. "
            "(UK GDPR Art. 12A(2); Art. 21(2)-(3))"
        ),
        A_MONTH,
        (
            "The answer is due by the end of Wednesday 7 October 2026, local time. Marketing must "
            "stop at once, UK GDPR Art. 21(3). (UK GDPR Art. 12A(1))"
        ),
    )


def test_of_a_request_in_california():
    regime = regime_named("us_ca_ccpa", "know", date(2026, 9, 8))
    due = reckon(
        regime,
        "know",
        at("2026-09-08T10:00:00-07:00"),
        [],
        Calendar.of("US-federal"),
        ZoneInfo("America/Los_Angeles"),
    )
    assert sentences(due) == (
        (
            "It was received on Tuesday 8 September 2026, local time. "
            "(11 CCR s.7021(b): verification does not move it)"
        ),
        (
            "45 days on from Tuesday 8 September 2026, the day after it being the first, is "
            "Friday 23 October 2026. (11 CCR s.7021(b))"
        ),
        "Receipt is to be acknowledged by the end of Tuesday 22 September 2026. (11 CCR s.7021(a))",
        "The answer is due by the end of Friday 23 October 2026, local time. (11 CCR s.7021(b))",
    )


def test_of_a_question_that_no_statute_dates():
    source = "(UK GDPR Art. 12(3), which speaks of rights alone)"
    due = clock(Label.QUERY, MONDAY)
    assert due.kind is DueKind.POLICY
    assert sentences(due) == (
        f"It was received on Monday 7 September 2026, local time. {source}",
        f"No statute dates it; only the controller's own target can. {source}",
    )


def test_of_a_request_from_before_the_statute():
    regime = regime_named("uk_gdpr", "access", day("2026-02-04"))
    due = reckon(regime, "access", at("2026-02-04T10:00:00+00:00"), [], ENGLAND, LONDON)
    assert in_sentence(due) == "received Wed 4 Feb 2026; UK GDPR as amended does not govern it"
    assert sentences(due) == (
        "It was received on Wednesday 4 February 2026, local time. (SI 2026/82 reg. 2)",
        (
            "UK GDPR as amended does not govern what was received on Wednesday 4 February 2026. "
            "(SI 2026/82 reg. 2)"
        ),
    )


def test_of_the_controllers_own_targets():
    in_working_days = policy_due(day("2026-12-18"), 10, ENGLAND, "a question")
    assert in_working_days.start == day("2026-12-18")
    assert in_sentence(in_working_days) == (
        "received Fri 18 Dec 2026; 10 working days on is Wed 6 Jan 2027; due Wed 6 Jan 2027"
    )
    assert sentences(in_working_days) == (
        f"It was received on Friday 18 December 2026, local time. {POLICY}",
        (
            "The controller's own target for a question is 10 working days, until "
            f"Wednesday 6 January 2027. {POLICY}"
        ),
        (
            "The controller means to answer by the end of Wednesday 6 January 2027; no statute "
            f"says so. {POLICY}"
        ),
    )
    in_days = policy_due(day("2026-12-18"), 8, ENGLAND, "a complaint", working=False)
    assert in_sentence(in_days) == (
        "received Fri 18 Dec 2026; 8 days on is Sat 26 Dec; not a working day; "
        "Mon 28 Dec is a bank holiday; due Tue 29 Dec 2026"
    )
    assert sentences(in_days)[1:4] == (
        (
            "The controller's own target for a complaint is 8 days, until "
            f"Saturday 26 December 2026. {POLICY}"
        ),
        f"Saturday 26 December 2026 is not a working day. {POLICY}",
        f"Monday 28 December 2026 is a bank holiday: Boxing Day (substitute day). {POLICY}",
    )
