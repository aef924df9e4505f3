"""Where each kind of casebook is kept while the promise is tried on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from store.casebook import Casebook
from store.embedded import EmbeddedCasebook
from store.keyring import make_keyring, sealing_with
from store.postgres.casebook import PostgresCasebook
from store.postgres.database import Database
from tests.postgres import shared_server


class Shelf(Protocol):
    """The place of one casebook, empty at first."""

    def open(self) -> Casebook:
        """Open the casebook as a restart would; the one opened before is closed."""
        ...


class EmbeddedShelf:
    def __init__(self, folder: Path, keyring: Path | None = None) -> None:
        self._path = folder / "casebook.journal"
        self._keyring = keyring

    def open(self) -> Casebook:
        return EmbeddedCasebook(self._path, sealing_with(self._keyring))


class PostgresShelf:
    def __init__(self, _folder: Path, keyring: Path | None = None) -> None:
        self._url = shared_server().schema()
        self._keyring = keyring

    def open(self) -> Casebook:
        return PostgresCasebook(Database(self._url, sealing_with(self._keyring)))


def new_keyring(folder: Path) -> Path:
    return make_keyring(folder / "keyring").folder


SHELVES: dict[str, Callable[[Path], Shelf]] = {
    "embedded": EmbeddedShelf,
    "postgres": PostgresShelf,
    "embedded, sealed": lambda folder: EmbeddedShelf(folder, new_keyring(folder)),
    "postgres, sealed": lambda folder: PostgresShelf(folder, new_keyring(folder)),
}
