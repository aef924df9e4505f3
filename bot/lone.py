"""Commands from the command line: through the running bot if there is one, else alone under the lock.

With a casebook on PostgreSQL they need no lock: the database keeps them and the bots apart.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import control, journal
from bot.config import Config

if TYPE_CHECKING:
    from bot.office import Office
    from bot.reader import Unreadable
    from bot.reading_room import ReadMail
    from bot.views import View


def ask(config: Config, command: str, arguments: Mapping[str, Any]) -> Iterator["View"]:
    """Carry out `command`. Raises CommandError, InUseError, OSError, each with a sentence."""
    try:
        yield from control.call(config.data.dir, command, arguments)
    except control.NOBODY_THERE:
        journal.begin()
        yield from alone(config, command, arguments)


def ask_each(
    config: Config, command: str, several: Iterable[Mapping[str, Any]]
) -> Iterator[list["View"]]:
    """Carry out `command` with each of several arguments; alone, the folder is opened once for all."""
    left = deque(several)
    try:
        while left:
            yield list(control.call(config.data.dir, command, left[0]))
            left.popleft()
    except control.NOBODY_THERE:
        journal.begin()
        with lone_office(config) as commands:
            for arguments in left:
                yield list(commands.answer(command, arguments, control.own_login()))


def alone(config: Config, command: str, arguments: Mapping[str, Any]) -> Iterator["View"]:
    with lone_office(config) as commands:
        yield from commands.answer(command, arguments, control.own_login())


@contextmanager
def lone_office(config: Config) -> Iterator["Office"]:
    """Open the data folder for commands while no bot runs."""
    # Beside a running bot a command only asks, and need not load all this.
    from bot.app import wall_clock
    from bot.models import Models
    from bot.reader import Unreadable
    from bot.reading_room import read
    from bot.setting import home, office, setting
    from store.folder import DataFolder

    def read_here(path: Path) -> "ReadMail | Unreadable":
        try:
            return read(str(path), Models(config).in_use, home(config))
        except Exception:  # whatever hostile bytes make a parser raise
            return Unreadable("it could not be taken apart")

    data = config.data
    with DataFolder(data.dir, data.casebook, keyring=data.keyring, locked=False) as folder:
        yield office(setting(config, folder), folder, read=read_here, now=wall_clock)
