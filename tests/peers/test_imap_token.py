"""A token stands for the password: asked for in our own name, and believed by a real Dovecot (XOAUTH2)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.mail.oauth_config import OAuthConfig
from bot.mail.token import NoTokenError, token
from tests.conftest import Start, until
from tests.flow.letters import ACCESS, mail
from tests.issuers import Issuer
from tests.peers.dovecot import USER, Dovecot


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer(USER) as running:
        yield running


def test_a_wrong_secret_gets_no_token_and_is_not_told(issuer: Issuer, tmp_path: Path):
    with pytest.raises(NoTokenError, match="token_url answered 401") as refused:
        token(OAuthConfig(**issuer.settings(tmp_path, "wrong")), None, "x")
    assert "wrong" not in str(refused.value)


async def test_mail_is_fetched_with_a_token(start: Start, tmp_path: Path, issuer: Issuer):
    believing = tmp_path / "oauth2.conf"
    believing.write_text(
        f"tokeninfo_url = {issuer.url}/?access_token=\nusername_attribute = email\n"
        "introspection_mode = auth\n"
    )
    more = (
        "auth_mechanisms = plain login xoauth2\n"
        f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {believing}\n}}"
    )
    with Dovecot(tmp_path / "dovecot", more=more) as dovecot:
        dovecot.put(mail(ACCESS))
        settings = {"host": "127.0.0.1", "port": dovecot.port, "tls": "none", "user": USER}
        async with start(imap={**settings, "oauth": issuer.settings(tmp_path)}) as bot:
            await until(lambda: len(bot.cases) == 1)
            await bot.settled()
