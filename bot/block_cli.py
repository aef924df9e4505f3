"""The block-list on the command line, and the ticking off of what sends marketing."""

from pathlib import Path
from typing import Annotated

import typer

from bot.desk_cli import ConfigFile, Json, Number, Ref, do

app = typer.Typer(no_args_is_help=True, help="Who must not be written to, and who asks about it.")

Address = Annotated[str, typer.Argument(help="A mail address, in any spelling.")]
Scope = Annotated[str, typer.Option(help="all (any use), marketing, or one purpose by its name.")]
Why = Annotated[str, typer.Option(help="Why, without anybody's address: it is kept for good.")]
MARKETING = "marketing"


def add_to(whole: typer.Typer) -> None:
    for command in (add, remove, check, export):
        app.command(command.__name__)(command)
    app.command("list")(list_entries)
    whole.add_typer(app, name="blocklist")
    whole.command("ticked")(ticked)


def ticked(
    ref: Ref,
    system: Annotated[str, typer.Argument(help="One of policy.sending_systems.")],
    config: ConfigFile = None,
    *,
    request: Number = None,
    as_json: Json = False,
) -> None:
    """Record that a sending system has taken an unsubscribe in."""
    do("ticked", config, {"ref": ref, "system": system, "request": request}, as_json=as_json)


def add(
    address: Address,
    why: Why,
    config: ConfigFile = None,
    *,
    scope: Scope = MARKETING,
    ref: Annotated[str, typer.Option(help="The case in which it was asked.")] = "",
    as_json: Json = False,
) -> None:
    """Block an address. Who is blocked already stays so since the first time."""
    given = {"address": address, "why": why, "scope": scope, "ref": ref}
    show("block_add", given, config, as_json=as_json)


def remove(
    address: Address,
    why: Why,
    config: ConfigFile = None,
    *,
    scope: Scope = MARKETING,
    as_json: Json = False,
) -> None:
    """Lift a block; who did it and why stays on the list."""
    given = {"address": address, "why": why, "scope": scope}
    show("block_remove", given, config, as_json=as_json)


def show(command: str, given: dict[str, str], config: Path | None, *, as_json: bool) -> None:
    from bot.config import load
    from bot.lone import ask
    from bot.screening import show_entries

    show_entries(ask(load(config), command, given), as_json=as_json)


def check(
    address: Annotated[str, typer.Argument(help="A mail address, in any spelling.")] = "",
    config: ConfigFile = None,
    *,
    file: Annotated[
        Path | None, typer.Option(help="A CSV file with a head: each of its rows is answered.")
    ] = None,
    column: Annotated[str, typer.Option(help="Which column has the addresses.")] = "email",
    out: Annotated[
        Path | None, typer.Option(help="Write the rows there, with the answer as a last column.")
    ] = None,
    scope: Annotated[
        str, typer.Option(help="For which use: marketing, say; none counts every block.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Answer whether an address, or each row of a list, is blocked. Every check is counted."""
    from bot.config import load
    from bot.lone import ask
    from bot.screening import screen, show_answer

    if file is not None:
        screen(load(config), file, column, scope, out, as_json=as_json)
    elif address:
        given = {"address": address, "scope": scope}
        show_answer(ask(load(config), "block_check", given), as_json=as_json)
    else:
        raise typer.BadParameter("give an address, or --file")


def list_entries(
    config: ConfigFile = None,
    *,
    checks: Annotated[
        bool, typer.Option("--checks", help="How often it was checked, by day and person.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the entries: hashes, since when, by which case; lifted ones too."""
    from bot.config import load
    from bot.lone import ask
    from bot.screening import show_entries
    from bot.terminal import show_rows

    settings = load(config)
    if checks:
        show_rows(ask(settings, "block_checks", {}), as_json=as_json)
    else:
        show_entries(ask(settings, "block_list", {}), as_json=as_json)


def export(
    config: ConfigFile = None,
    *,
    out: Annotated[Path | None, typer.Option(help="Write it there; none: to the terminal.")] = None,
) -> None:
    """Write the entries as CSV, for whoever has the key of the data folder."""
    from bot.config import load
    from bot.lone import ask
    from bot.screening import write_entries

    write_entries(ask(load(config), "block_list", {}), out)
