"""The data folder: spool, casebook and the lock that lets one process at a time work on them."""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from store.embedded import EmbeddedCasebook
from store.files import make_folder
from store.refused import RefusedError
from store.spool import Spool

JOURNAL = "casebook.journal"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the folder stands at one instant, between two saves: what a copy of it is made by."""

    inode: int
    """Of the journal: a compaction puts another file under its name."""
    end: int
    """How many of its bytes are promised."""
    cases: int
    dispositions: int
    numbers: dict[str, int]
    """By year, the last number given in a reference."""
    messages: dict[str, str]
    """Each message in the spool, and the folder of its place."""


class InUseError(RefusedError):
    """Another process works on the data folder; the text is for a person."""


class DataFolder:
    """A context manager: inside it, nobody else works on the folder."""

    def __init__(self, root: Path) -> None:
        """Take the lock and open what lies in `root`, making it if need be.

        Raises InUseError when another process has it, OSError when the folder cannot be used,
        JournalError when the casebook is damaged.
        """
        make_folder(root)
        self.root = root
        self._lock = FileLock(root / "lock", mode=0o600)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise InUseError(f"another privacy-intake is at work on {root.resolve()}") from None
        try:
            self.spool = Spool(root / "spool")
            self.casebook = EmbeddedCasebook(root / JOURNAL)
        except BaseException:
            self._lock.release()
            raise

    def standing(self) -> Standing:
        """Say how the folder stands. Saves wait meanwhile, so that journal and spool agree.

        A message is done only after its place is saved: what is listed as done is in the journal.
        """
        with self.casebook.held() as (inode, end):
            cases, dispositions = self.casebook.counts()
            numbers = {str(year): last for year, last in self.casebook.last_numbers().items()}
            messages = self.spool.places()
        return Standing(inode, end, cases, dispositions, numbers, messages)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        try:
            self.casebook.close()
        finally:
            self._lock.release()
