"""What the conversation does itself instead of aiosmtpd: plain paths taken apart, and messages read to their end."""

import asyncio
from itertools import combinations_with_replacement, pairwise

import pytest
from aiosmtpd.smtp import SMTP

from bot.config import MailConfig
from bot.mail.conversation import PLAIN_PATH, Conversation
from bot.mail.crowd import Crowd

PLAIN = (
    "<ann@mail.example>",
    "<ann@mail.example> SIZE=1000 BODY=8BITMIME",
    "<ann@mail.example>  SMTPUTF8",
    "<Ann.B+dsar-7_x=y@mail-1.example>",
    "<ann@mail.example><bob@mail.example>",
)
ODD = (
    "",
    "<>",
    "<> SIZE=10",
    "ann@mail.example",
    "<ann@mail.example",
    "<ann>",
    "<@relay.example:ann@mail.example>",
    '<"ann b"@mail.example>',
    "<ann@[192.0.2.1]>",
    "<ann@mail.example>(a comment) SIZE=10",
    "<ann@mail.example> (a comment)",
    "<änn@mail.example>",
    "<ann@mail..example>",
    "<.ann@mail.example>",
    "<ann.@mail.example>",
)


@pytest.mark.parametrize("path", PLAIN + ODD)
async def test_a_path_means_what_it_means_to_the_library(path: str):
    conversation = Conversation(object(), MailConfig(), Crowd(1, 1), None)
    assert conversation._getaddr(path) == SMTP._getaddr(conversation, path)


def test_plain_paths_are_the_ones_that_are_taken_apart_here():
    assert all(PLAIN_PATH.fullmatch(path) for path in PLAIN)
    assert not any(PLAIN_PATH.fullmatch(path) for path in ODD)


async def taken(wire: bytes, *cuts: int) -> tuple[bytes | None, bytes]:
    """Let `wire` come in pieces; return the message and what was left to be read as commands."""
    conversation = Conversation(object(), MailConfig(max_bytes=10_000), Crowd(1, 1), None)
    conversation._reader = reader = asyncio.StreamReader()

    async def come() -> None:
        for start, end in pairwise([0, *cuts, len(wire)]):
            reader.feed_data(wire[start:end])
            for _ in range(3):
                await asyncio.sleep(0)

    coming = asyncio.create_task(come())
    content = await conversation._content()
    await coming
    reader.feed_eof()
    return content, await reader.read()


MESSAGES = {
    b".\r\n": b"",
    b"\r\n.\r\n": b"\r\n",
    b"a\r\n.\r\n": b"a\r\n",
    b"..\r\n...\r\n.a\r\n.\r\n": b".\r\n..\r\na\r\n",
    b"a\n.\n.\r.\r\n\r\n..b\r\n.\r\n": b"a\n.\n.\r.\r\n\r\n.b\r\n",
}


@pytest.mark.parametrize("sent", MESSAGES)
async def test_wherever_it_is_cut_on_the_way_the_message_is_the_same_and_ends_at_the_same_byte(
    sent: bytes,
):
    wire = sent + b"QUIT\r\n"
    for first, second in combinations_with_replacement(range(len(wire) + 1), 2):
        assert await taken(wire, first, second) == (MESSAGES[sent], b"QUIT\r\n")


@pytest.mark.parametrize("size", [9_997, 9_998])
async def test_up_to_the_limit_it_is_taken_and_whatever_follows_is_left(size: int):
    line = b"." + b"x" * size + b"\r\n"
    content, rest = await taken(b"." + line + b".\r\nRSET\r\n")
    assert (content == line) == (size + 3 <= 10_000)
    assert rest == b"RSET\r\n"


async def test_far_over_the_limit_it_is_not_kept_and_the_conversation_stays_in_step():
    wire = b"x\r\n" * 100_000 + b".\r\nRSET\r\n"
    cuts = range(50_000, len(wire), 50_000)
    content, rest = await taken(wire, *cuts)
    assert content is None
    assert rest == b"RSET\r\n"
