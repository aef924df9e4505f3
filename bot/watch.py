"""The watch: looks at the clock and owes staff what is due to them. Safe to run at any moment, twice too.

A mail at once for each new case, for a notice that may come too late and for another bot gone silent, at any hour; each morning the list of what is pressing (on
rest days only where a limit runs in hours), and the list of what was filed without a case.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import structlog

from bot.alarms import Alarm, Crossing, alarms, crossings, runs_in_hours
from bot.canary import is_canary
from bot.config import Config, StaffConfig
from bot.flood import apart, in_flood, together
from bot.notices import Notices
from bot.people import People
from bot.retention import Retention, schedule_of
from store.case import Case
from store.casebook import Casebook, Disposition, Notice
from store.due import short
from store.events import LetterOwed
from store.fleet import Fleet, Peer
from store.heads import Heads, HeadsError
from store.jurisdiction import Jurisdiction
from store.letters import Letter
from store.recorded import Medium

log = structlog.get_logger()

LOOK_BACK = timedelta(days=14)  # days that may still be owed, after a holiday with the bot off
STILL_NEW = timedelta(days=1)  # a case older than that is on the morning's list

Write = Callable[[str, str], LetterOwed]
"""From the notice's id and its address to the mail."""

TellUndelivered = Callable[[Case, str, str, datetime], None]
"""Told of a case, a letter's id, why it did not arrive, and now."""


class Watch:
    def __init__(
        self,
        casebook: Casebook,
        fleet: Fleet,
        here: Jurisdiction,
        people: People,
        config: Config,
        witness: Heads,
    ) -> None:
        """Tell the `config`'s staff; the morning list names the newest heads of `witness`."""
        self._witness = witness
        self._casebook = casebook
        self._fleet = fleet
        self._here = here
        self._people = people
        self._retention = Retention(casebook, here, schedule_of(config))
        self._hour = config.policy.digest_hour
        self._warn_days = config.policy.warn_days_before
        self._staff = [person for person in config.staff if person.email]
        self._notices = Notices(config.mail.from_.rpartition("@")[2], here)
        self._announced: set[str] = set()  # looked at already; what was owed stands in the casebook
        self._morning_of: date | None = None

    def look(self, now: datetime) -> list[str]:
        """Owe what is due at `now`; return the ids of the notices newly owed."""
        owed = [*self._new_cases(now), *self._crossings(now), *self._silent(now)]
        today = self._here.date_of(now)
        if now.astimezone(self._here.zone).hour >= self._hour and self._morning_of != today:
            owed += self._morning(today, now)
            owed += self._filed(today, now)
            self._morning_of = today
        return owed

    def undelivered(self, case: Case, letter_id: str, why: str, now: datetime) -> None:
        """Owe staff a mail about a letter that did not arrive, once, whoever finds out first."""

        def write(notice_id: str, to: str) -> LetterOwed:
            return self._notices.undelivered(notice_id, to, case.letter(letter_id), why, now)

        list(self._owe(f"undelivered-{letter_id}", write, about=case))

    def breach(self, case: Case, number: int, now: datetime) -> None:
        """Owe staff a mail about a breach that is reported in a case they know already."""

        def write(notice_id: str, to: str) -> LetterOwed:
            return self._notices.breach(notice_id, to, case, now)

        list(self._owe(f"breach-{case.ref}-{number}", write, about=case))

    def trouble(self, reasons: Iterable[str], now: datetime) -> list[str]:
        """Owe staff a mail about each trouble, once a day; return the ids of the notices newly owed."""
        owed: list[str] = []
        for reason in reasons:
            name = re.sub(r"[^a-z]+", "-", reason.lower())

            def write(notice_id: str, to: str, reason: str = reason) -> LetterOwed:
                return self._notices.trouble(notice_id, to, reason, now)

            owed += self._owe(f"trouble-{self._here.date_of(now).isoformat()}-{name}", write)
        return owed

    def _new_cases(self, now: datetime) -> Iterator[str]:
        fresh = set(self._casebook.running()) - self._announced
        for case in self._cases(sorted(fresh)):
            if is_news(case, now):

                def write(notice_id: str, to: str, case: Case = case) -> LetterOwed:
                    return self._notices.new_case(notice_id, to, case, now)

                yield from self._owe(f"new-{case.ref}", write, about=case)
            self._announced.add(case.ref)

    def _crossings(self, now: datetime) -> Iterator[str]:
        owing = {letter.owed.letter_id.rpartition("-")[0] for letter in self._casebook.owed()}
        for case in self._cases(sorted(owing)):
            for letter in crossings(case, self._here, now):

                def write(
                    notice_id: str, to: str, case: Case = case, letter: Crossing = letter
                ) -> LetterOwed:
                    return self._notices.too_late(notice_id, to, case, letter, now)

                yield from self._owe(f"late-{letter.letter_id}", write, about=case)

    def _silent(self, now: datetime) -> Iterator[str]:
        for peer in self._fleet.peers():
            if peer.silent:

                def write(notice_id: str, to: str, peer: Peer = peer) -> LetterOwed:
                    return self._notices.silent(notice_id, to, peer, now)

                since = peer.seen_at.astimezone(UTC)  # the same for whichever bot looks
                yield from self._owe(f"silent-{peer.name}-{since:%Y%m%dT%H%M%S}", write)

    def _cases(self, refs: Sequence[str]) -> Iterator[Case]:
        return (case for ref in refs if (case := self._casebook.get(ref)))

    def _morning(self, today: date, now: datetime) -> Iterator[str]:
        resting = self._here.calendar.is_rest_day(today)
        running = self._cases(self._casebook.running())
        pressing = [c for c in running if not resting or runs_in_hours(c, self._here)]
        if resting and not pressing:
            return
        pressing, flood = apart(pressing)
        found = {
            case.ref: list(alarms(case, self._here, now, self._warn_days)) for case in pressing
        }
        head = self._head()
        kept = list(self._retention.alarms(now))
        for number, person in enumerate(self._staff, start=1):
            mine = [a for c in pressing if self._sees(person, c) for a in found[c.ref]]
            theirs = [c for c in flood if self._sees(person, c)]
            mine += together(theirs, self._here, now, self._warn_days)
            mine += [a for c, a in kept if c is None or self._sees(person, c)]
            concerning = [a for a in mine if a.owner in {"", person.login}]

            def write(
                notice_id: str, to: str, concerning: Sequence[Alarm] = concerning
            ) -> LetterOwed:
                return self._notices.morning_list(notice_id, to, today, concerning, head, now)

            yield from self._owe_one(f"morning-{today.isoformat()}-{number}", person.email, write)

    def _head(self) -> str:
        """Say where the audit chains stood when their heads were last taken."""
        try:
            last = self._witness.last()
        except HeadsError as error:
            return f"{error}: run `privacy-intake verify`"
        return f"{last.root} ({short(last.on)})" if last else "not taken yet"

    def _filed(self, today: date, now: datetime) -> Iterator[str]:
        for day, items in self._filed_by_day().items():
            if today - LOOK_BACK <= day < today:

                def write(
                    notice_id: str, to: str, day: date = day, items: Sequence[Disposition] = items
                ) -> LetterOwed:
                    return self._notices.filed_list(notice_id, to, day, items, now)

                yield from self._owe(f"filed-{day.isoformat()}", write)

    def _filed_by_day(self) -> dict[date, list[Disposition]]:
        days: dict[date, list[Disposition]] = {}
        for disposition in self._casebook.dispositions():
            if disposition.filed and not is_canary(disposition):
                days.setdefault(self._here.date_of(disposition.at), []).append(disposition)
        return days

    def _sees(self, person: StaffConfig, case: Case) -> bool:
        return not person.login or self._people.who(person.login).sees(case)

    def _owe(self, stem: str, write: Write, about: Case | None = None) -> Iterator[str]:
        """Owe a mail to each member of staff who may see the case it is about, if it is about one."""
        for number, person in enumerate(self._staff, start=1):
            if about is None or self._sees(person, about):
                yield from self._owe_one(f"{stem}-{number}", person.email, write)

    def _owe_one(self, notice_id: str, to: str, write: Write) -> Iterator[str]:
        if self._casebook.notice(notice_id) is not None:
            return
        letter = Letter(write(notice_id, to))
        if self._casebook.owe_notice(Notice(notice_id=notice_id, letter=letter)):
            log.info("notice owed", notice=notice_id)
            yield notice_id


def is_news(case: Case, now: datetime) -> bool:
    """Whether staff hear of a new case by a mail of its own."""
    fresh = now - case.opened.at < STILL_NEW and case.opened.channel != Medium.IMPORT
    return fresh and not in_flood(case)
