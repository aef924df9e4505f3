"""The commands about letters: write one, look at it before it goes, send it, hold it, see what became of it.

They only read the words; what is done, and whether it may be, is `bot.desk`'s.
"""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.desk_cli import ConfigFile, Json, Ref, do

Numbers = Annotated[
    list[int] | None, typer.Option("--request", help="Which request; again for more.")
]
Fields = Annotated[
    list[str] | None,
    typer.Option("--field", help="A fact of the letter as NAME=VALUE; again for more."),
]
Facts = Annotated[
    Path | None, typer.Option("--facts", help="More facts, in a .json or .toml file.")
]


def add_to(app: typer.Typer) -> None:
    """Add every command about letters to the command line."""
    for command in (write, hold, release, reply, letters, letter):
        app.command(command.__name__)(command)
    app.command("take-back")(take_back)


def write(
    ref: Ref,
    kind: Annotated[str, typer.Argument(help="A kind of letter, such as refusal.")],
    config: ConfigFile = None,
    *,
    request: Numbers = None,
    field: Fields = None,
    facts: Facts = None,
    as_json: Json = False,
) -> None:
    """Write a letter of any kind; what is missing is named. One of legal effect is a draft."""
    given = {
        "ref": ref, "kind": kind, "requests": request or [], "facts": said(field or [], facts),
    }  # fmt: skip
    do("write", config, given, as_json=as_json)


def said(pairs: list[str], file: Path | None) -> dict[str, Any]:
    """Gather the facts that were given: a name that comes again has several values."""
    found = from_file(file)
    several: dict[str, list[str]] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE")
        several.setdefault(name.strip().replace("-", "_"), []).append(value)
    return found | {name: v if len(v) > 1 else v[0] for name, v in several.items()}


def from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    words = file.read_text(encoding="utf-8")
    try:
        found = tomllib.loads(words) if file.suffix == ".toml" else json.loads(words)
    except ValueError as error:
        raise typer.BadParameter(f"{file}: {error}") from None
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{file} does not name facts")
    plain: dict[str, Any] = json.loads(json.dumps(found, default=str))  # TOML has dates of its own
    return plain


def hold(
    ref: Ref,
    letter: str,
    why: Annotated[str, typer.Option(help="Why.")],
    config: ConfigFile = None,
    *,
    as_json: Json = False,
) -> None:
    """Keep a letter back."""
    do("hold", config, {"ref": ref, "letter": letter, "why": why}, as_json=as_json)


def release(ref: Ref, letter: str, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Send a draft or a held letter."""
    do("release", config, {"ref": ref, "letter": letter}, as_json=as_json)


def take_back(ref: Ref, letter: str, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Take a letter back before it goes."""
    do("take_back", config, {"ref": ref, "letter": letter}, as_json=as_json)


def reply(ref: Ref, text: str, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Write to the requester in your own words."""
    do("reply", config, {"ref": ref, "text": text}, as_json=as_json)


def letters(
    ref: Ref,
    letter: Annotated[
        str, typer.Argument(help="One letter's id: its words, as they were sent.")
    ] = "",
    config: ConfigFile = None,
    *,
    as_json: Json = False,
) -> None:
    """Show what was written to the requester, when, and what became of it."""
    from bot.config import load
    from bot.lone import ask as carry_out
    from bot.terminal import show_letters

    found = carry_out(load(config), "letters", {"ref": ref, "letter": letter})
    show_letters(found, as_json=as_json)


def letter(
    kind: Annotated[str, typer.Argument(help="A kind of letter; none with --all.")] = "",
    config: ConfigFile = None,
    *,
    case: Annotated[str, typer.Option(help="With the facts of this case; nothing is sent.")] = "",
    request: Numbers = None,
    field: Fields = None,
    facts: Facts = None,
    every: Annotated[bool, typer.Option("--all", help="Every kind, as files in --out.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="A folder for a mail and a page of each.")
    ] = None,
) -> None:
    """Show a kind of letter with a case's facts or sample ones, or write all of them for a lawyer."""
    from bot.config import load
    from bot.lone import ask as carry_out
    from bot.previewing import show, show_sketch, write_all

    settings = load(config)
    if every and out is not None:
        typer.echo(f"{write_all(out, settings.replies.overrides)} letters in {out}")
    elif kind and case and not every:
        given = {
            "ref": case, "kind": kind, "requests": request or [],
            "facts": said(field or [], facts),
        }  # fmt: skip
        show_sketch(carry_out(settings, "sketch", given))
    elif kind and not every:
        show(kind, settings.replies.overrides)
    else:
        raise typer.BadParameter("give a kind, or --all with --out DIR")
