"""One connection to a folder of an existing mailbox (RFC 3501), for one thread at a time.

Nothing is deleted, and nothing is marked before it is told to be: messages are looked at with
PEEK. The standard library's imaplib suffices: seven commands, and the bytes of a message as they are.
"""

import base64
import imaplib
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.mail.imap_config import ImapConfig
from bot.mail.listening import Listening, ListeningByTls
from bot.mail.login import mechanism
from bot.mail.token import context_of
from store.refused import RefusedError

SECONDS = 30.0  # for each answer
UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
DATE = re.compile(rb'\bINTERNALDATE "([^"]{20,30})"')
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class MailboxError(RefusedError):
    """The server refuses something; the text is for the log."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A message of the folder: its size, and when the server received it."""

    uid: int
    size: int
    received_at: datetime


class Mailbox:
    def __init__(self, config: ImapConfig) -> None:
        """Connect and log in. Raises OSError, MailboxError or NoTokenError."""
        self._config = config
        self._wire = connected(config)
        name, answer = mechanism(config)
        try:
            self._wire.authenticate(name, answer)
        except imaplib.IMAP4.error:
            self.hang_up()
            raise MailboxError("the mailbox does not let us in") from None
        _, said = self._wire.capability()  # after the login there are more
        can = said[0].upper().split()
        self._can_move = b"MOVE" in can
        self.can_listen = b"IDLE" in can

    def hang_up(self) -> None:
        """End the connection at once, also under a thread that waits for an answer."""
        with suppress(OSError):
            self._wire.socket().shutdown(socket.SHUT_RDWR)
        with suppress(OSError, imaplib.IMAP4.error):
            self._wire.shutdown()

    @property
    def wakes(self) -> int:
        """What can be read from when the server says something."""
        return self._wire.sock.fileno()

    def begin_to_listen(self) -> bool:
        """Let the server tell what comes; return whether nothing has come yet."""
        return self._wire.begin_to_listen()

    def end_listening(self) -> None:
        self._wire.end_listening()

    def enter(self) -> int:
        """Look into the folder anew; return its UIDVALIDITY."""
        self._do("SELECT", *self._wire.select(quoted(self._config.folder)))
        _, validity = self._wire.response("UIDVALIDITY")
        if not validity or validity[-1] is None:
            raise MailboxError("the server does not number its messages")
        return int(validity[-1])

    def after(self, uid: int) -> list[int]:
        """Return the UIDs of the messages after `uid`, in order."""
        since = ("SINCE", imap_date(self._config.since)) if self._config.since else ()
        found = self._do("SEARCH", *self._wire.uid("SEARCH", "UID", f"{uid + 1}:*", *since))
        uids = (int(number) for line in found if line for number in line.split())
        return sorted(number for number in uids if number > uid)  # n:* always names the last one

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        found = self._fetch(uids, "(RFC822.SIZE INTERNALDATE)")
        lines = (head for head, _ in found)
        rows = ((UID.search(x), SIZE.search(x), DATE.search(x)) for x in lines)
        return [Listed(int(u[1]), int(s[1]), at(d[1])) for u, s, d in rows if u and s and d]

    def raw(self, uid: int) -> bytes | None:
        """Return a message as it is, or None if the server does not give it."""
        try:
            found = list(self._fetch([uid], "(BODY.PEEK[])"))
        except imaplib.IMAP4.abort:  # the connection is gone, and not the message
            raise
        except (MailboxError, imaplib.IMAP4.error):
            return None
        own = (raw for head, raw in found if (u := UID.search(head)) and int(u[1]) == uid)
        return next((raw for raw in own if raw), None)

    def unread(self, uids: Sequence[int]) -> list[int]:
        """Return which of them are there and nobody has opened."""
        numbers = ",".join(map(str, uids))
        found = self._do("SEARCH", *self._wire.uid("SEARCH", "UID", numbers, "UNSEEN"))
        return [int(number) for line in found if line for number in line.split()]

    def set_aside(self, uid: int) -> None:
        """Mark a message that was taken, or move it. Raises MailboxError when that is refused."""
        folder = self._config.done.removeprefix("move:")
        if folder == self._config.done:
            self._do("STORE", *self._wire.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))
            return
        if not self._can_move:  # COPY and delete is not the same (RFC 6851)
            raise MailboxError("the server cannot move messages: use done = flag")
        status, said = self._wire.uid("MOVE", str(uid), quoted(folder))
        if status == "NO" and b"TRYCREATE" in (said[0] or b""):
            self._do("CREATE", *self._wire.create(quoted(folder)))
            status, said = self._wire.uid("MOVE", str(uid), quoted(folder))
        self._do("MOVE", status, said)

    def _fetch(self, uids: Sequence[int], what: str) -> Iterator[tuple[bytes, bytes]]:
        """Yield each line of the answer with the bytes that stand in it."""
        numbers = ",".join(map(str, uids))
        for item in self._do("FETCH", *self._wire.uid("FETCH", numbers, what)):
            if isinstance(item, tuple):
                yield item[0], item[1]
            elif item:
                yield item, b""

    def _do(self, command: str, status: str, answer: list[Any]) -> list[Any]:
        if status != "OK":
            raise MailboxError(f"the mailbox refuses {command}")
        return answer


def connected(config: ImapConfig) -> Listening:
    if config.tls == "tls":
        context = context_of(config.ca_file)
        return ListeningByTls(config.host, config.port, ssl_context=context, timeout=SECONDS)
    wire = Listening(config.host, config.port, timeout=SECONDS)
    if config.tls == "starttls":
        wire.starttls(context_of(config.ca_file))
    return wire


def at(text: bytes) -> datetime:
    """Read an INTERNALDATE, whatever language this machine speaks."""
    day, month, rest = text.decode("ascii").strip().split("-", 2)
    number = MONTHS.index(month.title()) + 1
    return datetime.strptime(f"{day}-{number}-{rest}", "%d-%m-%Y %H:%M:%S %z").astimezone(UTC)


def imap_date(day: date) -> str:
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"


def quoted(folder: str) -> str:
    """Write a folder's name as IMAP does: quoted, and what is not ASCII in its own UTF-7."""
    coded = re.sub(r"[^\x20-\x7e]+", lambda m: f"&{in_base64(m[0])}-", folder.replace("&", "&-"))
    return '"' + coded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def in_base64(text: str) -> str:
    coded = base64.b64encode(text.encode("utf-16-be")).decode("ascii")
    return coded.rstrip("=").replace("/", ",")
