"""The casebook beside other stores at several sizes, in one run: `python -m tests.bench.store [CASES...]`.

Prints tables in Markdown. Each store is measured at each size in a process of its own; first all
stores at one size, then the next.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.bench.stores import ADDRESS, SERVED, STORES
from tests.postgres import new_server, remove
from tests.processes import ROOT

SIZES = (1_000, 10_000, 50_000, 100_000)
LARGE = 1_000_000
"""For PostgreSQL alone."""
DURABLE = ("max_connections=100", "max_wal_size=4GB")
FIGURES = (
    "save p50 ms", "save p99 ms", "by reference ms", "by token ms", "start s", "start CPU s",
    "memory MB", "disk MB",
)  # fmt: skip
BESIDE = (
    "compaction s", "compacting p50 ms", "compacting p99 ms", "compacting max ms", "8 threads saves/s",
)  # fmt: skip


def measured(kind: str, cases: int) -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder,
        database(Path(folder)) if kind in SERVED else nullcontext(),
    ):
        said = b""
        for do in ("fill", "measure"):
            said = subprocess.run(
                [sys.executable, "-m", "tests.bench.storing", do, kind, str(cases), folder],
                cwd=ROOT, check=True, stdout=subprocess.PIPE,
            ).stdout  # fmt: skip
    return dict(json.loads(said))


@contextmanager
def database(folder: Path) -> Iterator[None]:
    """Run a server that syncs what it commits, and leave its address in the folder."""
    server = new_server(*DURABLE)
    (folder / ADDRESS).write_text(server.url)
    try:
        yield
    finally:
        remove(server, server.folder)


def table(figures: tuple[str, ...], rows: dict[tuple[str, int], dict[str, float]]) -> str:
    lines = ["| store | cases | " + " | ".join(figures) + " |", "|---" * (len(figures) + 2) + "|"]
    for (kind, cases), found in rows.items():
        cells = [short(found[name]) if name in found else "" for name in figures]
        if any(cells):
            lines.append(f"| {kind} | {cases:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def main(sizes: tuple[int, ...]) -> None:
    rows: dict[tuple[str, int], dict[str, float]] = {}
    before = os.getloadavg()[0]
    with Progress(console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task(
            "measuring", total=sum(len(STORES if n < LARGE else SERVED) for n in sizes)
        )
        for cases in sizes:
            for kind in STORES if cases < LARGE else SERVED:
                progress.update(task, description=f"{kind}, {cases:,} cases")
                rows[kind, cases] = measured(kind, cases)
                progress.advance(task)
    print(table(FIGURES, rows))
    print(table(BESIDE, {key: row for key, row in rows.items() if key[0] == "embedded"}))
    print(f"load average {before:.1f} at the beginning, {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main(tuple(int(word) for word in sys.argv[1:]) or SIZES)
