"""The keyring on the command line: what is written at rest is sealed with its keys."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.desk_cli import ConfigFile, Json

if TYPE_CHECKING:
    from bot.config import Config
    from store.keyring import Keyring

app = typer.Typer(no_args_is_help=True, help="The keys of what is encrypted at rest.")


def add_to(whole: typer.Typer) -> None:
    for command in (init, encrypt, status, rotate, backup):
        app.command(command.__name__)(command)
    whole.add_typer(app, name="keyring")


def init(config: ConfigFile = None) -> None:
    """Make the master key in `data.keyring`: from now on all that is written there is sealed."""
    from bot.config import load
    from store.folder import must_lie_outside
    from store.keyring import make_keyring

    data = load(config).data
    folder = named(data.keyring)
    must_lie_outside(data.dir, folder)
    keyring = make_keyring(folder)
    typer.echo(f"{keyring.folder}: made. Whoever loses it loses the data: `keyring backup DIR`.")


def encrypt(
    into: Annotated[Path, typer.Argument(help="The data folder to make, new or empty.")],
    config: ConfigFile = None,
) -> None:
    """Make an encrypted data folder of the one in clear; no bot may run. The old one is yours to remove."""
    from bot.backup_cli import bar
    from bot.config import load
    from store.casebook import EMBEDDED
    from store.folder import DataFolder, must_lie_outside
    from store.key_care import encrypt as make
    from store.wrapping import KeyringError

    settings = load(config)
    keyring, data = keyring_of(settings).folder, settings.data
    must_lie_outside(into, keyring)
    if data.casebook != EMBEDDED:
        raise KeyringError("the casebook is on PostgreSQL: move it by export and import")
    with DataFolder(data.dir) as old, bar("encrypting", shown=True) as told:
        make(old, into, keyring, told)
    typer.echo(f"{into}: made. Name it as data.dir, and remove {data.dir} and its backups.")


def status(config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Look at every key: how many there are, how many were destroyed, and what is wrong."""
    from bot.config import load
    from bot.terminal import print_json
    from store.key_care import status as look

    found = look(keyring_of(load(config)))
    if as_json:
        print_json([asdict(found)])
    else:
        for name, value in asdict(found).items():
            typer.echo(
                f"{name:10} {', '.join(map(str, value)) if isinstance(value, tuple) else value}"
            )
    if found.faults:
        raise typer.Exit(1)


def rotate(config: ConfigFile = None) -> None:
    """Make a new master key and wrap every key by it; broken off, the same command goes on."""
    from bot.backup_cli import bar
    from bot.config import load
    from store.key_care import rotate as change

    keyring = keyring_of(load(config))
    with bar("wrapping", shown=True) as told:
        change(keyring, told)
    typer.echo(f"{keyring.folder}: master key {keyring.masters.newest}")


def backup(
    into: Annotated[Path, typer.Argument(help="A folder for it, away from backups of the data.")],
    config: ConfigFile = None,
) -> None:
    """Copy the keyring into a folder with its date. Keep it for days: it brings back what is erased."""
    from bot.app import wall_clock
    from bot.config import load
    from store.key_care import back_up

    typer.echo(f"{back_up(keyring_of(load(config)), into, wall_clock())}: the keyring as of now")


def keyring_of(config: "Config") -> "Keyring":
    from bot.house_cli import must_lead
    from store.keyring import open_keyring
    from store.wrapping import KeyringError

    must_lead(config)
    keyring = open_keyring(named(config.data.keyring))
    if keyring is None:
        raise KeyringError(f"{config.data.keyring} has no master key: `keyring init` makes one")
    return keyring


def named(folder: Path | None) -> Path:
    from store.wrapping import KeyringError

    if folder is None:
        raise KeyringError("data.keyring is not set: name a folder that is not in data.dir")
    return folder
