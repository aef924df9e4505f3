"""The block-list as commands: add, remove, check, screen, list; plain values in and out.

An address is looked at and never kept, in the log neither; each check is counted. Of a case that
somebody may not see they learn that an address is blocked, and not by which case.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from bot.bench import Doing
from bot.desk import Desk
from bot.people import Person
from bot.views import View, plain
from store.block_list import MARKETING, BlockList, BlockListError, Entry
from store.case import CaseError
from store.due import short
from store.jurisdiction import Jurisdiction

log = structlog.get_logger()

SCOPE: Final = re.compile(r"[a-z0-9][a-z0-9 _-]{0,39}")
ADDRESS: Final = re.compile(r"\s*[^\s@]{1,64}@[^\s@]{1,255}\s*")
"""Wider than what a letter goes to: a list to be screened has addresses of any script."""


@dataclass(frozen=True, slots=True)
class Blocking:
    block_list: BlockList
    desk: Desk
    here: Jurisdiction
    now: Callable[[], datetime]

    def commands(self) -> Mapping[str, Callable[..., Iterator[View]]]:
        return {
            "block_add": self._add,
            "block_remove": self._remove,
            "block_check": self._check,
            "block_screen": self._screen,
            "block_list": self._list,
            "block_checks": self._checks,
        }

    def _add(
        self, who: Person, address: str, *, why: str, scope: str = MARKETING, ref: str = ""
    ) -> Iterator[View]:
        who.must_be("handler", "lead")
        entry = Entry(
            digest=self.block_list.digest(known(address)),
            scope=named(scope) or MARKETING,
            since=self.now(),
            ref=self.desk.find(ref, who).ref if ref else "",
            by=who.login,
            why=impersonal(why),
        )
        yield self.view(self.block_list.add(entry), who)

    def _remove(
        self, who: Person, address: str, *, why: str, scope: str = MARKETING
    ) -> Iterator[View]:
        doing = Doing(who, self.now())
        who.must_be("handler", "lead")
        lifted = self.block_list.lift(
            known(address), named(scope), **doing.stamp, why=impersonal(why)
        )
        yield self.view(lifted, who)

    def _check(self, who: Person, address: str, scope: str = "") -> Iterator[View]:
        found = self.block_list.blocking(known(address), named(scope))
        self._count(who, 1, int(bool(found)))
        entries = [self.view(entry, who) for entry in found]
        yield {"blocked": bool(found), "answer": answer(entries), "entries": entries}

    def _screen(self, who: Person, addresses: list[str], scope: str = "") -> Iterator[View]:
        """Answer for many addresses at once, in their order; what is no address is said to be none."""
        asked = [address for address in addresses if ADDRESS.fullmatch(address)]
        found = dict(zip(asked, self.block_list.screen(asked, named(scope)), strict=True))
        self._count(who, len(asked), sum(1 for address in asked if found[address]))
        answers = [
            answer([self.view(entry, who) for entry in found[address]])
            if address in found
            else "no address"
            for address in addresses
        ]
        yield {"answers": answers}

    def _list(self, who: Person) -> Iterator[View]:
        yield from (self.view(entry, who) for entry in self.block_list.entries())

    def _checks(self, _who: Person) -> Iterator[View]:
        yield from self.block_list.checks()

    def of(self, addresses: Iterable[str], who: Person) -> list[View]:
        """Return every entry of these addresses, lifted ones too; it counts as a check."""
        digests = [self.block_list.digest(address) for address in sorted(addresses)]
        found = [entry for digest in digests for entry in self.block_list.entries(digest)]
        self._count(who, len(digests), sum(entry.lifted_at is None for entry in found))
        return [self.view(entry, who) for entry in found]

    def _count(self, who: Person, addresses: int, blocked: int) -> None:
        on = self.here.date_of(self.now())
        self.block_list.count(on, who.login, addresses=addresses, blocked=blocked)
        log.info("block-list checked", by=who.login, addresses=addresses, blocked=blocked)

    def view(self, entry: Entry, who: Person) -> View:
        since = self.here.date_of(entry.since)
        shown: dict[str, Any] = {key: plain(value) for key, value in asdict(entry).items()}
        return shown | {
            "ref": self._shown(entry.ref, who),
            "since_on": f"{short(since)} {since:%Y}",
        }

    def _shown(self, ref: str, who: Person) -> str:
        """Return the reference, unless its case is there and not for this person to see."""
        return ref if ref and not self.desk.hides(ref, who) else ""


def answer(entries: list[View]) -> str:
    return "; ".join(said(entry) for entry in entries) or "not listed"


def said(entry: View) -> str:
    scope = "" if entry["scope"] == MARKETING else f"({entry['scope']})"
    return " ".join(filter(None, ("blocked since", entry["since_on"], entry["ref"], scope)))


def known(address: str) -> str:
    if not ADDRESS.fullmatch(address):
        raise CaseError(f"{address!r} is not a mail address")
    return address


def named(scope: str) -> str:
    """Return a scope in one spelling: all, marketing, or a purpose by its name."""
    spelt = " ".join(scope.casefold().split())
    if spelt and not SCOPE.fullmatch(spelt):
        raise BlockListError(f"{scope!r} is no scope: all, marketing, or a purpose by its name")
    return spelt


def impersonal(why: str) -> str:
    """Return a reason. Raises BlockListError where it names an address: the entry outlives the case."""
    if not why.strip() or "@" in why:
        raise BlockListError("say why, without anybody's address: the entry is kept for good")
    return why.strip()
