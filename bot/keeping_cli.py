"""The commands about keeping and erasing: what is due, legal holds, erasures, figures."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.desk_cli import ConfigFile, Json, Ref, do
from store.keeping import Reason

What = Annotated[
    str, typer.Argument(help="The reference; `filed` for what was filed without a case.")
]


def add_to(app: typer.Typer) -> None:
    for command in (retain, preserve, erase, report, flood):
        app.command(command.__name__)(command)


def retain(
    config: ConfigFile = None,
    *,
    ahead: Annotated[int, typer.Option(help="Also what is due within so many days.", min=0)] = 30,
    now: Annotated[
        bool, typer.Option("--now", help="Carry out the erasures that can no longer be undone.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List what need not be kept any more, or soon; what is under a legal hold; what is to be erased."""
    if now:
        rows("retain_now", config, {}, as_json=as_json)
    else:
        rows("retain", config, {"ahead": ahead}, as_json=as_json)


def preserve(
    ref: Ref,
    reason: Annotated[str, typer.Option(help="Why; kept with the case.")],
    config: ConfigFile = None,
    *,
    until: Annotated[
        str, typer.Option(help="The day to look at it again, such as 2027-06-01.")
    ] = "",
    owner: Annotated[str, typer.Option(help="Whose hold it is, by login; none: yours.")] = "",
    lift: Annotated[bool, typer.Option("--lift", help="End it.")] = False,
    as_json: Json = False,
) -> None:
    """Put a case under a legal hold: nothing of it is deleted until that is lifted."""
    if lift == bool(until):
        raise typer.BadParameter("give --until DAY, or --lift")
    given: dict[str, Any] = {"ref": ref, "why": reason}
    if lift:
        do("end_preservation", config, given, as_json=as_json)
    else:
        do("preserve", config, given | {"review_on": until, "owner": owner}, as_json=as_json)


def erase(
    what: What,
    config: ConfigFile = None,
    *,
    reason: Annotated[Reason | None, typer.Option(help="Ask that it be erased, and why.")] = None,
    why: Annotated[str, typer.Option(help="More about it; erased with the case.")] = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="As the second person.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back.")] = False,
    as_json: Json = False,
) -> None:
    """Have a case erased: one person asks, another confirms, and for seven days it can be taken back."""
    if (reason is not None) + confirm + undo != 1:
        raise typer.BadParameter("give one of --reason, --confirm and --undo")
    if what == "filed":
        if confirm or reason not in {None, Reason.SCHEDULE}:
            raise typer.BadParameter("filed messages: --reason schedule, or --undo")
        rows("erase_filed_undo" if undo else "erase_filed", config, {}, as_json=as_json)
    elif reason is not None:
        do("erase", config, {"ref": what, "reason": reason, "why": why}, as_json=as_json)
    else:
        do("erase_confirm" if confirm else "erase_undo", config, {"ref": what}, as_json=as_json)


def flood(
    config: ConfigFile = None,
    *,
    domain: Annotated[str, typer.Option("--from", help="Only what came from this domain.")] = "",
    close: Annotated[bool, typer.Option("--close", help="Close them all as not ours.")] = False,
    erase: Annotated[
        bool, typer.Option("--erase", help="Close them and ask that they be erased.")
    ] = False,
    why: Annotated[str, typer.Option(help="Of both; it stands in each case.")] = "",
    as_json: Json = False,
) -> None:
    """List the cases that wait together: of senders who failed authentication, when many came in a day."""
    if (close and erase) or bool(why) != (close or erase):
        raise typer.BadParameter("give --why TEXT with --close or --erase, and one of these")
    given = {"domain": domain} | ({"why": why} if why else {})
    rows(
        "flood_close" if close else "flood_erase" if erase else "flood",
        config,
        given,
        as_json=as_json,
    )


def report(config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Count requests by month, right and outcome, with the median of the days they took."""
    rows("report", config, {}, as_json=as_json)


def rows(command: str, config: Path | None, given: dict[str, Any], *, as_json: bool) -> None:
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import show_rows

    show_rows(ask(load(config), command, given), as_json=as_json)
