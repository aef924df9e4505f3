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
from bot.mail.words import clean, one_line
from store.events import LetterOwed

UNQUOTABLE = str.maketrans({"\\": None, '"': "'"})
MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,490}>")


def compose(
    letter: LetterOwed, *, name: str, address: str, at: datetime, reply_to: str = ""
) -> bytes:
    """Return the mail. `name`, `address` and `reply_to` are ours, `at` is the letter's own date.

    Raises ValueError when the letter's address or an id does not have the form of one.
    """
    headers = [
        f"From: {phrase(name)} <{checked(address)}>",
        *([f"Reply-To: {checked(reply_to)}"] if reply_to else []),
        f"To: {checked(letter.to)}",
        f"Subject: {words(letter.subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: {checked_id(letter.message_id)}",
        *thread(letter.references),
        f"Auto-Submitted: {'auto-replied' if letter.references else 'auto-generated'}",
        "X-Auto-Response-Suppress: All",
        f"{LOOP_HEADER.title()}: {letter.letter_id}",
        "MIME-Version: 1.0",
    ]
    return ("\r\n".join(headers) + "\r\n" + body(letter)).encode("ascii")


def body(letter: LetterOwed) -> str:
    """Write the text, and the page beside it if there is one."""
    text = part("plain", letter.text)
    if not letter.html:
        return text
    boundary = f"=_{letter.letter_id}"  # "=" stands encoded in every part, so this stands in none
    parts = "".join(f"--{boundary}\r\n{one}\r\n" for one in (text, part("html", letter.html)))
    head = f'Content-Type: multipart/alternative; boundary="{boundary}"'
    return f"{head}\r\n\r\n{parts}--{boundary}--\r\n"


def thread(references: tuple[str, ...]) -> list[str]:
    """Return the headers that put the letter under what it answers (RFC 5322 3.6.4)."""
    if not references:
        return []
    ids = [checked_id(m) for m in references]
    return [f"In-Reply-To: {ids[-1]}", "References: " + "\r\n ".join(ids)]


def part(subtype: str, text: str) -> str:
    encoded = quopri.encodestring(f"{clean(text).rstrip()}\n".encode()).decode("ascii")
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + encoded.replace("\n", "\r\n")
    )


def words(text: str) -> str:
    """Encode a header's text (RFC 2047), folded, without any line break of its own."""
    flat = one_line(text)
    plain = flat.isascii() and "=?" not in flat  # what looks encoded would be decoded by a reader
    return Header(flat, None if plain else "utf-8").encode(linesep="\r\n")


def phrase(name: str) -> str:
    """Write our own name before our address; encoded unless it can stand between quotes."""
    flat = one_line(name).translate(UNQUOTABLE)
    return f'"{flat}"' if flat.isascii() and "=?" not in flat else words(flat)


def checked(address: str) -> str:
    if not is_address(address):
        raise ValueError("a letter without a proper address")
    return address


def checked_id(message_id: str) -> str:
    if not MESSAGE_ID.fullmatch(message_id):
        raise ValueError("a letter with an improper Message-ID")
    return message_id
