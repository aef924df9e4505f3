"""What a case knows of a letter about it: nobody types again what the file has.

A fact that the case has comes from the case alone, and no date is told while one is not running.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from intents.reading import Facet
from replies.facts import KINDS
from replies.facts.refusing import REFUSED
from replies.facts.signed import DATED
from replies.facts.timing import LOOKED_INTO
from store.case import Case, CaseError, LetterStatus, Request
from store.clock import Happening
from store.jurisdiction import Jurisdiction
from store.law import EXTENSION_NOTICE, Label
from store.recorded import Outcome, Wanted
from store.rules import not_verified
from store.timeline import day_asked

ANSWERS: Final[Mapping[str, frozenset[Label]]] = MappingProxyType(
    {
        "access_response": frozenset({Label.ACCESS}),
        "ask_clarification": frozenset({Label.ACCESS}),
        "breach_report": frozenset({Label.BREACH}),
        "complaint_outcome": frozenset({Label.COMPLAINT}),
        "marketing_stopped": frozenset({Label.UNSUBSCRIBE}),
        "partial_disclosure": frozenset({Label.ACCESS}),
        "pause_started": frozenset({Label.ACCESS}),
        "progress_note": LOOKED_INTO,
        "restriction_lift": frozenset({Label.RESTRICTION}),
        "review_outcome": frozenset({Label.REVIEW}),
    }
)
"""What a kind of letter answers, where it is not every request."""

TELLS_OF_DATA: Final = frozenset(
    {"access_response", "partial_disclosure", "fulfilled", "partly_refused", "no_data_held"}
)
"""Kinds that would show somebody who is not known yet whether there is data, and which."""


@dataclass(frozen=True, slots=True)
class About:
    """What a letter is about: a case and some of its requests, as they stand when somebody writes."""

    case: Case
    requests: tuple[Request, ...]
    here: Jurisdiction
    at: datetime
    by: str
    first: Case | None = None
    """Of a duplicate: the case that asked the same before."""
    others: Sequence[Case] = field(default=())
    """Other cases of the same person."""

    @property
    def request(self) -> Request:
        return self.requests[0]

    @property
    def due_on(self) -> date:
        """The date that every request of this letter has. Raises CaseError where there is none."""
        return self.date_of({self.case.due(r, self.here).due_on for r in self.requests})

    @property
    def extended_on(self) -> date:
        """The date they would have if notice of an extension were given now."""
        notice = [Happening(EXTENSION_NOTICE, self.at)]
        return self.date_of({self.case.due(r, self.here, notice).due_on for r in self.requests})

    def date_of(self, days: set[date | None]) -> date:
        day = next(iter(days))
        if len(days) > 1:
            raise CaseError(f"these requests of {self.case.ref} have several dates: name one")
        if day is None:
            raise CaseError(
                f"request {self.request.number} of {self.case.ref} has no date that could be told now"
            )
        return day


def which(case: Case, kind: str, numbers: Sequence[int]) -> tuple[Request, ...]:
    """Return the requests that a letter is about: those named, or else the only one it fits.

    A letter that names no right is about all that is open.
    """
    if numbers:
        found = tuple(case.request(number) for number in numbers)
        if wrong := [r for r in found if not fits(kind, r)]:
            raise CaseError(
                f"a {kind} letter does not answer {wrong[0].label or 'what is unsorted'}"
            )
        return found
    found = tuple(request for request in case.running if fits(kind, request)) or tuple(
        request for request in case.requests if fits(kind, request) and request.closed
    )
    if not found:
        raise CaseError(f"nothing is asked in {case.ref} that a {kind} letter answers")
    chosen = kind in ANSWERS or names(kind) & {"label", "labels"}
    if len(found) > 1 and chosen and kind not in OF_ALL:
        listed = ", ".join(f"{r.number} ({r.label or 'not sorted yet'})" for r in found)
        raise CaseError(
            f"{case.ref} asks several things: {listed}; name what is meant by --request"
        )
    return found


SPEAKS_OF_NONE: Final = frozenset({"check_back"})
"""Kinds that answer nothing: who gets one was not told that a request has come."""

OF_ALL: Final = frozenset({"ask_identity", "survey"})
"""Kinds that concern everything that is open."""


def names(kind: str) -> frozenset[str]:
    """Return the names of the facts that a kind of letter has."""
    return frozenset(field.name for field in fields(KINDS[kind]))


def fits(kind: str, request: Request) -> bool:
    return kind not in ANSWERS or request.label in ANSWERS[kind]


def known(kind: str, about: About) -> dict[str, Any]:
    """Return the facts of this kind of letter that the case has. Raises CaseError where it may not be written."""
    wanted = names(kind)
    case, request = about.case, about.request
    waits = {w for r in about.requests for w in r.outstanding(case.letters_by_id)}
    if kind in TELLS_OF_DATA and case.in_doubt:
        raise CaseError(not_verified(case))
    if kind in TELLS_OF_DATA and (missing := waits - {Wanted.CLARIFICATION}):
        raise CaseError(f"{case.ref} still waits for {min(missing)}: a {kind} letter tells of data")
    found: dict[str, Any] = {
        "ref": case.ref,
        "received_on": about.here.date_of(request.received_at),
        "agent": Facet.AGENT in case.opened.facets and Wanted.AUTHORITY not in waits,
    }
    if "label" in wanted:
        found["label"] = sorted_as(case, request)
    elif "labels" in wanted and kind not in OF_ALL:
        found["labels"] = tuple(sorted_as(case, request) for request in about.requests)
    if kind in BESIDES:
        found |= BESIDES[kind](about)
    return {name: value for name, value in found.items() if name in wanted}


def sorted_as(case: Case, request: Request) -> Label:
    if request.label is None:
        raise CaseError(f"request {request.number} of {case.ref} is not sorted yet")
    return request.label


def restarted(about: About) -> dict[str, Any]:
    if not about.request.supplied:
        raise CaseError(f"nothing that {about.case.ref} waited for has come")
    last = about.request.supplied[-1]
    return {
        "awaited": str(last.wanted),
        "restarted_on": last.effective_on,
        "due_on": about.due_on,
    }


def paused(about: About) -> dict[str, Any]:
    asked = [a for a in about.request.asked if a.wanted is Wanted.CLARIFICATION]
    when = day_asked(asked[-1], about.case.letters_by_id) if asked else None
    if when is None:
        raise CaseError(f"no question has stopped the clock of {about.case.ref}")
    on = about.here.date_of(when) if isinstance(when, datetime) else when
    return {"asked_on": on} | ({"question": asked[-1].question} if asked[-1].question else {})


def late(about: About) -> dict[str, Any]:
    if about.here.date_of(about.at) <= about.due_on:
        raise CaseError(f"{about.case.ref} is not late: its date is {about.due_on:%d %b %Y}")
    return {"first_due_on": about.due_on}


def repeated(about: About) -> dict[str, Any]:
    """Take the date from the first case, whose month goes on."""
    first, label = about.first, about.request.label
    if first is None:  # nobody can write it yet, only look at it: its own dates stand there
        received_on = about.here.date_of(about.request.received_at)
        due_on = about.due_on if label in DATED else None
        return {"first_received_on": received_on, "due_on": due_on}
    same = next((r for r in first.running if r.label is label), None)
    if same is None:
        raise CaseError(f"{first.ref} has no open request of the same kind")
    due_on = (
        About(first, (same,), about.here, about.at, about.by).due_on if label in DATED else None
    )
    received_on = about.here.date_of(same.received_at)
    return {"first_received_on": received_on, "due_on": due_on}


def decided(about: About) -> dict[str, Any]:
    """Tell which decision is looked at again: it stands in another case, most of the time."""
    of = about.request.reviewing
    if of is None:
        raise CaseError(f"request {about.request.number} of {about.case.ref} reviews no decision")
    there = next((case for case in (about.case, *about.others) if case.ref == of.of_ref), None)
    closed = there.request(of.of_request).closed if there else None
    decided_on = {"decided_on": closed.effective_on} if closed and closed.effective_on else {}
    return {"decided_by": of.decided_by, "reviewed_by": about.by, **decided_on}


def done(about: About) -> dict[str, Any]:
    closed = about.request.closed
    return {"done_on": closed.effective_on} if closed and closed.effective_on else {}


def stopped(about: About) -> dict[str, Any]:
    if left := about.request.systems_left:
        raise CaseError(
            f"marketing has not stopped while {', '.join(left)} of {about.case.ref} is left"
        )
    return {"systems_left": 0, **done(about)}


def ground(about: About) -> dict[str, Any]:
    closed = about.request.closed
    return {"ground": closed.outcome} if closed and closed.outcome in REFUSED else {}


def identity(about: About) -> dict[str, Any]:
    return {"labels": tuple(r.label for r in about.requests if r.label in DATED)}


def surveyed(about: About) -> dict[str, Any]:
    """Gather all that this person asked, in other cases too: whoever complained there is left alone."""
    case = about.case
    if case.running:
        raise CaseError(f"{case.ref} is not closed: nobody is surveyed before")
    went = [m.owed.letter_kind for m in case.letters if m.status is not LetterStatus.FAILED]
    if "survey" in went:
        raise CaseError(f"{case.ref} has its survey already: it is sent once")
    cases = (case, *about.others)
    ended = [(c, request.closed.outcome) for c in cases for request in c.requests if request.closed]
    return {
        "labels": tuple({r.label for c in cases for r in c.requests if r.label is not None}),
        "outcomes": tuple(o for c, o in ended if c is case or o in REFUSED | {Outcome.PARTLY}),
    }


def once(about: About) -> dict[str, Any]:
    """Ask nobody twice whether it was them."""
    went = [m for m in about.case.letters if m.status is not LetterStatus.FAILED]
    if any(letter.owed.letter_kind == "check_back" for letter in went):
        raise CaseError(f"{about.case.ref} has its check-back already: it is sent once")
    return {}


BESIDES: Final[Mapping[str, Callable[[About], dict[str, Any]]]] = MappingProxyType(
    {
        "apology_late": late,
        "ask_identity": identity,
        "check_back": once,
        "clock_restarted": restarted,
        "correction_of_date": lambda about: {"due_on": about.due_on},
        "duplicate": repeated,
        "extension": lambda about: {"first_due_on": about.due_on, "due_on": about.extended_on},
        "fulfilled": done,
        "marketing_stopped": stopped,
        "partial_disclosure": lambda about: {"due_on": about.due_on},
        "partly_refused": done,
        "pause_started": paused,
        "refusal": ground,
        "review_outcome": decided,
        "survey": surveyed,
    }
)
"""What only some kinds ask of the case."""
