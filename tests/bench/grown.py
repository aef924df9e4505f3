"""What a mail costs from door to acknowledgement where many cases are stored already: `python -m tests.bench.grown [CASES...]`."""

import sys
import tempfile
import time
from pathlib import Path

from store.events import RequestClosed
from store.recorded import Outcome
from tests.bench import processes as seen
from tests.bench.__main__ import lines, load, server
from tests.bench.stores import Embedded, Kept
from tests.bench.storing import kept
from tests.casebook.making import at, sent
from tests.processes import ROOT, UNLIMITED, BotProcess, wait_for

SIZES = (100, 100_000)
OPEN_OF = 50  # one case in so many still runs; the others are closed
MAILS = 400
IDLE = 0.05  # CPU seconds a second


def stored(number: int) -> Kept:
    """Return a case as it is years later: answered, its letter sent, and mostly closed."""
    case, end = kept(number)
    grown = case.record(sent(f"{case.ref}-1"))
    if number % OPEN_OF:
        closed = RequestClosed(at=at(9), by="us", request=1, outcome=Outcome.FULFILLED)
        grown = grown.record(closed)
    return grown, end


def cost(cases: int) -> dict[str, float]:
    """Return the CPU of the desk and of the reading workers for a mail, and the rate, at ten connections."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as name:
        folder = Path(name)
        arrivals = folder / "arrivals"
        with (
            server("sink", arrivals) as sink,
            BotProcess(folder / "b", relay=f"smtp://127.0.0.1:{sink}", more=UNLIMITED) as bot,
        ):
            bot.data.mkdir(parents=True)
            Embedded(bot.data).fill(stored(number) for number in range(1, cases + 1))
            bot.start()
            load(bot.port, "warm", 20, 2)
            wait_for(lambda: len(lines(arrivals)) == 20, 300)
            assert bot.process is not None
            pids = seen.session(bot.process.pid)
            until_idle(pids[0])
            before = [seen.cpu_seconds(pid) for pid in pids]
            begun = load(bot.port, "e", MAILS, 10)["begun"]
            wait_for(lambda: len(lines(arrivals)) == MAILS + 20, 300)
            spent = [seen.cpu_seconds(pid) - was for pid, was in zip(pids, before, strict=True)]
            last = max(float(line.split()[1]) for line in lines(arrivals))
    return {
        "desk CPU ms": 1000 * spent[0] / MAILS,
        "reading CPU ms": 1000 * sum(spent[1:]) / MAILS,
        "mails/s": MAILS / (last - begun),
    }


def until_idle(pid: int) -> None:
    """Wait until the first look through all cases is over."""
    was = -1.0
    while (now := seen.cpu_seconds(pid)) - was > IDLE:
        was = now
        time.sleep(1)


def main(sizes: tuple[int, ...]) -> None:
    found = {cases: cost(cases) for cases in sizes}
    print("| cases stored | " + " | ".join(found[sizes[0]]) + " |")
    print("|---" * 4 + "|")
    for cases, figures in found.items():
        print(f"| {cases:,} | " + " | ".join(f"{value:.1f}" for value in figures.values()) + " |")


if __name__ == "__main__":
    main(tuple(int(word) for word in sys.argv[1:]) or SIZES)
