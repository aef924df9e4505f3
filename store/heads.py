"""The day's heads: what every audit chain stood at, one file a day, each bound to the day before.

A case's own chain shows what was changed inside it. That its end was cut off, or that the case is
gone, shows here: a file holds where each chain that grew since the day before stood, and a Merkle
root over all of them, which leaves this machine by mail.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from store.casebook import Casebook
from store.chain import ORIGIN, text
from store.files import make_folder, write_durably
from store.house_log import entry_head, log_names
from store.refused import RefusedError

FOLDER: Final = "heads"


class Leaf(NamedTuple):
    """Where one chain stood: after how many events, and at which head."""

    events: int
    head: str


Leaves = Mapping[str, Leaf]
"""By reference, or by the name of an entry of the house log."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one file says."""

    on: date
    before: str
    """The root of the day before, empty for the first."""
    root: str
    changed: Leaves


class HeadsError(RefusedError):
    """The files cannot be gone on from; the text is for a person."""


class Heads:
    def __init__(self, root: Path) -> None:
        """`root` is the data folder."""
        self._folder = root / FOLDER

    def days(self) -> list[date]:
        names = (path.stem for path in self._folder.glob("????-??-??.json"))
        return sorted(map(date.fromisoformat, names))

    def read(self, on: date) -> Day:
        """Read one day's file. Raises HeadsError when it is none of ours."""
        try:
            fields: dict[str, Any] = json.loads(self._path(on).read_bytes())
            changed = {name: Leaf(*leaf) for name, leaf in fields["changed"].items()}
            return Day(on, fields["before"], fields["root"], changed)
        except (ValueError, KeyError, TypeError) as error:
            raise HeadsError(f"{FOLDER}/{on}.json is damaged") from error

    def last(self) -> Day | None:
        """Return the newest day. Raises HeadsError when its file is none of ours."""
        days = self.days()
        return self.read(days[-1]) if days else None

    def take(self, on: date, casebook: Casebook) -> None:
        """Write where all chains stand, as the heads of `on`; what stands already is left.

        Raises HeadsError when an earlier file cannot be gone on from, OSError when the disk refuses.
        """
        days = self.days()
        if on in days:
            return
        if days and days[-1] > on:
            raise HeadsError(f"{FOLDER}/{days[-1]}.json is of a day that has not come")
        known: Leaves = {}
        before = ""
        for day, known in states(map(self.read, days)):  # noqa: B007  (the last are gone on from)
            before = day.root
        changed = dict(self._changes(casebook, known))
        root = root_of(before, {**known, **changed})
        make_folder(self._folder)
        fields = {"before": before, "root": root, "changed": changed}
        write_durably(self._path(on), [json.dumps(fields, indent=0).encode() + b"\n"])

    def _changes(self, casebook: Casebook, known: Leaves) -> Iterator[tuple[str, Leaf]]:
        for ref, version in sorted(casebook.versions().items()):
            if ref in known and known[ref].events == version:
                continue
            case = casebook.get(ref)
            if case is not None and case.chain:
                yield ref, Leaf(len(case.chain), case.chain[-1].head)
        for name in log_names(casebook):
            if name not in known:
                yield name, Leaf(1, entry_head(casebook, name))

    def _path(self, on: date) -> Path:
        return self._folder / f"{on.isoformat()}.json"


def root_of(before: str, leaves: Leaves) -> str:
    """Return the Merkle root over the leaves in the order of their names, bound to the day before."""
    level = [hashed("leaf", name, *map(str, leaf)) for name, leaf in sorted(leaves.items())]
    while len(level) > 1:
        level = [hashed("node", *level[i : i + 2]) for i in range(0, len(level), 2)]
    return hashed("root", before, *(level or [ORIGIN]))


def hashed(*parts: str) -> str:
    return text(hashlib.sha256("\n".join(parts).encode()).digest())


def states(days: Iterable[Day]) -> Iterator[tuple[Day, Leaves]]:
    """Yield each day with where all chains stood then."""
    known: dict[str, Leaf] = {}
    for day in days:
        known |= day.changed
        yield day, known
