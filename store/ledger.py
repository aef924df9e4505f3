"""What was erased, on lines of its own beside the casebook: whoever restores an older state knows from it what must not come back.

Only ever longer. It names references, messages by their ids, people of the desk and counts, and
nobody else.
"""

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from store.files import sync_directory, write_whole

LEDGER: Final = "erasures.jsonl"
ERASING: Final = "erasing:"
ERASED: Final = "erased:"
"""Under these names and a reference the casebook keeps that a case is being erased, and that it was."""
SLACK: Final = "slack-erase:"
"""By reference: what of a case was posted where, for whoever deletes it there."""


class Ledger:
    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, what: str, said: Mapping[str, str]) -> None:
        """Write down that something is erased, durably; once more does no harm."""
        line = json.dumps({"what": what, **said}).encode()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        fd = os.open(self._path, flags, 0o600)
        try:
            write_whole(fd, b"\n" + line + b"\n")  # a line that a crash tore stays one by itself
            os.fsync(fd)
        finally:
            os.close(fd)
        sync_directory(self._path.parent)

    def take_over(self, other: "Ledger") -> None:
        """Write down what another ledger says and this one does not."""
        known = self.lines()
        for what, said in other.lines().items():
            if what not in known:
                self.add(what, said)

    def lines(self) -> dict[str, dict[str, str]]:
        """Return what was erased, each with what is said of it; a torn line is none."""
        found: dict[str, dict[str, str]] = {}
        if not self._path.exists():
            return found
        for line in self._path.read_bytes().split(b"\n"):
            try:
                said: dict[str, str] = json.loads(line)
            except ValueError:
                continue
            found[said.pop("what")] = said
        return found


def belongs(name: str, refs: Collection[str]) -> bool:
    """Tell whether what is kept under a name is a case's: then a reference is its last word."""
    last = name.replace(":", " ").rpartition(" ")[2]
    return last in refs and not name.startswith((ERASING, ERASED, SLACK))
