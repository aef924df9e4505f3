"""Which letters a bounce gives up: the Message-IDs of the mail that it returns or quotes.

A report that only announces a delay gives up nothing (RFC 3464 2.3.3).
"""

import re
from collections.abc import Iterator
from itertools import islice

from bot.mail.signs import DELAY
from bot.mail.tree import Part

MOST_LOOKED_AT = 100  # parts
LONGEST = 100_000  # bytes of each
FIELDS = ("action", "message-id")
ACTION = re.compile(r"^action:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
ORIGINAL_ID = re.compile(
    r"^[>\t ]{0,9}message-id:\s{0,9}(<[\x21-\x3b\x3d\x3f-\x7e]{3,480}>)",
    re.IGNORECASE | re.MULTILINE,
)


def undelivered_ids(root: Part, subject: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether the bounce gives up, and the Message-IDs of what it returns, if it names any."""
    texts = list(islice(texts_of(root), MOST_LOOKED_AT))
    actions = [action.lower() for text in texts for action in ACTION.findall(text)]
    gives_up = "failed" in actions if actions else not DELAY.search(subject)
    found = (message_id for text in texts for message_id in ORIGINAL_ID.findall(text))
    return gives_up, tuple(dict.fromkeys(found)) if gives_up else ()


def texts_of(root: Part) -> Iterator[str]:
    """Yield what each part says: the fields of a report's or a returned mail's part, and its text."""
    for part in root.walk():
        fields = [
            f"{name}: {value}" for name in FIELDS for value in part.get_all(name, []) if part.depth
        ]
        yield "\n".join([*fields, part.data[:LONGEST].decode("latin-1")])
