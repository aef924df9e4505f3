"""Ways out for a composed letter: a mail relay or a Maildir folder; each says what became of it.

Only an explicit 5xx is final; what we do not recognise may pass. A letter may be carried twice
(a crash between the relay's 250 and our record), always under the same Message-ID.
"""

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

import aiosmtplib
from aiosmtplib import SMTPRecipientsRefused, SMTPResponseException
from typing_extensions import override

from bot.config import MailConfig
from store.files import write_durably


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
        scheme, _, where = config.relay.partition("://")
        host, _, port = where.rpartition(":")
        self._client = aiosmtplib.SMTP(
            hostname=host,
            port=int(port),
            use_tls=scheme == "smtps",
            username=config.relay_user or None,
            password=config.relay_password or None,
            timeout=60,
            local_hostname="privacy-intake",
        )

    @override
    async def carry(self, parcel: Parcel) -> tuple[Sent, str]:
        try:
            if not self._client.is_connected:
                await self._client.connect()
            await self._client.sendmail(parcel.return_path, [parcel.to], parcel.data)
        except Exception as error:  # judged by `verdict`; the unknown may pass
            return verdict(error)
        return Sent.YES, "250"

    @override
    async def close(self) -> None:
        if self._client.is_connected:
            self._client.close()


def verdict(error: Exception) -> tuple[Sent, str]:
    """Say whether trying again can help (RFC 5321 4.2.1: the first digit tells)."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [refused.code for refused in error.recipients]
    elif isinstance(error, SMTPResponseException):
        codes = [error.code]
    else:
        return Sent.DOWN, type(error).__name__
    final = bool(codes) and all(500 <= code < 600 for code in codes)  # noqa: PLR2004
    return Sent.NEVER if final else Sent.LATER, " ".join(map(str, codes))


def relay_for(config: MailConfig, data_dir: Path) -> Relay:
    if config.relay.startswith("maildir:"):
        return Maildir(data_dir / config.relay.removeprefix("maildir:"))
    return SmtpRelay(config)
