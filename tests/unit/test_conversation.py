"""The conversation takes plain paths apart itself; it must find in them what aiosmtpd finds."""

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
