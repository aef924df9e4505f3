"""A process that saves from three threads at once while its journal is rewritten over and over, until it is killed.

Run as `python -m tests.crash.busy FOLDER`. It prints each promise as soon as it may make it, and
goes on from what it finds.
"""

import sys
from pathlib import Path
from threading import Lock, Thread

from store import compaction, generation, journal
from store.embedded import EmbeddedCasebook
from tests.casebook.making import disposition, message, new_case

CASES = 30
EVENTS = 40
"""A case that has as many begins anew under the next reference."""
saying = Lock()


def main(folder: Path) -> None:
    journal.WORTH_COMPACTING = 10_000
    compaction.REST = 0.0001
    generation.SYNC_EVERY = 50_000
    book = EmbeddedCasebook(folder / "casebook.journal")
    for thread in range(3):
        Thread(target=save_without_end, args=(book, thread)).start()


def save_without_end(book: EmbeddedCasebook, thread: int) -> None:
    number = thread
    while True:
        ref = f"DP-2026-{number:06}"
        case = book.get(ref)
        events = len(case.events) if case else 0
        if events < EVENTS:
            name = f"{ref}.{events}"
            grown = case.record(message(name)) if case else new_case(ref)
            book.save(grown, version=events, dispositions=[disposition(name, ref)])
            with saying:
                print(ref, len(grown.events), flush=True)
        number += 3 if events >= EVENTS or number < CASES else 3 - CASES


if __name__ == "__main__":
    main(Path(sys.argv[1]))
