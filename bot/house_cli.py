"""Moving house: everything from one casebook into a file, and from a file into another casebook.

Neither goes through the running bot: a move wants the data folder to itself (with PostgreSQL, an
export does not).
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.desk_cli import ConfigFile

if TYPE_CHECKING:
    from bot.config import Config

File = Annotated[Path, typer.Argument(help="The file; it holds everything, so keep it safe.")]


def add_to(app: typer.Typer) -> None:
    app.command("export")(export)
    app.command("import")(import_)


def must_lead(config: "Config") -> None:
    """Raise NotAllowedError unless whoever gives the command is a lead: the file holds everything."""
    from bot.control import own_login
    from bot.people import People

    People(config.staff).who(own_login()).must_be("lead")


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal; the function advances it."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("moving", total=total)
        yield lambda steps: bar.advance(task, steps)


def export(file: File, config: ConfigFile = None) -> None:
    """Write every case, message, notice and decision into one file."""
    from bot.app import wall_clock
    from bot.config import load
    from bot.control import own_login
    from store.archive import message_ids, pack
    from store.folder import DataFolder
    from store.house_log import note

    settings = load(config)
    must_lead(settings)
    data = settings.data
    with (
        DataFolder(data.dir, data.casebook, keyring=data.keyring, locked=False) as folder,
        progress(len(message_ids(folder.spool))) as advance,
    ):
        entry = note(folder.casebook, wall_clock(), own_login(), "export")
        pack(
            file,
            folder.spool,
            folder.casebook,
            lambda kind, _size: advance(kind == "message"),
            leave_out=entry,
        )
    print(f"written: {file}")
    print("It holds everybody's personal data in clear: keep it short and safe.", file=sys.stderr)


def import_(
    file: File,
    config: ConfigFile = None,
    *,
    erasures: Annotated[
        Path | None,
        typer.Option(help="The erasures.jsonl of the folder it comes from, if newer."),
    ] = None,
) -> None:
    """Take in what `export` wrote, but for what was erased since; broken off, the same command goes on."""
    from bot.again import erase_again, ledgers_of
    from bot.app import wall_clock
    from bot.config import load
    from store.archive import unpack
    from store.folder import DataFolder

    settings = load(config)
    must_lead(settings)
    data = settings.data
    ledgers = ledgers_of(settings, erasures)
    with (
        DataFolder(data.dir, data.casebook, keyring=data.keyring) as folder,
        progress(file.stat().st_size) as advance,
    ):
        held = (settings, folder.root, folder.casebook, folder.spool, ledgers)
        erase_again(*held, wall_clock())
        unpack(file, folder.spool, folder.casebook, lambda _kind, size: advance(size))
        erase_again(*held, wall_clock())
    print(f"taken in: {file}")
