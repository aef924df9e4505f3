"""Who may act, and from whom a case is hidden."""

import pytest

from bot.control import own_login
from bot.office import CommandError
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, COMPLAINT, mail

BREACH = (
    "You emailed me another customer's contract by mistake: her name and bank details are in "
    "the attachment. I think you should know that it went to the wrong person."
)
LOGIN = own_login()


def staff(*roles: str, excluded_from: tuple[str, ...] = ()) -> list[dict[str, object]]:
    """Us, who give the commands, and Sam."""
    us = {"name": "Us", "login": LOGIN, "roles": list(roles), "excluded_from": list(excluded_from)}
    return [us, {"name": "Sam", "login": "sam"}]


async def test_an_auditor_looks_and_does_nothing(start: Start):
    async with start(staff=staff("auditor")) as bot:
        await bot.send(mail(ACCESS))
        assert len(await bot.ask("cases")) == 1
        with pytest.raises(CommandError, match="is no handler or lead"):
            await bot.ask("claim", ref=bot.only_case.ref)


async def test_somebody_unknown_is_refused(start: Start):
    async with start(staff=[{"name": "Sam", "login": "sam"}]) as bot:
        with pytest.raises(CommandError, match="is not among the"):
            await bot.ask("cases")


async def test_a_case_of_an_excluded_kind_does_not_exist_for_that_person(
    start: Start, capsys: pytest.CaptureFixture[str]
):
    async with start(staff=staff("handler", excluded_from=("breach",))) as bot:
        await bot.send(mail(BREACH, subject="Wrong person"))
        (case,) = bot.cases
        assert "breach" in case.kinds
        assert await bot.ask("cases") == []
        with pytest.raises(CommandError, match="there is no case"):
            await bot.ask("cases", ref=case.ref)
        assert "a hidden case was asked for" in capsys.readouterr().out, "the attempt is logged"


async def test_a_complaint_about_somebody_is_hidden_from_them(start: Start):
    async with start(staff=staff("lead")) as bot:
        await bot.send(mail(COMPLAINT))
        ref = bot.only_case.ref
        await bot.ask("restrict", ref=ref, hidden_from=["sam"], why="it is about Sam")
        assert bot.only_case.hidden_from == {"sam"}
        with pytest.raises(CommandError, match="Sam may not see"):
            await bot.ask("assign", ref=ref, to="sam")
        with pytest.raises(CommandError, match="nobody hides a case from themselves"):
            await bot.ask("restrict", ref=ref, hidden_from=[LOGIN], why="?")


async def test_four_eyes_send_a_letter_that_needs_them(start: Start):
    async with start(staff=staff("lead"), policy={"four_eyes": ["extension"]}) as bot:
        await bot.send(mail(ACCESS))
        ref = bot.only_case.ref
        reasons = "Your records lie in several archives and mention many third parties."
        await bot.ask("extend", ref=ref, ground="complexity", reasons=reasons)
        letter_id = bot.only_case.letters[-1].owed.letter_id
        with pytest.raises(CommandError, match="somebody else must send it"):
            await bot.ask("release", ref=ref, letter=letter_id)


async def test_a_claimed_case_is_not_claimed_twice_by_the_same_person(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    await bot.ask("claim", ref=ref)
    first = bot.only_case
    await bot.ask("claim", ref=ref)
    assert bot.only_case == first
    assert first.owner == LOGIN
