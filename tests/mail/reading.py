"""Mails on disk, as they would come over the wire, and Messages as plain values to compare with."""

import re
from pathlib import Path
from typing import Any

from bot.message import Message

FOLDER = Path(__file__).parent
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "X-Privacy-Intake", "MIME-Version", "Content-Type",
]  # fmt: skip
"""What a letter of ours has, in its order, when it answers something."""


def as_sent(path: Path) -> bytes:
    """Return the mail with the line ends that it has on the wire."""
    return re.sub(rb"\r?\n", b"\r\n", path.read_bytes())


def told(message: Message) -> dict[str, Any]:
    """Return all that a Message says, but for the digest and the sign a machine was known by."""
    sender = message.sender
    return {
        "sender": [sender.name, sender.address] if sender else None,
        "subject": message.subject,
        "text": message.text.splitlines(),
        "message_id": message.message_id,
        "refers_to": list(message.refers_to),
        "machine": str(message.machine) if message.machine else None,
        "undelivered": list(message.undelivered),
        "stamps": [[stamp.host, stamp.at.isoformat()] for stamp in message.stamps],
        "attachments": [[a.name, a.content_type, a.size] for a in message.attachments],
        "flags": list(message.flags),
    }


def written(text: str = "Please send me my data.", **headers: str | None) -> bytes:
    """Write a mail as it comes over the wire; headers by keyword, with _ for -; None leaves one out."""
    fields: dict[str, str | None] = {
        "From": "Ann Example <ann@mail.example>",
        "To": "dataprotection@acme.example",
        "Subject": "My data",
        "Message-ID": "<ann.1@mail.example>",
        "Content-Type": "text/plain; charset=utf-8",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([*lines, "", *text.split("\n"), ""]).encode()


def multipart(kind: str, *parts: tuple[str, str]) -> bytes:
    """Write a mail of several parts, each a content type (or more of a header) and a text."""
    body = "".join(f"--b\nContent-Type: {head}\n\n{text}\n" for head, text in parts)
    return written(f"{body}--b--", Content_Type=f'multipart/{kind}; boundary="b"')


def fields(raw: bytes) -> list[str]:
    """Return the names of the header fields, by the letter of RFC 5322: no parser's leniency."""
    head = re.sub(rb"\r\n[ \t]", b" ", raw.partition(b"\r\n\r\n")[0])
    return [line.partition(b":")[0].decode() for line in head.split(b"\r\n")]
