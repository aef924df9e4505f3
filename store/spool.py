"""Messages that a door has accepted, one file each, from the 250 until retention ends.

    incoming/<id>     accepted, still to do (`<id>~2`: tried twice)
    done/<id>         dealt with; the raw bytes stay as evidence
    quarantine/<id>   could not be dealt with; waits for a person

A file is a sealed line of JSON (envelope, size and checksum of the message) and the message byte
for byte. It is written under its final name: what is torn by a crash was never promised to
anybody, is shorter than its first line says, and is discarded. What is whole but no longer says
what it said was promised, and stays for a person. The spool never judges duplicates: each 250 is
an entry of its own. Files that are not the spool's own it neither lists nor touches.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from store.entries import (
    DamagedEntryError,
    Entry,
    Envelope,
    Pieces,
    TornEntryError,
    check_entry,
    in_memory,
    packed,
    read_entry,
    rewritten,
)
from store.files import (
    discard_partial,
    make_folder,
    replace_whole,
    sync_directory,
    write_all,
    write_durably,
)
from store.sealing import PLAIN, SPOOL, Sealing

__all__ = ["DamagedEntryError", "Entry", "Envelope", "Spool", "TornEntryError", "read_entry"]

FOLDERS = ("incoming", "done", "quarantine")
LOOKS = 3  # an entry moves twice at most in a moment: set back, and taken in
NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}-[0-9a-f]{8})(?:~(\d+))?", re.ASCII)


class Spool:
    def __init__(self, root: Path, sealing: Sealing = PLAIN) -> None:
        self._root = root
        self._sealing = sealing
        for folder in FOLDERS:
            make_folder(root / folder)

    def accept(self, arrivals: Sequence[tuple[Envelope, bytes]]) -> list[str]:
        """Store every arrival and return their ids, in order.

        When this returns, all of them survive a power cut: each file is synced, and the
        directory once for all (a group commit). Raises OSError when even one could not be
        stored; then none of them is promised, and what was written is removed.
        """
        written: list[Path] = []
        open_files: list[int] = []
        try:
            for envelope, raw in arrivals:
                path = self._root / "incoming" / new_id(envelope.accepted_at)
                data = self._packed(Entry(path.name, envelope, raw), SPOOL)
                open_files.append(write_all(path, data))
                written.append(path)
            for fd in open_files:
                os.fsync(fd)
            sync_directory(self._root / "incoming")
        except BaseException:
            remove(written)
            raise
        finally:
            for fd in open_files:
                os.close(fd)
        return [path.name for path in written]

    def recover(self) -> list[str]:
        """Discard what a crash tore while it was being written; return the ids discarded.

        Only for the one who holds the data folder, before a door opens.
        """
        torn = [spool_id for spool_id in self.pending() if self._is_torn(spool_id)]
        for spool_id in torn:
            self.path(spool_id).unlink()
        return torn

    def _is_torn(self, spool_id: str) -> bool:
        try:
            check_entry(self.path(spool_id))
        except TornEntryError:
            return True
        except DamagedEntryError:
            return False  # it was promised: its tries lead it to a person
        return False

    def pending(self) -> list[str]:
        """Return the ids still to do, in the order of acceptance."""
        return self.ids("incoming")

    def ids(self, folder: str) -> list[str]:
        names = os.listdir(self._root / folder)  # noqa: PTH208  (half the time of iterdir at 100,000)
        return sorted(name[1] for name in map(NAME.fullmatch, names) if name)

    def places(self) -> dict[str, str]:
        """Return each entry with its folder. One that moves meanwhile is found where it was or is."""
        order = ("incoming", "quarantine", "incoming", "done")  # moves lead onwards in this order
        return {spool_id: folder for folder in order for spool_id in self.ids(folder)}

    def folder_of(self, spool_id: str) -> str | None:
        found = self._find(spool_id)
        return found.parent.name if found else None

    def path(self, spool_id: str) -> Path:
        """Return where the entry lies now. Raises KeyError for an unknown id."""
        found = self._find(spool_id)
        if found is None:
            raise KeyError(spool_id)
        return found

    def read(self, spool_id: str) -> Entry:
        """Return the entry. Raises KeyError, TornEntryError or DamagedEntryError."""
        return read_entry(self.path(spool_id), self._sealing)

    @contextmanager
    def lent(self, spool_id: str) -> Iterator[Path]:
        """Lend the entry as a file that anybody of this user can read: in memory if it is sealed.

        Raises KeyError for an unknown id, and what `read` raises.
        """
        found = self._find(spool_id)
        if found and not self._sealing.keyring_id:
            yield found
            return
        with in_memory(self.read(spool_id)) as lent:
            yield lent

    def share(self, spool_id: str) -> None:
        """Make the message known to other bots, before it is read: here there are none."""

    def done(self) -> set[str]:
        """Return the ids of the messages that this bot has dealt with."""
        return set(self.ids("done"))

    def shared(self) -> set[str]:
        """Return the ids of the messages, of whatever bot, that every bot can read: here none."""
        return set()

    def take_over(self, entry: Entry, folder: str, ref: str = "") -> None:
        """Keep an entry that comes from elsewhere, under its own id; nothing if it is here already.

        `ref` is the case it belongs to, if any.
        """
        if self._find(entry.spool_id) is None:
            write_durably(self._root / folder / entry.spool_id, self._packed(entry, ref or SPOOL))

    def _packed(self, entry: Entry, key: str) -> Pieces:
        return packed(entry, self._sealing, key)

    def tries(self, spool_id: str) -> int:
        return tries_in(self.path(spool_id))

    def count_try(self, spool_id: str) -> int:
        """Note one more failed attempt, in the name: the entry itself stays as it came."""
        path = self.path(spool_id)
        tries = tries_in(path) + 1
        path.rename(path.with_name(f"{spool_id}~{tries}"))
        return tries

    def rewrite(self, spool_id: str, raw: bytes, *, nameless: bool = False) -> None:
        """Replace an entry's message, durably: what was to be deleted of it is gone.

        `nameless`: who sent it to whom is gone too.

        Raises KeyError, TornEntryError, DamagedEntryError or OSError; then it is as it was.
        """
        path = self.path(spool_id)
        entry = read_entry(path, self._sealing)
        write_durably(path, self._packed(rewritten(entry, raw, nameless=nameless), entry.key))

    def hand_to(self, ref: str, spool_id: str) -> None:
        """Seal the entry by the key of the case it belongs to; nothing without a keyring.

        If a crash undoes it, the spool's key still opens it. Raises what `read` raises, or
        OSError; then it is as it was.
        """
        if ref and self._sealing.keyring_id:
            path = self.path(spool_id)
            entry = read_entry(path, self._sealing)
            if entry.key != ref:
                replace_whole(path, self._packed(entry, ref))

    def erase(self, spool_ids: Iterable[str]) -> int:
        """Remove messages from wherever they lie, for good; return how many were there."""
        count = 0
        for spool_id in spool_ids:
            while (path := self._find(spool_id)) is not None:
                path.unlink()
                count += 1
            for folder in FOLDERS:
                discard_partial(self._root / folder / spool_id)  # of a rewriting that was killed
        for folder in FOLDERS:
            sync_directory(self._root / folder)
        return count

    def finish(self, spool_id: str, ref: str = "") -> None:
        """Set the entry aside as done, handed to the case it belongs to.

        Not synced: if a crash undoes it, intake finds the message accounted for and finishes it.
        """
        self.hand_to(ref, spool_id)
        self._move(spool_id, "done")

    def quarantine(self, spool_id: str) -> None:
        self._move(spool_id, "quarantine")

    def retry(self, spool_id: str) -> None:
        """Put a quarantined entry back in the queue, its failed attempts forgotten."""
        self._move(spool_id, "incoming")

    def _move(self, spool_id: str, folder: str) -> None:
        self.path(spool_id).rename(self._root / folder / spool_id)

    def _find(self, spool_id: str) -> Path | None:
        own = NAME.fullmatch(spool_id)  # an id may come from a person: it names no other path
        if own is None or own[2]:
            return None
        looks = (self._look_for(spool_id) for _ in range(LOOKS))
        return next((path for path in looks if path), None)

    def _look_for(self, spool_id: str) -> Path | None:
        """Look through the folders once; an entry that moves meanwhile may be missed."""
        for folder in FOLDERS:
            if (self._root / folder / spool_id).exists():
                return self._root / folder / spool_id
        return next((self._root / "incoming").glob(f"{spool_id}~*"), None)


def remove(paths: Iterable[Path]) -> None:
    """Remove as many of `paths` as the disk allows."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


def tries_in(path: Path) -> int:
    return int(path.name.partition("~")[2] or 0)


def new_id(accepted_at: datetime) -> str:
    """Make an id that sorts by time and that nobody can guess or repeat."""
    return f"{accepted_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"


def accepted_at(spool_id: str) -> datetime:
    """Return the instant that an id carries. Raises ValueError for what is no id."""
    return datetime.strptime(spool_id.partition("-")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
