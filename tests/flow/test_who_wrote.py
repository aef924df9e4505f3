"""How far a sender is believed, and what follows from it: a failed one opens a case and is not answered by itself."""

import asyncio
from typing import Any

import pytest

from store.case import LetterStatus, State
from store.casebook import End
from store.events import LinkProposed
from store.refused import RefusedError
from tests.conftest import DESK, Bot, Start
from tests.flow.letters import ACCESS, ERASURE, mail, reply_to

MX = "mx.acme.example"
BELIEVED = {"trusted_authserv_id": MX}
PASSED = f"{MX}; dmarc=pass header.from=mail.example"
FAILED = f"{MX}; spf=softfail smtp.mailfrom=mail.example; dmarc=fail header.from=mail.example"


async def view(bot: Bot, ref: str) -> dict[str, Any]:
    (found,) = await bot.ask("cases", ref=ref)
    return found


async def test_a_sender_whose_domain_vouches_is_answered_and_shown_as_passed(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(mail(ACCESS, Authentication_Results=PASSED))
        requester = (await view(bot, bot.only_case.ref))["requester"]
        assert requester["trust"] == "passed"
        assert requester["trust_reasons"] == ["dmarc=pass for mail.example"]
        assert len(bot.sink.letters) == 1


async def test_no_verdict_is_no_failure(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(mail(ACCESS, Authentication_Results="mx.else.example; dmarc=fail"))
        assert (await view(bot, bot.only_case.ref))["requester"]["trust"] == "none"
        assert len(bot.sink.letters) == 1


async def test_whoever_failed_has_a_case_whose_clock_runs_and_a_letter_that_waits(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(mail(ACCESS, Authentication_Results=FAILED))
        case = bot.only_case
        found = await view(bot, case.ref)
        assert found["requester"]["trust"] == "failed"
        assert "dmarc=fail for mail.example" in found["requester"]["trust_reasons"]
        assert found["requests"][0]["due_on"] == "2026-12-29"
        assert case.state is State.OPEN
        assert [letter.status for letter in case.letters] == [LetterStatus.HELD]
        assert bot.sink.letters == []
        await bot.ask("release", ref=case.ref, letter=case.letters[0].owed.letter_id)
        await bot.settled()
        assert len(bot.sink.letters) == 1


async def test_staff_may_ask_once_and_neutrally_whether_they_wrote(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(mail(ERASURE, Authentication_Results=FAILED))
        ref = bot.only_case.ref
        await bot.ask("write", ref=ref, kind="check_back")
        await bot.settled()
        (letter,) = bot.sink.letters
        assert str(letter["Subject"]).startswith("Did you write to us?")
        assert "erase" not in letter.as_string()
        with pytest.raises(RefusedError, match="sent once"):
            await bot.ask("write", ref=ref, kind="check_back")
        case = bot.only_case
        assert not any(case.told(request) for request in case.requests), "it acknowledges nothing"


async def test_a_reply_that_failed_joins_nothing_and_its_link_is_proposed(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(mail(ACCESS, Authentication_Results=PASSED))
        forged = reply_to(bot.sink.letters[0], ERASURE, Authentication_Results=FAILED)
        await bot.send(forged)
        anns, forgers = bot.cases
        assert len(anns.messages) == 1
        assert forgers.state is State.TRIAGE
        assert [e.ref for e in forgers.events if isinstance(e, LinkProposed)] == [anns.ref]
        assert [letter.status for letter in forgers.letters] == [LetterStatus.HELD]
        assert len(bot.sink.letters) == 1
        assert [d.end for d in bot.data.casebook.dispositions()] == [End.OPENED, End.HELD]


async def test_whoever_writes_after_a_forger_is_told_nothing_of_the_forgers_case(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(mail(ACCESS, Authentication_Results=FAILED))
        await bot.send(mail(ACCESS, Authentication_Results=PASSED))
        forgers, anns = bot.cases
        assert anns.letters[0].owed.letter_kind == "acknowledgement"
        assert forgers.ref not in bot.sink.letters[0].as_string()


@pytest.mark.slow
async def test_a_flood_of_forged_mail_is_answered_to_nobody_but_who_is_among_it(start: Start):
    many, genuine = 500, 250
    async with start(mail=BELIEVED) as bot:
        for number in range(many):
            found = PASSED if number == genuine else FAILED
            raw = mail(ACCESS, sender=f"p{number}@mail.example", Authentication_Results=found)
            await asyncio.to_thread(bot.hand_in, raw, f"p{number}@mail.example", DESK)
            if number % 50 == 49:
                await bot.settled()
        assert len(bot.cases) == many
        assert [str(letter["To"]) for letter in bot.sink.letters] == [f"p{genuine}@mail.example"]


async def test_a_mailbox_that_is_a_group_still_reaches_the_human(bot: Bot):
    passed_on = mail(
        ACCESS,
        sender="'Ann Example' via Data Protection <dataprotection@acme.example>",
        Reply_To="Ann Example <ann@mail.example>",
        List_ID="<dataprotection.acme.example>",
        Precedence="list",
    )
    await bot.send(passed_on, sender="dataprotection+bnc1@acme.example")
    assert bot.only_case.opened.requester_address == "ann@mail.example"
    assert len(bot.sink.to("ann@mail.example")) == 1


async def test_a_sender_that_looks_like_us_is_flagged(bot: Bot):
    await bot.send(mail(ACCESS, sender="Desk <dataprotection@acrne.example>"))
    assert any("looks like ours" in flag for flag in bot.only_case.messages[0].flags)
