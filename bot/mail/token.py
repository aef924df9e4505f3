"""A token that stands for a password: asked for in our own name (RFC 6749 4.4), anew for each connection.

The secret is read when it is needed, so that a new one is taken up without a restart.
"""

import http.client
import json
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bot.mail.oauth_config import OAuthConfig
from store.refused import RefusedError

SECONDS = 30.0
OK = 200
LONGEST_ANSWER = 1 << 20


class NoTokenError(RefusedError):
    """No token was given; the text says nothing of the secret."""


def secret(given: str, path: Path | None) -> str:
    return path.read_text(encoding="utf-8").strip() if path else given


def unreadable(files: Mapping[str, Path | None]) -> Iterator[str]:
    """Yield a sentence for each file that cannot be read; they are given by their keys in the configuration."""
    for key, path in files.items():
        try:
            if path is not None:
                path.read_bytes()
        except OSError as error:
            yield f"{key}: {path}: {error.strerror}"


def context_of(ca_file: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


def token(config: OAuthConfig, ca_file: Path | None, name: str) -> str:
    """Ask for a token by the settings of that `name`. Raises NoTokenError or OSError."""
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
            raise NoTokenError(f"{name}.token_url answered {answer.status}")
        return str(json.loads(said)["access_token"])
    except (http.client.HTTPException, ValueError, KeyError, TypeError):
        raise NoTokenError(f"{name}.token_url gave no token") from None
    finally:
        wire.close()
