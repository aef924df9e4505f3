"""All that is held about one person, on the command line."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.desk_cli import ConfigFile, Json


def add_to(app: typer.Typer) -> None:
    app.command("person")(person)


def person(
    who: Annotated[str, typer.Argument(help="An address, a whole name, or a number they gave.")],
    config: ConfigFile = None,
    *,
    out: Annotated[Path | None, typer.Option(help="Write it as a page (HTML) there.")] = None,
    as_json: Json = False,
) -> None:
    """Show all that this tool holds about somebody: an access request about the tool itself."""
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import print_json

    found = next(ask(load(config), "person", {"asked": who}))
    if out is not None:
        from replies.render.pages import person_page

        out.touch(mode=0o600)
        out.write_text(person_page(found), encoding="utf-8")
    if as_json:
        print_json([found])
    else:
        show(found)


def show(found: dict[str, Any]) -> None:
    """Say in short what is held about somebody; the page and the JSON have all of it."""
    from bot.terminal import console

    for case in found["cases"]:
        console.print(f"{case['ref']}  {case['state']}, found by {', '.join(case['found_by'])}")
        parts = ("requests", "messages", "letters", "notes", "events")
        console.print("  " + ", ".join(f"{len(case[part])} {part}" for part in parts))
    for entry in found["block_list"]:
        console.print(f"block-list: {entry['scope']} since {entry['since_on']} {entry['ref']}")
    for message in found["filed"]:
        console.print(f"message {message['id']}: {message['end']}")
    for mention in found["mentions"]:
        console.print(f"named in {mention['ref']}: {mention['kind']} of {mention['at'][:10]}")
    if not any(found[part] for part in ("cases", "block_list", "filed", "mentions")):
        console.print("nothing is held")
