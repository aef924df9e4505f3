"""A token stands for the password: asked for in our own name, and believed by a real Dovecot (XOAUTH2)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from typing_extensions import override

from bot.mail.imap_config import OAuthConfig
from bot.mail.login import NoTokenError, token
from tests.conftest import Start, until
from tests.flow.letters import ACCESS, mail
from tests.peers.dovecot import USER, Dovecot

SECRET, TOKEN = "the secret of the desk", "a-token-of-today"


class Issuer(BaseHTTPRequestHandler):
    """Gives a token for the right secret, and says whose a token is."""

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        right = asked["client_secret"] == [SECRET] and asked["grant_type"] == ["client_credentials"]
        self.answer(200 if right else 401, {"access_token": TOKEN} if right else {})

    def do_GET(self) -> None:
        given = parse_qs(urlsplit(self.path).query).get("access_token")
        self.answer(200, {"email": USER} if given == [TOKEN] else {})

    def answer(self, status: int, said: dict[str, str]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def issuer() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Issuer) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def oauth(issuer: str, folder: Path, secret: str = SECRET) -> dict[str, Any]:
    (folder / "secret").write_text(f"{secret}\n")
    return {
        "token_url": f"{issuer}/token",
        "client_id": "desk",
        "client_secret_file": folder / "secret",
        "scope": "mail",
    }


def test_a_wrong_secret_gets_no_token_and_is_not_told(issuer: str, tmp_path: Path):
    with pytest.raises(NoTokenError, match="answered 401") as refused:
        token(OAuthConfig(**oauth(issuer, tmp_path, "wrong")), None)
    assert "wrong" not in str(refused.value)


async def test_mail_is_fetched_with_a_token(start: Start, tmp_path: Path, issuer: str):
    believing = tmp_path / "oauth2.conf"
    believing.write_text(
        f"tokeninfo_url = {issuer}/?access_token=\nusername_attribute = email\n"
        "introspection_mode = auth\n"
    )
    more = (
        "auth_mechanisms = plain login xoauth2\n"
        f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {believing}\n}}"
    )
    with Dovecot(tmp_path / "dovecot", more=more) as dovecot:
        dovecot.put(mail(ACCESS))
        settings = {"host": "127.0.0.1", "port": dovecot.port, "tls": "none", "user": USER}
        async with start(imap={**settings, "oauth": oauth(issuer, tmp_path)}) as bot:
            await until(lambda: len(bot.cases) == 1)
            await bot.settled()
