"""One store at one size, measured in a process of its own: `python -m tests.bench.storing fill|measure KIND CASES FOLDER`."""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import psycopg

from store.events import LetterOwed
from tests.bench.processes import pss_megabytes
from tests.bench.stores import STORES, BarePostgres, Embedded, Kept, Postgres, Store
from tests.casebook.making import disposition, new_case

SAMPLES = 500
SECONDS = 20.0
LEAST = 3
"""However long each takes."""
PARAGRAPH = "We have your request and answer it by the date below at the latest. "


def kept(number: int) -> Kept:
    """Return a case of about 3 kB as a document, and the place where its message ended."""
    ref = f"DP-2026-{number:06}"
    case = new_case(ref)
    events = tuple(
        replace(e, text=PARAGRAPH * 15, html=PARAGRAPH * 15) if isinstance(e, LetterOwed) else e
        for e in case.events
    )
    opened = replace(
        case.opened, requester_address=f"p{number}@mail.example", requester_name=f"Person N{number}"
    )
    name = f"20261102T093000.{number:06}-{number:08x}"
    return replace(case, events=(opened, *events[1:])), disposition(name, ref)


def timed(do: Callable[[int], object], numbers: Iterator[int]) -> list[float]:
    """Return how long each took, in milliseconds: many where they are quick, few where not."""
    taken: list[float] = []
    end = time.monotonic() + SECONDS
    while len(taken) < SAMPLES and (len(taken) < LEAST or time.monotonic() < end):
        number = next(numbers)
        before = time.perf_counter()
        do(number)
        taken.append(1000 * (time.perf_counter() - before))
    return sorted(taken)


def measure(kind: str, cases: int, folder: Path) -> dict[str, float]:
    store = STORES[kind](folder)
    new = [kept(cases + n) for n in range(1, SAMPLES + 1)]
    chance = random.Random(7)
    at_rest = pss_megabytes([os.getpid()])
    before, before_cpu = time.perf_counter(), time.process_time()
    store.open()
    found = {
        "start s": time.perf_counter() - before,
        "start CPU s": time.process_time() - before_cpu,
        "memory MB": pss_megabytes([os.getpid()]) - at_rest,
    }
    saves = timed(lambda n: store.save(*new[n]), iter(range(SAMPLES)))
    any_case = iter(lambda: chance.randint(1, cases), 0)
    refs = timed(lambda n: store.by_ref(f"DP-2026-{n:06}"), any_case)
    tokens = timed(lambda n: store.by_token(f"token of DP-2026-{n:06}"), any_case)
    found |= {
        "save p50 ms": saves[len(saves) // 2],
        "save p99 ms": saves[int(0.99 * len(saves))],
        "by reference ms": refs[len(refs) // 2],
        "by token ms": tokens[len(tokens) // 2],
        "disk MB": size_of(store, folder) / 1e6,
    }
    return found | (while_compacting(store, cases) if isinstance(store, Embedded) else {})


def size_of(store: Store, folder: Path) -> int:
    """Return how many bytes a store takes on the disk."""
    if isinstance(store, Postgres | BarePostgres):
        with psycopg.connect(store.url) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row is not None
        return int(row[0])
    return sum(path.stat().st_size for path in folder.iterdir())


def while_compacting(store: Embedded, cases: int) -> dict[str, float]:
    """Save on while the journal is rewritten; then from eight threads at once."""
    journal = store.book._storage.journal
    compaction = store.book._compaction
    compaction._at_work.acquire()
    rewriting = Thread(target=compaction._compact)
    before, taken, numbers = time.perf_counter(), [], iter(range(cases + SAMPLES + 1, 10**9))
    rewriting.start()
    while rewriting.is_alive():
        one = kept(next(numbers))
        begun = time.perf_counter()
        store.save(*one)
        taken.append(1000 * (time.perf_counter() - begun))
        time.sleep(0.002)  # a busy bot, not a flood
    took = time.perf_counter() - before
    assert compaction.fault == ""
    assert not journal.is_mostly_past
    taken.sort()
    return {
        "compaction s": took,
        "compacting p50 ms": taken[len(taken) // 2],
        "compacting p99 ms": taken[int(0.99 * len(taken))],
        "compacting max ms": taken[-1],
        "8 threads saves/s": together(store, [kept(next(numbers)) for _ in range(1600)]),
    }


def together(store: Embedded, new: list[Kept]) -> float:
    def save(share: list[Kept]) -> None:
        for one in share:
            store.save(*one)

    threads = [Thread(target=save, args=(new[n::8],)) for n in range(8)]
    before = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(new) / (time.perf_counter() - before)


def main(do: str, kind: str, cases: int, folder: Path) -> None:
    if do == "fill":
        STORES[kind](folder).fill(kept(n) for n in range(1, cases + 1))
        os.sync()
    else:
        print(json.dumps(measure(kind, cases, folder)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
