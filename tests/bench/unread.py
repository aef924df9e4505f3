"""The bot with reading left out: each mail is taken for one plain request, and all the rest is done.

The CPU that is left is what the bot itself costs, whatever a model takes.
"""

import re
from pathlib import Path

from bot.cli import main
from bot.message import Message, Sender
from bot.reader import Reader
from bot.reading_room import ReadMail
from intents.reading import Reading
from store.law import Label
from store.spool import read_entry

NAMED = re.compile(rb"^Message-ID: (\S+)\r\n", re.MULTILINE)
ASKS = Reading((Label.ACCESS,), dict.fromkeys(Label, 0.01) | {Label.ACCESS: 0.95}, unsure=False)


async def taken_as_read(_reader: Reader, path: Path) -> ReadMail:
    entry = read_entry(path)
    named = NAMED.search(entry.raw)
    message_id = named[1].decode() if named else ""
    sender = Sender("", entry.envelope.mail_from)
    text = "Please send me my data."
    return ReadMail(
        Message(
            message_id=message_id, digest=message_id, sender=sender, subject="My data", text=text
        ),
        ASKS,
    )


if __name__ == "__main__":
    Reader.read = taken_as_read  # type: ignore[method-assign]
    main()
