"""The register as a file: CSV with a head, UTF-8, one row a request."""

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from bot.register import COLUMNS, Row, RowError

FORMULA = ("=", "+", "-", "@")


def write_csv(rows: Iterable[Mapping[str, str]], out: Path | None) -> None:
    """Write the rows to `out`, or to the terminal."""
    if out is None:
        write_to(sys.stdout, rows)
        return
    with out.open("w", encoding="utf-8", newline="") as file:
        write_to(file, rows)


def write_to(file: TextIO, rows: Iterable[Mapping[str, str]]) -> None:
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: harmless(cell) for name, cell in row.items()})


def harmless(cell: str) -> str:
    """Keep a requester's text from being a formula where the file is opened in a spreadsheet."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def read_csv(path: Path) -> list[Row]:
    """Read a register. Raises RowError when a column is missing."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"received_at", "right"} - set(reader.fieldnames or ())
        if missing:
            raise RowError(f"{path}: there is no column {' or '.join(sorted(missing))}")
        return [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in reader]
