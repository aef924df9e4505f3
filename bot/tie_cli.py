"""Commands that touch two cases: link and unlink, split and merge, and the review of a decision."""

from typing import Annotated

import typer

from bot.desk_cli import ConfigFile, Json, Ref, do

Other = Annotated[str, typer.Argument(help="The other case's reference.")]


def add_to(app: typer.Typer) -> None:
    for command in (link, unlink, split, merge, review):
        app.command(command.__name__)(command)


def link(ref: Ref, other: Other, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Link two cases of one person; nothing is joined."""
    do("link", config, {"ref": ref, "other": other}, as_json=as_json)


def unlink(ref: Ref, other: Other, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Undo a link."""
    do("unlink", config, {"ref": ref, "other": other}, as_json=as_json)


def split(
    ref: Ref,
    request: Annotated[list[int], typer.Option(help="A request that goes; again for more.")],
    config: ConfigFile = None,
    *,
    name: Annotated[str, typer.Option(help="Whose it is, where it is somebody else's.")] = "",
    address: Annotated[str, typer.Option(help="Where they can be written to.")] = "",
    as_json: Json = False,
) -> None:
    """Let requests go on in a new case, with their clocks; the two are linked."""
    given = {"ref": ref, "requests": request, "name": name, "address": address}
    do("split", config, given, as_json=as_json)


def merge(ref: Ref, other: Other, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Let the other case of the same person go on in this one, with what is open and what comes."""
    do("merge", config, {"ref": ref, "other": other}, as_json=as_json)


def review(
    ref: Ref,
    request: Annotated[int, typer.Option(help="The request that was decided.")],
    config: ConfigFile = None,
    *,
    asked_on: Annotated[str, typer.Option(help="When the review was asked for; none is now.")] = "",
    asked_in: Annotated[
        str, typer.Option(help="The case whose message asks for it; none opens a new case.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Have a decision reviewed in a case of its own; somebody else than the decider closes it."""
    given = {"ref": ref, "request": request, "asked_on": asked_on, "asked_in": asked_in}
    do("review", config, given, as_json=as_json)
