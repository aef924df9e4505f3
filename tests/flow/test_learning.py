"""What a person corrects is kept to learn from, without names, addresses and numbers."""

from intents.masking import masked
from tests.conftest import Bot
from tests.flow.letters import ACCESS, mail

VAGUE = """Dear Mr Smith,

it is about the thing from last year, you know what I mean. I look forward to hearing what you make of it.
Account 1234 5678; my name is Ann Example, 14 Oak Tree Lane, Leeds LS1 4AP, 07700 900123, ann.e@mail.example.

Kind regards,
Ann Example
"""
TELLING = ("Ann", "Example", "Smith", "Oak Tree", "LS1", "1234", "07700", "ann.e@")


async def test_a_correction_is_kept_without_what_tells_whose_it_is(bot: Bot):
    await bot.send(mail(VAGUE, subject="for Ann Example"))
    ref = bot.only_case.ref
    await bot.ask("sort", ref=ref, rights=["rectification", "complaint"])
    (example,) = await bot.ask("corrections")
    assert example["id"] == ref
    assert example["labels"] == "complaint rectification"
    assert "the thing from last year" in example["text"]
    for words in TELLING:
        assert words not in example["text"] + example["subject"]


async def test_what_was_read_rightly_teaches_nothing(bot: Bot):
    await bot.send(mail(ACCESS))
    await bot.ask("sort", ref=bot.only_case.ref, rights=["access"])
    assert await bot.ask("corrections") == []


async def test_a_case_told_by_phone_has_no_words_to_learn_from(bot: Bot):
    told = {"medium": "phone", "received": "2026-11-23", "rights": [], "name": "Ann"}
    (view,) = await bot.ask("open_told", **told)
    await bot.ask("sort", ref=view["ref"], rights=["access"])
    assert await bot.ask("corrections") == []


def test_ordinary_words_stay():
    text = "Dear team, this is fine. Delete my account by 3 May, I asked twice."
    assert masked(text, ["Ann Other"]) == text
