"""What a command is: plain values in, plain values out, so that it can travel over the control socket."""

from collections.abc import Callable, Iterable
from pathlib import Path

from bot.reader import Unreadable
from bot.reading_room import ReadMail
from bot.views import View
from store.refused import RefusedError

Read = Callable[[Path], ReadMail | Unreadable]
Command = Callable[..., Iterable[View]]


class CommandError(RefusedError):
    """The command cannot be done as it was asked; the text is for whoever asked."""
