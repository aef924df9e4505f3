"""Evidence for an auditor: cases with everything, picked by reference or by lot, and where their chains stand.

Each case says that it was looked at for this; which were drawn, and by which seed, stands in the
house log, so that the same draw can be made again.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.auditing import Audit
from bot.bench import Doing
from bot.command import CommandError
from bot.desk import Desk
from bot.holdings import Holdings
from bot.mailroom import Mailroom
from bot.people import Person
from bot.views import View, plain
from store.case import Case, Request, State
from store.deeds import Looked, Shown
from store.entries import DamagedEntryError, TornEntryError


@dataclass(frozen=True, slots=True)
class Evidence:
    holdings: Holdings
    mailroom: Mailroom
    desk: Desk
    audit: Audit

    def packs(
        self, who: Person, refs: Sequence[str] = (), *, sample: int = 0, seed: str = ""
    ) -> Iterator[View]:
        """Yield each case, those by reference or `sample` closed ones drawn with `seed`.

        Raises CommandError when there are not so many closed cases that this person may see.
        """
        who.must_be("lead", "auditor")
        now = self.mailroom.now()
        if sample:
            refs = self._drawn(who, sample, seed)
        drawn = f", {sample} drawn with seed {seed}" if sample else ""
        self.audit.note(who, f"evidence: {', '.join(refs)}{drawn}", now)
        for ref in refs:
            yield self._pack(self.desk.looked(ref, "everything, as evidence", Doing(who, now)), now)

    def _drawn(self, who: Person, sample: int, seed: str) -> list[str]:
        cases = self.holdings.casebook.cases()
        closed = sorted(c.ref for c in cases if who.sees(c) and c.state is State.CLOSED)
        if sample > len(closed):
            raise CommandError(f"there are only {len(closed)} closed cases")
        return sorted(random.Random(seed).sample(closed, sample))  # noqa: S311  (to be drawn again)

    def _pack(self, case: Case, now: datetime) -> View:
        view = self.holdings.whole(case, now)
        closings = [closing(request) for request in case.requests]
        return view | {
            "requests": [r | c for r, c in zip(view["requests"], closings, strict=True)],
            "messages": [m | self._file(case.ref, m["id"]) for m in view["messages"]],
            "looks": [
                {"at": plain(e.at), "by": e.by, "what": what_of(e)}
                for e in case.events
                if isinstance(e, Looked | Shown)
            ],
            "events": [
                event
                | {"number": n, "head": case.chain[n - 1].head if n <= len(case.chain) else ""}
                for n, event in enumerate(view["events"], start=1)
            ],
            "trail": self._trail(),
        }

    def _file(self, ref: str, spool_id: str) -> View:
        """Tell the checksum of a message, and what is needed to write it out."""
        try:
            raw = self.holdings.spool.read(spool_id).raw
        except (KeyError, TornEntryError, DamagedEntryError):
            return {"ref": ref, "path": None, "sha256": ""}
        digest = hashlib.sha256(raw).hexdigest()
        return {"ref": ref, "path": self.mailroom.place(spool_id), "sha256": digest}

    def _trail(self) -> str:
        last = self.audit.last()
        if last is None:
            return "No day's heads have been taken yet."
        return (
            f"The heads of all cases were last taken on {last['on']}; their root is {last['root']}."
        )


def closing(request: Request) -> View:
    done = request.closed
    if done is None:
        return {"closed_at": None, "closed_by": None, "reasons": None}
    return {"closed_at": plain(done.at), "closed_by": done.by, "reasons": done.reasons}


def what_of(event: Looked | Shown) -> str:
    return event.what if isinstance(event, Looked) else f"messages, in {event.where}"
