"""The command line: each command asks the running bot, or works on the data folder itself when none runs.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage. `--json` prints one value a line.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from store.law import Label
from store.refused import RefusedError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Takes in data protection requests, keeps the statutory clock, sends the letters that are owed.",
)

ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="The TOML file with the settings.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one value a line.")]


def add_desk_commands() -> None:
    from bot import (
        backup_cli,
        block_cli,
        desk_cli,
        evidence_cli,
        house_cli,
        keeping_cli,
        keyring_cli,
        letter_cli,
        mail_cli,
        person_cli,
        tie_cli,
    )

    backup_cli.add_to(app)
    block_cli.add_to(app)
    desk_cli.add_to(app)
    evidence_cli.add_to(app)
    house_cli.add_to(app)
    keyring_cli.add_to(app)
    keeping_cli.add_to(app)
    letter_cli.add_to(app)
    mail_cli.add_to(app)
    person_cli.add_to(app)
    tie_cli.add_to(app)


def main() -> None:
    """Run the command line; what is refused is printed as its sentence."""
    add_desk_commands()
    try:
        app()
    except BrokenPipeError:
        sys.exit(1)
    except (RefusedError, OSError) as error:
        for line in str(error).splitlines():
            print(f"privacy-intake: {line}", file=sys.stderr)
        sys.exit(1)


@app.command()
def run(config: ConfigFile = None) -> None:
    """Start the bot and work until Ctrl-C or SIGTERM."""
    import asyncio

    from bot import journal
    from bot.app import run_until_signal
    from bot.config import load
    from store.folder import DataFolder

    settings = load(config)
    journal.begin()
    data = settings.data
    with DataFolder(data.dir, data.casebook, keyring=data.keyring) as folder:
        asyncio.run(run_until_signal(settings, folder))


@app.command()
def demo(
    *,
    end: Annotated[
        bool, typer.Option("--exit", help="End by itself, without waiting for Ctrl-C.")
    ] = False,
    folder: Annotated[
        Path, typer.Option(help="Where the demo keeps its data; emptied first.")
    ] = Path("demo-data"),
    say: Annotated[
        str, typer.Option(help="Only send these words, as one more mail to a running demo.")
    ] = "",
    port: Annotated[int, typer.Option(help="Where the running demo takes mail.")] = 8025,
) -> None:
    """Start the bot on its defaults, send it sample mail, and show what became of it."""
    from bot import demo as play

    if say:
        print(f"sent, and accepted: {play.say(port, say)}")
    else:
        play.show(folder, end=end)


@app.command()
def check(
    config: ConfigFile = None,
    *,
    canary: Annotated[
        float, typer.Option(help="Send ourselves a mail, and wait for it so many seconds.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Verify the configuration, say all faults at once, and print what will be used."""
    from bot.checking import check_all, try_way_home
    from bot.terminal import show_check

    show_check(check_all(config), as_json=as_json)
    if canary:
        print(f"a mail to {try_way_home(config, canary)} has come home", file=sys.stderr)


@app.command()
def cases(
    ref: Annotated[
        str, typer.Argument(help="A reference, such as DP-2026-000123; none lists them all.")
    ] = "",
    config: ConfigFile = None,
    *,
    still_open: Annotated[bool, typer.Option("--open", help="Leave out what is closed.")] = False,
    as_json: Json = False,
) -> None:
    """List the cases, or show one with its requests, dates and working, letters and history."""
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import show_case, show_cases

    found = ask(load(config), "cases", {"ref": ref, "every": not still_open})
    (show_case if ref else show_cases)(found, as_json=as_json)


@app.command()
def due(
    right: Annotated[Label | None, typer.Argument(help="What is asked.")] = None,
    received: Annotated[
        datetime | None, typer.Argument(help="When it was received: a date, or an instant.")
    ] = None,
    config: ConfigFile = None,
    *,
    file: Annotated[
        Path | None, typer.Option(help="Rows to reckon; a line of JSON for each.")
    ] = None,
    if_paused_from: Annotated[
        datetime | None, typer.Option(help="If a question were asked then.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(help="And answered then.")] = None,
    if_extended: Annotated[
        bool, typer.Option("--if-extended", help="If it were extended.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Reckon a due date and show its working, each step with its source; or many from a file."""
    from bot.config import load
    from bot.dues import WhatIf, show_due, show_rows
    from bot.setting import jurisdiction

    if file is not None:
        show_rows(file)
    elif right is not None and received is not None:
        what_if = WhatIf(
            if_paused_from.date() if if_paused_from else None,
            until.date() if until else None,
            extended=if_extended,
        )
        show_due(right, received, what_if, jurisdiction(load(config)), as_json=as_json)
    else:
        raise typer.BadParameter("give a right and a date, or --file")


@app.command()
def classify(
    text: Annotated[str, typer.Argument(help="The text of a message.")] = "",
    config: ConfigFile = None,
    *,
    subject: str = "",
    file: Annotated[
        Path | None,
        typer.Option(help="Read a text from a file; or each mail of an .eml, an mbox, a Maildir."),
    ] = None,
    jsonl: Annotated[
        Path | None, typer.Option(help="Read lines of id, subject, text; print a line for each.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also what decided, and what else was read.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read what a message asks: labels, scores, and whether anybody should act on them."""
    from bot.config import load
    from bot.models import Models
    from bot.readings import classify_file, classify_lines, classify_one

    model = Models(load(config)).in_use
    if jsonl is not None:
        classify_lines(jsonl, model)
    elif file is not None:
        classify_file(file, subject, model, explain=explain, as_json=as_json)
    elif text:
        classify_one(text, subject, model, explain=explain, as_json=as_json)
    else:
        raise typer.BadParameter("give a text, --file or --jsonl")


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Lines of id, subject, text, labels.")],
    config: ConfigFile = None,
    *,
    slices: Annotated[
        bool, typer.Option("--slices", help="Also by language, channel and the like.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="A folder for pictures: confusion and reliability.")
    ] = None,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Beside it: phrases alone, TF-IDF, and what is not there."),
    ] = False,
) -> None:
    """Score the model on labelled messages; print the figures as JSON."""
    from bot.config import load
    from bot.models import Models
    from bot.readings import evaluate as score

    score(gold, Models(load(config)).in_use, slices=slices, report=report, compare=compare)


@app.command()
def train(
    config: ConfigFile = None,
    *,
    corpus: Annotated[Path, typer.Option(help="A folder of labelled .jsonl files.")] = Path(
        "intents/corpus"
    ),
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = Path("intents/model"),
    seed: int = 7,
    candidate: Annotated[
        bool,
        typer.Option("--candidate", help="Learn from corrections too; compare, and swap nothing."),
    ] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Put the candidate in use.")] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Put back the model before.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the model from the corpus: same corpus and seed, same model."""
    from bot import readings
    from bot.config import load
    from bot.control import own_login
    from bot.lone import ask
    from bot.models import Models
    from bot.people import People

    if not (candidate or accept or rollback):
        readings.train(corpus, out, seed)
        return
    settings = load(config)
    People(settings.staff).who(own_login()).must_be("lead")
    models = Models(settings)
    if candidate:
        readings.propose(models, list(ask(settings, "corrections", {})), seed, as_json=as_json)
    elif accept:
        models.accept()
        typer.echo("in use from the next start on")
    else:
        typer.echo(f"from the next start on: {models.roll_back()}")


@app.command()
def reconcile(config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Account for every message: exit 0 if the sum equals what was accepted, 1 if not."""
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import show_account

    if not show_account(next(ask(load(config), "reconcile", {})), as_json=as_json):
        sys.exit(1)


@app.command()
def verify(config: ConfigFile = None, *, as_json: Json = False) -> None:
    """Prove that no case and no record of a look was changed or removed: exit 0 if so, 1 if not."""
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import show_proof

    if not show_proof(next(ask(load(config), "verify", {})), as_json=as_json):
        sys.exit(1)


@app.command()
def audit(config: ConfigFile = None, *, as_json: Json = False) -> None:
    """List who took personal data out, or looked at what belongs to no case; looks at cases stand in them."""
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import show_rows

    show_rows(ask(load(config), "audit", {}), as_json=as_json)


@app.command()
def filed(config: ConfigFile = None, *, as_json: Json = False) -> None:
    """List what was filed without a case: other, automatic, bounces, spam."""
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import show_filed

    show_filed(ask(load(config), "filed", {}), as_json=as_json)


@app.command()
def refused(config: ConfigFile = None, *, as_json: Json = False) -> None:
    """List who was refused in Slack: guests, strangers, colleagues outside the desk."""
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import show_rows

    show_rows(ask(load(config), "refused", {}), as_json=as_json)


@app.command()
def watch(
    config: ConfigFile = None,
    *,
    at: Annotated[
        str, typer.Option(help="An instant, such as 2026-11-27T08:30+00:00; none is now.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Look at the clock once: owe staff what is due to them."""
    from bot.config import load
    from bot.lone import ask
    from bot.terminal import show_rows

    show_rows(ask(load(config), "watch", {"at": at}), as_json=as_json)
