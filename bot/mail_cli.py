"""The commands about messages themselves: what waits, what a case's messages say, existing mail taken in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from bot.desk_cli import ConfigFile, Json, Ref
from store.law import Label

spool = typer.Typer(no_args_is_help=True, help="Messages that wait, or that a person must look at.")

SpoolId = Annotated[str, typer.Argument(help="The message's id, as `spool list` shows it.")]
Because = Annotated[
    str, typer.Option(help="Why files that came with the report of a breach are taken out.")
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(spool, name="spool")
    app.command("show")(show)
    app.command("ingest")(ingest)


def show(
    ref: Ref,
    config: ConfigFile = None,
    *,
    save: Annotated[
        Path | None, typer.Option(help="Write the mails and attachments into this folder.")
    ] = None,
    because: Because = "",
    as_json: Json = False,
) -> None:
    """Show what the messages of a case say; that somebody looked stands in the case."""
    from bot.config import load
    from bot.lone import ask
    from bot.saving import save as write_out
    from bot.showing import show_files, show_messages
    from store.folder import sealing_of

    settings = load(config)
    given = {"ref": ref, "save": save is not None, "because": because}
    found = list(ask(settings, "show", given))
    if save is None:
        show_messages(found, as_json=as_json)
    else:
        sealing = sealing_of(settings.data.dir, settings.data.keyring)
        show_files(write_out(found, save, sealing), as_json=as_json)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help=".eml files, mbox files, Maildirs, folders.")],
    config: ConfigFile = None,
    *,
    no_letters: Annotated[
        bool, typer.Option("--no-letters", help="Nobody who wrote is acknowledged.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take existing mail in, with the days it was really received; twice does no harm."""
    import logging

    from bot import journal
    from bot.config import load
    from bot.ingesting import found_files
    from bot.lone_intake import take_in
    from bot.showing import show_summary

    journal.begin(logging.WARNING)  # without a bot the messages are taken in here, one line each
    show_summary(take_in(load(config), found_files(paths), no_letters=no_letters), as_json=as_json)


@spool.command("list")
def spool_list(config: ConfigFile = None, *, as_json: Json = False) -> None:
    """List what waits to be taken in and what is quarantined, with its age."""
    show_answer("spool", config, {}, as_json=as_json)


@spool.command("retry")
def spool_retry(spool_id: SpoolId, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Take a quarantined message in again."""
    show_answer("spool_retry", config, {"spool_id": spool_id}, as_json=as_json)


@spool.command("release")
def spool_release(
    spool_id: SpoolId,
    config: ConfigFile = None,
    *,
    right: Annotated[
        list[Label] | None, typer.Option(help="What it asks; none: to triage.")
    ] = None,
    file: Annotated[str, typer.Option(help="Why it is no case: it is filed.")] = "",
    as_json: Json = False,
) -> None:
    """Make a case of a quarantined message by hand, with its receipt; or file it."""
    given = {"spool_id": spool_id, "rights": right or [], "why": file}
    show_answer("spool_release", config, given, as_json=as_json)


@spool.command("show")
def spool_show(spool_id: SpoolId, config: ConfigFile = None, *, because: Because = "") -> None:
    """Print a message as it came."""
    from bot.config import load
    from bot.lone import ask

    for view in ask(load(config), "spool_show", {"spool_id": spool_id, "because": because}):
        typer.echo(view["raw"])


def show_answer(
    command: str, config: Path | None, given: Mapping[str, object], *, as_json: bool
) -> None:
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import show_rows

    show_rows(ask(load(config), command, given), as_json=as_json)
