"""Ways out for a composed letter: a mail relay or a Maildir folder; each says what became of it.

Only an explicit 5xx about the letter is final; what we do not recognise may pass, and what the
relay says of us (a password, TLS) is no letter's fault. A letter may be carried twice (a crash
between the relay's 250 and our record), always under the same Message-ID. Where TLS is a must,
it is never done without.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

import aiosmtplib
from aiosmtplib import (
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing_extensions import override

from bot.config import MailConfig
from bot.mail.signing import Signer, signer_for
from bot.mail.tls import relay_context
from bot.mail.token import token
from store.files import write_durably
from store.refused import RefusedError

CONNECT_SECONDS = 30.0
ANSWER_SECONDS = 600.0  # RFC 5321 4.5.3.2.6: the relay may take its time after the last dot
TOO_LARGE = 552
ABOUT_US = {530, 534, 535, 538}  # RFC 4954 6: log in, log in better, by TLS


class Sent(Enum):
    YES = auto()
    LATER = auto()
    NEVER = auto()
    DOWN = auto()
    """The relay itself cannot be had: no other letter would fare better now."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter ready to go: who it is from and for, and its bytes."""

    letter_id: str
    return_path: str
    to: str
    data: bytes


class Relay(Protocol):
    async def carry(self, parcel: Parcel) -> tuple[Sent, str]:
        """Hand one letter over; the text is a code or reason without personal data."""
        ...

    async def close(self) -> None: ...


class Maildir(Relay):
    """Letters as files in `new/`: for the first days, and for looking at them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    @override
    async def carry(self, parcel: Parcel) -> tuple[Sent, str]:
        # Named after the letter: carried again it replaces itself.
        path = self._folder / "new" / f"{parcel.letter_id}.privacy-intake"
        try:
            await asyncio.to_thread(write_durably, path, [parcel.data])
        except OSError as error:
            return Sent.DOWN, error.strerror or "the disk refused"
        return Sent.YES, "written"

    @override
    async def close(self) -> None:
        pass


class SmtpRelay(Relay):
    """One kept connection; the courier uses one of these at a time."""

    def __init__(self, config: MailConfig) -> None:
        """Keep what is needed to connect. Raises ConfigError when `relay_ca_file` is of no use."""
        scheme, _, where = config.relay.partition("://")
        host, _, port = where.rpartition(":")
        implicit = scheme == "smtps"
        # A password is shown to nobody who has not proved who he is.
        proven = implicit or config.relay_tls == "must" or bool(config.relay_user)
        self._client = aiosmtplib.SMTP(
            hostname=host,
            port=int(port),
            use_tls=implicit,
            start_tls=None if implicit or not proven else True,
            tls_context=relay_context(config, verified=proven),
            username=config.relay_user or None,
            password=config.relay_password or None,
            oauth_token_generator=token_source(config),
            local_hostname=config.hostname,
        )

    @override
    async def carry(self, parcel: Parcel) -> tuple[Sent, str]:
        kept = self._client.is_connected
        try:
            if not kept:
                await self._client.connect(timeout=CONNECT_SECONDS)
        except Exception as error:  # whatever it says here is not about the letter
            return self._down(verdict(error)[1])
        try:
            await self._client.sendmail(
                parcel.return_path, [parcel.to], parcel.data, timeout=ANSWER_SECONDS
            )
        except Exception as error:  # judged by `verdict`; the unknown may pass
            sent, why = verdict(error)
            if sent is not Sent.DOWN:
                return sent, why
            down = self._down(why)
            return await self.carry(parcel) if kept and is_stale(error) else down
        return Sent.YES, "250"

    def _down(self, why: str) -> tuple[Sent, str]:
        self._client.close()
        return Sent.DOWN, why

    @override
    async def close(self) -> None:
        self._client.close()


class Signed(Relay):
    """Another way out, for letters that are signed first."""

    def __init__(self, relay: Relay, signer: Signer) -> None:
        self._relay = relay
        self._signer = signer

    @override
    async def carry(self, parcel: Parcel) -> tuple[Sent, str]:
        data = await asyncio.to_thread(self._signer.signed, parcel.data)
        return await self._relay.carry(replace(parcel, data=data))

    @override
    async def close(self) -> None:
        await self._relay.close()


def verdict(error: Exception) -> tuple[Sent, str]:
    """Say whether trying again can help (RFC 5321 4.2.1: the first digit tells)."""
    if isinstance(error, RefusedError):  # no token was given
        return Sent.DOWN, str(error)
    codes = codes_of(error)
    if codes is None:
        return Sent.DOWN, type(error).__name__
    too_large = TOO_LARGE in codes  # said of the sender's address, meant of the letter (RFC 1870)
    if ABOUT_US.intersection(codes) or (isinstance(error, SMTPSenderRefused) and not too_large):
        return Sent.DOWN, " ".join(map(str, codes))
    final = bool(codes) and all(500 <= code < 600 for code in codes)  # noqa: PLR2004
    return Sent.NEVER if final else Sent.LATER, " ".join(map(str, codes))


def codes_of(error: Exception) -> list[int] | None:
    """Return what the relay answered; None where it did not."""
    if isinstance(error, SMTPRecipientsRefused):
        return [refused.code for refused in error.recipients]
    return [error.code] if isinstance(error, SMTPResponseException) else None


def is_stale(error: Exception) -> bool:
    """Whether it may only be that the connection was idle too long, or its token has expired."""
    gone = isinstance(error, SMTPServerDisconnected)
    return gone or bool(ABOUT_US.intersection(codes_of(error) or ()))


def token_source(config: MailConfig) -> Callable[[], Awaitable[str]] | None:
    """Return what asks for a token, for each connection anew; None where a password serves."""
    oauth, ca_file = config.relay_oauth, config.relay_ca_file
    if not oauth.token_url:
        return None
    return lambda: asyncio.to_thread(token, oauth, ca_file, "mail.relay_oauth")


def relay_for(config: MailConfig, data_dir: Path) -> Relay:
    """Return the way out. Raises ConfigError when a key or certificate is of no use."""
    signer = signer_for(config)
    relay: Relay
    if config.relay.startswith("maildir:"):
        relay = Maildir(data_dir / config.relay.removeprefix("maildir:"))
    else:
        relay = SmtpRelay(config)
    return Signed(relay, signer) if signer else relay
