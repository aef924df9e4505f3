"""Only CRLF, dot, CRLF ends a message: whatever else looks like an end is part of it."""

import pytest

from bot.mail.door import oddities
from tests.conftest import DESK, Bot
from tests.flow.letters import ACCESS, mail
from tests.flow.wire import wire

ENDS = [
    "\n.\n",
    "\n.\r\n",
    "\r\n.\n",
    "\r.\r",
    "\r.\r\n",
    "\r\n.\r",
    "\r\r\n.\r\r\n",
    "\r\n.\0\r\n",
]
SECOND = f"MAIL FROM:<evil@mail.example>\r\nRCPT TO:<{DESK}>\r\nDATA\r\nSubject: second\r\n\r\nx"


@pytest.mark.parametrize("end", ENDS, ids=[repr(end) for end in ENDS])
async def test_what_only_looks_like_an_end_is_kept_in_one_message(bot: Bot, end: str):
    body = mail(ACCESS).replace("\n", "\r\n").rstrip()
    async with wire(bot) as talk:
        await talk.greet()
        await talk.begin_data()
        talk.writer.write(f"{body}{end}{SECOND}\r\n".encode())
        assert (await talk.say(".")).startswith("250")
        assert (await talk.say("QUIT")).startswith("221")
    await bot.settled()
    (spool_id,) = bot.data.spool.ids("done")
    kept = bot.data.spool.read(spool_id).raw
    undotted = end.replace(
        "\r\n.", "\r\n"
    )  # a dot that begins a line is the wire's, RFC 5321 4.5.2
    assert kept == f"{body}{undotted}{SECOND}\r\n".encode()


async def test_a_peer_with_bare_line_feeds_is_taken_byte_for_byte(bot: Bot):
    body = mail(ACCESS)
    assert "\r" not in body
    async with wire(bot) as talk:
        await talk.greet()
        await talk.begin_data()
        talk.writer.write(body.encode())
        assert (await talk.say("\r\n.")).startswith("250")
    await bot.settled()
    (spool_id,) = bot.data.spool.ids("done")
    assert bot.data.spool.read(spool_id).raw == body.encode() + b"\r\n"
    assert len(bot.cases) == 1


async def test_an_empty_message_is_a_message(bot: Bot):
    async with wire(bot) as talk:
        await talk.greet()
        await talk.begin_data()
        assert (await talk.say(".")).startswith("250")


async def test_pipelined_commands_are_answered_one_by_one(bot: Bot):
    body = mail(ACCESS).replace("\n", "\r\n")
    group = f"MAIL FROM:<ann@mail.example>\r\nRCPT TO:<{DESK}>\r\nDATA\r\n"
    async with wire(bot) as talk:
        await talk.greet()
        talk.writer.write(group.encode())
        assert [(await talk.reply())[:3] for _ in range(3)] == ["250", "250", "354"]
        talk.writer.write(f"{body}\r\n.\r\nNOOP\r\nQUIT\r\n".encode())
        assert [(await talk.reply())[:3] for _ in range(3)] == ["250", "250", "221"]


def test_the_log_counts_bare_line_ends_and_says_nothing_of_good_ones():
    assert oddities(b"a\r\nb\r\n") == {}
    assert oddities(b"a\nb\rc\r\n\n") == {"bare_lf": 2, "bare_cr": 1}
