"""What becomes of a message: pure decisions, one for each situation."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.message import Attachment, Machine, Message, Sender
from bot.triage import (
    OTHER_CONTENT,
    Decision,
    FileAway,
    Known,
    OpenCase,
    Repeat,
    Rules,
    decide,
)
from intents.reading import Facet, Reading
from store.case import Case, open_case
from store.casebook import Disposition, End
from store.events import Opened, Requested
from store.law import Label

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
DESK = "dataprotection@acme.example"
RULES = Rules(floor=0.15, own_addresses=frozenset({DESK}))
MESSAGE = Message(
    message_id="<ann.1@mail.example>",
    digest="d1",
    sender=Sender("Ann", "Ann@mail.example"),
    subject="My data",
    text="Please send it.",
)
STRANGER = replace(MESSAGE, sender=Sender("Eve", "eve@evil.example"))
NOBODY = replace(MESSAGE, sender=None)
ROBOT = replace(MESSAGE, machine=Machine.BULK, machine_why="Precedence")
MARKED = replace(MESSAGE, machine=Machine.SPAM, machine_why="the front server says spam")


def reading(
    *labels: Label, unsure: bool = False, facets: frozenset[Facet] = frozenset()
) -> Reading:
    scores = dict.fromkeys(Label, 0.01) | dict.fromkeys(labels, 0.97)
    return Reading(labels, scores, unsure, facets)


ACCESS = reading(Label.ACCESS)
BOTH = reading(Label.ACCESS, Label.COMPLAINT)
UNSURE = reading(Label.ACCESS, unsure=True)
QUESTION = reading(Label.QUERY)
NOTHING = reading(Label.OTHER)
HARDLY_NOTHING = replace(NOTHING, scores={**NOTHING.scores, Label.ACCESS: 0.16})
FOOTER = Reading(
    (Label.UNSUBSCRIBE,),
    {**ACCESS.scores, Label.UNSUBSCRIBE: 0.95, Label.OTHER: 0.97},
    unsure=False,
)
PERHAPS_NOTHING = reading(Label.OTHER, unsure=True)


def open_one(*labels: Label | None) -> Case:
    opened = Opened(
        at=AT,
        channel="email",
        received_at=AT,
        requester_name="Ann",
        requester_address="ann@mail.example",
        token="t",
    )
    asked = [
        Requested(at=AT, request=number, label=label, received_at=AT)
        for number, label in enumerate(labels, start=1)
    ]
    return open_case("DP-2026-000001", opened, asked)


FIRST = Disposition(
    spool_id="s1", at=AT, received_at=AT, end=End.OPENED, ref="DP-2026-000001", key="k", digest="d1"
)


def decided(
    message: Message = MESSAGE,
    read: Reading = ACCESS,
    known: Known = Known(),  # noqa: B008  (a frozen value)
    mail_from: str = "ann@mail.example",
) -> Decision:
    return decide(message, read, known, RULES, mail_from)


def opened(decision: Decision) -> OpenCase:
    assert isinstance(decision, OpenCase)
    return decision


class TestANewMessage:
    def test_what_is_asked_opens_a_case_and_is_answered(self):
        assert decided() == OpenCase((Label.ACCESS,))

    def test_two_things_asked_are_one_case(self):
        assert decided(read=BOTH) == OpenCase((Label.ACCESS, Label.COMPLAINT))

    @pytest.mark.parametrize("read", [UNSURE, PERHAPS_NOTHING, HARDLY_NOTHING])
    def test_what_is_not_clear_opens_a_case_that_a_person_sorts(self, read: Reading):
        assert decided(read=read) == OpenCase(())

    def test_where_nothing_is_asked_it_is_filed_and_listed(self):
        assert decided(read=NOTHING) == FileAway(
            End.OTHER, "nothing is asked that this desk answers"
        )

    @pytest.mark.parametrize("flag", ["no text", "encrypted (PGP)", "a calendar entry"])
    def test_what_could_not_be_read_whole_is_never_filed_as_other(self, flag: str):
        assert decided(replace(MESSAGE, flags=(flag,)), NOTHING) == OpenCase((), flags=(flag,))

    def test_a_file_beside_words_that_ask_nothing_changes_nothing(self):
        message = replace(MESSAGE, attachments=(Attachment("a.pdf", "application/pdf", 9),))
        assert isinstance(decided(message, NOTHING), FileAway)

    def test_who_writes_for_another_is_written_to_as_one(self):
        read = reading(Label.ACCESS, facets=frozenset({Facet.AGENT}))
        assert decided(read=read) == OpenCase((Label.ACCESS,), agent=True)


class TestASecondCopy:
    def test_the_same_message_again_is_no_second_case(self):
        assert decided(known=Known(copies=[FIRST])) == Repeat(FIRST)

    def test_the_right_copy_is_found_among_others(self):
        other = replace(FIRST, spool_id="s0", digest="d0")
        assert decided(known=Known(copies=[other, FIRST])) == Repeat(FIRST)

    def test_a_copy_of_a_bounce_is_a_copy(self):
        bounce = replace(MESSAGE, machine=Machine.BOUNCE)
        assert decided(bounce, known=Known(copies=[FIRST])) == Repeat(FIRST)

    def test_another_message_with_the_same_id_is_another_and_flagged(self):
        message = replace(MESSAGE, digest="d2")
        case = opened(decided(message, known=Known(copies=[FIRST])))
        assert case == OpenCase((Label.ACCESS,), flags=(OTHER_CONTENT,))


class TestMachines:
    @pytest.mark.parametrize(
        ("machine", "end"),
        [
            (Machine.OURS, End.AUTOMATIC),
            (Machine.AUTO_REPLY, End.AUTOMATIC),
            (Machine.REPORT, End.AUTOMATIC),
            (Machine.BOUNCE, End.BOUNCE),
        ],
    )
    def test_what_nobody_wrote_is_filed_whatever_words_it_quotes(self, machine: Machine, end: End):
        message = replace(MESSAGE, machine=machine, machine_why="why")
        assert decided(message, BOTH) == FileAway(end, "why")

    def test_a_robot_that_asks_something_has_a_case_and_no_answer(self):
        case = opened(decided(ROBOT))
        assert case.labels == (Label.ACCESS,)
        assert case.unanswered == "a machine seems to have written it: Precedence"

    def test_a_robot_that_may_ask_something_has_one_too(self):
        case = opened(decided(ROBOT, UNSURE))
        assert case.labels == ()
        assert case.unanswered

    @pytest.mark.parametrize("read", [NOTHING, PERHAPS_NOTHING, HARDLY_NOTHING])
    def test_a_robot_that_seems_to_ask_nothing_is_filed(self, read: Reading):
        assert decided(ROBOT, read) == FileAway(End.AUTOMATIC, "Precedence")

    def test_what_the_footer_of_a_newsletter_says_is_no_request(self):
        assert decided(ROBOT, FOOTER) == FileAway(End.AUTOMATIC, "Precedence")
        assert decided(MARKED, FOOTER) == FileAway(End.SPAM, "the front server says spam")
        assert decided(read=FOOTER) == OpenCase((Label.UNSUBSCRIBE,))

    @pytest.mark.parametrize("read", [NOTHING, UNSURE])
    def test_marked_mail_that_asks_nothing_plainly_is_filed_as_spam(self, read: Reading):
        assert decided(MARKED, read) == FileAway(End.SPAM, "the front server says spam")

    def test_marked_mail_that_plainly_asks_is_a_request_and_staff_see_the_mark(self):
        case = opened(decided(MARKED))
        assert case == OpenCase((Label.ACCESS,), flags=("the front server says spam",))


class TestWhoIsNotAnswered:
    @pytest.mark.parametrize("path", ["", "<>", " <> "])
    def test_an_empty_return_path(self, path: str):
        assert opened(decided(mail_from=path)).unanswered == "the return path is empty"

    def test_nobody(self):
        why = "the message does not say plainly who wrote it"
        assert opened(decided(NOBODY)).unanswered == why

    @pytest.mark.parametrize("address", [DESK, DESK.title(), "dataprotection+t0ken@acme.example"])
    def test_our_own_address(self, address: str):
        message = replace(MESSAGE, sender=Sender("", address))
        assert opened(decided(message)).unanswered == "it claims to come from our own address"

    @pytest.mark.parametrize("domain", ["ico.org.uk", "mail.met.police.uk", "justice.gov.uk"])
    def test_an_authority(self, domain: str):
        message = replace(MESSAGE, sender=Sender("", f"x@{domain}"))
        assert opened(decided(message)).unanswered == "an authority wrote"

    @pytest.mark.parametrize("domain", ["notpolice.uk", "police.uk.evil.example", "xico.org.uk"])
    def test_but_whoever_has_a_name_like_one_is(self, domain: str):
        message = replace(MESSAGE, sender=Sender("", f"x@{domain}"))
        assert opened(decided(message)).unanswered == ""

    @pytest.mark.parametrize(
        ("facet", "word"),
        [
            (Facet.REGULATOR, "regulator"),
            (Facet.POLICE_OR_COURT, "police"),
            (Facet.SUPPLIER, "supplier"),
            (Facet.PROCESSOR_CUSTOMER, "processor"),
            (Facet.RESEARCHER, "researcher"),
            (Facet.EXTORTION, "extortion"),
        ],
    )
    def test_who_reads_like_one_that_a_person_must_answer(self, facet: Facet, word: str):
        read = reading(Label.ACCESS, facets=frozenset({facet}))
        assert word in opened(decided(read=read)).unanswered

    @pytest.mark.parametrize("facet", [Facet.PARENT, Facet.EMPLOYEE, Facet.CONSENT_WITHDRAWAL])
    def test_others_are_answered(self, facet: Facet):
        assert (
            opened(decided(read=reading(Label.ACCESS, facets=frozenset({facet})))).unanswered == ""
        )
