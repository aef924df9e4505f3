"""Letters reach the relay at least once, under one Message-ID, or somebody can see that they do not."""

import asyncio

from store.case import LetterStatus
from tests.conftest import Bot, Start, until
from tests.flow.letters import ACCESS, mail


async def test_a_letter_refused_for_now_is_tried_again_under_the_same_message_id(bot: Bot):
    bot.sink.replies = ["451 later"]
    await asyncio.to_thread(
        bot.hand_in, mail(ACCESS), "ann@mail.example", "dataprotection@acme.example"
    )
    await until(lambda: len(bot.sink.tried) == 1)
    assert bot.only_case.letters[0].status is LetterStatus.QUEUED
    await wait_out(bot)
    assert len(set(bot.sink.tried)) == 1
    assert len(bot.sink.letters) == 1


async def test_a_letter_refused_for_good_is_not_tried_again(bot: Bot):
    bot.sink.replies = ["550 no such person"]
    await bot.send(mail(ACCESS))
    (letter,) = bot.only_case.letters
    assert letter.status is LetterStatus.FAILED
    assert len(bot.sink.tried) == 1


async def test_one_refused_letter_does_not_hold_up_the_others(bot: Bot):
    bot.sink.replies = ["450 greylisted"]
    await asyncio.to_thread(
        bot.hand_in, mail(ACCESS), "ann@mail.example", "dataprotection@acme.example"
    )
    await until(lambda: len(bot.sink.tried) == 1)
    other = mail(ACCESS, sender="bob@mail.example")
    await asyncio.to_thread(bot.hand_in, other, "bob@mail.example", "dataprotection@acme.example")
    await until(lambda: bot.sink.to("bob@mail.example") != [])
    assert bot.sink.to("ann@mail.example") == []


async def test_a_letter_is_given_up_after_five_days_and_said_to_be(bot: Bot):
    bot.sink.replies = ["451 later", "451 later"]
    await asyncio.to_thread(
        bot.hand_in, mail(ACCESS), "ann@mail.example", "dataprotection@acme.example"
    )
    await until(lambda: len(bot.sink.tried) == 1)
    bot.clock.turn(days=5)
    await wait_out(bot)
    (letter,) = bot.only_case.letters
    assert letter.status is LetterStatus.FAILED
    assert bot.sink.letters == []


async def test_letters_go_into_a_maildir_by_default(start: Start):
    async with start(mail={"relay": "maildir:outgoing"}) as bot:
        await bot.send(mail(ACCESS))
        (written,) = (bot.data.root / "outgoing" / "new").iterdir()
        assert b"To: ann@mail.example" in written.read_bytes()


async def test_a_relay_that_is_away_puts_all_letters_off_and_loses_none(start: Start):
    async with start(mail={"relay": "smtp://127.0.0.1:9"}) as bot:
        for number in range(3):
            await asyncio.to_thread(
                bot.hand_in, mail(ACCESS), f"p{number}@mail.example", "dataprotection@acme.example"
            )
        await until(lambda: len(bot.cases) == 3)
    async with start() as again:
        await again.settled()
        assert len(again.sink.letters) == 3


async def wait_out(bot: Bot) -> None:
    """Let time pass, a minute at a look, until nothing is queued; any command wakes the courier."""
    while bot.data.casebook.owed():
        bot.clock.turn(minutes=1)
        await bot.ask("cases")
