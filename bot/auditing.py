"""The audit: the day's heads each morning, the proof when somebody asks, and what the house log says.

Looking at a case stands in the case. Commands that give out personal data of many, or of what is no
case, are put down in the house log before they answer.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

import structlog

from bot.command import Command
from bot.people import Person
from bot.views import View
from store.casebook import Casebook
from store.heads import Heads, HeadsError
from store.house_log import entries, note
from store.jurisdiction import Jurisdiction
from store.proof import prove

log = structlog.get_logger()

LOGGED = {
    "corrections": "corrections",
    "person": "person",
    "register": "register",
    "standing": "backup",
}
"""Commands of the office, and what the log calls them."""


class Audit:
    def __init__(
        self,
        casebook: Casebook,
        witness: Heads,
        here: Jurisdiction,
        hour: int,
    ) -> None:
        """`witness` has the heads of the days before; today's are taken from `hour` on, local time."""
        self._casebook = casebook
        self._witness = witness
        self._here = here
        self._hour = hour

    def look(self, now: datetime) -> list[str]:
        """Take the day's heads once it is time. Nothing is owed for it: the morning list names them."""
        today = self._here.date_of(now)
        if now.astimezone(self._here.zone).hour >= self._hour:
            try:
                self._witness.take(today, self._casebook)
            except HeadsError as error:  # the proof says so too; everything else goes on
                log.error("the day's heads were not taken", why=str(error))
        return []

    def commands(self) -> dict[str, Command]:
        return {"audit": self._audit, "verify": self._verify}

    def note(self, who: Person, what: str, at: datetime) -> None:
        note(self._casebook, at, who.login, what)

    def note_command(self, who: Person, name: str, at: datetime) -> None:
        """Put down a command that gives out personal data; others leave no trace here."""
        if name in LOGGED:
            self.note(who, LOGGED[name], at)

    def _audit(self, who: Person) -> Iterator[View]:
        who.must_be("lead", "auditor")
        yield from map(dict, entries(self._casebook))

    def _verify(self, who: Person) -> Iterator[View]:
        who.must_be("lead", "auditor")
        proof = prove(self._casebook, self._witness)
        yield asdict(proof) | {"whole": not proof.faults, "last": self.last()}

    def last(self) -> View | None:
        """Return the day and the root of the newest heads, if there are any that can be read."""
        try:
            last = self._witness.last()
        except HeadsError:  # the proof says so
            return None
        return {"on": last.on.isoformat(), "root": last.root} if last else None
