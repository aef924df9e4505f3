"""A letter as mail: the bytes that go to the relay, the same for every try.

Headers are ours word for word: what came from outside (an address, Message-IDs) is admitted
only if it has the form of one, so nothing can be injected. Automatic letters say so (RFC 3834)
and carry our loop header.
"""

import quopri
import re
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from bot.mail.machine import LOOP_HEADER
from bot.mail.sender import is_address
from store.events import LetterOwed

MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,480}>")
AUTOMATIC = frozenset({"acknowledgement", "filed_list"})


def compose(letter: LetterOwed, *, name: str, address: str, at: datetime) -> bytes:
    """Return the mail. `name` and `address` are ours, `at` is the letter's own date.

    Raises ValueError when the letter's address or an id does not have the form of one.
    """
    boundary = f"=_{letter.letter_id}"
    headers = [
        f"From: {phrase(name)} <{checked(address)}>",
        f"To: {checked(letter.to)}",
        f"Subject: {words(letter.subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: {checked_id(letter.message_id)}",
        *thread(letter.references),
        f"{'Auto-Submitted: auto-replied' if letter.references else 'Auto-Submitted: auto-generated'}",
        "X-Auto-Response-Suppress: All",
        f"{LOOP_HEADER.title()}: {letter.letter_id}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]
    parts = [part("plain", letter.text)] + ([part("html", letter.html)] if letter.html else [])
    body = "".join(f"--{boundary}\r\n{one}\r\n" for one in parts)
    return ("\r\n".join(headers) + f"\r\n\r\n{body}--{boundary}--\r\n").encode("ascii")


def thread(references: tuple[str, ...]) -> list[str]:
    """Return the headers that put the letter under what it answers (RFC 5322 3.6.4)."""
    if not references:
        return []
    ids = [checked_id(m) for m in references]
    return [f"In-Reply-To: {ids[-1]}", "References: " + "\r\n ".join(ids)]


def part(subtype: str, text: str) -> str:
    body = quopri.encodestring(text.replace("\r\n", "\n").encode()).decode("ascii")
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + body.replace("\n", "\r\n")
    )


def words(text: str) -> str:
    """Encode a header's text (RFC 2047), folded, without any line break of its own."""
    return Header(" ".join(text.split()), None if text.isascii() else "utf-8").encode(
        linesep="\r\n"
    )


def phrase(name: str) -> str:
    flat = " ".join(name.split())
    return '"' + flat.replace("\\", "").replace('"', "'") + '"' if flat.isascii() else words(flat)


def checked(address: str) -> str:
    if not is_address(address):
        raise ValueError("a letter without a proper address")
    return address


def checked_id(message_id: str) -> str:
    if not MESSAGE_ID.fullmatch(message_id):
        raise ValueError("a letter with an improper Message-ID")
    return message_id
