"""What runs in a reading worker: parse one spooled message and read what it asks.

The desk imports this module for its names only, so the heavy libraries are imported by the
worker that needs them. A worker holds nothing that matters: it may be killed at any moment.
"""

import os
import resource
import signal
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.mail.home import Home
from bot.message import Message
from intents.reading import Reading
from store.spool import Entry, read_entry

if TYPE_CHECKING:
    from bot.mail.trust import Check
    from intents.classifier import Classifier


@dataclass(frozen=True, slots=True)
class ReadMail:
    """One mail as read: what it is and what it asks."""

    message: Message
    reading: Reading


@cache
def classifier(model: str) -> "Classifier":
    """Load the model in the folder `model`, or the one shipped if that is empty."""
    from intents.classifier import Classifier

    return Classifier.load(Path(model) if model else None)


def enter(model: str, memory_bytes: int) -> None:
    """Begin a worker's life: all it needs is there, and its memory is limited, before it sees mail."""
    import bot.mail.parse

    os.nice(5)  # the door and the desk come first
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the desk's affair
    classifier(model).read("Ready?")  # the first reading is slow; better now than on a mail
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory_bytes, used + memory_bytes))


def own_check(entry: Entry, home: Home) -> "Check | None":
    """Return what checks who wrote where the border server says nothing; nothing if DNS is not to be asked."""
    if not home.resolver:
        return None
    from bot.mail.lookup import lookup
    from bot.mail.vouching import vouched

    live, path = entry.envelope.door in {"smtp", "lmtp"}, entry.envelope.mail_from
    return partial(vouched, entry.raw, lookup(home.resolver), mail_from=path, live=live)


def read(path: str, model: str, home: Home) -> ReadMail:
    import bot.mail.parse
    import bot.slack.parse

    entry = read_entry(Path(path))
    if entry.envelope.door == "slack":
        message = bot.slack.parse.parse(entry.raw)
    else:
        message = bot.mail.parse.parse(entry.raw, home, own_check(entry, home))
    return ReadMail(message, classifier(model).read(message.text, message.subject))
