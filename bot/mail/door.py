"""The mail door: take a message in, or say why not (RFC 5321).

250 means that the message is ours to lose: it is durable before the reply. Any fault of ours is
a 451 without detail, so that the sender keeps the message and tries again.
"""

import asyncio
import errno
from collections.abc import Callable, Collection
from datetime import datetime

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.acceptance import Acceptance
from bot.journal import place_of
from store.spool import Envelope as SpoolEnvelope

log = structlog.get_logger()

TRY_LATER = "451 4.3.0 cannot take the message now, please try again later"
DISK_FULL = "452 4.3.1 cannot take the message now, please try again later"
NO_SUCH = "550 5.1.1 no such recipient here"
BAD_SENDER = "553 5.1.7 that is not a sender's address"
LONGEST_PATH = 320  # RFC 5321 4.5.3.1: 64 for the local part, 255 for the domain
LONGEST_LINE = (
    1 << 20
)  # RFC 5321 4.5.3.1.6 says 998; real mail has far longer, and rights of its own


NULL = "<>"  # aiosmtpd's way to say that the return path is empty (RFC 5321 4.5.5)


class Conversation(SMTP):
    line_length_limit = LONGEST_LINE


class MailDoor:
    """aiosmtpd's handler: it looks its methods up by these names."""

    def __init__(
        self, acceptance: Acceptance, addresses: Collection[str], now: Callable[[], datetime]
    ) -> None:
        self._acceptance = acceptance
        self._addresses = frozenset(addresses)
        self._now = now

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not could_be_a_path(address):
            return BAD_SENDER
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not takes(address, self._addresses):
            return NO_SUCH
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content
        assert isinstance(raw, bytes)
        path = SpoolEnvelope(
            accepted_at=self._now(),
            mail_from=(envelope.mail_from or "").removeprefix(NULL),
            rcpt_tos=tuple(envelope.rcpt_tos),
            peer=next(iter(session.peer or ()), ""),  # (host, port), or nothing on a local socket
        )
        try:
            spool_id = await self._acceptance.accept(path, raw, sender=id(session))
        except Exception as error:  # answered here, so that the session stays in step
            return refusal(error)
        log.info("accepted", spool_id=spool_id, size=len(raw))
        return f"250 2.0.0 accepted as {spool_id}"

    async def handle_exception(self, error: Exception) -> str:
        """Our own fault must not become the sender's bounce; without this aiosmtpd says 500."""
        return refusal(error)


def refusal(error: Exception) -> str:
    """Say that we cannot now, and nothing of why: that is for the log."""
    log.error("mail door failed", error=place_of(error), errno=getattr(error, "errno", None))
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    return DISK_FULL if full else TRY_LATER


def could_be_a_path(address: str) -> bool:
    """Whether it can be kept as a return path; whose it is, nobody knows yet."""
    return address == NULL or (
        len(address) <= LONGEST_PATH and address.isprintable() and " " not in address
    )


def takes(address: str, addresses: Collection[str]) -> bool:
    """Whether mail for `address` is ours: any `+tag`, any case; `local@` stands for any domain."""
    local, at, domain = address.lower().rpartition("@")
    local = local.partition("+")[0]
    return bool(at) and (f"{local}@{domain}" in addresses or f"{local}@" in addresses)


async def open_door(door: MailDoor, listen: str, max_bytes: int) -> asyncio.Server:
    """Listen on `listen`, HOST:PORT. Raises OSError when the port cannot be had."""
    host, _, port = listen.rpartition(":")
    loop = asyncio.get_running_loop()

    def converse() -> Conversation:
        return Conversation(
            door,
            data_size_limit=max_bytes,
            enable_SMTPUTF8=True,
            hostname="privacy-intake",
            ident="ESMTP",
            loop=loop,
        )

    return await loop.create_server(converse, host, int(port))
