"""The requests of a case, folded from its events: what each asks, what it waits for, how it ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from store.deeds import (
    AnsweredElsewhere,
    Asked,
    AwarenessRecorded,
    BreachDecided,
    Extended,
    ReceiptCorrected,
    RequestReopened,
    Sorted,
    Supplied,
)
from store.events import Event, RequestClosed, Requested
from store.law import Label
from store.letters import Letter
from store.recorded import Wanted


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
    reviews: int = 0
    asked: tuple[Asked, ...] = ()
    supplied: tuple[Supplied, ...] = ()
    extended: tuple[Extended, ...] = ()
    aware: AwarenessRecorded | None = None
    decided: BreachDecided | None = None
    answered: AnsweredElsewhere | None = None
    closed: RequestClosed | None = None

    def outstanding(self, letters: Mapping[str, Letter]) -> list[Wanted]:
        """Return what the requester was asked for, in effect, and has not supplied yet."""
        return [
            wanted
            for wanted in Wanted
            if sum(a.wanted is wanted and took_effect(a, letters) for a in self.asked)
            > sum(s.wanted is wanted for s in self.supplied)
        ]

    def state(self, letters: Mapping[str, Letter]) -> RequestState:
        if self.closed is not None:
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
                event.request, event.label, event.guess, event.received_at, event.reviews
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


GATHERED = {Asked: "asked", Supplied: "supplied", Extended: "extended"}
KEPT = {
    AwarenessRecorded: "aware",
    BreachDecided: "decided",
    AnsweredElsewhere: "answered",
    RequestClosed: "closed",
}


def grown(request: Request, event: Event) -> Request:
    """Return the request after the event."""
    match event:
        case Asked() | Supplied() | Extended():
            name = GATHERED[type(event)]
            more: dict[str, Any] = {name: (*getattr(request, name), event)}
            return replace(request, **more)
        case AwarenessRecorded() | BreachDecided() | AnsweredElsewhere() | RequestClosed():
            kept: dict[str, Any] = {KEPT[type(event)]: event}
            return replace(request, **kept)
        case Sorted():
            return replace(request, label=event.label)
        case ReceiptCorrected():
            return replace(request, received_at=event.received_at)
        case RequestReopened():
            return replace(request, closed=None, answered=None)
        case _:
            return request
