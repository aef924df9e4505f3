"""STARTTLS at the mail door: offered, asked for, and safe against what is said before it."""

import asyncio
import smtplib
import ssl
from pathlib import Path

import pytest

from bot.config import Config, ConfigError
from bot.mail.tls import door_context
from tests.certificates import make_certificate
from tests.conftest import DESK, Start
from tests.flow.letters import ACCESS, mail
from tests.flow.test_door import talk
from tests.flow.wire import wire


async def test_with_a_certificate_mail_is_taken_by_tls_and_without(start: Start, tmp_path: Path):
    made = make_certificate(tmp_path)
    context = ssl.create_default_context(cafile=made.certificate)

    def converse(client: smtplib.SMTP) -> tuple[int, bool]:
        client.starttls(context=context)
        client.ehlo()
        client.sendmail("ann@mail.example", [DESK], mail(ACCESS).encode())
        return client.noop()[0], client.has_extn("auth")

    async with start(mail=made.settings()) as bot:
        assert await talk(bot, converse) == (250, False)
        await bot.send(mail(ACCESS))
        assert len(bot.cases) == 2


async def test_a_renewed_certificate_is_taken_up_and_a_broken_one_is_not(
    start: Start, tmp_path: Path
):
    made, renewed = make_certificate(tmp_path), make_certificate(tmp_path, "renewed")

    def shown(client: smtplib.SMTP) -> bytes | None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        client.starttls(context=context)
        assert isinstance(client.sock, ssl.SSLSocket)
        return client.sock.getpeercert(binary_form=True)

    def der(path: Path) -> bytes:
        return ssl.PEM_cert_to_DER_cert(path.read_text())

    first, second = der(made.certificate), der(renewed.certificate)
    async with start(mail=made.settings()) as bot:
        assert await talk(bot, shown) == first
        renewed.certificate.replace(made.certificate)
        assert await talk(bot, shown) == first  # its key is not there yet
        renewed.key.replace(made.key)
        assert await talk(bot, shown) == second
        made.certificate.unlink()
        assert await talk(bot, shown) == second


async def test_where_tls_is_asked_for_nothing_is_taken_without(start: Start, tmp_path: Path):
    made = make_certificate(tmp_path)
    async with start(mail=made.settings() | {"require_tls": True}) as bot:
        async with wire(bot) as plain:
            await plain.greet()
            assert (await plain.say("MAIL FROM:<ann@mail.example>")).startswith("530")

        def converse(client: smtplib.SMTP) -> int:
            client.starttls(context=ssl.create_default_context(cafile=made.certificate))
            return client.mail("ann@mail.example")[0] if client.ehlo()[0] == 250 else 0

        assert await talk(bot, converse) == 250


async def test_what_is_said_before_tls_begins_is_forgotten(start: Start, tmp_path: Path):
    made = make_certificate(tmp_path)
    context = ssl.create_default_context(cafile=made.certificate)
    async with start(mail=made.settings()) as bot, wire(bot) as talk_:
        await talk_.greet()
        # The plain text arrives in one piece with the command, as an injection does.
        talk_.writer.write(b"STARTTLS\r\nEHLO injected\r\nMAIL FROM:<evil@mail.example>\r\n")
        assert (await talk_.reply()).startswith("220")
        await talk_.writer.start_tls(context, server_hostname="localhost")
        assert (await talk_.say("RCPT TO:<x@x>")).startswith("503")
        assert (await talk_.say("NOOP")).startswith("250")


async def test_a_handshake_that_does_not_come_ends_the_conversation(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.mail.conversation.HANDSHAKE", 0.2)
    settings = make_certificate(tmp_path).settings() | {"limits": {"connections": 1}}
    async with start(mail=settings) as bot:
        async with wire(bot) as stalling:
            await stalling.greet()
            assert (await stalling.say("STARTTLS")).startswith("220")
            assert await stalling.hang_up() == ""
        await bot.send(mail(ACCESS))  # the only place is free again


async def test_a_handshake_of_nonsense_ends_the_conversation(start: Start, tmp_path: Path):
    settings = make_certificate(tmp_path).settings() | {"limits": {"connections": 1}}
    async with start(mail=settings) as bot:
        async with wire(bot) as talk_:
            await talk_.greet()
            assert (await talk_.say("STARTTLS")).startswith("220")
            talk_.writer.write(b"HELO in plain text\r\n")
            async with asyncio.timeout(10):
                await talk_.reader.read()
        await bot.send(mail(ACCESS))


def test_each_fault_of_a_certificate_is_one_sentence_that_names_its_key(tmp_path: Path):
    made, other = make_certificate(tmp_path), make_certificate(tmp_path, "other")
    empty = tmp_path / "empty"
    empty.touch()
    faults = {
        ("certificate_file", "away"): (tmp_path / "away", made.key),
        ("private_key_file", "away"): (made.certificate, tmp_path / "away"),
        ("private_key_file", "not the key"): (made.certificate, other.key),
        ("certificate_file", "no certificate"): (empty, made.key),
        ("private_key_file", "no key"): (made.certificate, empty),
    }
    for (key, words), (certificate, private) in faults.items():
        mail_ = {"certificate_file": certificate, "private_key_file": private}
        with pytest.raises(ConfigError) as refused:
            door_context(Config.model_validate({"mail": mail_}).mail)
        assert str(refused.value).startswith(f"mail.{key}: ")
        assert words in str(refused.value)
        assert "\n" not in str(refused.value)


def test_a_key_may_lie_in_the_certificates_file(tmp_path: Path):
    made = make_certificate(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(made.key.read_bytes() + made.certificate.read_bytes())
    assert door_context(Config.model_validate({"mail": {"certificate_file": both}}).mail)


def test_tls_cannot_be_asked_for_without_a_certificate():
    with pytest.raises(ValueError, match="need a certificate_file"):
        Config.model_validate({"mail": {"require_tls": True}})
