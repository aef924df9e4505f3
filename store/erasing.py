"""An erasure carried out: decided in one transaction that takes the case out, then place by place, each step repeatable.

What is begun is kept under `erasing:` until every place is clear; only then is it said to be
erased. A crash anywhere leaves the case as it was, or an erasure that the next look ends.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from store.case import Case, Request
from store.casebook import Casebook, Disposition
from store.chain import digests
from store.deeds import Noted
from store.documents import content
from store.indexes import OWN_REF
from store.jurisdiction import Jurisdiction
from store.ledger import ERASED, ERASING, SLACK, Ledger, belongs
from store.outbox import Outbox
from store.retention import kind_of
from store.sealing import CORRECTION, Sealing
from store.spool import Spool
from store.tombstones import mark

STATISTICS: Final = "statistics:"
SLACK_RECORD: Final = "slack "
FILED: Final = "filed"
EXAMPLE: Final = CORRECTION
WORKING: Final = ("messages", "marks", "token", "letters", "message_ids")
"""Of what is kept while an erasure is under way: by what each place is cleared, no longer than that."""
LEDGERED: Final = ("messages", "marks", "token")
"""Of that what the ledger tells: ids that name nobody, and hashes."""

Value = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided that something is erased, when and why: what a tombstone says of it."""

    asked_by: str
    confirmed_by: str
    asked_at: str
    confirmed_at: str
    reason: str

    @property
    def value(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}


def decision_of(case: Case) -> Decision:
    """Return what was decided about a case whose erasure was confirmed."""
    erasure = case.erasure
    assert erasure is not None
    assert erasure.confirmed is not None
    return Decision(
        asked_by=erasure.asked.by,
        confirmed_by=erasure.confirmed.by,
        asked_at=erasure.asked.at.isoformat(),
        confirmed_at=erasure.confirmed.at.isoformat(),
        reason=erasure.asked.reason,
    )


def chain_of(case: Case) -> dict[str, str]:
    """Return what of a case's audit chain stays: digests that prove it still and tell nothing."""
    contents = [content(event) for event in case.events[: len(case.chain)]]
    return {"chain": " ".join(digests(case.chain, contents))}


class Erasing:
    def __init__(
        self,
        casebook: Casebook,
        spool: Spool,
        here: Jurisdiction,
        *,
        secret: Callable[[], bytes],
        outbox: Outbox,
        ledger: Ledger,
        sealing: Sealing,
    ) -> None:
        """Erase from these; `secret` makes the marks by which copies of erased messages are known.

        With a keyring, `sealing` destroys the case's key, and with it what backups have of the case.
        """
        self._casebook = casebook
        self._spool = spool
        self._here = here
        self._secret = secret
        self._outbox = outbox
        self._ledger = ledger
        self._sealing = sealing

    def begin(self, case: Case, decision: Decision, at: datetime) -> None:
        """Take a case out of the casebook, for good: from here on nobody can take it back.

        Raises ChangedMeanwhileError when somebody saved it meanwhile.
        """
        found = list(self._dispositions(case))
        names = self._names(case.ref)
        plan = decision.value | {
            "at": at.isoformat(),
            "rule": kind_of(case),
            "events": str(len(case.events)),
            "token": digest_of(case),
            "places": json.dumps(self._places(case, found, names)),
            "messages": " ".join(sorted({d.spool_id for d in found} | ids_in(case))),
            "letters": " ".join(case.letters_by_id),
            "message_ids": " ".join(letter.owed.message_id for letter in case.letters),
            **chain_of(case),
        }
        marks = self._marks(case.ref, found)
        plan["marks"] = " ".join(marks)
        posted = {n: json.dumps(self._casebook.kept(n)) for n in names if is_posted(n)}
        keep: dict[str, Value] = {f"{ERASING}{case.ref}": plan}
        keep |= {f"{STATISTICS}{secrets.token_hex(8)}": row for row in rows(case, self._here)}
        keep |= {f"{SLACK}{case.ref}": posted} if posted else {}
        keep |= marks
        self._casebook.erase(
            case.ref,
            version=len(case.events),
            gone=[d.spool_id for d in found],
            forget=names,
            keep=keep,
        )
        self._take_in_late(case.ref, plan, found)

    def _take_in_late(self, ref: str, plan: dict[str, str], found: Sequence[Disposition]) -> None:
        """Add copies that came while the case was being taken out: what comes now knows of no case."""
        alike = (d for key in {d.key for d in found} for d in self._casebook.alike(key))
        late = [d.spool_id for d in alike if d.ref == ref]
        if late:
            plan |= {"messages": " ".join([*plan["messages"].split(), *late])}
            self._casebook.erase("", version=0, gone=late, keep={f"{ERASING}{ref}": plan})

    def begin_filed(
        self,
        name: str,
        spool_ids: Iterable[str],
        decision: Decision,
        at: datetime,
        forget: Sequence[str] = (),
    ) -> None:
        """Take messages that were filed without a case out of the casebook, under a name for them all."""
        found = self._filed(spool_ids)
        marks = self._marks(name, found)
        plan = decision.value | {
            "at": at.isoformat(),
            "rule": FILED,
            "places": json.dumps({"messages": len(found), "dispositions": len(found)}),
            "messages": " ".join(d.spool_id for d in found),
            "marks": " ".join(marks),
            "token": "",
        }
        self._casebook.erase(
            "",
            version=0,
            gone=[d.spool_id for d in found],
            forget=forget,
            keep={f"{ERASING}{name}": plan, **marks},
        )

    def _filed(self, spool_ids: Iterable[str]) -> list[Disposition]:
        known = map(self._casebook.disposition, spool_ids)
        return [d for d in known if d is not None and d.filed]

    def finish(self) -> list[str]:
        """Clear every place of what was begun, then say that it is erased. Returns what is.

        Raises OSError when the disk refuses; all of it can be done again.
        """
        names = self._casebook.kept_names(ERASING)
        begun = {n.removeprefix(ERASING): v for n in names if (v := self._casebook.kept(n))}
        if not begun:
            return []
        plans = begun.values()
        self._spool.erase(words("messages", plans))
        self._outbox.clear(words("letters", plans), words("message_ids", plans))
        self._casebook.purge()
        for ref in filter(OWN_REF.fullmatch, begun):
            self._sealing.destroy(ref)
        for what, plan in begun.items():
            tombstone = tombstone_of(plan)
            self._ledger.add(what, tombstone | {name: plan[name] for name in LEDGERED})
            self._casebook.erase(
                "", version=0, forget=[f"{ERASING}{what}"], keep={f"{ERASED}{what}": tombstone}
            )
        return list(begun)

    def again(self, at: datetime) -> None:
        """Begin anew what the ledger says was erased and what is here all the same: an older state came back."""
        for what, line in self._ledger.lines().items():
            decision = Decision(**{name: line[name] for name in Decision.__slots__})
            case = self._casebook.get(what)
            filed = self._filed(line["messages"].split()) if line["rule"] == FILED else []
            if case is not None and digest_of(case) != line["token"]:
                continue  # another case by that reference, in another casebook
            if case is not None:
                self.begin(case, decision, at)
            elif filed:
                self.begin_filed(what, [d.spool_id for d in filed], decision, at)
            elif self._casebook.kept(f"{ERASED}{what}") is None:
                marks: dict[str, Value] = {name: {"of": what} for name in line["marks"].split()}
                left = {f"{ERASED}{what}": tombstone_of(line), **marks}
                self._casebook.erase("", version=0, keep=left)

    def _dispositions(self, case: Case) -> Iterator[Disposition]:
        """Yield where each message of a case ended, copies too."""
        seen: set[str] = set()
        for first in map(self._casebook.disposition, sorted(ids_in(case))):
            for found in [first, *self._casebook.alike(first.key)] if first else []:
                if found.ref == case.ref and found.spool_id not in seen:
                    seen.add(found.spool_id)
                    yield found

    def _names(self, ref: str) -> list[str]:
        """Return under what something is kept that belongs to the case."""
        named = (name for name in self._casebook.kept_names("") if name.endswith(ref))
        return [name for name in named if belongs(name, {ref})]

    def _marks(self, what: str, found: Iterable[Disposition]) -> dict[str, Value]:
        return {mark(d.key, d.digest, self._secret()): {"of": what} for d in found}

    def _places(self, case: Case, found: list[Disposition], names: list[str]) -> dict[str, int]:
        """Count what lies in each place; that is what the receipt says."""
        letters = [letter.owed for letter in case.letters]
        return {
            "messages": len(found),
            "attachments": sum(message.attachments for message in case.messages),
            "letters": len(letters),
            "notes": sum(isinstance(event, Noted) for event in case.events),
            "events": len(case.events),
            "dispositions": len(found),
            "training examples": sum(name.startswith(EXAMPLE) for name in names),
            "records of Slack posts": sum(map(is_posted, names)),
            "other values": sum(not (n.startswith(EXAMPLE) or is_posted(n)) for n in names),
            "outgoing mails": len(
                list(
                    self._outbox.find(
                        [o.letter_id for o in letters], [o.message_id for o in letters]
                    )
                )
            ),
            "statistics rows kept": sum(1 for _ in rows(case, self._here)),
        }


def tombstone_of(plan: Value) -> dict[str, str]:
    return {name: said for name, said in plan.items() if name not in WORKING}


def digest_of(case: Case) -> str:
    """Return by what a case is known as the very one: a hash of its token, which is random."""
    return hashlib.sha256(case.opened.token.encode()).hexdigest()


def words(name: str, plans: Iterable[Value]) -> set[str]:
    return {word for plan in plans for word in plan.get(name, "").split()}


def ids_in(case: Case) -> set[str]:
    return {message.spool_id for message in case.messages}


def is_posted(name: str) -> bool:
    return name.startswith(SLACK_RECORD)


def rows(case: Case, here: Jurisdiction) -> Iterator[dict[str, str]]:
    """Yield what of each request stays for the figures: nothing of whose it was or which case it was."""
    for request in case.requests:
        if request.moved is None:
            yield row(request, here)


def row(request: Request, here: Jurisdiction) -> dict[str, str]:
    received_on, closed = here.date_of(request.received_at), request.closed
    ended_on = (closed.effective_on or here.date_of(closed.at)) if closed else None
    return {
        "month": f"{received_on:%Y-%m}",
        "right": str(request.label or "not sorted"),
        "outcome": str(closed.outcome) if closed else "",
        "days": days_between(received_on, ended_on),
    }


def days_between(first: date, last: date | None) -> str:
    return str((last - first).days) if last else ""


def being_erased(casebook: Casebook) -> set[str]:
    """Return the messages whose erasure is under way: they have no place any more, and soon no bytes."""
    plans = map(casebook.kept, casebook.kept_names(ERASING))
    return {spool_id for plan in plans if plan for spool_id in plan["messages"].split()}
