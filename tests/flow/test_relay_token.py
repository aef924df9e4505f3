"""The relay believes a token instead of a password (XOAUTH2): a new one for each connection; without one, letters wait."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from bot.config import Config
from store.case import LetterStatus
from tests.certificates import make_certificate
from tests.conftest import DESK, Bot, Sink, Start, until
from tests.flow.letters import ACCESS, mail
from tests.flow.test_courier import wait_out
from tests.flow.test_health import reasons
from tests.issuers import Issuer
from tests.ports import free_port
from tests.processes import BotProcess

USER = "desk@relay.example"


@dataclass
class Relay(Sink):
    """A relay that takes mail from whoever shows a token that is good at that moment."""

    issuer: Issuer | None = None
    shown: list[str] = field(default_factory=list)
    """The tokens that were shown, good or not."""

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        assert self.issuer is not None
        user, bearer = base64.b64decode(args[1]).decode().rstrip("\x01").split("\x01")
        token = bearer.removeprefix("auth=Bearer ")
        self.shown.append(token)
        if user == f"user={USER}" and self.issuer.knows(token):
            return AuthResult(success=True, auth_data=token)
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        assert self.issuer is not None
        if not self.issuer.knows(session.auth_data):  # it was good when they logged in
            return "530 5.7.57 Client not authenticated"
        envelope.mail_from = address
        return "250 OK"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer(USER) as running:
        yield running


@asynccontextmanager
async def relay_for(folder: Path, issuer: Issuer) -> AsyncIterator[tuple[Relay, dict[str, Any]]]:
    """Run such a relay; yield it, and the settings by which it is reached."""
    made, relay, loop = make_certificate(folder), Relay(issuer=issuer), asyncio.get_running_loop()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made.certificate, made.key)

    def converse() -> SMTP:
        return SMTP(relay, hostname="relay", loop=loop, tls_context=context, auth_required=True)

    server = await loop.create_server(converse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield (
        relay,
        {
            "relay": f"smtp://localhost:{port}",
            "relay_user": USER,
            "relay_ca_file": str(made.certificate),
            "relay_oauth": issuer.settings(folder),
        },
    )
    server.close()


async def ask_for(bot: Bot, who: str = "ann@mail.example") -> None:
    """Let somebody write, whose letter is then owed."""
    before = len(bot.cases)
    await asyncio.to_thread(bot.hand_in, mail(ACCESS, sender=who), who, DESK)
    await until(lambda: len(bot.cases) > before)


async def test_letters_share_a_connection_and_its_token(
    start: Start, tmp_path: Path, issuer: Issuer
):
    async with relay_for(tmp_path, issuer) as (relay, settings), start(mail=settings) as bot:
        for who in ("ann@mail.example", "bob@mail.example"):
            await bot.send(mail(ACCESS, sender=who), sender=who)
        assert len(relay.letters) == 2
        assert relay.shown == issuer.given == ["token-1"]


async def test_a_token_that_expires_on_the_way_is_fetched_anew_and_the_letter_goes_once(
    start: Start, tmp_path: Path, issuer: Issuer
):
    async with relay_for(tmp_path, issuer) as (relay, settings), start(mail=settings) as bot:
        await bot.send(mail(ACCESS))
        issuer.expire()
        await bot.send(mail(ACCESS, sender="bob@mail.example"), sender="bob@mail.example")
        assert relay.shown == ["token-1", "token-2"]
        assert [str(letter["To"]) for letter in relay.letters] == [
            "ann@mail.example",
            "bob@mail.example",
        ]


async def test_where_no_token_is_believed_letters_wait_it_is_trouble_and_they_go_once_when_one_is(
    start: Start, tmp_path: Path, issuer: Issuer, capsys: pytest.CaptureFixture[str]
):
    web = {"listen": f"127.0.0.1:{free_port()}"}
    async with (
        relay_for(tmp_path, issuer) as (relay, settings),
        start(mail=settings, web=web) as bot,
    ):
        issuer.closed = True
        await ask_for(bot)
        await until(lambda: "mail.relay_oauth.token_url answered 401" in capsys.readouterr().out)
        assert await reasons(bot) == []
        bot.clock.turn(minutes=20)
        assert await reasons(bot) == ["the relay takes no letters: the log says why"]
        assert [letter.status for letter in bot.only_case.letters] == [LetterStatus.QUEUED]
        assert relay.shown == []
        issuer.closed = False
        await wait_out(bot)
        assert [letter.status for letter in bot.only_case.letters] == [LetterStatus.SENT]
        assert len(relay.letters) == 1
        assert await reasons(bot) == []


async def test_a_token_the_relay_does_not_believe_is_asked_for_once_a_try_and_never_told(
    start: Start, tmp_path: Path, issuer: Issuer, capsys: pytest.CaptureFixture[str]
):
    async with relay_for(tmp_path, issuer) as (relay, settings), start(mail=settings) as bot:
        issuer.knows = lambda _: False  # type: ignore[method-assign]
        await ask_for(bot)
        await until(lambda: len(relay.shown) == 1)
        del issuer.knows
        await wait_out(bot)
        assert len(relay.letters) == 1
        assert relay.shown == issuer.given == ["token-1", "token-2"]
        said = capsys.readouterr().out
        assert "535" in said
        assert not any(word in said for word in ("token-", "secret of the desk"))


async def test_without_a_certificate_that_holds_no_token_is_shown(
    start: Start, tmp_path: Path, issuer: Issuer
):
    async with relay_for(tmp_path, issuer) as (relay, settings):
        (tmp_path / "other").mkdir()
        other = make_certificate(tmp_path / "other")
        settings["relay_ca_file"] = str(other.certificate)
        async with start(mail=settings) as bot:
            await ask_for(bot)
            await until(lambda: bool(bot.data.casebook.owed()))
        assert relay.shown == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"relay_user": ""}, "relay_oauth needs a relay_user"),
        ({"relay_password": "x"}, "not both"),
        ({"relay_oauth": {"token_url": "https://x.example"}}, "needs a client_id"),
        ({"relay_oauth": {"client_id": "a", "client_secret": "b"}}, "needs a token_url"),
        ({"relay_oauth": {"token_url": "http://x.example"}}, "must begin with https"),
    ],
)
def test_half_of_the_settings_is_refused(wrong: dict[str, Any], said: str):
    whole = {
        "relay_user": USER,
        "relay_oauth": {"token_url": "https://x.example", "client_id": "a", "client_secret": "b"},
    }
    assert Config.model_validate({"mail": whole}).mail.relay_oauth.client_id == "a"
    with pytest.raises(ValueError, match=said):
        Config.model_validate({"mail": whole | wrong})


def test_check_names_a_secret_that_cannot_be_read_and_shows_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    oauth = "PRIVACY_INTAKE_MAIL__RELAY_OAUTH__"
    monkeypatch.setenv("PRIVACY_INTAKE_MAIL__RELAY_USER", USER)
    monkeypatch.setenv(f"{oauth}TOKEN_URL", "https://login.example/token")
    monkeypatch.setenv(f"{oauth}CLIENT_ID", "desk")
    monkeypatch.setenv(f"{oauth}CLIENT_SECRET_FILE", str(tmp_path / "away"))
    bot = BotProcess(tmp_path, relay="smtps://relay.example:465")
    bot.write_settings()
    done = bot.command("check")
    assert done.returncode == 1
    assert f"mail.relay_oauth.client_secret_file: {tmp_path}/away: No such file" in done.stderr
    monkeypatch.delenv(f"{oauth}CLIENT_SECRET_FILE")
    monkeypatch.setenv(f"{oauth}CLIENT_SECRET", "hunter2")
    done = bot.command("check")
    assert done.returncode == 0, done.stderr
    assert "hunter2" not in done.stdout
