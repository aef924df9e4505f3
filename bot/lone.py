"""Commands from the command line: through the running bot if there is one, else alone under the lock."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot import control
from bot.app import wall_clock
from bot.config import Config
from bot.reader import Unreadable
from bot.reading_room import ReadMail, read
from bot.setting import home, office, setting
from bot.views import View
from store.folder import DataFolder


def ask(config: Config, command: str, arguments: Mapping[str, Any]) -> Iterator[View]:
    """Carry out `command`. Raises CommandError, InUseError, OSError, each with a sentence."""
    try:
        yield from control.call(config.data.dir, command, arguments)
    except (ConnectionRefusedError, FileNotFoundError):
        yield from alone(config, command, arguments)


def alone(config: Config, command: str, arguments: Mapping[str, Any]) -> Iterator[View]:
    def read_here(path: Path) -> ReadMail | Unreadable:
        return read(str(path), config.classify.model, home(config))

    with DataFolder(config.data.dir) as folder:
        commands = office(setting(config, folder), folder, read=read_here, now=wall_clock)
        yield from commands.answer(command, arguments, control.own_login())
