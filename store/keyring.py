"""The folder of keys: a master key, and wrapped by it the house's own keys and one for each case.

A key is durable before anything is sealed with it, and is made once, whichever bot asks first.
Destroying a case's key makes everything sealed with it unreadable, wherever copies of that lie.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock

from store.files import make_folder, partial_of, sync_directory, write_durably
from store.key_places import CASES, RETIRED, keys_in, mark_of, marked, names_in, place_of
from store.sealing import HOUSE, LOOK_UPS, OWN, PLAIN, Sealing
from store.wrapping import (
    BITS,
    RECORD,
    KeyringError,
    Masters,
    add_master,
    create,
    overwrite,
    parts_of,
)

MASTERS: Final = "masters"
MOST_KNOWN: Final = 10_000
SOON: Final = 0.002  # seconds between two tries for the lock


class Keyring:
    """Any thread may call; other processes may work on the folder at the same time."""

    def __init__(self, folder: Path) -> None:
        """Open the keyring in `folder`. Raises KeyringError when something of it is missing."""
        self.folder = folder
        self.masters = Masters(folder / MASTERS)
        self._turn = Lock()
        self._known: dict[str, AESGCM] = {}
        self._sure: set[Path] = set()
        """Files of keys whose names survive a power cut."""
        for name in OWN:
            path = place_of(folder, name).path
            if not path.exists():
                raise KeyringError(f"{path} is missing: put it back")
        self._look_ups = self.masters.unwrap(LOOK_UPS, self._record(LOOK_UPS))
        self.id = self.digest("keyring")[:16]
        """Says which keyring it is, and nothing of its keys."""

    def digest(self, text: str) -> str:
        """Return what a text is looked up by: without the keyring nobody can guess it."""
        told = text.encode("utf-8", "surrogatepass")
        return hmac.digest(self._look_ups, told, "sha256").hex()

    def for_opening(self, name: str) -> AESGCM | None:
        """Return the key of that name, or None if it was destroyed. Raises KeyringError if it is lost."""
        known = self._known.get(name)
        if known is None:
            known = self._read(name)
            if known is not None:
                self._remember(name, known)
        return known

    def for_sealing(self, name: str) -> tuple[str, AESGCM]:
        """Return the key to seal with from now on, and its name; a case's is made when it is first needed.

        What is still written of a case whose key is retired is the house's.
        """
        if self._is_retired(name):
            name = HOUSE
        known = self._known.get(name)
        if known is None:
            self._make_sure_of(name)
            known = AESGCM(self.masters.unwrap(name, self._record(name)))
            self._remember(name, known)
        return name, known

    def retire(self, ref: str) -> None:
        """From now on seal what is written of a case with the house's key; its own still opens."""
        path = mark_of(self.folder, ref)
        make_folder(path.parent)
        with self.alone():
            create(path, b"")

    def destroy(self, ref: str) -> None:
        """Make everything sealed with the key of a case unreadable; once more does no harm.

        What is to stay of the case is saved after `retire` and before this.
        """
        self.retire(ref)
        place = place_of(self.folder, ref)
        with self.alone():
            if (left := partial_of(place.path)).exists():  # of a change of the master key
                overwrite(left)
                left.unlink()
            if place.path.exists():
                overwrite(place.path, place.at, RECORD)
        self._known.pop(ref, None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody else makes, wraps or destroys a key, and let nobody."""
        with self._turn, FileLock(self.folder / "lock", mode=0o600, poll_interval=SOON):
            yield

    def rewrap(self, path: Path) -> None:
        """Put the keys in a file under the newest master key; what was destroyed stays so."""
        with self.alone():
            old = list(keys_in(self.folder, path))
            new = [self._rewrapped(name, record) for name, record in old]
            if new != [record for _, record in old]:
                write_durably(path, new)

    def fault_of(self, name: str) -> str:
        """Say why a key cannot be used; nothing if it can, or was destroyed."""
        try:
            self._read(name)
        except KeyringError as error:
            return str(error)
        return ""

    def retired(self) -> Iterator[str]:
        """Yield the reference of every case whose key is retired or destroyed."""
        return marked(self.folder)

    def _rewrapped(self, name: str, record: bytes) -> bytes:
        try:
            if parts_of(name, record)[0] != self.masters.newest:
                return self.masters.wrap(name, self.masters.unwrap(name, record))
        except KeyringError:
            if not self._is_retired(name):
                raise
        return record

    def _is_retired(self, name: str) -> bool:
        return name not in OWN and mark_of(self.folder, name).exists()

    def _record(self, name: str) -> bytes:
        place = place_of(self.folder, name)
        with place.path.open("rb") as file:
            file.seek(place.at)
            return file.read(RECORD)

    def _read(self, name: str) -> AESGCM | None:
        try:
            return AESGCM(self.masters.unwrap(name, self._record(name)))
        except (FileNotFoundError, KeyringError) as error:
            if self._is_retired(name):
                return None  # destroyed, or on the way to it
            if isinstance(error, KeyringError):
                raise
            raise KeyringError(
                f"the key of {name} is missing from {self.folder}: put it back"
            ) from None

    def _make_sure_of(self, name: str) -> None:
        """Make the file with the key: for the cases that come next too, so that a sync serves many."""
        path = place_of(self.folder, name).path
        if path in self._sure:
            return
        make_folder(path.parent)
        if path.exists():
            sync_directory(path.parent)  # whoever made it may not be done
        else:
            with self.alone():
                self.masters.look()
                create(path, new_keys(self.masters, names_in(self.folder, path)))
        self._sure.add(path)

    def _remember(self, name: str, key: AESGCM) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[name] = key


def new_keys(masters: Masters, names: list[str]) -> bytes:
    return b"".join(masters.wrap(name, AESGCM.generate_key(BITS)) for name in names)


def open_keyring(folder: Path | None) -> Keyring | None:
    """Open the keyring in `folder`, or return None where there is at most the block-list's key.

    Raises KeyringError when something of it is missing.
    """
    parts = (MASTERS, "own", CASES, RETIRED)
    if folder is None or not any((folder / part).exists() for part in parts):
        return None
    return Keyring(folder)


def sealing_with(folder: Path | None) -> Sealing:
    """Return how things are written with the keyring in `folder`. Raises KeyringError unless it is whole."""
    keyring = open_keyring(folder)
    return Sealing(keyring) if keyring else PLAIN


def make_keyring(folder: Path) -> Keyring:
    """Make a master key and the house's own keys. Raises KeyringError where they are already.

    Broken off, it is simply done again: nothing has been sealed yet.
    """
    own = [place_of(folder, name).path for name in OWN]
    if all(path.exists() for path in own) or (folder / CASES).exists():
        raise KeyringError(f"{folder} is a keyring already")
    if not (folder / MASTERS).exists():
        if any(path.exists() for path in own):
            raise KeyringError(f"{folder / MASTERS} is missing: put it back")
        add_master(folder / MASTERS, 1)
    masters = Masters(folder / MASTERS)
    for name, path in zip(OWN, own, strict=True):
        make_folder(path.parent)
        create(path, new_keys(masters, [name]))
    return Keyring(folder)
