"""From raw bytes to a Message.

Runs in a reading worker, which has a limit of time and memory; what breaks a limit or the
parser is not lost, it becomes a case that says so.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from bot.mail.body import attachments, body
from bot.mail.file_types import doubts_of_files
from bot.mail.group import author, is_the_groups, through_group
from bot.mail.home import Home
from bot.mail.lookalike import doubts
from bot.mail.machine import machine_of
from bot.mail.returned import undelivered_ids
from bot.mail.sender import sender_of
from bot.mail.tree import Part, grow
from bot.mail.trust import Check, trust_of
from bot.mail.words import decoded, to_text
from bot.message import Attachment, Machine, Message, Sender, Stamp
from store.recorded import Trust

MESSAGE_ID = re.compile(r"<([\x21-\x3b\x3d\x3f-\x7e]{1,240}@[\x21-\x3b\x3d\x3f-\x7e]{1,240})>")
RECIPIENTS = ("delivered-to", "x-original-to", "to", "cc")
TAGGED = re.compile(r"[\w.-]{1,64}\+[\w-]{1,64}@[\w.-]{1,253}", re.ASCII)
STAMP = re.compile(r"\bby\s+([A-Za-z0-9._-]{1,255})", re.IGNORECASE)


def parse(raw: bytes, home: Home = Home(), check: Check | None = None) -> Message:  # noqa: B008  (a frozen value)
    """Read one mail that came to `home`. Raises UnreadableError when it breaks a limit that must not be tried."""
    root, cut_off = grow(raw)
    headers = Headers(root)
    text, closed = body(root)
    files = attachments(root)
    who = who_wrote(headers, home, check)
    address = who.sender.address if who.sender else ""
    subject = decoded(headers.first("subject"))
    kinds = [root.kind, *(part.kind for part in root.parts)]
    machine, why = machine_of(who.headers, who.shown, address, subject, kinds, text)
    bounced = machine is Machine.BOUNCE
    gives_up, undelivered = undelivered_ids(root, subject) if bounced else (False, ())
    message_id = first_id(headers.first("message-id"))
    return Message(
        message_id=message_id,
        dated="" if message_id else headers.first("date").strip()[:100],
        digest=digest(address, subject, text, files),
        sender=who.sender,
        subject=subject,
        text=text,
        sent_to=tuple(sent_to(headers)),
        refers_to=references(headers),
        machine=machine,
        machine_why=why,
        gives_up=gives_up,
        undelivered=undelivered,
        stamps=tuple(stamps(headers.all("received"))),
        attachments=files,
        flags=cut_off + closed,
        trust=who.trust,
        trust_reasons=who.reasons,
        doubts=doubts(who.sender, home) + doubts_of_files(root),
    )


class Headers:
    """The root's header fields as text, nothing decoded; names in any case."""

    def __init__(self, root: Part) -> None:
        self._fields: dict[str, list[str]] = {}
        charsets = [part.charset for part in root.walk()]
        for name, value in root.raw_items():
            text = unescaped(str(value), charsets)
            self._fields.setdefault(name.lower(), []).append(text)

    @property
    def names(self) -> Collection[str]:
        return self._fields.keys()

    def all(self, name: str) -> list[str]:
        return self._fields.get(name, [])

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def without(self, drop: Callable[[str, str], bool]) -> "Headers":
        """Return the same without the values that `drop` wants away, given name and value."""
        left = copy(self)
        kept = {n: [v for v in values if not drop(n, v)] for n, values in self._fields.items()}
        left._fields = {name: values for name, values in kept.items() if values}
        return left


@dataclass(frozen=True, slots=True)
class Who:
    """Who wrote, how far that may be believed, and the headers in which signs of a machine would be its own."""

    sender: Sender | None
    shown: str
    """The sender as the mail shows him."""
    trust: Trust
    reasons: tuple[str, ...]
    headers: Headers


def who_wrote(headers: Headers, home: Home, check: Check | None) -> Who:
    sender, shown = sender_of(headers.all("from")), decoded(headers.first("from"))
    noted = headers.all("authentication-results")
    checked = trust_of(noted, home.authserv_id, sender, check)
    if not through_group(headers, sender, home):
        return Who(sender, shown, *checked, headers)
    own = headers.without(lambda name, value: is_the_groups(name, value, home))
    human = author(headers, sender, home)
    if human == sender:
        return Who(sender, shown, *checked, own)
    trust, reasons = checked
    told = (*reasons, "it came through our own group, so the checks are of the group")
    failed = trust is Trust.FAILED
    name = f"{human.name} <{human.address}>" if human else ""
    return Who(human, name, Trust.FAILED if failed else Trust.NONE, told, own)


def unescaped(value: str, charsets: list[str | None]) -> str:
    """Turn 8-bit header bytes, which the parser keeps as surrogates, into text."""
    named = () if value.isascii() else charsets  # what the text is written in, the header may be
    return to_text(value.encode(errors="surrogateescape"), "utf-8", *named)


def digest(address: str, subject: str, text: str, files: tuple[Attachment, ...]) -> str:
    seal = hashlib.sha256()
    pieces = [address.lower(), subject, " ".join(text.split())]
    pieces += [f"{file.name} {file.size}" for file in files]
    for piece in pieces:
        seal.update(piece.encode(errors="replace") + b"\0")
    return seal.hexdigest()


def first_id(value: str) -> str:
    """Return the Message-ID in `value`, angle brackets included, or an empty text."""
    found = MESSAGE_ID.search(value[:2000])
    return found[0] if found else ""


def references(headers: Headers) -> tuple[str, ...]:
    """Return the Message-IDs this one refers to, nearest first, each once."""
    chain = headers.first("references")[-20_000:]
    nearest = [m[0] for m in MESSAGE_ID.finditer(headers.first("in-reply-to")[:2000])]
    nearest += [m[0] for m in MESSAGE_ID.finditer(chain)][::-1]
    return tuple(dict.fromkeys(nearest))[:50]


def sent_to(headers: Headers) -> list[str]:
    """Return the addresses with a + among the recipients that the mail names."""
    lines = [value for name in RECIPIENTS for value in headers.all(name)[:20]]
    return [found for line in lines for found in TAGGED.findall(line[:20_000])][:50]


def stamps(received: list[str]) -> Iterator[Stamp]:
    """Yield what each Received header says, newest first, as far as it can be read."""
    for value in received[:100]:
        trace, _, when = value.rpartition(";")
        host = STAMP.search(trace[:2000])
        if host is None:
            return
        try:
            at = parsedate_to_datetime(when.strip()[:100])
            at = at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return
        yield Stamp(host[1].lower(), at)
