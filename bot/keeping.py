"""The commands about keeping and erasing that are not one case's: what is due, receipts, filed messages, figures."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from bot.command import Command, CommandError
from bot.erasures import Erasures
from bot.people import Person
from bot.statistics import figures
from bot.views import View, plain
from store.case import Case
from store.casebook import Casebook
from store.erasing import FILED
from store.jurisdiction import Jurisdiction
from store.ledger import ERASED, ERASING, SLACK

OUT_OF_REACH = (
    "copies and backups of the data folder or database that were made before, until they are deleted",
    "letters that were delivered, and mail that lies in the mailbox it was fetched from",
    "what colleagues wrote about it themselves, in Slack or elsewhere",
    "a model that was trained with a correction of it (words without names), until it is trained anew",
)
"""What an erasure cannot do: every receipt says so."""


@dataclass(frozen=True, slots=True)
class Keeping:
    casebook: Casebook
    erasures: Erasures
    here: Jurisdiction
    now: Callable[[], datetime]

    def named(self) -> dict[str, Command]:
        return {
            "erase_filed": self._erase_filed,
            "erase_filed_undo": self._erase_filed_undo,
            "report": self._report,
            "retain": self._retain,
            "retain_now": self._retain_now,
        }

    def receipt(self, ref: str) -> View | None:
        """Tell what became of a case that was erased; None for any other."""
        ref = ref.strip().upper()
        begun = self.casebook.kept(f"{ERASING}{ref}")
        if begun is not None:
            raise CommandError(f"{ref} is being erased")
        tombstone = self.casebook.kept(f"{ERASED}{ref}")
        if tombstone is None:
            return None
        said = dict(tombstone)
        left = self.casebook.kept(f"{SLACK}{ref}") is not None
        return {
            "ref": ref,
            "state": "erased",
            "erased_at": said.pop("at"),
            "places": json.loads(said.pop("places")),
            **said,
            "slack_posts_left": left,
            "out_of_reach": list(OUT_OF_REACH),
        }

    def _retain(self, who: Person, ahead: int = 30) -> Iterator[View]:
        """Yield what need not be kept any more, or soon, and what is held or waits to be erased."""
        today = self.here.date_of(self.now())
        retention = self.erasures.retention
        for ended, case in retention.cases(today + timedelta(days=ahead)):
            if who.sees(case):
                due = "now" if ended.until <= today else "soon"
                yield row(ended.ref, ended.kind, plain(ended.until), due, said_of(case))
        for case in filter(who.sees, retention.holds()):
            if (held := case.preserved) is not None:
                when = held.review_on.isoformat()
                yield row(case.ref, "legal hold", when, "held", f"{held.owner}: {held.why}")
        for case in filter(who.sees, retention.erasures()):
            until = retention.until(case)
            if until is None or until > today + timedelta(days=ahead):
                yield row(case.ref, "erasure", plain(until), "decided", said_of(case))
        yield from self._filed(today)

    def _filed(self, today: date) -> Iterator[View]:
        """Yield what there is to say of messages filed without a case."""
        if days := [ended.until for ended, _ in self.erasures.retention.filed(today)]:
            yield row(FILED, "junk", plain(min(days)), "now", f"{len(days)} messages")
        for name, asked in self.erasures.filed():
            many, when = len(asked["messages"].split()), asked["erase_at"]
            what = f"{many} messages, asked by {asked['by']}, erased at {when}"
            yield row(name.partition(":")[2], "erasure", None, "decided", what)

    def _retain_now(self, who: Person) -> Iterator[View]:
        """Carry out the erasures whose time to be undone is over."""
        who.must_be("handler", "lead")
        for what in self.erasures.look(self.now()):
            yield {"erased": what}

    def _erase_filed(self, who: Person) -> Iterator[View]:
        now, undo = self.now(), self.erasures.retention.schedule.undo
        asked = self.erasures.ask_filed(who, self.here.date_of(now), undo, now)
        yield {"messages": len(asked["messages"].split()), "erase_at": asked["erase_at"]}

    def _erase_filed_undo(self, who: Person) -> Iterator[View]:
        yield {"messages": self.erasures.undo_filed(who), "erase_at": None}

    def _report(self, who: Person) -> Iterator[View]:
        for figure in figures(self.casebook, who, self.here):
            yield asdict(figure)


def row(ref: str, kind: str, until: str | None, due: str, what: str) -> View:
    return {"ref": ref, "kind": kind, "kept_until": until, "due": due, "what": what}


def said_of(case: Case) -> str:
    """Say how the erasure of a case stands, if one was asked for."""
    erasure = case.erasure
    if erasure is None:
        return ""
    if erasure.stopped is not None:
        return f"erasure stopped: {erasure.stopped.kind.replace('_', ' ')}"
    if erasure.confirmed is None:
        return f"erasure asked by {erasure.asked.by}: somebody else must confirm it"
    return f"erased at {erasure.confirmed.erase_at:%Y-%m-%d %H:%M} UTC"
