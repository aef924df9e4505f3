"""A stored mail without its attachments: what remains when proof of identity has served.

The words stay, and a note in the place of each attachment; its name goes too.
"""

from email.generator import BytesGenerator
from email.policy import compat32
from io import BytesIO

from bot.mail.body import is_file
from bot.mail.tree import Part, grow

NOTE = "[An attachment stood here. It was deleted after it had served.]\r\n"


def without_attachments(raw: bytes) -> bytes:
    """Return the mail with a note for each attachment. Raises UnreadableError."""
    root, _ = grow(raw)
    for part in list(root.walk()):
        if is_file(part):
            put_note(part)
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=compat32.clone(linesep="\r\n")).flatten(root)
    return out.getvalue()


def put_note(part: Part) -> None:
    for name in [name for name in part if name.lower().startswith("content-")]:
        del part[name]
    part["Content-Type"] = "text/plain; charset=us-ascii"
    part.set_payload(NOTE)
