"""The bench that every action at the desk stands on: find the case, decide, save, and look again if somebody was quicker."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TypedDict

import structlog

from bot.casework import Casework
from bot.letters import Letters
from bot.people import Person
from bot.triage import Rules
from store.block_list import BlockList
from store.case import Case, CaseError, Request
from store.casebook import Casebook, Change, ChangedMeanwhileError
from store.deeds import Looked, Shown
from store.events import BOT, Event
from store.jurisdiction import Jurisdiction
from store.ledger import ERASED, ERASING
from store.retention import Schedule

log = structlog.get_logger()

Kept = Mapping[str, Mapping[str, str]]
Make = Callable[[Case], Sequence[Event]]
MakeNew = Callable[[Case], tuple[Case, Case]]
"""From a case to a new one, and the case as it is then."""
MakeBoth = Callable[[Case, Case], tuple[Case, Case]]


class StaleError(CaseError):
    """Somebody changed the case after it was looked at."""


class Stamp(TypedDict):
    """What every event of an action carries."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something, and when it is recorded."""

    by: Person
    at: datetime
    seen: int | None = None
    """How many events the case had when it was looked at, where that was before this."""
    once: str = ""
    """By what it is known where it may be asked for again: then nothing more is done."""

    @property
    def stamp(self) -> Stamp:
        return {"at": self.at, "by": self.by.login}

    def must_be_fresh(self, case: Case) -> None:
        """Raise StaleError if a person changed the case since it was looked at."""
        for event in case.events[self.seen :] if self.seen is not None else ():
            if event.by != BOT and not isinstance(event, Looked | Shown):
                done = event.kind.replace("_", " ")
                raise StaleError(
                    f"{case.ref} was changed meanwhile by {event.by} ({done}): look again first"
                )


@dataclass(frozen=True, slots=True)
class Policy:
    """What the configuration says about acting."""

    undo: timedelta
    four_eyes: frozenset[str]
    schedule: Schedule


class Bench:
    def __init__(
        self,
        casebook: Casebook,
        casework: Casework,
        letters: Letters,
        rules: Rules,
        here: Jurisdiction,
        policy: Policy,
        block_list: BlockList,
    ) -> None:
        self._casebook = casebook
        self._casework = casework
        self._letters = letters
        self._rules = rules
        self._here = here
        self._policy = policy
        self._block_list = block_list

    def find(self, ref: str, by: Person) -> Case:
        """Return the case. Raises CaseError when there is none by that reference for this person."""
        case = self._casebook.get(ref.strip().upper())
        if case is not None and not by.sees(case):
            log.warning("a hidden case was asked for", ref=case.ref, by=by.login)
        if case is None or not by.sees(case):
            raise CaseError(self._gone(ref.strip().upper()) or f"there is no case {ref}")
        return case

    def _gone(self, ref: str) -> str:
        """Say that a case was erased, if it was."""
        if self._casebook.kept(f"{ERASING}{ref}") is not None:
            return f"{ref} is being erased"
        tombstone = self._casebook.kept(f"{ERASED}{ref}")
        if tombstone is None:
            return ""
        on, who = tombstone["at"][:10], {tombstone["asked_by"], tombstone["confirmed_by"]}
        return f"{ref} was erased on {on}, by {' and '.join(sorted(who))}"

    def hides(self, ref: str, by: Person) -> bool:
        """Tell whether there is a case by that reference that this person may not see."""
        case = self._casebook.get(ref)
        return case is not None and not by.sees(case)

    def _do(
        self,
        ref: str,
        doing: Doing,
        make: Make,
        roles: Sequence[str] = ("handler", "lead"),
        keep: Kept = MappingProxyType({}),
    ) -> Case:
        """Carry out an action: look, decide, save; look again if somebody was quicker.

        `keep` is kept in the same save.
        """
        doing.by.must_be(*roles)
        while True:
            case = self.find(ref, doing.by)
            doing.must_be_fresh(case)
            grown = case.record(*make(case))
            if grown is case:
                return case
            listed = self._block_list.due(grown, len(case.events))
            try:
                self._casebook.save(grown, version=len(case.events), keep={**listed, **keep})
            except ChangedMeanwhileError:
                continue
            return grown

    def _do_with_new(self, ref: str, doing: Doing, make: MakeNew) -> Case:
        """Carry out an action that opens another case; both are saved, or neither. Returns the new one."""
        doing.by.must_be("handler", "lead")
        while True:
            case = self.find(ref, doing.by)
            doing.must_be_fresh(case)
            new, left = make(case)
            try:
                self._casebook.save(new, version=0, also=[Change(left, len(case.events))])
            except ChangedMeanwhileError:
                continue
            return new

    def _do_both(self, ref: str, other: str, doing: Doing, make: MakeBoth) -> Case:
        """Carry out an action on two cases; both are saved, or neither. Returns the first."""
        doing.by.must_be("handler", "lead")
        while True:
            here, there = self.find(ref, doing.by), self.find(other, doing.by)
            doing.must_be_fresh(here)
            if here.ref == there.ref:
                raise CaseError(f"{here.ref} cannot be tied to itself")
            grown, left = make(here, there)
            try:
                self._casebook.save(
                    grown, version=len(here.events), also=[Change(left, len(there.events))]
                )
            except ChangedMeanwhileError:
                continue
            return grown

    def _which(self, case: Case, number: int | None) -> Request:
        """Return the request that is meant: by its number, or the only one open."""
        if number is not None:
            return case.request(number)
        if not case.running:
            raise CaseError(f"every request of {case.ref} is closed already")
        if len(case.running) > 1:
            listed = ", ".join(f"{r.number} ({r.label or 'not sorted yet'})" for r in case.running)
            raise CaseError(
                f"{case.ref} has several open requests: {listed}; name one with --request"
            )
        return case.running[0]

    def _day(self, case: Case, on: date | None, doing: Doing) -> date:
        """Return the day something counts from; refuse one in the future or before the receipt."""
        today = self._here.date_of(doing.at)
        day = on or today
        if day > today:
            raise CaseError(f"{day:%d %b %Y} is in the future")
        if day < self._here.date_of(case.opened.received_at):
            raise CaseError(f"{day:%d %b %Y} is before {case.ref} was received")
        return day
