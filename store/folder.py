"""The data folder: spool, casebook and the lock that lets one process at a time work on them.

With a casebook on PostgreSQL the spool stays here, and the lock is the running bot's alone:
commands may look and act beside it, since the database keeps them apart.
"""

import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from store.casebook import EMBEDDED, Casebook
from store.embedded import EmbeddedCasebook
from store.files import make_folder, write_durably
from store.fleet import Alone, Fleet
from store.refused import RefusedError
from store.sealing import PLAIN, SealError, Sealing, bind
from store.spool import Spool

JOURNAL = "casebook.journal"
LOCK = "lock"
PATIENCE = 1.0  # seconds: a command that looks at the folder holds it no longer than this


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
    """A context manager: inside it, nobody else works on the folder, if it is locked."""

    spool: Spool
    casebook: Casebook
    fleet: Fleet
    dropped: int
    """How many bytes of a torn last record the opening dropped."""

    def __init__(
        self,
        root: Path,
        casebook: str = EMBEDDED,
        *,
        keyring: Path | None = None,
        locked: bool = True,
    ) -> None:
        """Take the lock and open what lies in `root`, making it if need be; sealed, if `keyring` has a master key.

        Only with a casebook on PostgreSQL, whose address `casebook` is then, it can do without
        the lock. Raises InUseError when another process has it, OSError when the folder cannot
        be used, JournalError when the casebook is damaged, KeyringError or SealError when its keys are not there.
        """
        make_folder(root)
        self.root = root
        self._lock = FileLock(root / LOCK, mode=0o600, poll_interval=0.01)
        locked = locked or casebook == EMBEDDED
        if locked:
            self._take_lock()
        try:
            self.sealing = sealing_of(root, keyring)
            bind(root, self.sealing, is_new=not (root / "spool").exists())
            if casebook == EMBEDDED:
                self._open_embedded()
            else:
                self._open_database(casebook, name_of(root, make=locked))
        except BaseException:
            self._lock.release()
            raise

    def _take_lock(self) -> None:
        try:
            self._lock.acquire(timeout=PATIENCE)
        except Timeout:
            raise InUseError(
                f"another privacy-intake is at work on {self.root.resolve()}"
            ) from None

    def _open_embedded(self) -> None:
        self.spool, self.fleet = Spool(self.root / "spool", self.sealing), Alone()
        self.casebook = embedded = EmbeddedCasebook(self.root / JOURNAL, self.sealing)
        self.dropped = embedded.dropped

    def _open_database(self, url: str, bot: str) -> None:
        from store.postgres.opened import opened  # noqa: PLC0415  (loaded where it is used)

        self.spool, self.casebook, self.fleet = opened(url, self.root / "spool", bot, self.sealing)
        self.dropped = 0

    @property
    def erased(self) -> int:
        """How many cases the opening found whose key was destroyed."""
        gone = self.casebook.gone if isinstance(self.casebook, EmbeddedCasebook) else set()
        return sum(1 for table, _ in gone if table == "cases")

    @property
    def fault(self) -> str:
        """Why the casebook could not be compacted, in a sentence; nothing if all is well."""
        return self.casebook.fault if isinstance(self.casebook, EmbeddedCasebook) else ""

    def standing(self) -> Standing:
        """Say how the folder stands. Saves wait meanwhile, so that journal and spool agree.

        A message is done only after its place is saved: what is listed as done is in the journal.
        Raises RefusedError where the casebook is not in the folder.
        """
        casebook = self.casebook
        if not isinstance(casebook, EmbeddedCasebook):
            raise RefusedError("the casebook is on PostgreSQL: back the database up")
        with casebook.held() as (inode, end):
            cases, dispositions = casebook.counts()
            numbers = {str(year): last for year, last in casebook.last_numbers().items()}
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
            self.fleet.close()
            self.casebook.close()
        finally:
            self._lock.release()


def is_held(root: Path) -> bool:
    """Return whether a process works on the folder, be it a bot that is starting."""
    if not (root / LOCK).exists():
        return False
    try:
        with FileLock(root / LOCK, mode=0o600).acquire(timeout=0):
            return False
    except Timeout:
        return True


def sealing_of(root: Path, keyring: Path | None) -> Sealing:
    """Return how a folder is written with a keyring. Raises RefusedError unless that is whole, and lies elsewhere."""
    sealing = PLAIN
    if keyring is not None:
        from store.keyring import sealing_with  # noqa: PLC0415  (loaded where it is used)

        sealing = sealing_with(keyring)
        if sealing.keyring_id:
            must_lie_outside(root, keyring)
    return sealing


def must_lie_outside(root: Path, keyring: Path) -> None:
    if keyring.resolve().is_relative_to(root.resolve()):
        raise SealError("data.keyring lies in data.dir: a backup of the data would hold its keys")


def name_of(root: Path, *, make: bool) -> str:
    """Return the name of this folder's bot among its peers, made once; empty if it has none."""
    path = root / "bot-name"
    if not path.exists():
        if not make:
            return ""
        host = "".join(c for c in socket.gethostname() if c.isascii() and c.isalnum())
        write_durably(path, [f"{host[:20]}-{secrets.token_hex(3)}".encode()])
    return path.read_text()
