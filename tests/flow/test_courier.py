"""Letters reach the relay at least once, under one Message-ID, or somebody can see that they do not."""

import asyncio
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from store.case import LetterStatus
from tests.conftest import DESK, Bot, Sink, Start, until
from tests.flow.letters import ACCESS, mail
from tests.flow.test_a_thread import bounce_of
from tests.ports import free_port

SAM = {"name": "Sam", "login": "sam", "email": "sam@acme.example"}
NO_LISTS = {"digest_hour": 23}


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


async def test_staff_are_told_at_once_of_a_letter_refused_for_good_and_of_nobodys_data(
    start: Start,
):
    async with start(staff=[SAM], policy=NO_LISTS) as bot:
        bot.sink.replies = ["550 no such person as ann@mail.example"]
        await bot.send(mail(ACCESS))
        (told,) = bot.sink.to("sam@acme.example")
        assert told["Subject"] == f"Not delivered: acknowledgement of {bot.only_case.ref}"
        assert "(550)" in told.get_content()
        assert "ann" not in told.as_string().lower()


async def test_staff_are_told_once_of_a_letter_that_bounces(start: Start):
    async with start(staff=[SAM], policy=NO_LISTS) as bot:
        await bot.send(mail(ACCESS))
        bounce = bounce_of(str(bot.sink.letters[0]["Message-ID"]))
        await bot.send(bounce, bounce.replace("<report@", "<again@"), sender="")
        (told,) = bot.sink.to("sam@acme.example")
        assert "a delivery report says so" in told.get_content()


async def test_a_bounce_that_names_no_letter_comes_home_by_the_letters_own_path(start: Start):
    async with start(mail={"reply_address": "plus"}) as bot:
        await bot.send(mail(ACCESS))
        (path,) = bot.sink.paths
        assert path.startswith("dataprotection+b-1-")
        assert len(path.partition("@")[0]) <= 64
        nameless = bounce_of("").replace("Message-ID: \nSubject: We", "Subject: We")
        later = nameless.replace("Action: failed", "Action: delayed")
        away = mail("I am on holiday.", subject="Automatic reply: x", Auto_Submitted="auto-replied")
        await bot.send(later, away.replace("Ann Example", "A"), sender="", to=path)
        assert bot.only_case.letters[0].status is LetterStatus.SENT
        await bot.send(nameless.replace("<report@", "<final@"), sender="", to=path)
        assert bot.only_case.letters[0].status is LetterStatus.BOUNCED


async def test_a_path_that_was_never_given_brings_nothing_home(start: Start):
    async with start(mail={"reply_address": "plus"}) as bot:
        await bot.send(mail(ACCESS))
        guessed = f"dataprotection+b-1-{'0' * 32}@acme.example"
        await bot.send(bounce_of("<x@y>"), sender="", to=guessed)
        assert bot.only_case.letters[0].status is LetterStatus.SENT


async def test_without_plus_addresses_letters_return_to_the_one_address(bot: Bot):
    await bot.send(mail(ACCESS))
    assert bot.sink.paths == ["dataprotection@acme.example"]


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


async def test_the_letters_of_a_case_keep_their_order(bot: Bot):
    bot.sink.replies = ["451 later"]
    await asyncio.to_thread(bot.hand_in, mail(ACCESS), "ann@mail.example", DESK)
    await until(lambda: len(bot.sink.tried) == 1)
    await bot.ask("reply", ref=bot.only_case.ref, text="Hello Ann, we are looking for it.")
    other = mail(ACCESS, sender="bob@mail.example")
    await asyncio.to_thread(bot.hand_in, other, "bob@mail.example", DESK)
    await until(lambda: bot.sink.to("bob@mail.example") != [])
    assert bot.sink.to("ann@mail.example") == []
    await wait_out(bot)
    kinds = [letter.owed.letter_kind for letter in bot.cases[0].letters]
    ids = [letter.owed.message_id for letter in bot.cases[0].letters]
    assert kinds == ["acknowledgement", "reply"]
    assert [str(letter["Message-ID"]) for letter in bot.sink.to("ann@mail.example")] == ids


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


async def test_a_relay_that_takes_a_letter_and_dies_before_it_says_so_gets_it_again_under_its_id(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    take, died = Sink.handle_DATA, list[str]()

    async def handle_DATA(sink: Sink, server: Any, *rest: Any) -> str:  # noqa: N802
        said = await take(sink, server, *rest)
        if not died:
            died.append(said)
            server.transport.abort()
        return said

    monkeypatch.setattr(Sink, "handle_DATA", handle_DATA)
    await asyncio.to_thread(bot.hand_in, mail(ACCESS), "ann@mail.example", DESK)
    await until(lambda: bool(died))
    await wait_out(bot)
    assert [letter.status for letter in bot.only_case.letters] == [LetterStatus.SENT]
    assert len(bot.sink.tried) == 2
    assert len(set(bot.sink.tried)) == 1


async def test_after_three_days_without_a_relay_each_letter_goes_once(start: Start, sink: Sink):
    port = free_port()
    async with start(mail={"relay": f"smtp://127.0.0.1:{port}"}) as bot:
        for who in ("ann@mail.example", "bob@mail.example"):
            await asyncio.to_thread(bot.hand_in, mail(ACCESS, sender=who), who, DESK)
        await until(lambda: len(bot.data.casebook.owed()) == 2)
        for _ in range(12):
            bot.clock.turn(hours=6)
            await bot.ask("cases")
        assert len(bot.data.casebook.owed()) == 2
        loop = asyncio.get_running_loop()
        async with await loop.create_server(lambda: SMTP(sink, loop=loop), "127.0.0.1", port):
            await wait_out(bot)
    assert sorted(str(letter["To"]) for letter in sink.letters) == [
        "ann@mail.example",
        "bob@mail.example",
    ]


async def test_letters_go_into_a_maildir_by_default(start: Start):
    async with start(mail={"relay": "maildir:outgoing"}) as bot:
        await bot.send(mail(ACCESS))
        (written,) = (bot.data.root / "outgoing" / "new").iterdir()
        assert b"To: ann@mail.example" in written.read_bytes()


async def test_a_relay_that_is_away_puts_all_letters_off_and_loses_none(start: Start):
    async with start(mail={"relay": "smtp://127.0.0.1:9"}) as bot:
        for number in range(3):
            who = f"p{number}@mail.example"
            asks = mail(ACCESS, sender=who)
            await asyncio.to_thread(bot.hand_in, asks, who, "dataprotection@acme.example")
        await until(lambda: len(bot.cases) == 3)
    async with start() as again:
        await again.settled()
        assert len(again.sink.letters) == 3


async def wait_out(bot: Bot) -> None:
    """Let time pass, a minute at a look, until nothing is queued; any command wakes the courier."""
    while bot.data.casebook.owed():
        bot.clock.turn(minutes=1)
        await bot.ask("cases")
