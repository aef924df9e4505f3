"""Which model reads: the one shipped, or one learned here from the corpus and what staff corrected.

A candidate is swapped in by a person, and only if it reads no label worse than the model in use by
more than a margin; the one it replaces is kept, and comes back with one command.
"""

import json
import shutil
from pathlib import Path
from typing import Any, Final

from bot.config import Config
from intents.shipped import CARD, SHIPPED
from store.refused import RefusedError

COMPARED: Final = "compared"
"""On a candidate's card: how it compares, and with which model."""


class ModelError(RefusedError):
    """A model cannot be swapped; the text says why."""


class Models:
    def __init__(self, config: Config) -> None:
        self._configured = config.classify.model
        self._root = config.data.dir / "models"

    @property
    def in_use(self) -> str:
        """Return the folder of the model that reads; empty for the one shipped."""
        if self._configured:
            return self._configured
        return str(self._current) if self._current.exists() else ""

    def accept(self) -> None:
        """Put the candidate in use from the next start on. Raises ModelError where it may not be."""
        if self._configured:
            raise ModelError(f"classify.model names {self._configured}: take that out first")
        if not self.candidate.exists():
            raise ModelError("there is no candidate: `privacy-intake train --candidate` makes one")
        compared = read_card(self.candidate).get(COMPARED, {})
        if compared.get("with") != read_card(self.used)["corpus"]:
            raise ModelError("the candidate was compared with another model: make it anew")
        worse = [row["label"] for row in compared["labels"] if row["worse"]]
        if worse:
            raise ModelError(f"the candidate reads worse than the model in use: {', '.join(worse)}")
        if self._current.exists():
            shutil.rmtree(self._previous, ignore_errors=True)
            self._current.rename(self._previous)
        self.candidate.rename(self._current)

    def roll_back(self) -> str:
        """Put back the model before; return what is in use then. Raises ModelError if none was swapped in."""
        if not self._current.exists():
            raise ModelError("the model in use is not one that was swapped in")
        shutil.rmtree(self.candidate, ignore_errors=True)
        self._current.rename(self.candidate)
        if self._previous.exists():
            self._previous.rename(self._current)
        return self.in_use or "the model shipped"

    @property
    def used(self) -> Path:
        return Path(self.in_use) if self.in_use else SHIPPED

    @property
    def candidate(self) -> Path:
        return self._root / "candidate"

    @property
    def _current(self) -> Path:
        return self._root / "current"

    @property
    def _previous(self) -> Path:
        return self._root / "previous"


def read_card(folder: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    return card
