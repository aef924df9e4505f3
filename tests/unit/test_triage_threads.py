"""What becomes of a message that carries a case's token, or answers one of our letters."""

from dataclasses import replace

import pytest

from bot.message import Machine, Message
from bot.triage import (
    OTHER_CONTENT,
    RETYPED,
    FileAway,
    JoinCase,
    Known,
    OpenCase,
    Undelivered,
)
from intents.reading import Reading
from store.case import Case, State
from store.casebook import End
from store.events import LetterOwed, Outcome, RequestClosed
from store.law import Label
from store.recorded import Trust
from tests.unit.test_triage import (
    ACCESS,
    AT,
    BOTH,
    FIRST,
    MARKED,
    MESSAGE,
    NOBODY,
    NOTHING,
    QUESTION,
    ROBOT,
    STRANGER,
    UNSURE,
    decided,
    open_one,
    opened,
)

RUNNING = open_one(Label.ACCESS)
CLOSED = RUNNING.record(RequestClosed(at=AT, by="sam", request=1, outcome=Outcome.FULFILLED))


class TestInACase:
    KNOWN = Known(case=RUNNING)

    @pytest.mark.parametrize("read", [ACCESS, NOTHING, UNSURE, QUESTION])
    def test_a_participant_who_asks_nothing_new_joins_it(self, read: Reading):
        assert decided(read=read, known=self.KNOWN) == JoinCase(RUNNING)

    def test_something_new_is_asked_in_the_same_case(self):
        assert decided(read=BOTH, known=self.KNOWN) == JoinCase(RUNNING, (Label.COMPLAINT,))

    def test_what_was_asked_and_closed_may_be_asked_again(self):
        case = open_one(Label.ACCESS, Label.ERASURE).record(
            RequestClosed(at=AT, by="sam", request=1, outcome=Outcome.FULFILLED)
        )
        assert case.state is State.OPEN
        assert decided(known=Known(case=case)) == JoinCase(case, (Label.ACCESS,))

    def test_flags_go_with_the_message(self):
        known = Known(case=RUNNING, copies=[replace(FIRST, digest="d0")])
        message = replace(MESSAGE, flags=("no text",))
        assert decided(message, NOTHING, known) == JoinCase(
            RUNNING, flags=("no text", OTHER_CONTENT)
        )

    @pytest.mark.parametrize("message", [STRANGER, NOBODY])
    def test_a_stranger_with_the_token_learns_nothing_and_touches_nothing(self, message: Message):
        case = opened(decided(message, BOTH, self.KNOWN))
        assert case.labels == ()
        assert case.belongs_to == RUNNING.ref
        assert case.unanswered == "the token is another person's"

    @pytest.mark.parametrize(
        ("message", "mail_from"),
        [(ROBOT, "ann@mail.example"), (MESSAGE, "")],
        ids=["robot", "null"],
    )
    def test_something_new_from_whom_no_machine_may_answer_waits_beside_it(
        self, message: Message, mail_from: str
    ):
        case = opened(decided(message, BOTH, self.KNOWN, mail_from))
        assert case.labels == (Label.COMPLAINT,)
        assert case.belongs_to == RUNNING.ref
        assert case.unanswered

    def test_nothing_new_from_a_robot_joins_it(self):
        assert decided(ROBOT, ACCESS, self.KNOWN) == JoinCase(RUNNING)


class TestInAClosedCase:
    KNOWN = Known(case=CLOSED)

    def test_thanks_are_kept_with_it(self):
        assert CLOSED.state is State.CLOSED
        assert decided(read=NOTHING, known=self.KNOWN) == JoinCase(CLOSED)

    @pytest.mark.parametrize("message", [ROBOT, MARKED])
    def test_and_so_is_what_a_machine_says_without_asking(self, message: Message):
        decision = decided(message, NOTHING, self.KNOWN)
        assert isinstance(decision, JoinCase)
        assert decision.labels == ()

    def test_what_is_asked_now_is_a_case_of_its_own_that_belongs_to_it(self):
        case = opened(decided(read=ACCESS, known=self.KNOWN))
        assert case == OpenCase((Label.ACCESS,), belongs_to=CLOSED.ref)

    def test_what_is_unclear_too(self):
        assert decided(read=UNSURE, known=self.KNOWN) == OpenCase((), belongs_to=CLOSED.ref)

    def test_what_could_not_be_read_too(self):
        message = replace(MESSAGE, flags=("encrypted (PGP)",))
        case = opened(decided(message, NOTHING, self.KNOWN))
        assert case == OpenCase((), belongs_to=CLOSED.ref, flags=("encrypted (PGP)",))

    def test_a_robot_is_not_answered_there_either(self):
        assert opened(decided(ROBOT, ACCESS, self.KNOWN)).unanswered


class TestAnswersToOurLetters:
    def test_a_bounce_says_which_letters_did_not_arrive(self):
        letter = LetterOwed(
            at=AT,
            letter_id="DP-2026-000001-1",
            letter_kind="acknowledgement",
            to="ann@mail.example",
            subject="s",
            text="t",
            html="",
            version="1",
            message_id="<x@y>",
        )
        case = RUNNING.record(letter)
        bounce = replace(STRANGER, machine=Machine.BOUNCE, machine_why="why")
        known = Known(case=case, undelivered=(letter.letter_id,))
        assert decided(bounce, known=known) == Undelivered(case, (letter.letter_id,))

    def test_a_warning_of_delay_is_filed(self):
        delay = replace(STRANGER, machine=Machine.BOUNCE, machine_why="why")
        assert decided(delay, known=Known(case=RUNNING)) == FileAway(End.BOUNCE, "why")

    def test_a_participants_absence_note_is_kept_with_the_case(self):
        note = replace(MESSAGE, machine=Machine.AUTO_REPLY, machine_why="why")
        known = Known(case=RUNNING)
        assert decided(note, BOTH, known) == JoinCase(RUNNING, flags=("automatic: why",))

    def test_a_strangers_absence_note_is_filed(self):
        note = replace(STRANGER, machine=Machine.AUTO_REPLY, machine_why="why")
        assert decided(note, known=Known(case=RUNNING)) == FileAway(End.AUTOMATIC, "why")

    def test_a_read_receipt_is_filed(self):
        receipt = replace(MESSAGE, machine=Machine.REPORT, machine_why="why")
        assert decided(receipt, known=Known(case=RUNNING)) == FileAway(End.AUTOMATIC, "why")


class TestWhoeverFailed:
    FAILED = replace(MESSAGE, trust=Trust.FAILED)

    def test_has_a_case_of_his_own_whose_letter_waits(self):
        case = opened(decided(self.FAILED, BOTH))
        assert case.labels == (Label.ACCESS, Label.COMPLAINT)
        assert case.hold

    @pytest.mark.parametrize("case", [RUNNING, CLOSED])
    def test_joins_no_case_by_its_token(self, case: Case):
        own = opened(decided(self.FAILED, BOTH, Known(case=case)))
        assert (own.labels, own.belongs_to) == ((), case.ref)
        assert own.hold

    def test_has_no_absence_note_kept_with_a_case(self):
        note = replace(self.FAILED, machine=Machine.AUTO_REPLY, machine_why="why")
        assert isinstance(decided(note, known=Known(case=RUNNING)), FileAway)


class TestANamedReference:
    KNOWN = Known(names_a_case=True, named=RUNNING)

    def test_a_participant_who_asks_something_new_is_answered_and_a_person_joins_them(self):
        case = opened(decided(read=BOTH, known=self.KNOWN))
        assert case.labels == (Label.ACCESS, Label.COMPLAINT)
        assert case.belongs_to == RUNNING.ref
        assert case.unanswered == ""

    @pytest.mark.parametrize("read", [ACCESS, NOTHING, UNSURE, QUESTION])
    def test_a_participant_who_asks_nothing_new_has_a_case_and_no_second_letter(
        self, read: Reading
    ):
        case = opened(decided(read=read, known=self.KNOWN))
        assert case.belongs_to == RUNNING.ref
        assert "nothing new" in case.unanswered

    @pytest.mark.parametrize("named", [RUNNING, None])
    @pytest.mark.parametrize("read", [ACCESS, NOTHING])
    def test_a_stranger_hears_nothing_whether_there_is_such_a_case_or_not(
        self, named: Case | None, read: Reading
    ):
        case = opened(decided(STRANGER, read, Known(names_a_case=True, named=named)))
        assert case.labels == ()
        assert case.belongs_to == (named.ref if named else "")
        assert case.unanswered == "it names a reference that is not the writer's"

    def test_a_robot_that_names_one_and_asks_nothing_is_filed(self):
        assert decided(ROBOT, NOTHING, self.KNOWN) == FileAway(End.AUTOMATIC, "Precedence")

    def test_the_token_says_more_than_the_reference(self):
        known = Known(case=RUNNING, names_a_case=True, named=RUNNING)
        assert decided(read=QUESTION, known=known) == JoinCase(RUNNING)

    def test_a_mistyped_token_is_told(self):
        known = Known(case=RUNNING, retyped=True)
        assert decided(read=QUESTION, known=known) == JoinCase(RUNNING, flags=(RETYPED,))
