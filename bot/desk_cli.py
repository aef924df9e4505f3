"""The desk's actions on the command line: one command each, the reference first.

They only read the words; what is done, and whether it may be, is `bot.desk`'s.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from store.law import Label
from store.recorded import Medium, Outcome, Wanted

Ref = Annotated[str, typer.Argument(help="The reference, such as DP-2026-000123.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="The TOML file with the settings.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one value a line.")]
Number = Annotated[
    int | None, typer.Option("--request", help="Which request, where several are open.")
]
Day = Annotated[
    str, typer.Option(help="The day it counts from, such as 2026-12-04; none is today.")
]
About = Annotated[
    str, typer.Option(help="A word for the question, where several are open at once.")
]


def add_to(app: typer.Typer) -> None:
    """Add every desk command to the command line."""
    for command in (
        claim, assign, sort, note, ask, stop, restart, supplied, acknowledged, answered, extend,
        receipt, close, reopen, restrict, aware, breach,
    ):  # fmt: skip
        app.command(command.__name__)(command)
    app.command("open")(open_case)
    app.command("delete-papers")(delete_papers)
    app.command("what-if")(what_if)
    app.command("calendar")(calendar)
    app.command("register")(register)


def do(command: str, config: Path | None, given: dict[str, Any], *, as_json: bool) -> None:
    from bot.config import load
    from bot.lone import ask as carry_out
    from bot.terminal import show_case

    show_case(carry_out(load(config), command, given), as_json=as_json)


def open_case(
    config: ConfigFile = None,
    *,
    filed: Annotated[
        str, typer.Option(help="The id of a message that was filed without a case.")
    ] = "",
    by: Annotated[Medium, typer.Option(help="How the request was made.")] = Medium.PHONE,
    received: Annotated[str, typer.Option(help="When it was made: a date or an instant.")] = "",
    right: Annotated[
        list[Label] | None, typer.Option(help="What it asks; none: to triage.")
    ] = None,
    name: Annotated[str, typer.Option(help="Who asks.")] = "",
    address: Annotated[str, typer.Option(help="Where they can be written to.")] = "",
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="The address is theirs: they get a letter.")
    ] = False,
    words: Annotated[str, typer.Option(help="What was asked, for the file.")] = "",
    identifier: Annotated[
        list[str] | None, typer.Option(help="A number they gave to be found by; again for more.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Open a case: of a filed message, or of a request made by phone, post or in person."""
    if filed:
        do("open_filed", config, {"spool_id": filed, "rights": right or []}, as_json=as_json)
    elif received:
        given = {
            "medium": by, "received": received, "rights": right or [], "name": name,
            "address": address, "confirmed": confirmed, "words": words, "identifiers": identifier or [],
        }  # fmt: skip
        do("open_told", config, given, as_json=as_json)
    else:
        raise typer.BadParameter("give --received (when it was made), or --filed ID")


def claim(ref: Ref, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Take a case that is nobody's."""
    do("claim", config, {"ref": ref}, as_json=as_json)


def assign(ref: Ref, to: str, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Hand a case over to a member of staff, by login."""
    do("assign", config, {"ref": ref, "to": to}, as_json=as_json)


def sort(
    ref: Ref,
    rights: list[Label],
    config: ConfigFile = None,
    *,
    request: Number = None,
    as_json: Json = False,
) -> None:
    """Say what a request asks; further rights become requests of their own."""
    do("sort", config, {"ref": ref, "rights": rights, "request": request}, as_json=as_json)


def note(ref: Ref, text: str, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Write a note on a case; nobody outside sees it."""
    do("note", config, {"ref": ref, "text": text}, as_json=as_json)


def ask(
    ref: Ref,
    wanted: Wanted,
    config: ConfigFile = None,
    *,
    question: Annotated[str, typer.Option(help="What is asked, in words for the requester.")] = "",
    because: Annotated[str, typer.Option(help="Why it is asked, in words for the requester.")] = "",
    meanwhile: Annotated[str, typer.Option(help="What is dealt with already.")] = "",
    check: Annotated[
        list[str] | None, typer.Option(help="A way to show who one is; again for more.")
    ] = None,
    request: Number = None,
    by: Annotated[
        Medium, typer.Option(help="How: by letter (email), or recorded as asked.")
    ] = Medium.EMAIL,
    on: Day = "",
    about: About = "",
    as_json: Json = False,
) -> None:
    """Ask for identity, authority or clarification, by letter; or record that it was asked."""
    given = {
        "ref": ref, "wanted": wanted, "question": question, "reasons": because,
        "meanwhile": meanwhile, "checks": check or [], "request": request, "medium": by, "on": on, "about": about,
    }  # fmt: skip
    do("ask", config, given, as_json=as_json)


def stop(
    ref: Ref,
    question: Annotated[str, typer.Option(help="What was asked.")],
    config: ConfigFile = None,
    *,
    by: Annotated[Medium, typer.Option(help="How it was asked.")] = Medium.PHONE,
    request: Number = None,
    on: Day = "",
    about: About = "",
    as_json: Json = False,
) -> None:
    """Stop the clock of an access request: a question was asked by phone or post (`ask` writes one)."""
    given = {
        "ref": ref, "wanted": Wanted.CLARIFICATION, "question": question, "request": request,
        "medium": by, "on": on, "about": about,
    }  # fmt: skip
    do("ask", config, given, as_json=as_json)


def restart(
    ref: Ref,
    config: ConfigFile = None,
    *,
    how: Annotated[str, typer.Option(help="How the answer came.")] = "",
    on: Day = "",
    about: About = "",
    as_json: Json = False,
) -> None:
    """Let the clock run again: the answer came."""
    given = {"ref": ref, "wanted": Wanted.CLARIFICATION, "how": how, "on": on, "about": about}
    do("supplied", config, given, as_json=as_json)


def supplied(
    ref: Ref,
    wanted: Wanted,
    config: ConfigFile = None,
    *,
    how: Annotated[str, typer.Option(help="How it was checked, and by whom.")] = "",
    on: Day = "",
    about: About = "",
    as_json: Json = False,
) -> None:
    """Record that identity, authority or an answer came."""
    given = {"ref": ref, "wanted": wanted, "how": how, "on": on, "about": about}
    do("supplied", config, given, as_json=as_json)


def acknowledged(
    ref: Ref,
    how: Annotated[str, typer.Option(help="How: by post, on the phone.")],
    config: ConfigFile = None,
    *,
    request: Number = None,
    on: Day = "",
    as_json: Json = False,
) -> None:
    """Record that the requester was told outside this tool that the request has come."""
    do(
        "acknowledged",
        config,
        {"ref": ref, "how": how, "on": on, "request": request},
        as_json=as_json,
    )


def answered(
    ref: Ref,
    on: Annotated[str, typer.Option(help="The day it was answered.")],
    how: Annotated[str, typer.Option(help="How and where.")],
    config: ConfigFile = None,
    *,
    request: Number = None,
    as_json: Json = False,
) -> None:
    """Record that a request was answered elsewhere: that day decides whether it was in time."""
    do("answered", config, {"ref": ref, "on": on, "how": how, "request": request}, as_json=as_json)


def extend(
    ref: Ref,
    ground: Annotated[str, typer.Option(help="complexity, or number of this person's requests.")],
    reasons: Annotated[str, typer.Option(help="Why, in words for the requester.")],
    config: ConfigFile = None,
    *,
    request: Number = None,
    as_json: Json = False,
) -> None:
    """Draft the notice of an extension; `release` sends it."""
    given = {"ref": ref, "ground": ground, "reasons": reasons, "request": request}
    do("extend", config, given, as_json=as_json)


def receipt(
    ref: Ref,
    at: Annotated[str, typer.Option(help="When it was really received.")],
    why: Annotated[str, typer.Option(help="How that is known.")],
    config: ConfigFile = None,
    *,
    request: Number = None,
    as_json: Json = False,
) -> None:
    """Set the true receipt of a request."""
    do("receipt", config, {"ref": ref, "at": at, "why": why, "request": request}, as_json=as_json)


def close(
    ref: Ref,
    outcome: Annotated[Outcome, typer.Option(help="How the request ended.")],
    config: ConfigFile = None,
    *,
    request: Number = None,
    reasons: Annotated[str, typer.Option(help="Why: kept with the case.")] = "",
    exemption: Annotated[str, typer.Option(help="The exemption's name.")] = "",
    finding: Annotated[str, typer.Option(help="Of a complaint: what was found.")] = "",
    remedy: Annotated[str, typer.Option(help="Of a complaint: what was put right.")] = "",
    lesson: Annotated[str, typer.Option(help="Of a complaint: what was learnt.")] = "",
    override: Annotated[str, typer.Option(help="Why an erasure need not wait for access.")] = "",
    as_json: Json = False,
) -> None:
    """Close a request of a case with its outcome."""
    given = {
        "ref": ref, "outcome": outcome, "request": request, "reasons": reasons,
        "exemption": exemption, "finding": finding, "remedy": remedy, "lesson": lesson,
        "override": override,
    }  # fmt: skip
    do("close", config, given, as_json=as_json)


def reopen(
    ref: Ref,
    request: Annotated[int, typer.Option(help="Which request.")],
    why: Annotated[str, typer.Option(help="Why.")],
    config: ConfigFile = None,
    *,
    as_json: Json = False,
) -> None:
    """Open a closed request again; its clock is the old one."""
    do("reopen", config, {"ref": ref, "request": request, "why": why}, as_json=as_json)


def delete_papers(ref: Ref, config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Delete proof of identity that has served: it is cut out of the stored mails."""
    do("delete_papers", config, {"ref": ref}, as_json=as_json)


def restrict(
    ref: Ref,
    hidden_from: Annotated[list[str], typer.Option("--from", help="A login; may be given again.")],
    why: Annotated[str, typer.Option(help="Why.")],
    config: ConfigFile = None,
    *,
    as_json: Json = False,
) -> None:
    """Hide a case from members of staff, in lists and counts too."""
    do("restrict", config, {"ref": ref, "hidden_from": hidden_from, "why": why}, as_json=as_json)


def aware(
    ref: Ref,
    at: Annotated[str, typer.Option(help="When the controller became aware.")],
    why: Annotated[str, typer.Option(help="How that is known.")],
    config: ConfigFile = None,
    *,
    request: Number = None,
    as_json: Json = False,
) -> None:
    """Set when a breach became known: the 72 hours count from there."""
    do("aware", config, {"ref": ref, "at": at, "why": why, "request": request}, as_json=as_json)


def breach(
    ref: Ref,
    notify: Annotated[
        bool, typer.Option("--notify/--do-not-notify", help="Whether the regulator is told.")
    ],
    reasons: Annotated[str, typer.Option(help="Why.")],
    config: ConfigFile = None,
    *,
    request: Number = None,
    as_json: Json = False,
) -> None:
    """Record whether the regulator is told of a breach, and why."""
    given = {"ref": ref, "notify": notify, "reasons": reasons, "request": request}
    do("breach", config, given, as_json=as_json)


def what_if(
    ref: Ref,
    config: ConfigFile = None,
    *,
    request: Number = None,
    if_paused_from: Annotated[str, typer.Option(help="If a question were asked then.")] = "",
    until: Annotated[str, typer.Option(help="And answered then.")] = "",
    if_extended: Annotated[
        bool, typer.Option("--if-extended", help="If it were extended.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Reckon a request's date as if more had happened; nothing changes."""
    from bot.config import load
    from bot.lone import ask as carry_out
    from bot.terminal import print_json, show_what_if

    given = {
        "ref": ref, "request": request, "paused_from": if_paused_from, "until": until,
        "extended": if_extended,
    }  # fmt: skip
    found = carry_out(load(config), "what_if", given)
    (print_json if as_json else show_what_if)(found)


def calendar(
    config: ConfigFile = None,
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Put the new list in force, from the next start on.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show how the holiday list has changed and which running cases that would move."""
    from bot.config import load
    from bot.lone import ask as carry_out
    from bot.terminal import show_calendar

    show_calendar(carry_out(load(config), "calendar", {"accept_it": accept}), as_json=as_json)


def register(
    config: ConfigFile = None,
    *,
    out: Annotated[Path | None, typer.Option(help="Write it there; none: to the terminal.")] = None,
    take_in: Annotated[
        Path | None, typer.Option(help="Take in the cases of such a file: a backlog.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the register of all cases as CSV, one row a request; or take a backlog in."""
    from bot.config import load
    from bot.lone import ask as carry_out
    from bot.registering import read_csv, write_csv
    from bot.terminal import show_cases

    settings = load(config)
    if take_in is not None:
        given = {"taken": read_csv(take_in)}
        show_cases(carry_out(settings, "register_take_in", given), as_json=as_json)
    else:
        write_csv(carry_out(settings, "register", {}), out)
