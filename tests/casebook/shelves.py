"""Where each kind of casebook is kept while the promise is tried on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from store.casebook import Casebook
from store.embedded import EmbeddedCasebook


class Shelf(Protocol):
    """The place of one casebook, empty at first."""

    def open(self) -> Casebook:
        """Open the casebook as a restart would; the one opened before is closed."""
        ...


class EmbeddedShelf:
    def __init__(self, folder: Path) -> None:
        self._path = folder / "casebook.journal"

    def open(self) -> Casebook:
        return EmbeddedCasebook(self._path)


SHELVES: dict[str, Callable[[Path], Shelf]] = {"embedded": EmbeddedShelf}
