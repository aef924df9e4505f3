"""The commands that copy the data folder and make it again, each with a bar on a terminal.

The running bot only says how the folder stands at one instant; the copying is done here, so that
its work goes on.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.desk_cli import ConfigFile, Json

if TYPE_CHECKING:
    from bot.config import Config
    from store.backup import Summary, Told
    from store.sealing import Sealing

ATTEMPTS = 5
"""A compaction may put another journal in place between two looks; hardly five times."""


def add_to(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore_into)


def backup(
    dest: Annotated[Path, typer.Argument(help="A new folder for it.")],
    config: ConfigFile = None,
    *,
    as_json: Json = False,
) -> None:
    """Copy the data folder as it stands at this instant; the bot may run."""
    from bot.config import load

    with bar("copying", shown=not as_json) as told:
        summary = taken(load(config), dest, told)
    show(summary, dest, as_json=as_json)


def taken(config: "Config", dest: Path, told: "Told") -> "Summary":
    """Take the backup: beside the running bot, or alone under the lock until it is done."""
    from bot.app import wall_clock
    from bot.lone import ask
    from store.backup import BackupError, take
    from store.folder import JOURNAL, Standing

    root = config.data.dir
    for _ in range(ATTEMPTS):
        with (root / JOURNAL).open("rb") as journal:
            for view in ask(config, "standing", {}):
                standing = Standing(**view)
                if standing.inode == os.fstat(journal.fileno()).st_ino:
                    return take(root, journal, standing, dest, told, wall_clock().isoformat())
    raise BackupError("the casebook is being compacted over and over: try again")


def restore_into(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="The folder of a backup.")],
    config: ConfigFile = None,
    *,
    into: Annotated[
        Path | None, typer.Option(help="The data folder to make, new or empty; else `data.dir`.")
    ] = None,
    erasures: Annotated[
        Path | None,
        typer.Option(help="The erasures.jsonl of the data folder before, if that is elsewhere."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a data folder from a backup, every checksum checked; what was erased since is erased again."""
    from bot.again import ledgers_of
    from bot.app import wall_clock
    from bot.config import load
    from store.backup import restore
    from store.folder import sealing_of

    settings = load(config)
    folder, ledgers = into or settings.data.dir, ledgers_of(settings, erasures)
    sealing = sealing_of(folder, settings.data.keyring)
    again: list[str] = []

    def erase(partial: Path) -> None:
        again.extend(erased_in(partial, settings, ledgers, sealing))

    with bar("restoring", shown=not as_json) as told:
        summary = restore(source, folder, wall_clock().year, told, sealing, erase)
    show(summary, folder, as_json=as_json, erased_again=again)


def erased_in(
    folder: Path, config: "Config", ledgers: Iterable[Path], sealing: "Sealing"
) -> list[str]:
    """Erase again, in a folder that was just restored, what was erased since the backup."""
    from bot.again import erase_again
    from bot.app import wall_clock
    from store.embedded import EmbeddedCasebook
    from store.folder import JOURNAL
    from store.spool import Spool

    casebook = EmbeddedCasebook(folder / JOURNAL, sealing)
    try:
        spool = Spool(folder / "spool", sealing)
        return erase_again(config, folder, casebook, spool, ledgers, wall_clock())
    finally:
        casebook.close()


@contextmanager
def bar(what: str, *, shown: bool) -> Iterator["Told"]:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(file=sys.stderr)
    with Progress(
        console=console, transient=True, disable=not (shown and console.is_terminal)
    ) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def show(
    summary: "Summary", where: Path, *, as_json: bool, erased_again: Sequence[str] = ()
) -> None:
    from bot.terminal import print_json

    if as_json:
        print_json([asdict(summary) | {"in": str(where), "erased_again": list(erased_again)}])
        return
    typer.echo(
        f"{where}: {summary.cases} cases, {summary.messages} messages, as of {summary.made_at}"
    )
    if summary.erased:
        typer.echo(f"{summary.erased} cases were erased since: they have no key, and are left out")
    if erased_again:
        typer.echo(f"erased since then, and now again: {', '.join(erased_again)}")
