"""Messages of which nothing is read: one that cannot be, and a copy of one that was erased.

Each is known by something else than its words, so that a second copy is known as one.
"""

import hashlib

from bot.message import Machine, Message, Sender
from intents.reading import Reading
from store.law import Label
from store.spool import Entry


def unreadable(entry: Entry, why: str = "") -> Message:
    """Return what is known of a message that cannot be read: its bytes, by which a copy is known."""
    sender = entry.envelope.mail_from
    return Message(
        message_id="",
        digest=hashlib.sha256(entry.raw).hexdigest(),
        sender=Sender("", sender) if sender else None,
        subject="",
        text="",
        flags=(f"unreadable: {why}",),
    )


def erased(mark: str) -> tuple[Message, Reading]:
    """Return all that may be known of a copy of an erased message: the mark it was known by."""
    message = Message(
        message_id="",
        digest=mark,
        sender=None,
        subject="",
        text="",
        machine=Machine.ERASED,
        machine_why="a copy of a message of an erased case",
    )
    return message, Reading((Label.OTHER,), {}, unsure=True)
