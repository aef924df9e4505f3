"""From raw bytes to a Message, by the `compat32` policy: the other one is quadratic on hostile headers.

Runs in a reading worker, which has a limit of time and memory; what breaks a limit or the
parser is not lost, it becomes a case that says so. The caps here come before the parsing.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import compat32
from email.utils import parsedate_to_datetime

from inscriptis import get_text

from bot.mail.machine import machine_of, undelivered_ids
from bot.mail.sender import sender_of
from bot.mail.words import clean, decoded, one_line, to_text
from bot.message import Attachment, Message, Stamp

MOST_HEADER_BYTES = 1 << 18  # Postfix keeps 100 kB (header_size_limit); ours is generous
MOST_PARTS = 1_000
MOST_TEXT = 1_000_000  # characters of text kept for reading
MESSAGE_ID = re.compile(r"<([\x21-\x3b\x3d\x3f-\x7e]{1,240}@[\x21-\x3b\x3d\x3f-\x7e]{1,240})>")
STAMP = re.compile(r"\bby\s+([A-Za-z0-9._-]{1,255})", re.IGNORECASE)


class UnreadableError(Exception):
    """The message breaks a limit that is set before it is parsed."""


def parse(raw: bytes) -> Message:
    """Read one mail. Raises UnreadableError, or whatever the parser does on hostile bytes."""
    head, _, _ = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw[:MOST_HEADER_BYTES] else b"\n\n")
    if len(head) > MOST_HEADER_BYTES:
        raise UnreadableError("more than 256 kB of headers")
    mail = message_from_bytes(raw, policy=compat32)
    headers = Headers(mail)
    parts, flags = leaves(mail)
    text, unread = body(parts)
    attachments = tuple(attachment(part) for part in parts if is_attachment(part))
    sender = sender_of(headers.all("from"))
    subject = decoded(headers.first("subject"))
    machine, why = machine_of(headers, subject, sender)
    return Message(
        message_id=first_id(headers.first("message-id")),
        digest=digest(sender.address if sender else "", subject, text, attachments),
        sender=sender,
        subject=subject,
        text=text,
        refers_to=references(headers),
        machine=machine,
        machine_why=why,
        undelivered=undelivered_ids(parts) if machine else (),
        stamps=tuple(stamps(headers.all("received"))),
        attachments=attachments,
        flags=flags + unread,
    )


class Headers:
    """The header fields as text, nothing decoded; names in any case."""

    def __init__(self, mail: Mail) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in mail.raw_items():
            self._fields.setdefault(name.lower(), []).append(unescaped(str(value)))

    def all(self, name: str) -> list[str]:
        return self._fields.get(name, [])

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")


def unescaped(value: str) -> str:
    """Turn 8-bit header bytes, which the parser keeps as surrogates, into text."""
    return to_text(value.encode("utf-8", errors="surrogateescape"), None)


def leaves(mail: Mail) -> tuple[list[Mail], tuple[str, ...]]:
    """Return the parts that contain no parts, in order, and a flag if there were too many."""
    found: list[Mail] = []
    for part in walk(mail):
        if len(found) == MOST_PARTS:
            return found, (f"more than {MOST_PARTS} parts",)
        found.append(part)
    return found, ()


def walk(mail: Mail) -> Iterator[Mail]:
    stack = [mail]
    while stack:
        part = stack.pop()
        payload = part.get_payload()
        if isinstance(payload, list):
            stack.extend(p for p in reversed(payload) if isinstance(p, Mail))
        else:
            yield part


def is_attachment(part: Mail) -> bool:
    disposition = str(part.get("content-disposition", "")).lower()
    return disposition.startswith("attachment") or not part.get_content_type().startswith("text/")


def body(parts: list[Mail]) -> tuple[str, tuple[str, ...]]:
    """Return the text of the message and flags for what could not be read."""
    inline = [part for part in parts if not is_attachment(part)]
    plain = [content(p) for p in inline if p.get_content_type() != "text/html"]
    text = "\n".join(piece for piece in plain if piece.strip())
    if not text:
        text = "\n".join(
            plain_of(content(p)) for p in inline if p.get_content_type() == "text/html"
        )
    if len(text) > MOST_TEXT:
        return text[:MOST_TEXT], ("text cut for reading",)
    return text, () if text.strip() else ("no text",)


def content(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    return to_text(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""


def plain_of(html: str) -> str:
    """Turn markup into text. Nothing is fetched; scripts and styles are left out."""
    return clean(get_text(html[: 2 * MOST_TEXT])) if html.strip() else ""


def attachment(part: Mail) -> Attachment:
    payload = part.get_payload(decode=True)
    name = part.get_filename() or ""
    return Attachment(
        name=one_line(decoded(name))[:200].replace("/", "_"),
        content_type=part.get_content_type(),
        size=len(payload) if isinstance(payload, bytes) else 0,
    )


def digest(address: str, subject: str, text: str, attachments: tuple[Attachment, ...]) -> str:
    seal = hashlib.sha256()
    pieces = [address.lower(), subject, " ".join(text.split())]
    pieces += [f"{a.name} {a.size}" for a in attachments]
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


def stamps(received: list[str]) -> Iterator[Stamp]:
    """Yield what each Received header says, newest first, as far as it can be read."""
    for value in received[:100]:
        trace, _, when = value.rpartition(";")
        host = STAMP.search(trace[:2000])
        if host is None:
            return
        try:
            at = parsedate_to_datetime(when.strip()[:100])
        except (ValueError, TypeError, IndexError, OverflowError):
            return
        yield Stamp(host[1].lower(), at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC))
