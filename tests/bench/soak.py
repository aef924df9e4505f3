"""Hours of mail in minutes: an even stream, memory and open files watched, and at the end nothing lost.

`python -m tests.bench.soak --minutes N`. A thousand requests a minute, with
copies among them. Exits 1 when something is lost or doubled, or when memory
or files grow from the first third to the last.
"""

import argparse
import json
import smtplib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, median

from rich.console import Console
from rich.table import Table

from store.folder import DataFolder
from tests.bench import processes as seen
from tests.bench.client import mail
from tests.processes import DESK, ROOT, BotProcess, wait_for
from tests.relays import RelayProcess

PACE = 1000  # mails a minute: 20,000 in 20 minutes
COPIES = 50  # every so many mails one is sent twice
GROWTH = 1.15  # of memory, beyond which it is not flat: the casebook itself grows with its cases
MORE_FILES = 5

console = Console()


@dataclass(frozen=True)
class Sample:
    minute: float
    megabytes: float
    files: int
    waiting: int


@dataclass
class Sender:
    """One client that keeps its pace, and knows what was promised."""

    port: int
    sent: int = 0
    copies: int = 0

    def send_until(self, due: int) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as wire:
            while self.sent < due:
                _, raw = mail("soak", self.sent)
                again = self.sent % COPIES == 0
                for _ in range(1 + again):
                    wire.sendmail("p@mail.example", [DESK], raw.removesuffix(b".\r\n"))
                self.copies += again
                self.sent += 1


def soak(bot: BotProcess, minutes: float) -> tuple[Sender, list[Sample]]:
    assert bot.process is not None
    sender, samples = Sender(bot.port), list[Sample]()
    begun = time.monotonic()
    while (gone := (time.monotonic() - begun) / 60) < minutes:
        sender.send_until(min(int(gone * PACE) + 1, int(minutes * PACE)))
        if not samples or gone - samples[-1].minute > minutes / 60:
            samples.append(sample(bot, gone))
        time.sleep(0.05)
    sender.send_until(int(minutes * PACE))
    return sender, samples


def sample(bot: BotProcess, minute: float) -> Sample:
    assert bot.process is not None
    pids = seen.session(bot.process.pid)
    files = len(list(Path(f"/proc/{bot.process.pid}/fd").iterdir()))
    waiting = len(list((bot.data / "spool" / "incoming").iterdir()))
    return Sample(minute, seen.pss_megabytes(pids), files, waiting)


def faults(bot: BotProcess, sender: Sender, letters: int) -> Iterator[str]:
    """Say what was lost or doubled."""
    with DataFolder(bot.data) as folder:
        ends = list(folder.casebook.dispositions())
        owed, left = len(folder.casebook.owed()), folder.spool.pending()
    copies = sum(end.why.startswith("a second copy") for end in ends)
    counted = Counter(end.key for end in ends if not end.why.startswith("a second copy"))
    if (len(counted), copies) != (sender.sent, sender.copies) or max(counted.values()) > 1:
        yield f"{sender.sent} mails and {sender.copies} copies were sent; {len(counted)} and {copies} have a place"
    if letters != sender.sent:
        yield f"{letters} letters went to {sender.sent} senders"
    if owed or left:
        yield f"{owed} letters and {len(left)} messages are left over"


def growth(samples: list[Sample]) -> Iterator[str]:
    third = max(1, len(samples) // 3)
    early, late = samples[third : 2 * third] or samples, samples[-third:]
    memory = [median(s.megabytes for s in some) for some in (early, late)]
    files = [max(s.files for s in some) for some in (early, late)]
    if memory[1] > memory[0] * GROWTH:
        yield f"memory grew from {memory[0]:.0f} to {memory[1]:.0f} MB"
    if files[1] > files[0] + MORE_FILES:
        yield f"open files grew from {files[0]} to {files[1]}"


def slope(samples: list[Sample], of: Callable[[Sample], float]) -> float:
    """Return by how much it grows a minute, the first third left out."""
    late = samples[len(samples) // 3 :]
    return linear_regression([s.minute for s in late], [of(s) for s in late]).slope


def show(samples: list[Sample]) -> None:
    table = Table(show_edge=False)
    for name in ("minute", "memory MB (PSS)", "open files", "waiting"):
        table.add_column(name, justify="right")
    for s in samples[:: max(1, len(samples) // 12)]:
        table.add_row(f"{s.minute:.1f}", f"{s.megabytes:.0f}", str(s.files), str(s.waiting))
    console.print(table)
    memory, files = slope(samples, lambda s: s.megabytes), slope(samples, lambda s: s.files)
    console.print(f"after the first third, a minute: {memory:+.2f} MB, {files:+.2f} open files")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=20)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as name:
        folder = Path(name)
        with RelayProcess(folder / "relay") as relay, BotProcess(folder / "bot") as bot:
            bot.relay = f"smtp://127.0.0.1:{relay.port}"
            bot.start()
            sender, samples = soak(bot, minutes)
            wait_for(lambda: sum(1 for _ in relay.letters()) >= sender.sent, seconds=600)
            samples.append(sample(bot, minutes))
            assert bot.stop() == 0
            found = [*faults(bot, sender, sum(1 for _ in relay.letters())), *growth(samples)]
    show(samples)
    console.print(f"{sender.sent} mails and {sender.copies} copies in {minutes:g} minutes")
    console.print(json.dumps({"faults": found}))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
