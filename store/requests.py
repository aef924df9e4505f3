"""The requests of a case, folded from its events: what each asks, what it waits for, how it ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from store.deeds import (
    Acknowledged,
    AnsweredElsewhere,
    Asked,
    AwarenessRecorded,
    BreachDecided,
    Extended,
    ReceiptCorrected,
    RequestReopened,
    Sorted,
    Supplied,
    Ticked,
)
from store.events import Blocked, Event, RequestClosed, Requested
from store.law import Label
from store.letters import Letter
from store.recorded import Wanted
from store.ties import Moved, Reviewing


class RequestState(StrEnum):
    OPEN = "open"
    WAITING_IDENTITY = "waiting_identity"
    WAITING_AUTHORITY = "waiting_authority"
    WAITING_CLARIFICATION = "waiting_clarification"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked in a case, with a clock of its own."""

    number: int
    label: Label | None
    guess: tuple[Label, ...]
    received_at: datetime
    reviewing: Reviewing | None = None
    asked: tuple[Asked, ...] = ()
    supplied: tuple[Supplied, ...] = ()
    extended: tuple[Extended, ...] = ()
    aware: AwarenessRecorded | None = None
    decided: BreachDecided | None = None
    acknowledged: Acknowledged | None = None
    answered: AnsweredElsewhere | None = None
    closed: RequestClosed | None = None
    moved: Moved | None = None
    score: float = 0.0
    because: tuple[str, ...] = ()
    receipt_confirmed: bool = False
    """A person has said when it was received."""
    blocked: Blocked | None = None
    ticked: tuple[Ticked, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing is left to do about it here: it is closed, or goes on in another case."""
        return self.closed is not None or self.moved is not None

    @property
    def systems_left(self) -> tuple[str, ...]:
        """Sending systems that have still to take an unsubscribe in."""
        done = {tick.system for tick in self.ticked}
        return tuple(s for s in (self.blocked.systems if self.blocked else ()) if s not in done)

    def outstanding(self, letters: Mapping[str, Letter]) -> list[Wanted]:
        """Return what the requester was asked for, in effect, and has not supplied yet."""
        return [wanted for wanted in Wanted if self.unanswered(wanted, letters)]

    def unanswered(self, wanted: Wanted, letters: Mapping[str, Letter]) -> list[Asked]:
        """Return the questions that took effect and wait for an answer, in their order."""
        if wanted is Wanted.CLARIFICATION and self.label is not Label.ACCESS:
            return []  # sorted as something else since: there a question waits for nothing
        asked = [a for a in self.asked if a.wanted is wanted and took_effect(a, letters)]
        return asked[sum(s.wanted is wanted for s in self.supplied) :]

    def state(self, letters: Mapping[str, Letter]) -> RequestState:
        if self.over:
            return RequestState.CLOSED
        waiting = self.outstanding(letters)
        return RequestState(f"waiting_{waiting[0]}") if waiting else RequestState.OPEN


def took_effect(asked: Asked, letters: Mapping[str, Letter]) -> bool:
    """Whether the requester was really asked: by a letter that went, or in another way."""
    return not asked.letter_id or letters[asked.letter_id].sent_at is not None


def requests_of(events: Iterable[Event]) -> dict[int, Request]:
    """Return the requests by their numbers, in the order they were made."""
    found: dict[int, Request] = {}
    for event in events:
        if isinstance(event, Requested):
            found[event.request] = Request(
                event.request,
                event.label,
                event.guess,
                event.received_at,
                score=event.score,
                because=event.because,
            )
        else:
            for number in numbers_of(event):
                found[number] = grown(found[number], event)
    return found


def numbers_of(event: Event) -> Sequence[int]:
    """Return the requests an event speaks of."""
    if isinstance(event, Asked | Supplied):
        return event.requests
    number = getattr(event, "request", None)
    return () if number is None else (number,)


GATHERED: Mapping[type[Event], str] = {
    Asked: "asked",
    Supplied: "supplied",
    Extended: "extended",
    Ticked: "ticked",
}
KEPT: Mapping[type[Event], str] = {
    AwarenessRecorded: "aware",
    BreachDecided: "decided",
    Acknowledged: "acknowledged",
    AnsweredElsewhere: "answered",
    RequestClosed: "closed",
    Reviewing: "reviewing",
    Moved: "moved",
    Blocked: "blocked",
}


def grown(request: Request, event: Event) -> Request:
    """Return the request after the event."""
    kind = type(event)
    if kind in GATHERED:
        more: dict[str, Any] = {GATHERED[kind]: (*getattr(request, GATHERED[kind]), event)}
        return replace(request, **more)
    if kind in KEPT:
        kept: dict[str, Any] = {KEPT[kind]: event}
        return replace(request, **kept)
    match event:
        case Sorted():
            return replace(request, label=event.label)
        case ReceiptCorrected():
            return replace(request, received_at=event.received_at, receipt_confirmed=True)
        case RequestReopened():
            return replace(request, closed=None, answered=None)
        case _:
            return request
