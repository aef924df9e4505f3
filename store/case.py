"""A case: what was asked, what has happened, what we still owe; all of it a fold over its events.

Events are appended, never edited. `record` refuses what the history forbids at the moment it
is tried; state, due dates and letters follow from the events and are stored nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from store.clock import Due, reckon
from store.events import (
    Event,
    LetterBounced,
    LetterFailed,
    LetterOwed,
    LetterSent,
    LinkProposed,
    MessageReceived,
    Opened,
    Outcome,
    RequestClosed,
    Requested,
    Unanswered,
)
from store.jurisdiction import Jurisdiction
from store.law import Label, regime_for
from store.refused import RefusedError


class CaseError(RefusedError):
    """The case's history forbids what was asked of it; the text is for whoever asked."""


class State(StrEnum):
    TRIAGE = "triage"
    OPEN = "open"
    CLOSED = "closed"


class LetterStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter and what became of it."""

    owed: LetterOwed
    status: LetterStatus = LetterStatus.QUEUED
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked in a case, with a clock of its own."""

    number: int
    label: Label | None
    guess: tuple[Label, ...]
    received_at: datetime
    closed: RequestClosed | None = None


@dataclass(frozen=True)
class Case:
    """`ref` never changes and is never reused; `events` begins with the opening."""

    ref: str
    events: tuple[Event, ...]

    @cached_property
    def opened(self) -> Opened:
        first = self.events[0]
        assert isinstance(first, Opened)
        return first

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        found: dict[int, Request] = {}
        for event in self.events:
            match event:
                case Requested():
                    found[event.request] = Request(
                        event.request, event.label, event.guess, event.received_at
                    )
                case RequestClosed():
                    found[event.request] = replace(found[event.request], closed=event)
                case _:
                    pass
        return tuple(found.values())

    @cached_property
    def letters(self) -> tuple[Letter, ...]:
        found: dict[str, Letter] = {}
        for event in self.events:
            match event:
                case LetterOwed():
                    found[event.letter_id] = Letter(event)
                case LetterSent():
                    found[event.letter_id] = settled(found, event, LetterStatus.SENT)
                case LetterFailed():
                    found[event.letter_id] = settled(found, event, LetterStatus.FAILED)
                case LetterBounced():
                    found[event.letter_id] = settled(found, event, LetterStatus.BOUNCED)
                case _:
                    pass
        return tuple(found.values())

    @cached_property
    def messages(self) -> tuple[MessageReceived, ...]:
        return tuple(e for e in self.events if isinstance(e, MessageReceived))

    @property
    def state(self) -> State:
        running = [request for request in self.requests if request.closed is None]
        if any(request.label is None for request in running):
            return State.TRIAGE
        return State.OPEN if running else State.CLOSED

    @property
    def participants(self) -> frozenset[str]:
        """Who may write into this case: its requester. Addresses in lower case."""
        return frozenset({self.opened.requester_address.lower()} - {""})

    @property
    def asked(self) -> frozenset[Label]:
        """What is asked in requests that are still running."""
        return frozenset(r.label for r in self.requests if r.label and r.closed is None)

    def record(self, *events: Event) -> "Case":
        """Return the case with `events` appended. Raises CaseError if the history forbids one."""
        case = self
        for event in events:
            case.check(event)
            case = Case(case.ref, (*case.events, event))
        return case

    def check(self, event: Event) -> None:
        match event:
            case Opened():
                raise CaseError(f"{self.ref} is open already")
            case Requested() | RequestClosed():
                self._check_request(event)
            case LetterOwed():
                if any(known.owed.letter_id == event.letter_id for known in self.letters):
                    raise CaseError(f"{self.ref} owes letter {event.letter_id} already")
            case LetterSent() | LetterFailed() | LetterBounced():
                self.letter(event.letter_id)
            case MessageReceived() | Unanswered() | LinkProposed():
                pass
            case _:
                assert_never(event)

    def letter(self, letter_id: str) -> Letter:
        for known in self.letters:
            if known.owed.letter_id == letter_id:
                return known
        raise CaseError(f"{self.ref} has no letter {letter_id}")

    def request(self, number: int) -> Request:
        for known in self.requests:
            if known.number == number:
                return known
        raise CaseError(f"{self.ref} has no request {number}")

    def _check_request(self, event: Requested | RequestClosed) -> None:
        if isinstance(event, RequestClosed):
            self._check_closing(event)
        elif any(known.number == event.request for known in self.requests):
            raise CaseError(f"{self.ref} has a request {event.request} already")

    def _check_closing(self, event: RequestClosed) -> None:
        request = self.request(event.request)
        if request.closed is not None:
            when, who = request.closed.at, request.closed.by
            raise CaseError(
                f"request {request.number} of {self.ref} was closed already, "
                f"on {when:%d %b %Y} by {who}: {request.closed.outcome}"
            )
        held_back = request.label is Label.ERASURE and Label.ACCESS in self.asked
        if held_back and event.outcome is Outcome.FULFILLED:
            raise CaseError(
                f"{self.ref}: the erasure waits for the access request, "
                "so that the copy is made before the data goes; close access first"
            )

    def due(self, request: Request, here: Jurisdiction) -> Due:
        """Reckon one request's due date, with its working."""
        received_on = here.date_of(request.received_at)
        if request.label is not None and self._only_own_target(request):
            return here.own_target(request.label, received_on)
        # Every right shares one month, so the date stands even while the right is unclear.
        label = request.label or Label.ACCESS
        return reckon(
            regime_for(label, received_on), label, request.received_at, (), here.calendar, here.zone
        )

    def _only_own_target(self, request: Request) -> bool:
        """Whether no statutory date is left: a question has none, an acknowledged complaint none any more."""
        return request.label is Label.QUERY or (
            request.label in {Label.COMPLAINT, Label.REVIEW}
            and any(
                letter.status is LetterStatus.SENT and request.number in letter.owed.requests
                for letter in self.letters
            )
        )


def settled(
    found: dict[str, Letter],
    event: LetterSent | LetterFailed | LetterBounced,
    status: LetterStatus,
) -> Letter:
    return replace(found[event.letter_id], status=status, settled_at=event.at)


def open_case(ref: str, opened: Opened, then: Iterable[Event]) -> Case:
    """Begin a case with its opening, and record what belongs to it from the start."""
    return Case(ref, (opened,)).record(*then)
