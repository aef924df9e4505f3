"""The mail door: take a message in, or say why not (RFC 5321).

250 means that the message is ours to lose: it is durable before the reply. Any fault of ours is
a 451 or 452 without detail, so that the sender keeps the message and tries again.
"""

import asyncio
import errno
import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

import structlog
from aiosmtpd.proxy_protocol import ProxyData
from aiosmtpd.smtp import Envelope, Session, TLSSetupException

from bot.acceptance import Acceptance
from bot.journal import place_of
from bot.mail.conversation import Conversation, offered
from bot.mail.home import takes
from bot.room import Room
from store.spool import Envelope as SpoolEnvelope

log = structlog.get_logger()

TRY_LATER = "451 4.3.0 cannot take the message now, please try again later"
DISK_FULL = "452 4.3.1 cannot take the message now, please try again later"
NO_SUCH = "550 5.1.1 no such recipient here"
TOO_MANY_HOPS = "554 5.4.6 the message goes round in a circle"
BAD_SENDER = "553 5.1.7 that is not a sender's address"
COMMIT_SECONDS = 30.0  # a disk that hangs: if it stores the message after all, the retry is a copy
MOST_HOPS = 50  # as many as Postfix lets a message make (hopcount_limit)
LONGEST_HEAD = 1 << 17  # bytes of it that are looked at
LOOKED_AT = 1 << 20  # bytes
HOP = re.compile(rb"^received:", re.IGNORECASE | re.MULTILINE)
END_OF_HEAD = re.compile(rb"\n\r?\n")
LONGEST_PATH = 320  # RFC 5321 4.5.3.1: 64 for the local part, 255 for the domain
NULL = "<>"  # aiosmtpd's way to say that the return path is empty (RFC 5321 4.5.5)


class MailDoor:
    """aiosmtpd's handler: it looks its methods up by these names."""

    def __init__(
        self,
        acceptance: Acceptance,
        addresses: Collection[str],
        room: Room,
        now: Callable[[], datetime],
    ) -> None:
        self._acceptance = acceptance
        self._addresses = frozenset(addresses)
        self._room = room
        self._now = now

    async def handle_PROXY(
        self, server: Conversation, session: Session, _envelope: Envelope, brings: ProxyData
    ) -> bool:
        """Believe the balancer about whom it brings; a check of its own brings nobody."""
        if brings.src_addr is None:
            return True
        session.peer = (str(brings.src_addr), brings.src_port)  # type: ignore[assignment]  # a pair
        return server.admit(str(brings.src_addr))

    async def handle_EHLO(
        self,
        _server: Conversation,
        session: Session,
        _envelope: Envelope,
        name: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = name
        return offered(responses, "PIPELINING")

    async def handle_MAIL(
        self,
        _server: Conversation,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if not could_be_a_path(address):
            return BAD_SENDER
        if not self._room.has(announced(options)):
            log.error("the disk is nearly full")
            return DISK_FULL
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self,
        _server: Conversation,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if not takes(address, self._addresses):
            return NO_SUCH
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Conversation, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content
        assert isinstance(raw, bytes)
        if hops(raw) > MOST_HOPS:
            log.warning("refused a message that goes round in a circle")
            return TOO_MANY_HOPS
        path = SpoolEnvelope(
            accepted_at=self._now(),
            mail_from=(envelope.mail_from or "").removeprefix(NULL),
            rcpt_tos=tuple(envelope.rcpt_tos),
            peer=next(iter(session.peer or ()), ""),  # (host, port), or nothing on a local socket
            door=server.door,
        )
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                spool_id = await self._acceptance.accept(path, raw, sender=id(session))
        except Exception as error:  # answered here, so that the session stays in step
            return refusal(error)
        log.info("accepted", spool_id=spool_id, size=len(raw), **oddities(raw))
        return f"250 2.0.0 accepted as {spool_id}"

    async def handle_exception(self, error: Exception) -> str:
        """Our own fault must not become the sender's bounce; without this aiosmtpd says 500."""
        if isinstance(error, TLSSetupException):
            log.info("no TLS came about", error=place_of(error))
            return TRY_LATER
        return refusal(error)


def refusal(error: Exception) -> str:
    """Say that we cannot now, and nothing of why: that is for the log."""
    log.error("mail door failed", error=place_of(error), errno=getattr(error, "errno", None))
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    return DISK_FULL if full else TRY_LATER


def announced(options: Iterable[str]) -> int:
    """Return the size that MAIL announces (RFC 1870), 0 if it does not."""
    sizes = (option[5:] for option in options if option.upper().startswith("SIZE="))
    return next((int(size) for size in sizes if size.isdecimal()), 0)


def hops(raw: bytes) -> int:
    """Count the servers that the message says it came by."""
    end = END_OF_HEAD.search(raw, 0, LONGEST_HEAD)
    return sum(1 for _ in HOP.finditer(raw, 0, end.start() if end else LONGEST_HEAD))


def oddities(raw: bytes) -> dict[str, int]:
    """Count the bare LFs and CRs: kept as they are, and told, since smuggling is made of them.

    Of a large message only the first part is looked at: the others wait meanwhile.
    """
    if len(raw) > LOOKED_AT:
        raw = raw[:LOOKED_AT].removesuffix(b"\r")
    pairs = raw.count(b"\r\n")
    bare = {"bare_lf": raw.count(b"\n") - pairs, "bare_cr": raw.count(b"\r") - pairs}
    return {name: count for name, count in bare.items() if count}


def could_be_a_path(address: str) -> bool:
    """Whether it can be kept as a return path; whose it is, nobody knows yet."""
    return address == NULL or (
        len(address) <= LONGEST_PATH and address.isprintable() and " " not in address
    )
