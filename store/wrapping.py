"""A master key, and other keys as they lie on disk: wrapped by it.

Master keys are numbered; while one is being changed for the next there are two, and each wrapped
key names the one it needs.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.files import make_folder, sync_directory, write_all
from store.record import seal, unseal
from store.refused import RefusedError

NONCE: Final = 12  # bytes, as NIST SP 800-38D 5.2.1.1 recommends
BITS: Final = 256
RECORD: Final = len(seal(b"%06d %s" % (0, bytes(2 * (NONCE + BITS // 8 + 16)))))
"""Bytes of a wrapped key: the number of its master, nonce, key and tag."""
REMOVED: Final = ".removed"


class KeyringError(RefusedError):
    """A key is missing, damaged or another one; the text is for a person."""


class Masters:
    def __init__(self, folder: Path) -> None:
        """Read the master keys in `folder`. Raises KeyringError when there is none."""
        self._folder = folder
        self._keys: dict[int, bytes] = {}
        self.look()

    def look(self) -> None:
        """Read them anew: another process may have changed them."""
        found: dict[int, bytes] = {}
        for path in self._folder.glob("*.master"):
            with suppress(FileNotFoundError):  # removed at this moment
                found[int(path.stem)] = master_in(path)
        if not found:
            raise KeyringError(f"{self._folder} holds no master key: put it back")
        self._keys = found

    @property
    def numbers(self) -> list[int]:
        return sorted(self._keys)

    @property
    def newest(self) -> int:
        return max(self._keys)

    def wrap(self, name: str, key: bytes) -> bytes:
        """Return a key as a record, as long as any other."""
        nonce = secrets.token_bytes(NONCE)
        inside = nonce + AESGCM(self._keys[self.newest]).encrypt(nonce, key, spelt(name))
        return seal(b"%06d %s" % (self.newest, inside.hex().encode()))

    def unwrap(self, name: str, data: bytes) -> bytes:
        """Return the key of that name. Raises KeyringError when it is damaged, or another's."""
        number, inside = parts_of(name, data)
        if number not in self._keys:
            self.look()
        if number not in self._keys:
            raise KeyringError(f"the key of {name} needs master key {number}: put it back")
        try:
            return AESGCM(self._keys[number]).decrypt(inside[:NONCE], inside[NONCE:], spelt(name))
        except InvalidTag:
            raise KeyringError(
                f"the key of {name} was not made with the master key in {self._folder}"
            ) from None

    def add(self) -> None:
        """Make the next master key, by which everything is wrapped from now on."""
        add_master(self._folder, self.newest + 1)
        self.look()

    def remove(self, number: int) -> None:
        """Destroy a master key that nothing is wrapped by; what a crash left of another one too."""
        path = master_path(self._folder, number)
        path.rename(path.with_suffix(REMOVED))  # half overwritten it would be taken for damaged
        for left in self._folder.glob(f"*{REMOVED}"):
            overwrite(left)
            left.unlink()
        sync_directory(self._folder)
        self.look()


def add_master(folder: Path, number: int) -> None:
    make_folder(folder)
    create(master_path(folder, number), seal(AESGCM.generate_key(BITS).hex().encode()))


def master_path(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.master"


def master_in(path: Path) -> bytes:
    payload = unseal(path.read_bytes())
    if payload is None:
        raise KeyringError(f"{path} is damaged: put it back from a backup of the keyring")
    return bytes.fromhex(payload.decode())


def parts_of(name: str, data: bytes) -> tuple[int, bytes]:
    """Return by which master key a key is wrapped, and the wrapped key. Raises KeyringError for damage."""
    payload = unseal(data)
    if payload is None:
        raise KeyringError(
            f"the key of {name} is damaged: put it back from a backup of the keyring"
        )
    number, _, inside = payload.decode().partition(" ")
    return int(number), bytes.fromhex(inside)


def spelt(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def create(path: Path, data: bytes) -> None:
    """Make a file that is whole from the start, durably; one that is there stays as it is."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    fd = write_all(partial, [data])
    try:
        os.fsync(fd)
        if not path.exists():
            partial.rename(path)
        else:
            partial.unlink()
    finally:
        os.close(fd)
    sync_directory(path.parent)


def overwrite(path: Path, at: int = 0, length: int | None = None) -> None:
    """Write over a file, or a part, where it lies; a file system that never does so keeps the old bytes a while."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(secrets.token_bytes(path.stat().st_size if length is None else length))
        file.flush()
        os.fsync(file.fileno())
