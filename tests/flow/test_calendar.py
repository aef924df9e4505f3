"""A changed holiday list moves nothing by itself: it says what it would move, and waits for a person."""

import pytest

from bot.control import own_login
from bot.office import CommandError
from tests.conftest import Start
from tests.flow.letters import ACCESS, mail

ONE_OFF = {"holiday_overrides": ["2026-12-29 A one-off holiday"]}


async def test_a_new_holiday_shows_what_it_moves_and_moves_it_once_accepted(start: Start):
    async with start() as bot:
        await bot.send(mail(ACCESS))
        assert await bot.ask("calendar") == []
    async with start(policy=ONE_OFF) as bot:
        ref = bot.only_case.ref
        assert await bot.ask("calendar") == [
            {"holiday": "+ 2026-12-29 A one-off holiday"},
            {"ref": ref, "request": 1, "right": "access", "old": "2026-12-29", "new": "2026-12-30"},
        ]
        (view,) = await bot.ask("cases")
        assert view["requests"][0]["due_on"] == "2026-12-29"
        await bot.ask("calendar", accept_it=True)
    async with start(policy=ONE_OFF) as bot:
        assert await bot.ask("calendar") == []
        (view,) = await bot.ask("cases")
        assert view["requests"][0]["due_on"] == "2026-12-30"


async def test_a_dropped_holiday_is_shown_too(start: Start):
    async with start() as bot:
        await bot.send(mail(ACCESS))
    async with start(policy={"holiday_overrides": ["-2026-12-28"]}) as bot:
        change, move = await bot.ask("calendar")
        assert change["holiday"].startswith("- 2026-12-28 ")
        assert (move["old"], move["new"]) == ("2026-12-29", "2026-12-28")


async def test_only_a_lead_accepts_a_list(start: Start):

    staff = [{"name": "Us", "login": own_login(), "roles": ["handler"]}]
    async with start(staff=staff, policy=ONE_OFF) as bot:
        with pytest.raises(CommandError, match="is no lead"):
            await bot.ask("calendar", accept_it=True)


@pytest.mark.parametrize("wrong", ["Christmas", "2026-12-29", "-2026-12-29 with a name"])
async def test_a_correction_that_says_neither_is_a_fault(start: Start, wrong: str):
    with pytest.raises(ValueError, match="holiday_overrides"):
        async with start(policy={"holiday_overrides": [wrong]}):
            pass
