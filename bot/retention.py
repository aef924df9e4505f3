"""What is kept longer than it need be, and what waits to be erased: found, and told by reference alone.

Nothing is decided here. A case waits for those it is tied to: the one it goes on in, and a
complaint or review about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.alarms import Alarm, Why
from bot.config import Config
from store.case import Case
from store.casebook import Casebook
from store.erasing import FILED
from store.jurisdiction import Jurisdiction
from store.retention import AHEAD, Kind, Schedule, kind_of
from store.tombstones import MARK

HOLD: Final = "hold:"
ERASURE: Final = "erasure:"
"""Under these names and a reference it is kept that somebody should look: empty where nobody need any more."""
TELLS: Final = timedelta(days=7)
"""How long the morning list says that an erasure was stopped."""


def schedule_of(config: Config) -> Schedule:
    retention = config.policy.retention
    months = {kind: int(getattr(retention, kind)) for kind in Kind}
    return Schedule(months, timedelta(days=retention.undo_days))


@dataclass(frozen=True, slots=True)
class Ended:
    """Something that has ended: until when it is kept, and why so long."""

    ref: str
    kind: str
    until: date


class Retention:
    def __init__(self, casebook: Casebook, here: Jurisdiction, schedule: Schedule) -> None:
        self._casebook = casebook
        self._here = here
        self.schedule = schedule
        self._known: dict[str, tuple[int, date | None]] = {}
        """By reference, at which version it was looked at, and until when it was kept then."""

    def cases(self, by: date) -> Iterator[tuple[Ended, Case]]:
        """Yield the cases that need not be kept after a day, the longest kept first."""
        versions = self._casebook.versions()
        self._known = {ref: known for ref, known in self._known.items() if ref in versions}
        early = {ref: self._until(ref, version) for ref, version in versions.items()}
        for ref, day in sorted(early.items(), key=lambda item: (item[1] or date.max, item[0])):
            case = self._casebook.get(ref) if day and day <= by else None
            until = self.until(case) if case else None
            if case is not None and until is not None and until <= by:
                yield Ended(ref, kind_of(case), until), case

    def _until(self, ref: str, version: int) -> date | None:
        """Return until when a case is kept for itself; it is read once for each version."""
        known = self._known.get(ref)
        if known is None or known[0] != version:
            case = self._casebook.get(ref)
            until = self.schedule.until(case, self._here) if case else None
            known = self._known[ref] = (version, until)
        return known[1]

    def until(self, case: Case) -> date | None:
        """Return until when a case is kept, those it is tied to considered; None for nobody knows yet."""
        found = [self.schedule.until(each, self._here) for each in (case, *self._tied(case))]
        days = [day for day in found if day is not None]
        return max(days) if len(days) == len(found) else None

    def _tied(self, case: Case) -> Iterator[Case]:
        for ref in sorted((case.links | {case.merged_into}) - {""}):
            other = self._casebook.get(ref)
            goes_on = other is not None and ref == case.merged_into
            if other is not None and (goes_on or kind_of(other) is Kind.DISPUTED):
                yield other

    def filed(self, by: date) -> Iterator[tuple[Ended, str]]:
        """Yield the messages filed without a case that need not be kept after a day.

        A copy of what was erased need not be kept at all.
        """
        for known in self._casebook.dispositions():
            if not known.filed:
                continue
            is_copy = known.key.startswith(MARK)
            until = self._here.date_of(known.at)
            if not is_copy:
                until = self.schedule.filed_until(known.received_at, self._here)
            if until <= by:
                yield Ended(FILED, Kind.JUNK, until), known.spool_id

    def holds(self) -> Iterator[Case]:
        """Yield the cases that are under a legal hold."""
        return (case for case in self._marked(HOLD) if case.preserved is not None)

    def erasures(self) -> Iterator[Case]:
        """Yield the cases whose erasure was asked for and not taken back."""
        return (case for case in self._marked(ERASURE) if case.erasure is not None)

    def _marked(self, prefix: str) -> Iterator[Case]:
        for name in self._casebook.kept_names(prefix):
            case = self._casebook.get(name.removeprefix(prefix))
            if case is not None and self._casebook.kept(name):
                yield case

    def alarms(self, now: datetime) -> Iterator[tuple[Case | None, Alarm]]:
        """Yield what there is to look at this morning, each with the case it is about."""
        today = self._here.date_of(now)
        for case in self.holds():
            held = case.preserved
            if held is not None and held.review_on <= today:
                yield case, Alarm(Why.HOLD, case.ref, "legal hold", held.review_on, held.owner)
        for case in self.erasures():
            yield from ((case, alarm) for alarm in self._of_erasure(case, now))
        for ended, case in self.cases(today + AHEAD):
            if case.erasure is None or case.erasure.stopped is not None:
                why = Why.KEPT if ended.until <= today else Why.KEPT_SOON
                what = f"{ended.kind}, {ended.until:%d %b %Y}"
                yield case, Alarm(why, case.ref, what, None, "")
        if filed := sum(1 for _ in self.filed(today)):
            yield None, Alarm(Why.KEPT, FILED, f"{filed} messages", None, "")

    def _of_erasure(self, case: Case, now: datetime) -> Iterator[Alarm]:
        erasure = case.erasure
        if erasure is None:
            return
        asked = f"asked by {erasure.asked.by}"
        if erasure.waits:
            yield Alarm(Why.CONFIRM, case.ref, asked, None, "")
        elif erasure.at is not None:
            yield Alarm(Why.GOING, case.ref, asked, self._here.date_of(erasure.at), "")
        elif erasure.stopped is not None and now - erasure.stopped.at < TELLS:
            what = erasure.stopped.kind.replace("_", " ")
            yield Alarm(Why.STOPPED, case.ref, what, self._here.date_of(erasure.stopped.at), "")
