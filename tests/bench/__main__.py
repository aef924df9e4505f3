"""Measure and print, in one run beside two references: accepting, answering, starting, resting."""

import json
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from tests.bench import processes as seen
from tests.peers.postfix import Postfix
from tests.ports import free_port
from tests.processes import DESK, ROOT, UNLIMITED, BotProcess, wait_for

ROUNDS = 3
ACCEPTED = {
    1: 300,
    10: 2000,
    50: 2000,
}  # mails, by connections: so many that the first second is the least
PACES = {
    "1, 20 a second": (200, 1, 0.05),
    "1": (200, 1, 0.0),
    "10": (400, 10, 0.0),
}
"""By name: mails, connections, and how long each rests after a mail (seconds)."""
A_LOOK = 0.5  # seconds
UNREAD = "tests.bench.unread"
KEEPS = "defer_transports = lmtp smtp\n"

console = Console()


def load(port: int, tag: str, total: int, connections: int, pause: float = 0) -> dict[str, Any]:
    words = (str(port), tag, str(total), str(connections), str(pause))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.client", *words],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


@contextmanager
def server(kind: str, path: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.servers", kind, str(port), str(path)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_for(lambda: seen.is_open(port))
        yield port
    finally:
        process.kill()
        process.wait()


def accepting(folder: Path) -> dict[str, list[float]]:
    """Mails accepted a second at 1, 10 and 50 connections, the servers taking turns."""
    rates: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        for name, rate in each_accepting(folder / f"accepting-{number}"):
            rates.setdefault(name, []).append(rate)
    return rates


def each_accepting(folder: Path) -> Iterator[tuple[str, float]]:
    """Yield the mails a second of one server after the other, at so many connections."""
    kept, answers = folder / "kept", folder / "answers"
    kept.mkdir(parents=True)
    with (
        server("discard", folder) as discard,
        server("fsync", kept) as fsync,
        server("sink", answers) as sink,
        BotProcess(folder / "bot", relay=f"smtp://127.0.0.1:{sink}", more=UNLIMITED) as bot,
        ExitStack() as more,
    ):
        bot.start()
        servers = [("discard", discard), ("fsync", fsync), ("ours", bot.port)]
        for (connections, total), (name, port) in product(ACCEPTED.items(), servers):
            yield accepted(name, port, connections, total)
            if name == "ours":  # what it took in is not to be worked off beside the next
                mails = sum(n for c, n in ACCEPTED.items() if c <= connections)
                wait_for(partial(has_lines, answers, mails))
                wait_for(partial(is_at_rest, bot))
        for name, port in postfix(folder / "postfix", more):  # last: it works on what it keeps
            for connections, total in ACCEPTED.items():
                yield accepted(name, port, connections, total)


def accepted(name: str, port: int, connections: int, total: int) -> tuple[str, float]:
    took = load(port, f"c{connections}", total, connections)["seconds"]
    return f"{name} {connections}", total / took


def is_at_rest(bot: BotProcess) -> bool:
    assert bot.process is not None
    before = seen.cpu_seconds(bot.process.pid)
    time.sleep(A_LOOK)
    return seen.cpu_seconds(bot.process.pid) - before < A_LOOK / 10


def has_lines(path: Path, number: int) -> bool:
    return len(lines(path)) == number


def postfix(folder: Path, running: ExitStack) -> list[tuple[str, int]]:
    """Start a Postfix that accepts and keeps what it gets, where one can be started."""
    try:
        peer = running.enter_context(
            Postfix(folder, "acme.example", free_port(), free_port(), more=KEEPS)
        )
    except pytest.skip.Exception as why:
        console.print(f"Postfix is left out: {why}")
        return []
    wait_for(lambda: seen.is_open(peer.port))
    return [("Postfix", peer.port)]


def answering(folder: Path, pace: str, module: str = "bot") -> dict[str, float]:
    """From the first mail to the last acknowledgement at the sink."""
    total, connections, pause = PACES[pace]
    arrivals = folder / f"arrivals-{pace}-{module}"
    with (
        server("sink", arrivals) as sink,
        BotProcess(
            folder / f"answering-{pace}-{module}",
            relay=f"smtp://127.0.0.1:{sink}",
            more=UNLIMITED,
            module=module,
        ) as bot,
    ):
        bot.start()
        load(bot.port, "warm", 20, 2)
        wait_for(lambda: len(lines(arrivals)) == 20)
        assert bot.process is not None
        pids = seen.session(bot.process.pid)
        before = [seen.cpu_seconds(pid) for pid in pids]
        sent = load(bot.port, "e", total, connections, pause)
        wait_for(lambda: len(lines(arrivals)) == total + 20)
        spent = [seen.cpu_seconds(pid) - was for pid, was in zip(pids, before, strict=True)]
        arrived = dict(line.split() for line in lines(arrivals))
    waits = sorted(float(arrived[m]) - at for m, at in sent["done"].items())
    last = max(float(arrived[m]) for m in sent["done"])
    return {
        "mails/s": total / (last - sent["begun"]),
        "p50 ms": 1000 * statistics.median(waits),
        "p99 ms": 1000 * waits[int(0.99 * len(waits))],
        "desk CPU ms": 1000 * spent[0] / total,
        "reading CPU ms": 1000 * sum(spent[1:]) / total,
    }


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def starting(folder: Path, number: int) -> dict[str, float]:
    """From the start of the process to the first 250 and to the first acknowledgement; memory at rest."""
    bot = BotProcess(folder / f"starting-{number}")
    bot.write_settings()
    command = [sys.executable, "-m", "bot", "run", "--config", str(bot.settings)]
    begun = time.monotonic()
    with bot, (folder / f"start-{number}.log").open("wb") as log:
        bot.process = subprocess.Popen(command, stderr=log, cwd=ROOT, start_new_session=True)
        wait_for(lambda: seen.is_open(bot.port))
        with smtplib.SMTP("127.0.0.1", bot.port) as wire:
            raw = "From: a@mail.example\r\nSubject: x\r\n\r\nPlease send me my personal data.\r\n"
            wire.sendmail("a@mail.example", [DESK], raw)
            first = time.monotonic() - begun
        wait_for(lambda: any((bot.data / "outgoing" / "new").glob("*")))
        answered = time.monotonic() - begun
        time.sleep(2)  # at rest: what the start left behind is tidied up
        memory = seen.pss_megabytes(seen.session(bot.process.pid))
    return {"first 250 s": first, "first acknowledgement s": answered, "memory MB (PSS)": memory}


def show(title: str, head: list[str], rows: list[list[str]]) -> None:
    table = Table(title=title, title_justify="left", show_edge=False)
    for name in head:
        table.add_column(name, justify="left" if name == head[0] else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table, "")


def main() -> None:
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as name:
        folder = Path(name)
        rates = {key: statistics.median(found) for key, found in accepting(folder).items()}
        rows = [
            [kind, *(f"{rates[f'{kind} {n}']:.0f}" for n in (1, 10, 50)),
             *(f"{rates[f'{kind} {n}'] / rates[f'fsync {n}']:.2f}" for n in (1, 10, 50))]
            for kind in dict.fromkeys(key.partition(" ")[0] for key in rates)
        ]  # fmt: skip
        head = ["server", "1 conn", "10", "50", "against fsync: 1", "10", "50"]
        show(f"accepted mails/s (median of {ROUNDS} rounds, the servers taking turns)", head, rows)
        for module, title in (("bot", "with the shipped model"), (UNREAD, "reading left out")):
            flows = {pace: answering(folder, pace, module) for pace in PACES}
            head = ["connections", *flows["1"]]
            rows = [[pace, *(f"{v:.1f}" for v in flow.values())] for pace, flow in flows.items()]
            show(f"mail in to acknowledgement at the sink, {title}", head, rows)
        started = [starting(folder, number) for number in range(ROUNDS)]
        rows = [[key, f"{statistics.median(s[key] for s in started):.2f}"] for key in started[0]]
        show(f"start (median of {ROUNDS}) and rest", ["", "measured"], rows)


if __name__ == "__main__":
    main()
