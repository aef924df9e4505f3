"""What may be shown of cases: the values that scripts and tables read. Stable names; no token, no letter text."""

from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.alarms import crossings
from bot.flood import in_flood
from store.case import Case, Letter, LetterStatus, Request
from store.casebook import Disposition
from store.deeds import LetterHeld, LetterReleased
from store.due import sentences, short
from store.events import (
    Event,
    LetterBounced,
    LetterFailed,
    LetterOwed,
    LetterSent,
    LinkProposed,
)
from store.jurisdiction import Jurisdiction

View = dict[str, Any]

FATE = (LetterOwed, LetterHeld, LetterReleased, LetterSent, LetterFailed, LetterBounced)
"""What can happen to a letter, its writing first."""

NOT_SHOWN = {"token", "text", "html", "references"}
"""Of events: the secret, and what stands in the letters themselves."""


def case_view(case: Case, here: Jurisdiction, now: datetime) -> View:
    opened = case.opened
    requester = {
        "name": case.requester_name,
        "address": case.requester_address,
        "trust": case.trust,
        "verified": case.verified,
        "trust_reasons": list(case.messages[0].trust_reasons) if case.messages else [],
    }
    return {
        "ref": case.ref,
        "state": case.state,
        "in_flood": in_flood(case),
        "received_at": opened.received_at.isoformat(),
        "received_on": here.date_of(opened.received_at).isoformat(),
        "channel": opened.channel,
        "requester": requester,
        "requests": [request_view(case, request, here) for request in case.requests],
        "owner": case.owner or None,
        "links": sorted(case.links),
        "proposed_links": [
            {"ref": e.ref, "why": e.why}
            for e in case.events
            if isinstance(e, LinkProposed) and e.ref not in case.links
        ],
        "merged_into": case.merged_into or None,
        "papers_due": list(case.papers_due),
        "legal_hold": hold_view(case),
        "erasure": erasure_view(case),
        "warnings": [
            f"letter {letter.letter_id}: {letter.why}; its last day is {short(letter.last)}"
            for letter in crossings(case, here, now)
        ],
        "facets": list(opened.facets),
        "letters": [letter_view(letter) for letter in case.letters],
        "messages": [
            {
                "id": message.spool_id,
                "direction": "in",
                "at": message.received_at.isoformat(),
                "trust": message.trust,
                "flags": list(message.flags),
            }
            for message in case.messages
        ],
        "events": [event_view(event) for event in case.events],
    }


def hold_view(case: Case) -> View | None:
    held = case.preserved
    if held is None:
        return None
    return {"owner": held.owner, "why": held.why, "review_on": held.review_on.isoformat()}


def erasure_view(case: Case) -> View | None:
    """Tell how an erasure stands that was asked for."""
    erasure = case.erasure
    if erasure is None:
        return None
    return {
        "asked_by": erasure.asked.by,
        "reason": erasure.asked.reason,
        "confirmed_by": erasure.confirmed.by if erasure.confirmed else None,
        "erase_at": plain(erasure.at),
        "stopped_by": str(erasure.stopped.kind) if erasure.stopped else None,
    }


def request_view(case: Case, request: Request, here: Jurisdiction) -> View:
    due = case.due(request, here)
    return {
        "number": request.number,
        "right": request.label,
        "guess": list(request.guess),
        "score": request.score,
        "because": list(request.because),
        "state": request.state(case.letters_by_id),
        "received_on": here.date_of(request.received_at).isoformat(),
        "due_on": plain(due.due_on),
        "due_at": plain(due.due_at),
        "due_kind": due.kind,
        "provisional_due": plain(due.provisional_due),
        "paused_days": due.paused_days,
        "extension_notice_due": plain(due.extension_notice_due),
        "working": list(sentences(due)),
        "outcome": request.closed.outcome if request.closed else None,
        "systems_left": list(request.systems_left),
        "reviews": reviewed(request),
        "moved_to": request.moved.to if request.moved else None,
    }


def reviewed(request: Request) -> View | None:
    """Return the decision that a review looks at again: to be read there, not changed."""
    of = request.reviewing
    if of is None:
        return None
    decided = {"outcome": of.outcome, "decided_by": of.decided_by}
    return {"ref": of.of_ref, "request": of.of_request} | decided


def letter_view(letter: Letter) -> View:
    return {
        "id": letter.owed.letter_id,
        "kind": letter.owed.letter_kind,
        "to": letter.owed.to,
        "status": letter.status,
        "sent_at": plain(letter.settled_at) if letter.status is LetterStatus.SENT else None,
        "message_id": letter.owed.message_id,
    }


def fate_view(case: Case, letter_id: str) -> View:
    """Tell who wrote a letter, in which version of the words, and all that became of it."""
    became = [
        {
            "at": plain(e.at),
            "what": str(e.kind).removeprefix("letter_"),
            "by": e.by,
            "why": why_of(e),
        }
        for e in case.events
        if isinstance(e, FATE) and e.letter_id == letter_id
    ]
    owed = case.letter(letter_id).owed
    went_at = next((step["at"] for step in became if step["what"] == "sent"), None)
    return {
        "by": owed.by,
        "owed_at": plain(owed.at),
        "version": owed.version,
        "went_at": went_at,
        "became": became[1:],
    }


def why_of(event: Event) -> str:
    return getattr(event, "why", "")


def event_view(event: Event) -> View:
    return {key: plain(value) for key, value in asdict(event).items() if key not in NOT_SHOWN}


def disposition_view(disposition: Disposition) -> View:
    return {
        "id": disposition.spool_id,
        "received_at": disposition.received_at.isoformat(),
        "end": disposition.end,
        "ref": disposition.ref or None,
        "why": disposition.why,
        "scores": dict(disposition.scores),
    }


def plain(value: object) -> Any:
    """Turn a value of ours into one of JSON's."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value
