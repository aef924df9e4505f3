"""A case: what was asked, what has happened, what we still owe; all of it a fold over its events.

Events are appended, never edited. `record` refuses what the history forbids at the moment it
is tried; state, due dates and letters follow from the events and are stored nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from store.chain import Link
from store.clock import Due, Happening, reckon
from store.deeds import Assigned, PapersDeleted, RequesterNamed, Restricted, Supplied
from store.events import BOT, Event, MessageReceived, Opened
from store.jurisdiction import Jurisdiction
from store.keeping import Erasure, Preserved, erasure_of, preservation_of
from store.law import Label, regime_for
from store.letters import Letter, LetterStatus, letters_of
from store.recorded import Medium, Trust, Wanted
from store.refused import CaseError
from store.requests import Request, RequestState, requests_of
from store.rules import check
from store.same_person import traits
from store.ties import Linked, Merged, TookIn, Unlinked
from store.timeline import happenings

__all__ = ["Case", "CaseError", "Letter", "LetterStatus", "Request", "State", "open_case"]


class State(StrEnum):
    TRIAGE = "triage"
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class Case:
    """`ref` never changes and is never reused; `events` begins with the opening."""

    ref: str
    events: tuple[Event, ...]
    chain: tuple[Link, ...] = field(default=(), compare=False, repr=False)
    """The audit chain over those events that are saved."""

    @cached_property
    def opened(self) -> Opened:
        first = self.events[0]
        assert isinstance(first, Opened)
        return first

    @property
    def requester_name(self) -> str:
        named = self._named
        return named.name if named else self.opened.requester_name

    @property
    def requester_address(self) -> str:
        """Where the requester is reached; empty while nobody knows."""
        named = self._named
        return named.address if named else self.opened.requester_address

    @property
    def _named(self) -> RequesterNamed | None:
        return next((e for e in reversed(self.events) if isinstance(e, RequesterNamed)), None)

    @cached_property
    def letters_by_id(self) -> dict[str, Letter]:
        return letters_of(self.events)

    @cached_property
    def requests_by_number(self) -> dict[int, Request]:
        return requests_of(self.events)

    @property
    def requests(self) -> tuple[Request, ...]:
        return tuple(self.requests_by_number.values())

    @property
    def letters(self) -> tuple[Letter, ...]:
        return tuple(self.letters_by_id.values())

    @cached_property
    def messages(self) -> tuple[MessageReceived, ...]:
        return tuple(e for e in self.events if isinstance(e, MessageReceived))

    @property
    def trust(self) -> Trust:
        """What was known of the sender when the case was opened."""
        return next((message.trust for message in self.messages), Trust.NONE)

    @property
    def verified(self) -> bool:
        """Whether a person has recorded how they made sure who asked."""
        return any(isinstance(e, Supplied) and e.wanted is Wanted.IDENTITY for e in self.events)

    @property
    def in_doubt(self) -> bool:
        """Whether somebody else may have asked: the sender failed, and nobody has made sure since."""
        return self.trust is Trust.FAILED and not self.verified

    @property
    def running(self) -> tuple[Request, ...]:
        return tuple(request for request in self.requests if not request.over)

    @property
    def state(self) -> State:
        states = {request.state(self.letters_by_id) for request in self.running}
        if any(request.label is None for request in self.running):
            return State.TRIAGE
        if RequestState.OPEN in states:
            return State.OPEN
        return State.WAITING if states else State.CLOSED

    @property
    def owner(self) -> str:
        """Whose case it is now; empty while it is nobody's."""
        return next((e.owner for e in reversed(self.events) if isinstance(e, Assigned)), "")

    @property
    def hidden_from(self) -> frozenset[str]:
        """Logins of those from whom the case is hidden."""
        return frozenset(
            login for e in self.events if isinstance(e, Restricted) for login in e.hidden_from
        )

    @property
    def kinds(self) -> frozenset[str]:
        """What the case is about, in the words by which staff may be excluded from it."""
        labels = {str(request.label) for request in self.requests if request.label}
        facets = {facet for case in self._taken_in for facet in case.facets}
        return frozenset(labels | facets | set(self.opened.facets))

    @property
    def links(self) -> frozenset[str]:
        """References of other cases of the same person, as people linked them."""
        found: set[str] = set()
        for event in self.events:
            if isinstance(event, Linked):
                found.add(event.ref)
            elif isinstance(event, Unlinked):
                found.discard(event.ref)
        return frozenset(found)

    @property
    def participants(self) -> frozenset[str]:
        """Who may write into this case: its requester, at any address. In lower case."""
        addresses = {self.requester_address, *(case.address for case in self._taken_in)}
        return frozenset({address.lower() for address in addresses} - {""})

    @property
    def _taken_in(self) -> tuple[TookIn, ...]:
        return tuple(e for e in self.events if isinstance(e, TookIn))

    @property
    def merged_into(self) -> str:
        """In which case this one goes on, if it does."""
        return next((e.into for e in self.events if isinstance(e, Merged)), "")

    @property
    def traits(self) -> tuple[str, ...]:
        """By what the requester is known again, the most telling first."""
        return traits(self.requester_name, self.requester_address, self.opened.identifiers)

    @cached_property
    def preserved(self) -> Preserved | None:
        """The legal hold that the case is under, if any."""
        return preservation_of(self.events)

    @cached_property
    def erasure(self) -> Erasure | None:
        """The erasure that was asked for, if any, and how it stands."""
        return erasure_of(self.events)

    @property
    def papers_due(self) -> tuple[str, ...]:
        """The messages whose proof of identity has served and is to be deleted (Art. 5(1)(e))."""
        if self.preserved is not None:
            return ()
        brought = [e.papers for e in self.events if isinstance(e, Supplied)]
        gone = {e.spool_id for e in self.events if isinstance(e, PapersDeleted)}
        return tuple(dict.fromkeys(p for papers in brought for p in papers if p not in gone))

    @property
    def asked(self) -> frozenset[Label]:
        """What is asked in requests that are still running."""
        return frozenset(request.label for request in self.running if request.label)

    def record(self, *events: Event) -> "Case":
        """Return the case with `events` appended. Raises CaseError if the history forbids one."""
        case = self
        for event in events:
            check(case, event)
            case = Case(case.ref, (*case.events, event), case.chain)
        return case

    def letter(self, letter_id: str) -> Letter:
        try:
            return self.letters_by_id[letter_id]
        except KeyError:
            raise CaseError(f"{self.ref} has no letter {letter_id}") from None

    def request(self, number: int) -> Request:
        try:
            return self.requests_by_number[number]
        except KeyError:
            raise CaseError(f"{self.ref} has no request {number}") from None

    def due(self, request: Request, here: Jurisdiction, more: Sequence[Happening] = ()) -> Due:
        """Reckon one request's due date, with its working; `more` is what might happen besides."""
        received_on = here.date_of(request.received_at)
        if request.label is not None and self._only_own_target(request):
            return here.own_target(request.label, received_on)
        # Every right shares one month, so the date stands even while the right is unclear.
        label = request.label or Label.ACCESS
        return reckon(
            regime_for(label, received_on),
            label,
            request.received_at,
            [*happenings(request, self.letters_by_id), *more],
            here.calendar,
            here.zone,
        )

    def _only_own_target(self, request: Request) -> bool:
        """Whether no statutory date is left: a question has none, an acknowledged complaint none any more."""
        return request.label is Label.QUERY or (
            request.label in {Label.COMPLAINT, Label.REVIEW}
            and (request.acknowledged is not None or bool(self.told(request)))
        )

    def provisional(self, request: Request) -> bool:
        """Whether its receipt was taken from what a colleague relayed, and nobody has confirmed it."""
        relayed = self.opened.channel == Medium.SLACK and self.opened.by == BOT
        return relayed and not request.receipt_confirmed

    def told(self, request: Request) -> list[datetime]:
        """Return when letters that speak of the request went to its requester."""
        return [
            letter.sent_at
            for letter in self.letters
            if letter.sent_at is not None and request.number in letter.owed.requests
        ]


def open_case(ref: str, opened: Opened, then: Iterable[Event]) -> Case:
    """Begin a case with its opening, and record what belongs to it from the start."""
    return Case(ref, (opened,)).record(*then)
