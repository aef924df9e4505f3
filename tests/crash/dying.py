"""A process that works on a store and kills itself at the n-th call that changes the disk.

Run as `python -m tests.crash.dying STEPS FOLDER N`. It prints what it promises as soon as it may
promise it, and at its end, if it lives so long, how many calls of each kind there were.
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.crash.steps import STEPS

CALLS = (
    "fdatasync", "fsync", "ftruncate", "link", "mkdir", "rename", "replace", "unlink", "write",
)  # fmt: skip


class Dying:
    """The calls that change the disk, counted; the one numbered `at` is not survived."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.seen: Counter[str] = Counter()

    def wrapped(self, name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            self.seen[name] += 1
            if self.seen.total() == self._at:
                if name == "write":
                    fd, data = arguments
                    real(fd, data[: len(data) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return call


def main() -> None:
    steps, folder, at = sys.argv[1:]
    dying = Dying(int(at))
    for name in CALLS:
        setattr(os, name, dying.wrapped(name))
    STEPS[steps](Path(folder), lambda promise: say(f"promised {promise}"))
    say("counted " + " ".join(f"{name}={dying.seen[name]}" for name in CALLS))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
