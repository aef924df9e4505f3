"""What a command is: plain values in, plain values out, so that it can travel over the control socket."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from store.refused import RefusedError

if TYPE_CHECKING:  # whoever only gives a command loads neither
    from bot.reader import Unreadable
    from bot.reading_room import ReadMail
    from bot.views import View

Read = Callable[[Path], "ReadMail | Unreadable"]
Command = Callable[..., Iterable["View"]]


class CommandError(RefusedError):
    """The command cannot be done as it was asked; the text is for whoever asked."""
