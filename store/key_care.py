"""What is done to a keyring by hand: given a new master key, copied, looked over.

Each can be broken off at any moment and begun again; meanwhile everything opens as before.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from store.archive import message_ids, records, take_in
from store.backup import other_files, whole
from store.block_list import KEY_FILE
from store.files import write_durably
from store.folder import DataFolder
from store.key_places import files_of, keys_in
from store.keyring import Keyring
from store.wrapping import KeyringError, parts_of

BACKUPS: Final = "backups"
"""In the keyring: a line for each backup of it, with the instant and the place."""
NOT_COPIED: Final = ("lock", BACKUPS, ".*")
MOST_DAYS: Final = 30
"""For so long a backup of the keyring may stay: what was erased since, it brings back."""

Told = Callable[[int, int], None]
"""Told how many files of keys are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    folder: str
    id: str
    masters: tuple[int, ...]
    """More than one: a change of the master key was broken off."""
    keys: int
    """How many keys there are, those made ahead for the cases that come next among them."""
    retired: int
    """Of how many cases the key is retired or destroyed."""
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
    files = files_of(keyring.folder)
    for done, path in enumerate(files, start=1):
        keyring.rewrap(path)
        told(done, len(files))
    with keyring.alone():
        unneeded = {*keyring.masters.numbers} - {*needed(keyring)} - {keyring.masters.newest}
        for number in unneeded:
            keyring.masters.remove(number)


def needed(keyring: Keyring) -> Iterator[int]:
    """Yield the numbers of the master keys that something is wrapped by."""
    destroyed = {*keyring.retired()}
    for path in files_of(keyring.folder):
        for name, record in keys_in(keyring.folder, path):
            try:
                yield parts_of(name, record)[0]
            except KeyringError:
                if name not in destroyed:
                    raise


def encrypt(old: DataFolder, into: Path, keyring: Path, told: Told) -> None:
    """Make a sealed data folder of one in clear, which stays as it is; broken off, nothing is made.

    Nothing is written in clear on the way. The key of the block-list goes into the keyring.
    """
    with whole(into) as partial:
        total = len(old.casebook.versions()) + len(message_ids(old.spool))
        with DataFolder(partial, keyring=keyring) as new:
            for done, record in enumerate(records(old.spool, old.casebook), start=1):
                take_in(record, new.spool, new.casebook)
                told(min(done, total), total)
        for _ in other_files(old.root, partial):
            pass  # each is copied as it is yielded
        ours = partial / KEY_FILE
        if ours.exists() and not (keyring / KEY_FILE).exists():
            write_durably(keyring / KEY_FILE, [ours.read_bytes()])
        ours.unlink(missing_ok=True)


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
    names = [name for path in files_of(keyring.folder) for name, _ in keys_in(keyring.folder, path)]
    retired = [*keyring.retired()]
    faults = [fault for name in names if (fault := keyring.fault_of(name))]
    return Status(
        folder=str(keyring.folder),
        id=keyring.id,
        masters=tuple(keyring.masters.numbers),
        keys=len({*names} - {*retired}),
        retired=len(retired),
        faults=tuple(faults),
        backups=tuple(str(place) for _, place in backups(keyring.folder)),
    )
