"""Replies by the address of their case, references anybody can guess, and the address for unsubscribing."""

from email.message import EmailMessage
from email.utils import parseaddr

import pytest

from store.case import State
from store.casebook import End
from store.events import LinkProposed, Unanswered
from store.law import Label
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, INVOICE, mail

PLUS = {"reply_address": "plus"}
NEWS = "It is the account that I opened in May."
CONTACT = "contact@acme.example"


def back(letter: EmailMessage) -> str:
    return parseaddr(str(letter["Reply-To"]))[1]


async def answered(bot: Bot) -> str:
    """Let Ann ask and return the address that her answer would go to."""
    await bot.send(mail(ACCESS))
    return back(bot.sink.letters[0])


async def test_a_plain_letter_has_no_reply_address_of_its_own(bot: Bot):
    await bot.send(mail(ACCESS))
    assert bot.sink.letters[0]["Reply-To"] is None


async def test_a_participant_joins_by_the_address_alone(start: Start):
    async with start(mail=PLUS) as bot:
        address = await answered(bot)
        assert address.startswith("dataprotection+")
        await bot.send(mail(NEWS), to=address)
        assert len(bot.only_case.messages) == 2
        assert not bot.only_case.messages[1].flags


@pytest.mark.parametrize("header", ["To", "Cc", "Delivered_To"])
async def test_a_header_tells_it_where_the_envelope_does_not(start: Start, header: str):
    async with start(mail=PLUS) as bot:
        address = await answered(bot)
        written = mail(NEWS, **({} if header == "To" else {header: f"Desk <{address}>"}))
        if header == "To":
            written = written.replace("To: dataprotection@acme.example", f"To: <{address}>")
        await bot.send(written)
        assert len(bot.only_case.messages) == 2


async def test_a_stranger_with_the_address_has_a_case_of_his_own_and_learns_nothing(start: Start):
    async with start(mail=PLUS) as bot:
        address = await answered(bot)
        await bot.send(mail(NEWS, sender="eve@evil.example"), sender="eve@evil.example", to=address)
        anns, strangers = bot.cases
        assert len(anns.messages) == 1
        assert [e.ref for e in strangers.events if isinstance(e, LinkProposed)] == [anns.ref]
        assert bot.sink.to("eve@evil.example") == []


async def test_one_mistyped_character_is_put_right_and_told(start: Start):
    async with start(mail=PLUS) as bot:
        local, _, domain = (await answered(bot)).partition("@")
        wrong = "3" if local[20] != "3" else "4"
        await bot.send(mail(NEWS), to=f"{local[:20]}{wrong}{local[21:]}@{domain}")
        assert len(bot.only_case.messages) == 2
        assert any("mistyped" in flag for flag in bot.only_case.messages[1].flags)
        worse = f"{local[:20]}{wrong}0{local[22:]}@{domain}"
        await bot.send(mail(f"{ACCESS} Again."), to=worse)
        assert len(bot.cases) == 2, "two mistakes: nobody guesses"


async def test_a_reference_alone_proposes_the_link_to_whoever_takes_part(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    await bot.send(mail(INVOICE, subject=f"about {ref.lower()}"))
    first, second = bot.cases
    assert second.state is State.TRIAGE
    assert [e.why for e in second.events if isinstance(e, LinkProposed)] == ["the message names it"]
    assert first.ref in [e.ref for e in second.events if isinstance(e, LinkProposed)]
    assert len(bot.sink.letters) == 1


@pytest.mark.parametrize("ref", ["DP-2026-000001", "DP-2026-999999"])
async def test_a_stranger_who_guesses_a_reference_learns_nothing(bot: Bot, ref: str):
    await bot.send(mail(ACCESS))
    guess = mail(ACCESS, sender="eve@evil.example", subject=f"Re: {ref}")
    await bot.send(guess, sender="eve@evil.example")
    anns, strangers = bot.cases
    assert len(anns.messages) == 1
    assert any(isinstance(event, Unanswered) for event in strangers.events)
    assert strangers.requests[0].received_at == strangers.opened.received_at
    assert bot.sink.to("eve@evil.example") == []


async def test_our_own_letter_that_comes_back_stripped_is_known_by_its_message_id(bot: Bot):
    await bot.send(mail(ACCESS))
    own = str(bot.sink.letters[0]["Message-ID"])
    await bot.send(mail(ACCESS, message_id=own))
    assert len(bot.only_case.messages) == 1
    assert [d.end for d in bot.data.casebook.dispositions()] == [End.OPENED, End.AUTOMATIC]


@pytest.mark.parametrize(
    ("subject", "text", "sender"),
    [
        ("UNSUBSCRIBE", "UNSUBSCRIBE", "ann@mail.example"),
        ("Re: unsubscribe me pls", "", "ann@mail.example"),
        ("unsubscribe", "", "ann@mail.example"),
        ("", "", "Ann.Other+News@Mail.Example"),
    ],
)
async def test_who_unsubscribes_at_its_address_is_answered_once(
    start: Start, subject: str, text: str, sender: str
):
    async with start(mail={"unsubscribe_addresses": [CONTACT]}) as bot:
        await bot.send(mail(text, subject=subject, sender=sender), sender=sender, to=CONTACT)
        assert [request.label for request in bot.only_case.requests] == [Label.UNSUBSCRIBE]
        assert len(bot.sink.letters) == 1


async def test_who_would_like_to_subscribe_goes_to_a_person(start: Start):
    async with start(mail={"unsubscribe_addresses": [CONTACT]}) as bot:
        await bot.send(mail("How do I subscribe?", subject="How do I subscribe?"), to=CONTACT)
        assert [request.label for request in bot.only_case.requests] == [None]
