"""How many answers of a machine went to whom in the last day: what keeps two machines from talking for ever.

Follows from the cases alone, so it survives a restart. Holds no more than one day, reckoned from
the newest answer it knows.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from store.recorded import BOT

ANSWERS = frozenset({"acknowledgement", "duplicate"})
"""Kinds of letter that a machine writes because a message came."""
LOOK_BACK = timedelta(days=1)


class Answer(NamedTuple):
    at: datetime
    letter_id: str
    to: str


class Answers:
    def __init__(self) -> None:
        self._known: dict[str, Answer] = {}
        self._by_whom: dict[str, list[Answer]] = {}

    def count(self, to: str, since: datetime) -> int:
        """Count what went, since then, to an address, an `@domain`, or anybody if `to` is empty."""
        found = self._by_whom.get(to.lower(), [])
        return len(found) - bisect_left(found, since, key=lambda answer: answer.at)

    def note(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Take in one case as it is now."""
        for answer, goes in answers_in(events):
            if goes and answer.letter_id not in self._known:
                self._add(answer)
            elif not goes and answer.letter_id in self._known:
                self._drop(self._known[answer.letter_id])

    def forget(self, ref: str) -> None:
        """Forget the answers in one case."""
        for answer in [a for i, a in self._known.items() if i.rpartition("-")[0] == ref]:
            self._drop(answer)

    def _add(self, answer: Answer) -> None:
        newest = self._by_whom.get("", [])
        if newest and newest[-1].at - answer.at > LOOK_BACK:
            return
        self._known[answer.letter_id] = answer
        for whom in all_of(answer.to):
            there = self._by_whom.setdefault(whom, [])
            if not there or there[-1] <= answer:  # nearly always: they come in the order of time
                there.append(answer)
            else:
                insort(there, answer)
        while answer.at - (oldest := self._by_whom[""][0]).at > LOOK_BACK:
            self._drop(oldest)

    def _drop(self, answer: Answer) -> None:
        del self._known[answer.letter_id]
        for whom in all_of(answer.to):
            left = self._by_whom[whom]
            del left[bisect_left(left, answer)]
            if not left:
                del self._by_whom[whom]


def all_of(to: str) -> tuple[str, str, str]:
    """Return under what an answer to that address is counted."""
    return "", f"@{to.rpartition('@')[2]}", to


def answers_in(events: Iterable[Mapping[str, Any]]) -> list[tuple[Answer, bool]]:
    """Return a machine's answers in a case, and whether each goes or waits for a person."""
    found: dict[str, Answer] = {}
    going: set[str] = set()
    for event in events:
        kind, letter_id = event["kind"], event.get("letter_id", "")
        if kind == "letter_owed" and event["letter_kind"] in ANSWERS and event["by"] == BOT:
            at = datetime.fromisoformat(event["at"])
            found[letter_id] = Answer(at, letter_id, event["to"].lower())
            if not event.get("draft"):
                going.add(letter_id)
        elif kind == "letter_released":
            going.add(letter_id)
        elif kind == "letter_held":
            going.discard(letter_id)
    return [(answer, letter_id in going) for letter_id, answer in found.items()]
