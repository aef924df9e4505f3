"""Sample letters that ask, tell a date, or pass on a person's own words."""

from datetime import date
from typing import Final

from replies.facts import (
    ApologyLate,
    AskAuthority,
    AskClarification,
    AskIdentity,
    Awaited,
    CheckBack,
    ClockRestarted,
    CorrectionOfDate,
    Extension,
    Ground,
    Letter,
    PauseStarted,
    ProgressNote,
    Reply,
)
from replies.samples.setting import CONTROLLER, DUE, LATER, ON_CASE, RECEIVED, REF, TARGET
from store.law import Label

ASKED_ON: Final = date(2026, 12, 4)
ANSWERED_ON: Final = date(2026, 12, 14)
BOTH: Final = (Label.ACCESS, Label.ERASURE)
QUESTION: Final = "Which of these do you mean?\n\n- the online shop\n- the repair service"

ASKED: Final[dict[str, Letter]] = {
    "ask_identity": AskIdentity(
        **ON_CASE,
        labels=BOTH,
        reasons="Your message came from an address that we do not know.",
        checks=(
            "write to us again from the address that you gave us when you signed up;",
            "tell us a time and a number, and we will call you back;",
            "name the month of your last order.",
        ),
    ),
    "ask_identity_agent": AskIdentity(
        **ON_CASE,
        agent=True,
        labels=(),
        reasons="Two people of the same name live at that address.",
        checks=("tell us the year in which the contract began.",),
    ),
    "ask_clarification": AskClarification(
        **ON_CASE,
        question=QUESTION,
        reasons="We keep the two apart, and a search of both would find much that you may not want.",
        meanwhile="We are already looking through the e-mails that you sent us.",
    ),
    "ask_authority": AskAuthority(ref=REF, received_on=RECEIVED, controller=CONTROLLER),
    "ask_authority_note": AskAuthority(
        ref=REF,
        received_on=RECEIVED,
        controller=CONTROLLER,
        note="The letter that came with your message was not signed.",
    ),
    "check_back": CheckBack(ref=REF, received_on=RECEIVED, controller=CONTROLLER),
    "pause_started": PauseStarted(**ON_CASE, asked_on=ASKED_ON, question=QUESTION),
    **{
        f"clock_restarted_{awaited}": ClockRestarted(
            **ON_CASE,
            labels=(Label.ACCESS,),
            awaited=awaited,
            restarted_on=ANSWERED_ON,
            due_on=date(2027, 1, 14),
        )
        for awaited in Awaited
    },
    "extension": Extension(
        **ON_CASE,
        labels=(Label.ACCESS,),
        first_due_on=DUE,
        due_on=LATER,
        ground=Ground.COMPLEXITY,
        reasons="The data is spread over nine systems. Much of it is also about other families.",
    ),
    "extension_number": Extension(
        **ON_CASE,
        labels=BOTH,
        first_due_on=DUE,
        due_on=LATER,
        ground=Ground.NUMBER,
        reasons="You have sent us twelve requests since October, and each needs a search of its own.",
    ),
    "apology_late": ApologyLate(
        **ON_CASE,
        labels=(Label.ACCESS,),
        first_due_on=DUE,
        due_on=date(2027, 1, 8),
        reasons="The search of our archive took longer than we thought it would.",
    ),
    "correction_of_date": CorrectionOfDate(
        **ON_CASE,
        labels=(Label.ERASURE,),
        told_on=LATER,
        due_on=DUE,
        reasons="We counted from the day we read your message, not from the day it came.",
    ),
    "correction_of_date_plain": CorrectionOfDate(
        **ON_CASE, labels=(Label.ERASURE,), told_on=LATER, due_on=DUE
    ),
    "progress_note": ProgressNote(
        **ON_CASE,
        label=Label.COMPLAINT,
        done="We have read all the messages, and spoken to the two people who dealt with them.",
        to_do="We will look at the records of the calls.",
        next_on=TARGET,
    ),
    "progress_note_open": ProgressNote(
        **ON_CASE,
        label=Label.REVIEW,
        done="We have read the earlier decision.",
        to_do="We will look at what it rests on.",
    ),
    "reply": Reply(
        **ON_CASE,
        words="Dear Ms Shah,\n\nThank you for your call today. We have noted:\n- your new address\n"
        "- that mornings suit you best\n\nWe will ring you again tomorrow.\n\nKind regards,\nSam Okoro",
    ),
    "reply_odd": Reply(
        **ON_CASE,
        words="# Not a heading\n\n<b>Not bold</b> & {{ 7*7 }}, {% if %}\n| Subject: none of ours",
    ),
}
