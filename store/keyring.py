"""The folder of keys: a master key, and wrapped by it the house's own keys and one for each case.

A key is durable before anything is sealed with it, and is made once, whichever bot asks first.
Destroying a case's key makes everything sealed with it unreadable, wherever copies of that lie.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final
from urllib.parse import quote, unquote

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock

from store.files import make_folder, sync_directory, write_durably
from store.sealing import HOUSE, PLAIN, SPOOL, Sealing
from store.wrapping import (
    BITS,
    KeyringError,
    Masters,
    add_master,
    create,
    overwrite,
    parts_of,
    spelt,
)

LOOK_UPS: Final = "own/look-ups"
"""The key that makes what a database is searched by."""
OWN: Final = (HOUSE, SPOOL, LOOK_UPS)

MASTERS: Final = "masters"
CASES: Final = "cases"
RETIRED: Final = "retired"
"""Beside `cases`: an empty file for each case whose key is retired or destroyed."""
KEY: Final = ".key"
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
        for name in OWN:
            if not self.path(name).exists():
                raise KeyringError(f"{self.path(name)} is missing: put it back")
        self._look_ups = self.masters.unwrap(LOOK_UPS, self.path(LOOK_UPS).read_bytes())
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
            known = AESGCM(self.masters.unwrap(name, self.path(name).read_bytes()))
            self._remember(name, known)
        return name, known

    def retire(self, ref: str) -> None:
        """From now on seal what is written of a case with the house's key; its own still opens."""
        path = path_of(self.folder, ref, RETIRED)
        make_folder(path.parent)
        with self.alone():
            create(path, b"")

    def destroy(self, ref: str) -> None:
        """Make everything sealed with the key of a case unreadable; once more does no harm.

        What is to stay of the case is saved after `retire` and before this.
        """
        self.retire(ref)
        path = self.path(ref)
        with self.alone():
            for found in [path, *path.parent.glob(f".{path.name}.*")]:
                if found.exists():
                    overwrite(found)
                    found.unlink()
            sync_directory(path.parent)
        self._known.pop(ref, None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody else makes, wraps or destroys a key, and let nobody."""
        with self._turn, FileLock(self.folder / "lock", mode=0o600, poll_interval=SOON):
            yield

    def rewrap(self, name: str) -> None:
        """Put a key under the newest master key, unless it was destroyed meanwhile."""
        path = self.path(name)
        with self.alone():
            if path.exists():
                data = path.read_bytes()
                if parts_of(name, data)[0] != self.masters.newest:
                    write_durably(path, [self.masters.wrap(name, self.masters.unwrap(name, data))])

    def wrapped_by(self, name: str) -> int:
        """Return which master key a key needs. Raises KeyringError for damage."""
        return parts_of(name, self.path(name).read_bytes())[0]

    def fault_of(self, name: str) -> str:
        """Say why a key cannot be used; nothing if it can, or was destroyed."""
        try:
            self._read(name)
        except KeyringError as error:
            return str(error)
        return ""

    def names(self) -> Iterator[str]:
        """Yield the name of every key that is there."""
        yield from OWN
        yield from named(self.folder / CASES)

    def retired(self) -> Iterator[str]:
        """Yield the reference of every case whose key is retired or destroyed."""
        yield from named(self.folder / RETIRED)

    def path(self, name: str) -> Path:
        return path_of(self.folder, name)

    def _is_retired(self, name: str) -> bool:
        return name not in OWN and path_of(self.folder, name, RETIRED).exists()

    def _read(self, name: str) -> AESGCM | None:
        try:
            return AESGCM(self.masters.unwrap(name, self.path(name).read_bytes()))
        except (FileNotFoundError, KeyringError) as error:
            if self._is_retired(name):
                return None  # destroyed, or on the way to it
            if isinstance(error, KeyringError):
                raise
            raise KeyringError(
                f"the key of {name} is missing from {self.folder}: put it back"
            ) from None

    def _make_sure_of(self, name: str) -> None:
        path = self.path(name)
        make_folder(path.parent)
        if path.exists():
            sync_directory(path.parent)  # whoever made it may not be done
            return
        with self.alone():
            self.masters.look()
            create(path, self.masters.wrap(name, AESGCM.generate_key(BITS)))

    def _remember(self, name: str, key: AESGCM) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[name] = key


def open_keyring(folder: Path | None) -> Keyring | None:
    """Open the keyring in `folder`, or return None where there is at most the block-list's key.

    Raises KeyringError when something of it is missing.
    """
    if folder is None or not any((folder / part).exists() for part in (MASTERS, "own", CASES)):
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
    own = [path_of(folder, name) for name in OWN]
    if all(path.exists() for path in own) or (folder / CASES).exists():
        raise KeyringError(f"{folder} is a keyring already")
    if not (folder / MASTERS).exists():
        if any(path.exists() for path in own):
            raise KeyringError(f"{folder / MASTERS} is missing: put it back")
        add_master(folder / MASTERS, 1)
    masters = Masters(folder / MASTERS)
    for name, path in zip(OWN, own, strict=True):
        make_folder(path.parent)
        create(path, masters.wrap(name, AESGCM.generate_key(BITS)))
    return Keyring(folder)


def path_of(folder: Path, name: str, part: str = CASES) -> Path:
    """Return where a key lies, the house's own or a case's, or the mark of a case that it is retired."""
    if name in OWN:
        return folder / f"{name}{KEY}"
    shard = hashlib.sha256(spelt(name)).hexdigest()[:2]
    return folder / part / shard / f"{quote(spelt(name), safe='')}{KEY}"


def named(folder: Path) -> Iterator[str]:
    """Yield what the files in a folder of `path_of` belong to."""
    for path in sorted(folder.glob(f"*/*{KEY}")):
        if not path.name.startswith("."):
            yield unquote(path.name.removesuffix(KEY), errors="surrogatepass")
