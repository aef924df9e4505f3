"""What a mail's own header tells of its way, where no envelope came with it: a mailbox keeps none.

Only the first header lines are looked at, as text. Whoever wrote the mail may have written them:
they say where an answer would go and which letter came home, never who somebody is.
"""

from email.message import Message as Mail
from email.parser import BytesHeaderParser
from email.policy import compat32

from bot.mail.sender import sender_of

LOOKED_AT = 1 << 16  # bytes
MOST_RECIPIENTS = 100
ARRIVED_AT = ("delivered-to", "x-original-to", "envelope-to")


def head_of(raw: bytes) -> "Mail[str, str]":
    return BytesHeaderParser(policy=compat32).parsebytes(raw[:LOOKED_AT])


def values(head: "Mail[str, str]", name: str) -> list[str]:
    return [str(value)[:2000] for value in head.get_all(name, [])[:MOST_RECIPIENTS]]


def return_path_of(head: "Mail[str, str]") -> str:
    """Return where bounces of it would have gone, empty for nowhere; else whoever seems to have written it."""
    noted = values(head, "return-path")
    if noted:
        return noted[0].strip().strip("<>").strip()
    sender = sender_of(values(head, "from"))
    return sender.address if sender else ""


def recipients_of(head: "Mail[str, str]") -> tuple[str, ...]:
    """Return the addresses at which it arrived, as servers note them."""
    noted = [value.strip().strip("<>") for name in ARRIVED_AT for value in values(head, name)]
    return tuple(dict.fromkeys(noted))
