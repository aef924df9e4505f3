"""The look-ups of the embedded casebook, held in memory and told of every document.

An index follows from the documents alone: it is rebuilt at each start and never written.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from store.answers import Answers
from store.ledger import ERASED
from store.same_person import traits

OWN_REF = re.compile(r"DP-(\d{4})-(\d+)")
NUMBERS = "last numbers"
"""What is kept under this name says by year from where references go on."""
NOT_GOING = {"letter_held", "letter_sent", "letter_failed", "letter_bounced"}


class Several:
    """Members by key. Most keys have one, and a set for each would take four times the memory."""

    def __init__(self) -> None:
        self._members: dict[str, str | set[str]] = {}

    def add(self, key: str, member: str) -> None:
        there = self._members.setdefault(key, member)
        if isinstance(there, set):
            there.add(member)
        elif there != member:
            self._members[key] = {there, member}

    def forget(self, member: str) -> None:
        """Take a member out wherever it is."""
        for key in [k for k, there in self._members.items() if member == there]:
            del self._members[key]
        for key, there in self._members.items():
            if isinstance(there, set) and member in there:
                left = there - {member}
                self._members[key] = left if len(left) > 1 else next(iter(left))

    def of(self, key: str) -> list[str]:
        """Return the members in order."""
        there = self._members.get(key, ())
        return [there] if isinstance(there, str) else sorted(there)


class Indexes:
    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}
        """A case's secret token -> its reference."""
        self.versions: dict[str, int] = {}
        """A case's reference -> how many events it has."""
        self.owing: set[str] = set()
        """References of cases with a queued letter."""
        self.traits = Several()
        """What a requester is known again by -> references."""
        self.answers = Answers()
        self.running: set[str] = set()
        """References of cases with an open request."""
        self.notices_owed: set[str] = set()
        self.alike = Several()
        """What a message is, or once was, known by -> spool ids; more than one for copies."""
        self.last_number: dict[int, int] = defaultdict(int)

    def note(self, table: str, doc_id: str, document: Mapping[str, Any] | None) -> None:
        """Take in one document as it is now; None where it was removed, or its key is gone."""
        if document is None:
            self._forget(table, doc_id)
            return
        match table:
            case "cases":
                self._note_case(doc_id, document["events"])
            case "dispositions":
                self.alike.add(document["key"], doc_id)
            case "notices":
                keep(self.notices_owed, doc_id, holds=document["letter"]["status"] == "queued")
            case "kept" if doc_id == NUMBERS:
                for year, number in document.items():
                    self._note_number(int(year), int(number))
            case "kept" if own := OWN_REF.fullmatch(doc_id.removeprefix(ERASED)):
                self._note_number(int(own[1]), int(own[2]))
            case _:
                pass

    def take_number(self, year: int) -> int:
        self.last_number[year] += 1
        return self.last_number[year]

    def _forget(self, table: str, doc_id: str) -> None:
        """Forget a document. It is rare, and what it said is gone: so all members are looked through."""
        if table == "cases":
            self._note_ref(doc_id)
            self.versions.pop(doc_id, None)
            self.running.discard(doc_id)
            self.owing.discard(doc_id)
            self.traits.forget(doc_id)
            self.answers.forget(doc_id)
            self.tokens = {token: ref for token, ref in self.tokens.items() if ref != doc_id}
        elif table == "dispositions":
            self.alike.forget(doc_id)
        elif table == "notices":
            self.notices_owed.discard(doc_id)

    def _note_case(self, ref: str, events: list[Mapping[str, Any]]) -> None:
        if ref not in self.versions:
            self._note_opening(ref, events[0])
        self.versions[ref] = len(events)
        kinds = {event["kind"] for event in events}
        if "requester_named" in kinds:
            self._note_names(ref, events)
        keep(self.owing, ref, holds=bool(letters_going(events)))
        self.answers.note(events)
        keep(self.running, ref, holds=bool(open_requests(events)))

    def _note_names(self, ref: str, events: list[Mapping[str, Any]]) -> None:
        """Take in what the requester was named besides."""
        given = events[0].get("identifiers", ())
        for named in (e for e in events if e["kind"] == "requester_named"):
            for trait in traits(named["name"], named["address"], given):
                self.traits.add(trait, ref)

    def _note_opening(self, ref: str, opened: Mapping[str, Any]) -> None:
        """Take in what of a case never changes again."""
        self.tokens[opened["token"]] = ref
        given = opened.get("identifiers", ())
        for trait in traits(opened["requester_name"], opened["requester_address"], given):
            self.traits.add(trait, ref)
        self._note_ref(ref)

    def _note_ref(self, ref: str) -> None:
        """See to it that a reference is not given again."""
        if own := OWN_REF.fullmatch(ref):
            self._note_number(int(own[1]), int(own[2]))

    def _note_number(self, year: int, number: int) -> None:
        self.last_number[year] = max(self.last_number[year], number)


def letters_going(events: list[Mapping[str, Any]]) -> set[str]:
    """Return the ids of the letters that are on their way: none that waits for a person."""
    found: set[str] = set()
    for event in events:
        kind = event["kind"]
        if kind == "letter_released" or (kind == "letter_owed" and not event.get("draft")):
            found.add(event["letter_id"])
        elif kind in NOT_GOING:
            found.discard(event["letter_id"])
    return found


def open_requests(events: list[Mapping[str, Any]]) -> set[int]:
    """Return the numbers of the requests that are open after `events`."""
    found: set[int] = set()
    for event in events:
        if event["kind"] in {"requested", "request_reopened"}:
            found.add(event["request"])
        elif event["kind"] in {"request_closed", "moved"}:
            found.discard(event["request"])
    return found


def keep(members: set[str], member: str, *, holds: bool) -> None:
    """Put `member` among `members` while it holds, and take it out when not."""
    (members.add if holds else members.discard)(member)
