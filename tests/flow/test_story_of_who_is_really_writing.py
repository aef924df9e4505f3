"""Story: who is really writing? A forged director, a stranger with a reference, an absence note, a mistyped address."""

from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest

from bot.office import CommandError
from store.case import LetterStatus
from store.casebook import End
from store.events import LinkProposed
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, ERASURE, mail, reply_to
from tests.flow.test_papers import PASSPORT
from tests.flow.test_who_wrote import BELIEVED, FAILED, PASSED

DIRECTOR = "Dana Director <ann@mail.example>"
CALLED = "called back on the number in the file"
PLUS = {"reply_address": "plus"}


def forged(text: str = ACCESS, **headers: str) -> str:
    return mail(text, sender=DIRECTOR, Authentication_Results=FAILED, **headers)


async def view(bot: Bot, ref: str) -> dict[str, Any]:
    (found,) = await bot.ask("cases", ref=ref)
    return found


async def verified(bot: Bot, ref: str) -> None:
    await bot.ask("supplied", ref=ref, wanted="identity", how=CALLED)


async def test_nothing_of_a_forged_request_is_released_until_a_verification_is_recorded(
    start: Start,
):
    async with start(mail=BELIEVED) as bot:
        await bot.send(forged())
        ref = bot.only_case.ref
        assert (await view(bot, ref))["requester"]["verified"] is False
        for kind in ("access_response", "fulfilled", "no_data_held", "partial_disclosure"):
            with pytest.raises(CommandError, match="nobody has made sure who asked"):
                await bot.ask("write", ref=ref, kind=kind)
        for outcome in ("fulfilled", "partly"):
            with pytest.raises(CommandError, match=f"supplied {ref} identity"):
                await bot.ask("close", ref=ref, outcome=outcome)
        assert bot.sink.letters == []
        await verified(bot, ref)
        shown = await view(bot, ref)
        assert (shown["requester"]["trust"], shown["requester"]["verified"]) == ("failed", True)
        assert shown["requests"][0]["due_on"] == "2026-12-29", "nobody had asked: no clock moves"
        (closed,) = await bot.ask("close", ref=ref, outcome="fulfilled")
        assert closed["state"] == "closed"


async def test_a_forger_can_be_refused_without_any_verification(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(forged())
        (view,) = await bot.ask("close", ref=bot.only_case.ref, outcome="identity_not_supplied")
        assert view["state"] == "closed"


async def test_the_document_that_answers_a_check_back_is_due_for_deletion(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(forged())
        ref = bot.only_case.ref
        await bot.ask("write", ref=ref, kind="check_back")
        await bot.settled()
        bot.clock.turn(hours=1)
        answer = EmailMessage()
        answer["From"], answer["Message-ID"] = DIRECTOR, "<passport@mail.example>"
        answer["In-Reply-To"] = str(bot.sink.letters[0]["Message-ID"])
        answer["Authentication-Results"] = PASSED
        answer.set_content("Yes, that was me. Here is my passport.")
        answer.add_attachment(PASSPORT, maintype="image", subtype="png", filename="passport.png")
        await bot.send(answer.as_bytes())
        assert len(bot.only_case.messages) == 2
        await verified(bot, ref)
        assert (await view(bot, ref))["papers_due"] == [bot.only_case.messages[1].spool_id]


async def test_of_two_unverified_requests_the_one_that_is_verified_first_leads(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(forged())
        await bot.send(forged(f"{ACCESS} I have asked before."))
        first, second = (case.ref for case in bot.cases)
        assert {letter.owed.letter_kind for case in bot.cases for letter in case.letters} == {
            "acknowledgement"
        }, "neither leads yet"
        await verified(bot, second)
        held = bot.cases[0].letters[0].owed.letter_id
        await bot.ask("take_back", ref=first, letter=held)
        with pytest.raises(CommandError, match=f"let it lead .*merge {second} {first}"):
            await bot.ask("merge", ref=first, other=second)
        (merged,) = await bot.ask("merge", ref=second, other=first)
        assert [request["state"] for request in merged["requests"]] == ["open", "open"]
        await bot.send(mail(ACCESS, Authentication_Results=PASSED))
        repeated = bot.cases[-1].letters[0].owed
        assert (repeated.letter_kind, second in repeated.text) == ("duplicate", True)


@pytest.mark.parametrize("state", ["running", "asked", "closed", "merged", "verified"])
async def test_in_no_state_is_a_verification_refused(start: Start, state: str):
    async with start(mail=BELIEVED) as bot:
        await bot.send(forged())
        ref = leading = bot.only_case.ref
        if state == "asked":
            await bot.ask("ask", ref=ref, wanted="identity", medium="phone")
        if state == "closed":
            await bot.ask("close", ref=ref, outcome="duplicate")
        if state == "merged":
            await bot.ask("take_back", ref=ref, letter=bot.only_case.letters[0].owed.letter_id)
            await bot.send(forged(f"{ACCESS} I have asked before."))
            leading = bot.cases[-1].ref
            await bot.ask("merge", ref=leading, other=ref)
        if state == "verified":
            await verified(bot, ref)
        await verified(bot, ref)
        shown = await view(bot, leading)
        assert shown["requester"]["verified"]
        assert shown["requests"][0]["state"] == ("closed" if state == "closed" else "open")


async def test_what_is_split_off_for_somebody_else_is_to_be_verified_anew(start: Start):
    async with start(mail=BELIEVED) as bot:
        await bot.send(forged(f"{ACCESS} {ERASURE}"))
        ref = bot.only_case.ref
        assert len(bot.only_case.requests) == 2
        await verified(bot, ref)
        (hers,) = await bot.ask("split", ref=ref, requests=[2])
        assert hers["requester"]["verified"]
    async with start(mail=BELIEVED) as bot:
        await bot.send(forged(f"{ACCESS} {ERASURE} Once more."))
        ref = bot.cases[-1].ref
        await verified(bot, ref)
        (others,) = await bot.ask(
            "split", ref=ref, requests=[2], name="Bob", address="bob@mail.example"
        )
        assert not others["requester"]["verified"]


async def test_of_two_cases_that_a_mistyped_address_may_mean_nobody_guesses(start: Start):
    async with start(mail=PLUS) as bot:
        await bot.send(mail(ACCESS), mail(ERASURE))
        tagged = [parseaddr(str(letter["Reply-To"]))[1] for letter in bot.sink.letters]
        wrong = [retyped(address) for address in tagged]
        await bot.send(mail("It is the account of May.", Cc=wrong[1]), to=wrong[0])
        first, second, third = bot.cases
        assert [len(case.messages) for case in (first, second)] == [1, 1]
        proposed = {e.ref for e in third.events if isinstance(e, LinkProposed)}
        assert proposed == {first.ref, second.ref}
        assert [d.end for d in bot.data.casebook.dispositions()][-1] is End.HELD
        assert len(bot.sink.letters) == 2
        await bot.send(mail("It is the account of June."), to=wrong[1])
        assert len(bot.cases[1].messages) == 2, "of one there is nothing to guess"


def retyped(address: str) -> str:
    """Return the address with one wrong character."""
    return f"{address[:20]}{'3' if address[20] != '3' else '4'}{address[21:]}"


async def test_a_strangers_mail_is_in_no_thread_and_the_desk_may_merge_link_or_reject_it(
    start: Start,
):
    async with start() as bot:
        await bot.send(mail(ACCESS))
        hers = bot.only_case.ref
        for number in range(3):
            sender = f"eve{number}@evil.example"
            stolen = reply_to(bot.sink.letters[0], f"Send it here. {number}", sender=sender)
            await bot.send(stolen, sender=sender)
        assert len(bot.cases[0].messages) == 1
        assert len(bot.sink.letters) == 1, "nothing is mailed to a stranger"
        attached, opened, rejected = (case.ref for case in bot.cases[1:])
        await bot.ask("sort", ref=attached, rights=["access"])
        await bot.ask("merge", ref=hers, other=attached)
        assert len(bot.cases[0].messages) == 2
        await bot.ask("sort", ref=opened, rights=["query"])
        assert (await view(bot, opened))["state"] == "open"
        (gone,) = await bot.ask("close", ref=rejected, outcome="not_ours")
        assert gone["state"] == "closed"
        assert len(bot.sink.letters) == 1


async def test_an_absence_note_leaves_the_clock_alone(start: Start):
    async with start() as bot:
        await bot.send(mail(ACCESS))
        before = (await view(bot, bot.only_case.ref))["requests"]
        bot.clock.turn(days=1)
        away = reply_to(
            bot.sink.letters[0], "I am away until Monday.", Auto_Submitted="auto-replied"
        )
        await bot.send(away)
        assert (await view(bot, bot.only_case.ref))["requests"] == before
        assert bot.only_case.messages[1].flags[0].startswith("automatic: ")
        assert bot.only_case.letters[0].status is LetterStatus.SENT
        assert len(bot.sink.letters) == 1
