"""A request made by phone, by post or at a desk: its true receipt, and a letter only to a confirmed address."""

import pytest

from bot.office import CommandError
from tests.conftest import Bot

TOLD = {
    "medium": "phone",
    "received": "2026-11-23T11:00",
    "rights": ["access"],
    "name": "Ann Example",
    "words": "She wants all recordings of her calls.",
}


async def test_it_counts_from_the_day_it_was_made(bot: Bot):
    (view,) = await bot.ask("open_told", **TOLD)
    assert view["channel"] == "phone"
    assert view["received_on"] == "2026-11-23"
    assert view["requests"][0]["due_on"] == "2026-12-23"


async def test_a_letter_goes_only_to_a_confirmed_address(bot: Bot):
    await bot.ask("open_told", **TOLD, address="ann@mail.example")
    await bot.settled()
    assert bot.sink.letters == []
    await bot.ask("open_told", **TOLD, address="ann@mail.example", confirmed=True)
    await bot.settled()
    (letter,) = bot.sink.letters
    assert letter["To"] == "ann@mail.example"
    assert letter["In-Reply-To"] is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"received": "2027-11-23"}, "in the future"),
        ({"address": "ann at home"}, "is not a mail address"),
        ({"rights": ["everything"]}, "not a valid"),
        ({"received": "yesterday"}, "Invalid isoformat"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused(bot: Bot, wrong: dict[str, object], sentence: str):
    with pytest.raises(CommandError, match=sentence):
        await bot.ask("open_told", **(TOLD | wrong))
    assert bot.cases == []
