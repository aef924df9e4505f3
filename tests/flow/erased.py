"""What the tests of erasing share: who decides, a case with everything in it, and a search that misses no place."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from bot.bench import Doing
from bot.control import own_login
from bot.setting import setting
from store.case import Case
from tests.conftest import Bot

US = {"name": "Us", "login": own_login(), "email": "us@acme.example", "roles": ["handler", "lead"]}
KIM = {"name": "Kim", "login": "kim", "roles": ["lead"]}
STAFF = {"staff": [US, KIM], "mail_relay": "maildir:outgoing"}
NAMES = (b"Zebedee", b"Quillfeather", b"zq@heron.example", b"heron.example", b"sturgeon")
"""What tells whose the case is: name, address, domain, and a word of the attachment."""
BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{16,}={0,2}\r?\n?)+")


def from_zebedee(text: str, message_id: str = "<z1@heron.example>", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Zebedee Quillfeather <zq@heron.example>"
    mail["To"] = "dataprotection@acme.example"
    mail["Subject"] = "Data of Zebedee Quillfeather"
    mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(f"{text}\n\nZebedee Quillfeather", cte="base64")
    mail.add_attachment(
        b"the sturgeon of Zebedee Quillfeather " * 20,
        maintype="text",
        subtype="csv",
        filename="zq.csv",
    )
    return mail


def raw(mail: EmailMessage) -> str:
    return mail.as_string()


def confirm_as_kim(bot: Bot, ref: str) -> Case:
    """Confirm an erasure as the second person."""
    parts = setting(bot.config, bot.data)
    return parts.desk.confirm_erasure(ref, Doing(parts.people.who("kim"), bot.clock.now()))


def readings(data: bytes) -> Iterator[bytes]:
    """Yield bytes as they are, and with what mail encodes in them decoded; JSON escapes too."""
    yield data
    yield quopri.decodestring(data)
    yield data.replace(b"\\r\\n", b"\n").replace(b"\\n", b"\n")
    for found in BASE64.findall(data):
        try:
            yield base64.b64decode(found)
        except binascii.Error:
            yield base64.b64decode(found[: len(found) // 4 * 4] + b"====", validate=False)


def places_that_tell(root: Path, words: tuple[bytes, ...] = NAMES) -> list[tuple[Path, bytes]]:
    """Return each file below `root` whose bytes or name tell one of the words, in any case."""
    return [
        (path, word)
        for path in root.rglob("*")
        if path.is_file()
        for text in [str(path).encode(), *readings(path.read_bytes())]
        for word in words
        if word.lower() in text.lower()
    ]
