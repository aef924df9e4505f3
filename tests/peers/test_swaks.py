"""Conversations held by another's client, swaks: by SMTP and LMTP, in the clear and by TLS, one mail after another."""

import asyncio
from pathlib import Path

import pytest

from tests.certificates import make_certificate
from tests.conftest import Start
from tests.flow.letters import ACCESS, mail
from tests.peers.test_postfix import swaks
from tests.ports import free_port

WAYS = {
    "plain": ("--protocol", "ESMTP"),
    "old": ("--protocol", "SMTP"),
    "tls": ("--tls",),
    "pipelined": ("--pipeline",),
    "lmtp": ("--protocol", "LMTP"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_mail_is_taken_whichever_way_it_comes(start: Start, tmp_path: Path, way: str):
    lmtp = free_port()
    shown = make_certificate(tmp_path).settings()
    async with start(mail={"lmtp_listen": f"127.0.0.1:{lmtp}", **shown}) as bot:
        smtp = int(bot.config.mail.listen.rpartition(":")[2])
        port = lmtp if way == "lmtp" else smtp
        said = await asyncio.to_thread(swaks, port, mail(ACCESS), tmp_path, *WAYS[way])
        await bot.settled()
        assert len(bot.sink.to("ann@mail.example")) == 1
    assert "250 2.0.0 accepted as" in said
    assert ("TLS started" in said) == (way == "tls")
    assert "Python" not in said
