"""How long a case is kept, as people decide it: the events of a legal hold and of an erasure, and how they stand.

A legal hold beats every schedule and every erasure. An erasure is asked for, confirmed and then
waits; what happens to the case meanwhile stops it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from store.recorded import Recorded

if TYPE_CHECKING:
    from store.events import Event


class Reason(StrEnum):
    """Why a case is erased: it outlives the case, so it is a word and no text."""

    SCHEDULE = "schedule"
    """It was kept as long as the schedule says."""
    JUNK = "junk"
    """It was no request to us, or one that we have already: one person decides."""
    MISTAKE = "mistake"
    ASKED = "asked"
    """Whoever it is about has a right to it."""
    ORDER = "order"
    """A court or regulator says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preserved(Recorded):
    """The case must be kept, for a claim say: until that is ended, nothing of it is deleted."""

    owner: str
    why: str
    review_on: date
    kind: Literal["preserved"] = "preserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreservationEnded(Recorded):
    why: str
    kind: Literal["preservation_ended"] = "preservation_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAsked(Recorded):
    reason: Reason
    why: str = ""
    kind: Literal["erasure_asked"] = "erasure_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureConfirmed(Recorded):
    """From `erase_at` on the case is erased; until then anybody can take that back."""

    erase_at: datetime
    kind: Literal["erasure_confirmed"] = "erasure_confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureUndone(Recorded):
    kind: Literal["erasure_undone"] = "erasure_undone"


Keeping = Preserved | PreservationEnded | ErasureAsked | ErasureConfirmed | ErasureUndone

STOPS = frozenset(
    {"message_received", "requested", "request_reopened", "link_proposed", "preserved"}
)
"""Kinds of event that stop an erasure: the case is not over, or must be kept."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure that was asked for and not taken back."""

    asked: ErasureAsked
    confirmed: ErasureConfirmed | None = None
    stopped: "Event | None" = None
    """What stopped it, if anything did; it has to be asked for again."""

    @property
    def waits(self) -> bool:
        """Whether it waits for a second person."""
        return self.confirmed is None and self.stopped is None

    @property
    def at(self) -> datetime | None:
        """From when on the case is erased, if nobody and nothing stops that."""
        return self.confirmed.erase_at if self.confirmed and not self.stopped else None


def erasure_of(events: "Iterable[Event]") -> Erasure | None:
    """Return how the last erasure that was asked for stands; None if there is none."""
    found: Erasure | None = None
    for event in events:
        if isinstance(event, ErasureAsked):
            found = Erasure(event)
        elif isinstance(event, ErasureUndone):
            found = None
        elif found is None or found.stopped is not None:
            pass
        elif isinstance(event, ErasureConfirmed):
            found = replace(found, confirmed=event)
        elif event.kind in STOPS:
            found = replace(found, stopped=event)
    return found


def preservation_of(events: "Iterable[Event]") -> Preserved | None:
    """Return the legal hold that the case is under; None if it is under none."""
    found: Preserved | None = None
    for event in events:
        if isinstance(event, Preserved):
            found = event
        elif isinstance(event, PreservationEnded):
            found = None
    return found
