"""Letters on their way out: TLS where it is promised, one connection, one signature."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

import dkim
import pytest
from aiosmtpd.smtp import SMTP

from bot.config import Config, ConfigError
from bot.mail.relay import Parcel, Sent, relay_for
from bot.mail.signing import signer_for
from store.case import LetterStatus
from tests.certificates import Certificate, make_certificate
from tests.conftest import DESK, Bot, Sink, Start, until
from tests.flow.letters import ACCESS, mail

LETTER = b"From: desk@acme.example\r\nTo: ann@mail.example\r\nSubject: x\r\n\r\nHello\r\n"
PARCEL = Parcel("DP-2026-000001-1", "desk@acme.example", "ann@mail.example", LETTER)


@asynccontextmanager
async def secure_sink(
    made: Certificate | None, *, implicit: bool = False
) -> AsyncIterator[tuple[Sink, list[SMTP]]]:
    """A relay with that certificate, and the conversations that are held with it."""
    sink, held, loop = Sink(), list[SMTP](), asyncio.get_running_loop()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if made else None
    if context and made:
        context.load_cert_chain(made.certificate, made.key)

    def converse() -> SMTP:
        held.append(
            SMTP(sink, hostname="sink", loop=loop, tls_context=None if implicit else context)
        )
        return held[-1]

    wrap = {"ssl": context} if implicit else {}
    server = await loop.create_server(converse, "127.0.0.1", 0, **wrap)
    sink.port = server.sockets[0].getsockname()[1]
    yield sink, held
    server.close()


async def carried(tmp_path: Path, **settings: object) -> tuple[Sent, str]:
    relay = relay_for(Config.model_validate({"mail": settings}).mail, tmp_path)
    try:
        return await relay.carry(PARCEL)
    finally:
        await relay.close()


async def test_where_tls_is_a_must_a_relay_without_it_gets_nothing(tmp_path: Path):
    async with secure_sink(None) as (sink, _):
        where = f"smtp://127.0.0.1:{sink.port}"
        assert (await carried(tmp_path, relay=where))[0] is Sent.YES
        assert (await carried(tmp_path, relay=where, relay_tls="must"))[0] is Sent.DOWN
        user = {"relay_user": "us", "relay_password": "secret"}
        assert (await carried(tmp_path, relay=where, **user))[0] is Sent.DOWN
        assert len(sink.letters) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_where_tls_is_a_must_only_a_certificate_that_holds_will_do(
    tmp_path: Path, scheme: str
):
    made, other = make_certificate(tmp_path), make_certificate(tmp_path, "other")
    async with secure_sink(made, implicit=scheme == "smtps") as (sink, held):
        settings = {"relay": f"{scheme}://127.0.0.1:{sink.port}", "relay_tls": "must"}
        assert (await carried(tmp_path, **settings))[0] is Sent.DOWN
        assert (await carried(tmp_path, **settings, relay_ca_file=other.certificate))[
            0
        ] is Sent.DOWN
        assert sink.letters == []
        assert (await carried(tmp_path, **settings, relay_ca_file=made.certificate))[0] is Sent.YES
        assert held[-1].session is not None


async def test_where_tls_may_be_an_unknown_certificate_is_better_than_none(tmp_path: Path):
    made = make_certificate(tmp_path)
    async with secure_sink(made) as (sink, held):
        assert (await carried(tmp_path, relay=f"smtp://127.0.0.1:{sink.port}"))[0] is Sent.YES
        assert held[-1].session is not None
        assert held[-1].session.ssl is not None


async def test_letters_share_a_connection_and_a_new_one_replaces_the_lost(tmp_path: Path):
    async with secure_sink(None) as (sink, held):
        mail_ = Config.model_validate({"mail": {"relay": f"smtp://127.0.0.1:{sink.port}"}}).mail
        relay = relay_for(mail_, tmp_path)
        assert [(await relay.carry(PARCEL))[0] for _ in range(3)] == [Sent.YES] * 3
        assert len(held) == 1
        assert held[0].transport is not None
        held[0].transport.close()  # as a relay does to whoever was idle too long
        assert (await relay.carry(PARCEL))[0] is Sent.YES
        assert len(held) == 2
        await relay.close()


@pytest.mark.parametrize("code", [530, 535])
async def test_what_the_relay_says_of_us_is_no_letters_fault(bot: Bot, code: int):
    bot.sink.replies = [f"{code} authentication required"]
    await asyncio.to_thread(bot.hand_in, mail(ACCESS), "ann@mail.example", DESK)
    await until(lambda: len(bot.sink.tried) == 1)
    (letter,) = bot.only_case.letters
    assert letter.status is LetterStatus.QUEUED


@pytest.mark.parametrize(
    ("reply", "sent"),
    [("553 not your address", Sent.DOWN), ("451 later", Sent.DOWN), ("552 large", Sent.NEVER)],
)
async def test_who_refuses_our_address_refuses_every_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reply: str, sent: Sent
):
    async def handle_MAIL(*_: Any) -> str:  # noqa: N802
        return reply

    monkeypatch.setattr(Sink, "handle_MAIL", staticmethod(handle_MAIL), raising=False)
    async with secure_sink(None) as (sink, _):
        where = f"smtp://127.0.0.1:{sink.port}"
        assert await carried(tmp_path, relay=where) == (sent, reply[:3])


async def test_letters_are_signed_for_our_domain(start: Start, tmp_path: Path):
    made = make_certificate(tmp_path)
    settings = {"dkim_selector": "desk", "dkim_key_file": str(made.key)}
    asked: list[bytes] = []

    def published(name: bytes, **_: object) -> bytes:
        asked.append(name)
        return b"v=DKIM1; p=" + public_key(made)

    async with start(mail=settings) as bot:
        await bot.send(mail(ACCESS))
        (raw,) = bot.sink.raw
    assert dkim.verify(raw, dnsfunc=published)
    assert asked == [b"desk._domainkey.acme.example."]
    assert not dkim.verify(raw.replace(b"Acme Limited", b"Evil Limited"), dnsfunc=published)
    signature = "".join(message_from_bytes(raw)["DKIM-Signature"].lower().split())
    for covered in ("from", "to", "subject", "date", "message-id", "content-type"):
        assert f":{covered}:" in signature.replace("h=", ":").replace(";", ":")


def public_key(made: Certificate) -> bytes:
    command = ["openssl", "pkey", "-in", str(made.key), "-pubout"]
    pem = subprocess.run(command, check=True, capture_output=True).stdout
    return b"".join(pem.splitlines()[1:-1])


def test_a_key_that_cannot_sign_is_said_in_one_sentence(tmp_path: Path):
    nonsense = tmp_path / "nonsense"
    nonsense.write_text(
        "-----BEGIN RSA PRIVATE KEY-----\nnonsense\n-----END RSA PRIVATE KEY-----\n"
    )
    for path, words in ((nonsense, "holds no RSA key"), (tmp_path / "away", "No such file")):
        settings = {"dkim_selector": "desk", "dkim_key_file": path}
        with pytest.raises(ConfigError, match=f"^mail.dkim_key_file: .*{words}"):
            signer_for(Config.model_validate({"mail": settings}).mail)
