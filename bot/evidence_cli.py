"""Evidence for an auditor, written into a folder that a browser opens without this software."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.desk_cli import ConfigFile
from store.files import write_durably


def add_to(app: typer.Typer) -> None:
    app.command("evidence")(evidence)


def evidence(
    out: Annotated[Path, typer.Option(help="A new folder for it.")],
    refs: Annotated[list[str] | None, typer.Argument(help="Cases, by reference.")] = None,
    config: ConfigFile = None,
    *,
    sample: Annotated[int, typer.Option(help="Draw so many closed cases instead.")] = 0,
    seed: Annotated[
        str, typer.Option(help="By which they are drawn: the same draws the same.")
    ] = "",
) -> None:
    """Write cases out for an auditor: messages, letters, dates with working, decisions, who looked, the trail."""
    from bot.app import wall_clock
    from bot.command import CommandError
    from bot.config import load
    from bot.control import own_login
    from bot.lone import ask
    from replies.render.pages import evidence_index

    if bool(refs) == bool(sample):
        raise CommandError("name cases, or give --sample and --seed")
    if out.exists():
        raise CommandError(f"{out} is there already: name a new folder")
    given = {"refs": refs or [], "sample": sample, "seed": seed}
    cases = list(ask(load(config), "evidence", given))
    about = {"at": wall_clock().isoformat(), "by": own_login()}
    out.mkdir(mode=0o700, parents=True)
    for case in cases:
        write_case(case, out / case["ref"], about)
    drawn = (
        f"Drawn from all closed cases with the seed “{seed}”." if sample else "Named one by one."
    )
    page = evidence_index(about | {"cases": cases, "how": drawn})
    write_durably(out / "index.html", [page.encode()])
    write_durably(out / "manifest.sha256", list(sums(out)))  # of what is there before it
    typer.echo(f"{out / 'index.html'}: {len(cases)} cases")


def write_case(case: dict[str, Any], folder: Path, about: dict[str, str]) -> None:
    """Write the page of one case, and beside it its mails and what came with them."""
    from bot.saving import save
    from replies.render.pages import evidence_page

    files = {path.name for path in save(case["messages"], folder)}
    said = []
    for number, message in enumerate(case["messages"], start=1):
        mail = {f"{case['ref']}-{number}.eml", f"{case['ref']}-{number}-damaged.bin"}
        said.append(message | {"file": next(iter(mail & files), "")})
    together = {"put_together_at": about["at"], "put_together_by": about["by"]}
    page = evidence_page(case | together | {"messages": said})
    write_durably(folder / "index.html", [page.encode()])


def sums(folder: Path) -> Iterator[bytes]:
    from store.backup import digest_of

    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield f"{digest_of(path)}  {path.relative_to(folder)}\n".encode()
