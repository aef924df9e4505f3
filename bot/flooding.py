"""The commands about the flood: what is in it, and to close or erase all of it, or all of one domain, at once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.alarms import what
from bot.bench import Doing
from bot.command import Command
from bot.desk import Closing, Desk
from bot.flood import FLOOD, dates, in_flood
from bot.keeping_desk import is_junk
from bot.people import Person
from bot.views import View, plain
from store.case import Case
from store.casebook import Casebook
from store.jurisdiction import Jurisdiction
from store.keeping import Reason
from store.recorded import Outcome


@dataclass(frozen=True, slots=True)
class Flooding:
    casebook: Casebook
    desk: Desk
    here: Jurisdiction
    now: Callable[[], datetime]

    def named(self) -> dict[str, Command]:
        return {"flood": self._list, "flood_close": self._close, "flood_erase": self._erase}

    def _list(self, who: Person, domain: str = "") -> Iterator[View]:
        for case in self._waiting(who, domain):
            yield self._row(case)

    def _close(self, who: Person, why: str, domain: str = "") -> Iterator[View]:
        who.must_be("handler", "lead")
        for case in self._waiting(who, domain):
            yield self._row(self._closed(case, who, why))

    def _erase(self, who: Person, why: str, domain: str = "") -> Iterator[View]:
        """Ask that they be erased: what waits is closed first, what was closed as not ours is taken too."""
        who.must_be("handler", "lead")
        for case in self._of(who, domain, self.casebook.versions()):
            ended = self._closed(case, who, why) if in_flood(case) else case
            if is_junk(ended) and ended.erasure is None:
                doing = Doing(who, self.now())
                yield self._row(self.desk.ask_erasure(case.ref, Reason.JUNK, why, doing))

    def _waiting(self, who: Person, domain: str) -> Iterator[Case]:
        return filter(in_flood, self._of(who, domain, self.casebook.running()))

    def _of(self, who: Person, domain: str, refs: Iterable[str]) -> Iterator[Case]:
        for ref in list(refs):
            case = self.casebook.get(ref)
            if case is None or FLOOD not in case.opened.facets or not who.sees(case):
                continue
            if not domain or domain_of(case) == domain.lower().lstrip("@"):
                yield case

    def _closed(self, case: Case, who: Person, why: str) -> Case:
        closing = Closing(Outcome.NOT_OURS, reasons=why, override=why)
        for request in case.running:
            case = self.desk.close(case.ref, request.number, closing, Doing(who, self.now()))
        return case

    def _row(self, case: Case) -> View:
        erasure = case.erasure
        return {
            "ref": case.ref,
            "address": case.requester_address,
            "received_on": self.here.date_of(case.opened.received_at).isoformat(),
            "asked": ", ".join(what(request) for request in case.requests),
            "due_on": plain(min(dates(case, self.here), default=None)),
            "state": case.state,
            "erase_at": plain(erasure.at) if erasure else None,
        }


def domain_of(case: Case) -> str:
    return case.requester_address.rpartition("@")[2].lower()
