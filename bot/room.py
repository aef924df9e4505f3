"""How much room is left where the data lies; the disk is asked once a second at most."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

FRESH = 1.0  # seconds


class Room:
    def __init__(self, folder: Path, least: int, now: Callable[[], float] = time.monotonic) -> None:
        """Watch over `least` free bytes where `folder` lies."""
        self._folder = folder
        self.least = least
        self._now = now
        self._looked = float("-inf")
        self._free = 0

    @property
    def free(self) -> int:
        """Return the free bytes. Raises OSError when the folder cannot be had."""
        now = self._now()
        if now - self._looked >= FRESH:
            self._free = shutil.disk_usage(self._folder).free
            self._looked = now
        return self._free

    def has(self, size: int = 0) -> bool:
        """Whether `size` more bytes leave enough."""
        return self.free - size >= self.least
