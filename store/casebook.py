"""What a casebook promises, whatever keeps it: cases, where each message ended, what is owed.

Every accepted message has exactly one disposition, saved in the same transaction as the case
it changed. A save names the version it was made from; if somebody saved in between, it is
refused and the caller looks again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

from store.case import Case, Letter
from store.refused import RefusedError

EMBEDDED: Final = "tinydb"
"""What the configuration calls the casebook in the data folder."""


class ChangedMeanwhileError(RefusedError):
    """Somebody saved the case after it was read."""


class CasebookAwayError(OSError):
    """The database cannot be reached now; nobody asked for anything wrong."""

    def __init__(self) -> None:
        super().__init__("the casebook's database cannot be reached")


class End(StrEnum):
    """The one place where an accepted message ends."""

    OPENED = "opened"
    JOINED = "joined"
    HELD = "held"
    """A triage case of its own, with a link to another case proposed."""
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    SPAM = "spam"
    OTHER = "other"


FILED = frozenset({End.AUTOMATIC, End.BOUNCE, End.SPAM, End.OTHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """Where one accepted message ended, and why."""

    spool_id: str
    at: datetime
    received_at: datetime
    end: End
    ref: str = ""
    """The case it opened or joined, if any."""
    key: str
    """What a second copy would be known by: the Message-ID or, where there is none, the digest."""
    digest: str
    """Of what the message says: the same key with another digest is another message."""
    why: str = ""
    scores: tuple[tuple[str, float], ...] = ()
    """What the reading made of it, best first; kept for what was filed without a case."""

    @property
    def filed(self) -> bool:
        """Whether it ended without a case."""
        return not self.ref and self.end in FILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A mail to staff that belongs to no case: owed, sent and recorded like any letter."""

    notice_id: str
    letter: Letter


@dataclass(frozen=True, slots=True)
class Change:
    """A case to be saved, and how many events it had when it was read; 0 for a new one."""

    case: Case
    version: int


class Casebook(Protocol):
    def new_ref(self, year: int) -> str:
        """Return a reference never given before. Gaps are allowed, reuse is not."""
        ...

    def get(self, ref: str) -> Case | None: ...

    def cases(self) -> Iterator[Case]: ...

    def versions(self) -> Mapping[str, int]:
        """Return how many events each case has: what has changed is seen without reading it."""
        ...

    def running(self) -> list[str]:
        """Return the references of the cases with an open request, in order."""
        ...

    def by_trait(self, trait: str) -> list[str]:
        """Return the references of the cases whose requester is known by that trait, in order."""
        ...

    def answered(self, to: str, since: datetime) -> int:
        """Count the answers that a machine wrote since then to an address, an `@domain`, or (empty) anybody.

        What waits for a person does not count; nobody asks about more than a day.
        """
        ...

    def by_token(self, token: str) -> Case | None: ...

    def disposition(self, spool_id: str) -> Disposition | None: ...

    def dispositions(self) -> Iterator[Disposition]: ...

    def alike(self, key: str) -> Sequence[Disposition]:
        """Return where earlier messages with this key ended."""
        ...

    def save(
        self,
        case: Case | None,
        *,
        version: int,
        dispositions: Sequence[Disposition] = (),
        also: Sequence[Change] = (),
        keep: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        copies: int | None = None,
    ) -> None:
        """Make the case, the dispositions and what else changed durable, together or not at all.

        `version` is the number of events the case had when it was read, 0 for a new one; `keep`
        are values to be kept with it, as by `keep`, each under its name; `copies` how many
        messages like those of the dispositions were known then, where that matters.
        Raises ChangedMeanwhileError if either is no longer so, OSError if the disk refuses.
        """
        ...

    def put_notice(self, notice: Notice) -> None: ...

    def owe_notice(self, notice: Notice) -> bool:
        """Put a notice unless one with its id is there; return whether it was put."""
        ...

    def notice(self, notice_id: str) -> Notice | None: ...

    def notices(self) -> Iterator[Notice]: ...

    def kept(self, name: str) -> Mapping[str, str] | None:
        """Return what was kept under `name`: something a person decided once for all cases."""
        ...

    def keep(self, name: str, value: Mapping[str, str]) -> None: ...

    def kept_names(self, prefix: str) -> list[str]:
        """Return the names that begin so and under which something is kept, in order."""
        ...

    def erase(
        self,
        ref: str,
        *,
        version: int,
        gone: Sequence[str] = (),
        forget: Sequence[str] = (),
        keep: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> None:
        """Take a case out, with what belongs to it, and keep `keep` in its place: together, or not at all.

        `gone` are the messages whose dispositions go, `forget` the names of what was kept; an
        empty reference takes out no case. The reference is never given again.
        Raises ChangedMeanwhileError unless the case has that many events, OSError if the disk refuses.
        """
        ...

    def purge(self) -> None:
        """Return once what was taken out is in none of the files or pages that the casebook reads.

        Takes as long as it takes, while saves go on. Raises OSError, and then it is to be done again.
        """
        ...

    def owed(self) -> list[Letter]:
        """Return every queued letter, of cases and notices, oldest first."""
        ...

    def close(self) -> None: ...
