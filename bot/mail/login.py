"""Who we are at the mailbox: a password, or a token that stands for it (XOAUTH2).

Secrets are read when they are needed, so that a new password is taken up without a restart.
"""

import http.client
import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bot.mail.imap_config import ImapConfig, OAuthConfig
from store.refused import RefusedError

SECONDS = 30.0
OK = 200
LONGEST_ANSWER = 1 << 20


class NoTokenError(RefusedError):
    """No token was given; the text says nothing of the secret."""


def imap_faults(config: ImapConfig) -> Iterator[str]:
    """Yield what is wrong with the files the mailbox needs, one sentence each."""
    files = {
        "imap.password_file": config.password_file,
        "imap.oauth.client_secret_file": config.oauth.client_secret_file,
        "imap.ca_file": config.ca_file,
    }
    for key, path in files.items():
        try:
            if path is not None:
                path.read_bytes()
        except OSError as error:
            yield f"{key}: {path}: {error.strerror}"


def secret(given: str, path: Path | None) -> str:
    return path.read_text(encoding="utf-8").strip() if path else given


def context_of(ca_file: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


def mechanism(config: ImapConfig) -> tuple[str, Callable[[bytes], bytes]]:
    """Return how to log in: the mechanism's name, and what answers the server's challenges."""
    if config.oauth.token_url:
        said = f"user={config.user}\x01auth=Bearer {token(config.oauth, config.ca_file)}\x01\x01"
        answers = iter([said.encode()])
        return "XOAUTH2", lambda _: next(answers, b"")  # a refusal is explained, and acknowledged
    password = secret(config.password, config.password_file)
    return "PLAIN", lambda _: f"\0{config.user}\0{password}".encode()


def token(config: OAuthConfig, ca_file: Path | None) -> str:
    """Ask for a token in our own name. Raises NoTokenError or OSError."""
    url = urlsplit(config.token_url)
    asked = {
        "grant_type": "client_credentials",
        "client_id": config.client_id,
        "client_secret": secret(config.client_secret, config.client_secret_file),
        "scope": config.scope,
    }
    host = url.hostname or ""
    wire = (
        http.client.HTTPSConnection(host, url.port, timeout=SECONDS, context=context_of(ca_file))
        if url.scheme == "https"
        else http.client.HTTPConnection(host, url.port, timeout=SECONDS)
    )
    try:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        wire.request("POST", url.path or "/", urlencode(asked), form)
        answer = wire.getresponse()
        said = answer.read(LONGEST_ANSWER)
        if answer.status != OK:
            raise NoTokenError(f"imap.oauth.token_url answered {answer.status}")
        return str(json.loads(said)["access_token"])
    except (http.client.HTTPException, ValueError, KeyError, TypeError):
        raise NoTokenError("imap.oauth.token_url gave no token") from None
    finally:
        wire.close()
