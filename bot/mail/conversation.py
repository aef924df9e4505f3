"""One conversation at a mail door, by SMTP (RFC 5321) or LMTP (RFC 2033): aiosmtpd with bounds.

A message ends with CRLF, dot, CRLF and with nothing else, and is kept byte for byte: a bare LF
or CR ends neither a line nor a message, so no two servers can disagree about where it ends.
Lines may be of any length. Time, errors and commands are bounded: whoever is over hears 421.
"""

import asyncio
import re
import ssl
from typing import AnyStr

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, TLSSetupException
from typing_extensions import override

from bot.config import MailConfig
from bot.mail.crowd import Crowd

PIECE = 1 << 16  # bytes; a sender has the idle time for each
LIGHT = 1 << 20  # bytes: heavier messages are received a few at a time, which bounds memory
MOST_ERRORS = 20  # 5xx replies, as Postfix has it; a message that is taken wipes them out
MOST_REPLIES = 2_000  # without a message: as many recipients as anybody has, and no more
WHATEVER_CAME = 1 << 20  # bytes: more than a reader of PIECE ever holds
CRLF, END = b"\r\n", b"\r\n.\r\n"
HANDSHAKE = 15.0  # seconds for TLS to begin
PROXY_SECONDS = 5.0  # for a balancer to say whom it brings

BUSY = "421 4.7.0 too many connections, please try again later"
TOO_SLOW = "421 4.4.2 this takes too long, please try again"
TOO_MUCH = "421 4.7.0 too many errors or commands"
CLOSING = "421 4.3.2 closing for now, please try again later"
TOO_LARGE = "552 5.3.4 the message is too large"
NOT_HERE = "502 5.5.1 not available"

WORDS = r"[\w+=-]+(?:\.[\w+=-]+)*"
PLAIN_PATH = re.compile(rf"<({WORDS}@{WORDS})> *([^()]*)", re.ASCII)  # as nearly everybody's is


class Conversation(SMTP):
    door = "smtp"
    line_length_limit = PIECE  # only of what is read at a time: see `_content`

    def __init__(
        self, handler: object, config: MailConfig, crowd: Crowd, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(
            handler,
            data_size_limit=config.max_bytes,
            enable_SMTPUTF8=True,
            hostname=config.hostname,
            ident="ESMTP",
            tls_context=tls,
            require_starttls=config.require_tls,
            timeout=config.limits.idle_seconds,
            proxy_protocol_timeout=PROXY_SECONDS if config.proxy_protocol else None,
            loop=asyncio.get_running_loop(),
        )
        self._crowd = crowd
        self._config = config
        self._admitted: bool | None = None
        self._patience: asyncio.TimerHandle | None = None
        self._receiving = False
        self._leaving = False
        self._heavy = False
        self._errors = 0
        self._replies = 0

    def admit(self, address: str) -> bool:
        return self._crowd.admit(self, address)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._admitted is None:  # the second time is the beginning of TLS
            self._enter(transport)
        if self._admitted:
            super().connection_made(transport)

    def _enter(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        peer = transport.get_extra_info("peername")
        address = "" if self._config.proxy_protocol else next(iter(peer or ()), "")
        self._admitted = self.admit(address)
        if self._admitted:
            self._wait_anew()
        else:
            dismiss(transport, BUSY)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        self._crowd.leave(self)
        if self._patience is not None:
            self._patience.cancel()
        if self._admitted:
            super().connection_lost(error)

    @override
    def eof_received(self) -> bool | None:
        return super().eof_received() if self._admitted else None

    def send_away(self) -> None:
        self._leaving = True
        if not self._receiving:
            self._dismiss(CLOSING)

    def _wait_anew(self) -> None:
        """Give the whole next transaction its time, and forget what went wrong before."""
        self._errors = self._replies = 0
        if self._patience is not None:
            self._patience.cancel()
        seconds = self._config.limits.transaction_seconds
        self._patience = self.loop.call_later(seconds, self._dismiss, TOO_SLOW)

    @override
    def _timeout_cb(self) -> None:
        self._dismiss(TOO_SLOW)

    def _dismiss(self, why: str) -> None:
        if self.transport is not None:
            assert isinstance(self.transport, asyncio.Transport)
            dismiss(self.transport, why)

    @override
    async def push(self, status: AnyStr) -> None:
        await super().push(status)
        self._replies += 1
        self._errors += status[:1] in ("5", b"5")
        if self._errors >= MOST_ERRORS or self._replies >= MOST_REPLIES:
            self._dismiss(TOO_MUCH)

    @override
    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Take a plain path apart here: aiosmtpd's own way takes two fifths of the time of a whole mail."""
        plain = PLAIN_PATH.fullmatch(arg)
        return (plain[1], plain[2]) if plain else super()._getaddr(arg)

    @override
    async def smtp_STARTTLS(self, arg: str) -> None:
        try:
            async with asyncio.timeout(HANDSHAKE):
                await super().smtp_STARTTLS(arg)
        except TimeoutError as error:
            raise TLSSetupException from error

    @override
    async def smtp_DATA(self, arg: str) -> None:
        if await self.check_helo_needed():
            return
        if arg or self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 DATA stands alone and after a recipient")
            return
        await self.push("354 end with <CR><LF>.<CR><LF>")
        self._receiving = True
        status = await self._receive()
        if status.startswith("250"):
            self._wait_anew()
        for _ in range(self._answers()):
            await self.push(status)
        self.envelope = self._create_envelope()
        self._receiving = False
        if self._leaving:
            self._dismiss(CLOSING)

    async def _receive(self) -> str:
        """Take the message and hand it over; return the reply."""
        try:
            content = await self._content()
            if content is None:
                return TOO_LARGE
            assert self.envelope is not None
            self.envelope.content = self.envelope.original_content = content
            return str(await self._call_handler_hook("DATA"))
        finally:
            self._put_down()

    async def _content(self) -> bytes | None:
        """Read to the end of the message, with its dots undone; None if it is too large."""
        content, size, heard = bytearray(CRLF), 0, 0  # as if after the end of a line
        most = self._config.max_bytes
        while True:
            looked_at = max(0, len(content) - len(END) + 1)
            piece = await self._piece()
            content += piece
            end = content.find(END, looked_at)
            if end >= 0:
                self._give_back(bytes(content[end + len(END) :]))
                del content[end + len(CRLF) :]
                message = undotted(content)
                return message if size <= most + PIECE and len(message) <= most else None
            size += len(piece)
            if size > most + PIECE:
                del content[: 1 - len(END)]
            if size - heard >= PIECE:
                heard = size
                self._reset_timeout()
                await self._pick_up(size)

    async def _pick_up(self, size: int) -> None:
        """Wait for a place among the heavy ones if the message is heavy; the sender waits as well."""
        if size > LIGHT and not self._heavy:
            await self._crowd.heavy.acquire()
            self._heavy = True

    def _put_down(self) -> None:
        if self._heavy:
            self._crowd.heavy.release()
            self._heavy = False

    async def _piece(self) -> bytes:
        """Return all that has come."""
        piece = await self._reader.read(WHATEVER_CAME)
        if not piece:
            raise asyncio.IncompleteReadError(b"", None)
        return piece

    def _give_back(self, rest: bytes) -> None:
        """Leave what follows the message to whoever reads commands: nothing else has come yet."""
        if rest and not self._reader.at_eof():
            self._reader.feed_data(rest)

    def _answers(self) -> int:
        """Return how many replies a message gets."""
        return 1

    @override
    async def smtp_VRFY(self, arg: str) -> None:
        await self.push("252 2.5.0 send it, and see")

    @override
    async def smtp_HELP(self, arg: str) -> None:
        await self.push("214 2.0.0 RFC 5321")

    @override
    async def smtp_EXPN(self, arg: str) -> None:
        await self.push(NOT_HERE)

    @override
    async def smtp_AUTH(self, arg: str) -> None:
        await self.push(NOT_HERE)


class LocalConversation(Conversation, LMTP):
    """LMTP, for the mail server in front: one reply for each recipient, and never TLS."""

    door = "lmtp"

    @override
    def _answers(self) -> int:
        return len(self.envelope.rcpt_tos) if self.envelope else 1


def undotted(content: bytearray) -> bytes:
    """Undo what RFC 5321 4.5.2 adds at the beginnings of lines; `content` begins with the end of one."""
    if CRLF + b"." in content:
        content = content.replace(CRLF + b".", CRLF)
    del content[: len(CRLF)]
    return bytes(content)


def offered(responses: list[str], *extensions: str) -> list[str]:
    """Return the answer to EHLO without what is not to be had here, and with `extensions`."""
    keep = [r for r in responses if r[4:].partition(" ")[0] not in {"AUTH", "HELP"}]
    lines = [r[4:] for r in keep] + list(extensions)
    return [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]


def dismiss(transport: asyncio.Transport, why: str) -> None:
    """Say why and hang up; at once where nobody reads what we say."""
    if transport.is_closing():
        return
    transport.write(f"{why}\r\n".encode())
    if transport.get_write_buffer_size():
        transport.abort()
    else:
        transport.close()
