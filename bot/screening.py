"""A marketing list screened against the block-list, with a progress bar; and its entries shown.

A list is asked in portions that fit one request to the running bot, each one check that is counted.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO

from rich.console import Console
from rich.progress import track

from bot.config import Config
from bot.lone import ask_each
from bot.registering import harmless
from bot.terminal import console, print_json, table
from bot.views import View
from store.refused import RefusedError

ANSWER: Final = "block_list"
"""The column that is added."""
PORTION: Final = 150_000
"""Characters in one request: in the longest encoding of each, less than a request may have."""
LONGEST: Final = 400
"""Characters of a cell that are looked at; no address has as many."""
COLUMNS: Final = (
    "digest", "scope", "since", "ref", "by", "why", "lifted_at", "lifted_by", "lifted_why",
)  # fmt: skip


class ListError(RefusedError):
    """The list cannot be read as one; the text says why."""


def screen(
    config: Config, path: Path, column: str, scope: str, out: Path | None, *, as_json: bool
) -> None:
    """Answer for each row of a list. Raises ListError where it has no such column."""
    head, rows = read_list(path)
    if column not in head:
        raise ListError(f"{path}: there is no column {column!r}; there are {', '.join(head)}")
    answers = list(answered(config, [row[column][:LONGEST] for row in rows], scope))
    if out is not None:
        write_list(out, head, rows, answers)
    show_answers(answers, as_json=as_json, listed=out is None)


def read_list(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", restval="")
            return list(reader.fieldnames or ()), list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ListError(f"{path} is no CSV file in UTF-8: {error}") from None


def answered(config: Config, addresses: Sequence[str], scope: str) -> Iterator[str]:
    portions = list(portioned(addresses))
    several = ({"addresses": portion, "scope": scope} for portion in portions)
    replies = ask_each(config, "block_screen", several)
    bar = Console(stderr=True)
    for (reply,) in track(
        replies,
        f"{len(addresses)} rows",
        total=len(portions),
        console=bar,
        disable=not bar.is_terminal,
    ):
        yield from reply["answers"]


def portioned(addresses: Iterable[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    size = 0
    for address in addresses:
        if size + len(address) > PORTION:
            yield portion
            portion, size = [], 0
        portion.append(address)
        size += len(address) + 4  # quotes, comma, space
    if portion:
        yield portion


def write_list(
    out: Path, head: Sequence[str], rows: Sequence[dict[str, str]], answers: Sequence[str]
) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*head, ANSWER], extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**row, ANSWER: a} for row, a in zip(rows, answers, strict=True))


def show_answers(answers: Sequence[str], *, as_json: bool, listed: bool) -> None:
    """Say how many are blocked, and on which lines where that is written nowhere else."""
    found = Counter(answer.partition(" since ")[0] for answer in answers)
    sums = {name: found[name] for name in ("blocked", "not listed", "no address")}
    hits = [(n, a) for n, a in enumerate(answers, start=2) if a != "not listed"]
    if as_json:
        lines = [{"row": n, "answer": a} for n, a in hits] if listed else []
        print_json([*lines, {"rows": len(answers), **sums}])
        return
    if listed and hits:
        table(["Row", "Answer"], [[str(n), a] for n, a in hits])
    console.print(f"{len(answers)} rows: " + ", ".join(f"{n} {name}" for name, n in sums.items()))


def show_answer(found: Iterable[View], *, as_json: bool) -> None:
    views = list(found)
    if as_json:
        print_json(views)
        return
    for view in views:
        console.print(view["answer"])


def show_entries(found: Iterable[View], *, as_json: bool) -> None:
    entries = list(found)
    if as_json:
        print_json(entries)
    elif entries:
        rows = [
            [e["digest"][:12], e["scope"], e["since_on"], e["ref"], e["by"], state(e)]
            for e in entries
        ]
        table(["Hash", "Scope", "Since", "Case", "By", "State"], rows)
    else:
        console.print("nobody is on the block-list")


def state(entry: View) -> str:
    return f"lifted by {entry['lifted_by']}" if entry["lifted_at"] else "blocked"


def write_entries(found: Iterable[View], out: Path | None) -> None:
    if out is None:
        write_to(sys.stdout, found)
        return
    with out.open("w", encoding="utf-8", newline="") as file:
        write_to(file, found)


def write_to(file: TextIO, found: Iterable[View]) -> None:
    writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for entry in found:
        writer.writerow({name: harmless(str(entry[name] or "")) for name in COLUMNS})
