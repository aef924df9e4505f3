"""The bot checks by itself who wrote, by a name server on this machine: signed mail passes, forged mail waits."""

import time
from pathlib import Path

import dkim
import pytest

from store.case import LetterStatus
from store.recorded import Trust
from tests.certificates import make_certificate
from tests.conftest import Start
from tests.flow.letters import ACCESS, mail
from tests.flow.test_relay_tls import public_key
from tests.name_server import name_server

POLICY = {"_dmarc.mail.example": b"v=DMARC1; p=reject"}


async def test_signed_mail_passes_and_forged_mail_waits_for_a_person(start: Start, tmp_path: Path):
    made = make_certificate(tmp_path)
    raw = mail(ACCESS).replace("\n", "\r\n").encode()
    how = {"canonicalize": (b"relaxed", b"relaxed")}
    signature = dkim.sign(raw, b"s1", b"mail.example", made.key.read_bytes(), **how)
    told = POLICY | {"s1._domainkey.mail.example": b"v=DKIM1; p=" + public_key(made)}
    with name_server(told) as dns:
        async with start(mail={"resolver": dns.address}) as bot:
            await bot.send(signature + raw, sender="bounces@sending.example")
            await bot.send(mail(ACCESS), sender="x@evil.example")
            passed, failed = bot.cases
            (view,) = await bot.ask("cases", ref=passed.ref)
    assert [case.trust for case in (passed, failed)] == [Trust.PASSED, Trust.FAILED]
    assert view["requester"]["trust_reasons"] == ["dkim=pass for mail.example, by our own check"]
    assert passed.letters[0].status is LetterStatus.SENT
    assert failed.letters[0].status is LetterStatus.HELD


@pytest.mark.slow
async def test_a_name_server_that_says_nothing_keeps_nobody_waiting_long(start: Start):
    with name_server({}, silent=True) as dns:
        async with start(mail={"resolver": dns.address}) as bot:
            begun = time.monotonic()
            await bot.send(mail(ACCESS), sender="x@evil.example")
            assert time.monotonic() - begun < 10
            assert bot.only_case.trust is Trust.NONE
            assert "was not told" in bot.only_case.messages[0].trust_reasons[0]
            assert len(bot.sink.letters) == 1
        assert dns.asked


async def test_no_name_server_is_asked_unless_one_is_configured(start: Start):
    with name_server({}) as dns:
        async with start() as bot:
            await bot.send(mail(ACCESS), sender="x@evil.example")
            assert len(bot.sink.letters) == 1
        assert dns.asked == []
