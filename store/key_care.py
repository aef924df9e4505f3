"""What is done to a keyring by hand: given a new master key, copied, looked over.

Each can be broken off at any moment and begun again; meanwhile everything opens as before.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from store.backup import whole
from store.files import write_durably
from store.keyring import OWN, Keyring

BACKUPS: Final = "backups"
"""In the keyring: a line for each backup of it, with the instant and the place."""
NOT_COPIED: Final = ("lock", BACKUPS, ".*")
MOST_DAYS: Final = 30
"""For so long a backup of the keyring may stay: what was erased since, it brings back."""

Told = Callable[[int, int], None]
"""Told how many keys are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    folder: str
    id: str
    masters: tuple[int, ...]
    """More than one: a change of the master key was broken off."""
    cases: int
    """How many cases have a key."""
    destroyed: int
    """How many had one."""
    faults: tuple[str, ...]
    """What is wrong with single keys."""
    backups: tuple[str, ...]
    """Which backups of the keyring are still where they were put."""


def rotate(keyring: Keyring, told: Told) -> None:
    """Wrap every key by a new master key, and remove the old one once no key needs it."""
    with keyring.alone():
        keyring.masters.look()
        if len(keyring.masters.numbers) == 1:  # else a rotation was broken off: it goes on
            keyring.masters.add()
    names = list(keyring.names())
    for done, name in enumerate(names, start=1):
        keyring.rewrap(name)
        told(done, len(names))
    with keyring.alone():
        needed = {keyring.wrapped_by(name) for name in keyring.names()}
        for number in keyring.masters.numbers:
            if number not in {*needed, keyring.masters.newest}:
                keyring.masters.remove(number)


def back_up(keyring: Keyring, into: Path, at: datetime) -> Path:
    """Copy the keyring into a new folder with its date in the name, and remember where."""
    place = into.absolute() / f"keyring-{at:%Y%m%dT%H%M%SZ}"
    with keyring.alone():
        with whole(place) as partial:
            ignore = shutil.ignore_patterns(*NOT_COPIED)
            shutil.copytree(keyring.folder, partial, ignore=ignore, dirs_exist_ok=True)
        lines = [f"{made.isoformat()} {path}" for made, path in backups(keyring.folder)]
        text = "".join(f"{line}\n" for line in [*lines, f"{at.isoformat()} {place}"])
        write_durably(keyring.folder / BACKUPS, [text.encode()])
    return place


def backups(folder: Path) -> Iterator[tuple[datetime, Path]]:
    """Yield the backups that are still where they were put, and when they were made."""
    path = folder / BACKUPS
    for line in path.read_text().splitlines() if path.exists() else ():
        made, _, place = line.partition(" ")
        if Path(place).exists():
            yield datetime.fromisoformat(made), Path(place)


def stale(folder: Path, now: datetime) -> Iterator[str]:
    """Yield a sentence for each backup of the keyring that is kept for too long."""
    for made, place in backups(folder):
        if now - made > timedelta(days=MOST_DAYS):
            yield f"{place} opens what was erased since {made:%d %B %Y}: make another backup of the keyring and remove it"


def status(keyring: Keyring) -> Status:
    """Look at every key."""
    names = [name for name in keyring.names() if name not in OWN]
    gone = [ref for ref in keyring.retired() if ref not in set(names)]
    faults = [fault for name in [*OWN, *names] if (fault := keyring.fault_of(name))]
    return Status(
        folder=str(keyring.folder),
        id=keyring.id,
        masters=tuple(keyring.masters.numbers),
        cases=len(names),
        destroyed=len(gone),
        faults=tuple(faults),
        backups=tuple(str(place) for _, place in backups(keyring.folder)),
    )
