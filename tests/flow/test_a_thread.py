"""Replies, copies, strangers: which message belongs to which case."""

from store.case import LetterStatus, State
from store.casebook import End
from store.events import LinkProposed, Outcome
from store.law import Label
from tests.conftest import Bot
from tests.flow.letters import ACCESS, COMPLAINT, mail, reply_to

THANKS = "Thank you very much, that is all I need to know for now."


async def ends(bot: Bot) -> list[End]:
    return [disposition.end for disposition in bot.data.casebook.dispositions()]


async def test_a_second_copy_of_a_mail_changes_nothing(bot: Bot):
    twice = mail(ACCESS, message_id="<same@mail.example>")
    await bot.send(twice, twice)
    assert len(bot.only_case.messages) == 1
    assert len(bot.sink.letters) == 1
    assert await ends(bot) == [End.OPENED, End.JOINED]


async def test_a_copy_is_known_without_a_message_id_by_what_it_says(bot: Bot):
    plain = f"From: ann@mail.example\nSubject: My data\n\n{ACCESS}\n"
    await bot.send(plain, plain)
    assert len(bot.only_case.messages) == 1


async def test_the_same_words_without_a_message_id_on_another_day_are_sent_anew(bot: Bot):
    nameless = mail(ACCESS, message_id="<x@y>").replace("Message-ID: <x@y>\n", "")
    days = [f"Date: {day} Nov 2026 09:00:00 +0000\n{nameless}" for day in (26, 27)]
    await bot.send(days[0], days[1], days[0])
    assert len(bot.cases) == 2


async def test_the_same_message_id_with_other_content_is_another_message_and_flagged(bot: Bot):
    await bot.send(
        mail(ACCESS, message_id="<same@mail.example>"),
        mail(f"{COMPLAINT} Nobody called me back.", message_id="<same@mail.example>"),
    )
    first, second = bot.cases
    assert not first.messages[0].flags
    assert "same Message-ID" in second.messages[0].flags[0]


async def test_a_reply_joins_its_case_and_is_not_acknowledged_again(bot: Bot):
    await bot.send(mail(ACCESS))
    await bot.send(reply_to(bot.sink.letters[0], THANKS))
    assert len(bot.only_case.messages) == 2
    assert len(bot.sink.letters) == 1
    assert await ends(bot) == [End.OPENED, End.JOINED]


async def test_a_complaint_inside_a_reply_gets_its_own_clock_and_letter(bot: Bot):
    await bot.send(mail(ACCESS))
    bot.clock.turn(days=7)
    await bot.send(reply_to(bot.sink.letters[0], COMPLAINT))
    case = bot.only_case
    access, complaint = case.requests
    assert (access.label, complaint.label) == (Label.ACCESS, Label.COMPLAINT)
    assert (complaint.received_at - access.received_at).days == 7
    first, second = bot.sink.letters
    assert first["Message-ID"] in second["References"]


async def test_a_stranger_with_somebodys_token_gets_a_case_of_his_own_and_learns_nothing(bot: Bot):
    await bot.send(mail(ACCESS))
    stolen = reply_to(bot.sink.letters[0], ACCESS, sender="Mallory <mallory@else.example>")
    await bot.send(stolen, sender="mallory@else.example")
    anns, strangers = bot.cases
    assert len(anns.messages) == 1
    assert strangers.state is State.TRIAGE
    assert [e.ref for e in strangers.events if isinstance(e, LinkProposed)] == [anns.ref]
    assert bot.sink.to("mallory@else.example") == []
    assert await ends(bot) == [End.OPENED, End.HELD]


async def test_a_new_request_after_closing_opens_a_case_linked_to_the_old_one(bot: Bot):
    await bot.send(mail(ACCESS))
    (old,) = bot.cases
    await bot.ask("close", ref=old.ref, outcome=Outcome.FULFILLED)
    await bot.send(reply_to(bot.sink.letters[0], COMPLAINT))
    closed, fresh = bot.cases
    assert closed.state is State.CLOSED
    assert [e.ref for e in fresh.events if isinstance(e, LinkProposed)] == [old.ref]
    assert [request.label for request in fresh.requests] == [Label.COMPLAINT]


async def test_who_contacted_us_before_is_shown_and_never_joined_by_a_machine(bot: Bot):
    await bot.send(mail(ACCESS, sender="ann@mail.example"))
    await bot.send(mail(COMPLAINT, sender="Ann <ANN@mail.example>"))
    first, second = bot.cases
    proposed = [(e.ref, e.why) for e in second.events if isinstance(e, LinkProposed)]
    assert proposed == [(first.ref, "the same address wrote before")]
    assert second.links == frozenset()
    await bot.ask("link", ref=second.ref, other=first.ref)
    assert [case.links for case in bot.cases] == [{second.ref}, {first.ref}]


async def test_a_bounce_of_our_letter_is_marked_on_it(bot: Bot):
    await bot.send(mail(ACCESS))
    await bot.send(bounce_of(str(bot.sink.letters[0]["Message-ID"])), sender="")
    (letter,) = bot.only_case.letters
    assert letter.status is LetterStatus.BOUNCED
    assert len(bot.sink.letters) == 1


async def test_an_absence_note_is_kept_with_the_case_and_gets_no_answer(bot: Bot):
    await bot.send(mail(ACCESS))
    away = reply_to(bot.sink.letters[0], "I am away.", Auto_Submitted="auto-replied")
    await bot.send(away)
    assert len(bot.only_case.messages) == 2
    assert len(bot.only_case.requests) == 1
    assert len(bot.sink.letters) == 1


def bounce_of(message_id: str) -> str:
    return f"""\
From: Mail Delivery System <mailer-daemon@mx.example>
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ann@mail.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: We have received your message

--b--
"""
