"""The look-ups of the embedded casebook, held in memory and told of every document.

An index follows from the documents alone: it is rebuilt at each start and never written.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from store.answers import Answers
from store.same_person import traits

OWN_REF = re.compile(r"DP-(\d{4})-(\d+)")
SETTLING = {"letter_sent", "letter_failed", "letter_bounced"}


class Indexes:
    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}
        """A case's secret token -> its reference."""
        self.versions: dict[str, int] = {}
        """A case's reference -> how many events it has."""
        self.owing: set[str] = set()
        """References of cases with a queued letter."""
        self.traits: dict[str, set[str]] = defaultdict(set)
        """What a requester is known again by -> references."""
        self.answers = Answers()
        self.running: set[str] = set()
        """References of cases with an open request."""
        self.notices_owed: set[str] = set()
        self.alike: dict[str, set[str]] = defaultdict(set)
        """What a message is, or once was, known by -> spool ids; more than one for copies."""
        self._last_number: dict[int, int] = defaultdict(int)

    def note(self, table: str, doc_id: str, document: Mapping[str, Any] | None) -> None:
        """Take in one document as it is now. Nothing is removed from a casebook yet."""
        if document is None:
            return
        match table:
            case "cases":
                self._note_case(doc_id, document["events"])
            case "dispositions":
                self.alike[document["key"]].add(doc_id)
            case "notices":
                keep(self.notices_owed, doc_id, holds=document["letter"]["status"] == "queued")
            case _:
                pass

    def take_number(self, year: int) -> int:
        self._last_number[year] += 1
        return self._last_number[year]

    def _note_case(self, ref: str, events: list[Mapping[str, Any]]) -> None:
        self.tokens[events[0]["token"]] = ref
        self.versions[ref] = len(events)
        opened = events[0]
        given = opened.get("identifiers", ())
        named = [(e["name"], e["address"]) for e in events if e["kind"] == "requester_named"]
        for who in ((opened["requester_name"], opened["requester_address"]), *named):
            for trait in traits(*who, given):
                self.traits[trait].add(ref)
        owed = {e["letter_id"] for e in events if e["kind"] == "letter_owed"}
        settled = {e["letter_id"] for e in events if e["kind"] in SETTLING}
        keep(self.owing, ref, holds=bool(owed - settled))
        self.answers.note(events)
        keep(self.running, ref, holds=bool(open_requests(events)))
        if own := OWN_REF.fullmatch(ref):
            year, number = int(own[1]), int(own[2])
            self._last_number[year] = max(self._last_number[year], number)


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
