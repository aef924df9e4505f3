"""Erasures as they come due: begun when their time to be undone is over, and carried out to the end.

Safe to run at any moment, twice too: whatever was begun and not finished is finished first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock

import structlog

from bot.casework import LIKE
from bot.people import Person
from bot.retention import Retention
from store.case import Case, CaseError
from store.casebook import Casebook, ChangedMeanwhileError
from store.erasing import Decision, Erasing, decision_of
from store.events import LinkProposed
from store.letters import LetterStatus
from store.same_person import NAME

log = structlog.get_logger()

FILED_ERASURE = "filed-erasure:"


@dataclass(slots=True)
class Erasures:
    casebook: Casebook
    erasing: Erasing
    retention: Retention
    _one_at_a_time: Lock = field(default_factory=Lock)
    _knows_the_ledger: bool = False
    _looked_at: set[str] = field(default_factory=set)
    """Cases whose proposed links were looked at."""

    def look(self, now: datetime) -> list[str]:
        """Erase what is due at `now`; return what is erased."""
        with self._one_at_a_time:
            if not self._knows_the_ledger:
                self.erasing.again(now)
                self._knows_the_ledger = True
            self._stop_where_somebody_wrote(now)
            for case in self.retention.erasures():
                self._begin_if_due(case, now)
            for name, asked in list(self.filed()):
                if datetime.fromisoformat(asked["erase_at"]) <= now:
                    self._begin_filed(name, asked, now)
            erased = self.erasing.finish()
        for what in erased:
            log.info("erased", what=what)
        return erased

    def _stop_where_somebody_wrote(self, now: datetime) -> None:
        """Stop an erasure where a new case seems to be the same person's: what is asked after closing opens one."""
        waiting = {case.ref: case for case in self.retention.erasures() if not case.merged_into}
        for ref in sorted(set(self.casebook.running()) - self._looked_at) if waiting else ():
            new = self.casebook.get(ref)
            self._looked_at.add(ref)
            for proposed in proposals(new) if new else ():
                old = waiting.get(proposed.ref)
                if old is not None and new is not None and asked_before(old, new):
                    self._stop(old, new, now)

    def _stop(self, old: Case, new: Case, now: datetime) -> None:
        grown = old.record(LinkProposed(at=now, ref=new.ref, why="a new case may belong to it"))
        try:
            self.casebook.save(grown, version=len(old.events))
        except ChangedMeanwhileError:
            self._looked_at.discard(new.ref)
        else:
            log.info("an erasure was stopped by new mail", ref=old.ref, new=new.ref)

    def _begin_if_due(self, case: Case, now: datetime) -> None:
        erasure = case.erasure
        on_their_way = any(letter.status is LetterStatus.QUEUED for letter in case.letters)
        if erasure is None or erasure.at is None or on_their_way or case.preserved is not None:
            return
        if erasure.at <= now:
            try:
                self.erasing.begin(case, decision_of(case), now)
            except ChangedMeanwhileError:
                log.info("changed before it was erased", ref=case.ref)  # the next look sees how

    def _begin_filed(self, name: str, asked: dict[str, str], now: datetime) -> None:
        decision = Decision(
            asked_by=asked["by"],
            confirmed_by=asked["by"],
            asked_at=asked["at"],
            confirmed_at=asked["at"],
            reason=asked["reason"],
        )
        what = name.removeprefix(FILED_ERASURE)
        self.erasing.begin_filed(what, asked["messages"].split(), decision, now, forget=[name])

    def filed(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the erasures of filed messages that were asked for, by name."""
        for name in self.casebook.kept_names(FILED_ERASURE):
            if asked := self.casebook.kept(name):
                yield name, dict(asked)

    def ask_filed(self, who: Person, today: date, undo: timedelta, at: datetime) -> dict[str, str]:
        """Ask that the filed messages be erased that need not be kept any more; one person decides."""
        who.must_be("handler", "lead")
        waiting = {i for _, asked in self.filed() for i in asked["messages"].split()}
        due = [i for _, i in self.retention.filed(today) if i not in waiting]
        if not due:
            raise CaseError("no filed message is due to be erased")
        asked = {
            "by": who.login,
            "at": at.isoformat(),
            "reason": "schedule",
            "erase_at": (at + undo).isoformat(),
            "messages": " ".join(due),
        }
        self.casebook.keep(f"{FILED_ERASURE}filed-{at:%Y%m%dT%H%M%S}", asked)
        return asked

    def undo_filed(self, who: Person) -> int:
        """Take back every erasure of filed messages that has not begun; return of how many messages."""
        who.must_be("handler", "lead")
        with self._one_at_a_time:
            found = list(self.filed())
            if not found:
                raise CaseError("nobody has asked to erase filed messages")
            self.casebook.erase("", version=0, forget=[name for name, _ in found])
        return sum(len(asked["messages"].split()) for _, asked in found)


def proposals(case: Case) -> Iterator[LinkProposed]:
    """Yield the links proposed in a case, but for those that rest on a name alone."""
    for event in case.events:
        if isinstance(event, LinkProposed) and event.why != LIKE[NAME]:
            yield event


def asked_before(old: Case, new: Case) -> bool:
    """Whether the erasure of a case was asked for before another case came, and was not stopped since."""
    erasure = old.erasure
    return erasure is not None and erasure.stopped is None and erasure.asked.at < new.opened.at
