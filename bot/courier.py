"""The courier: carries every owed letter until the relay takes it, refuses it for good, or five days pass.

What is owed stands in the casebook, so a crash forgets nothing. A letter that was carried but
not yet recorded goes again under its old Message-ID: at least once, never two letters.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.finishing import to_the_end
from bot.journal import place_of
from bot.mail.compose import compose
from bot.mail.relay import Parcel, Relay, Sent
from bot.tokens import reply_address, return_path
from bot.watch import TellUndelivered
from store.case import Letter, LetterStatus
from store.casebook import Casebook, CasebookAwayError, ChangedMeanwhileError
from store.events import LetterFailed, LetterSent
from store.fleet import Fleet

log = structlog.get_logger()

GIVE_UP = timedelta(days=5)  # RFC 5321 4.5.4.1: at least four to five days
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
ANOTHERS = timedelta(seconds=10)  # then whoever carries a letter may have died over it
RELAY = "the relay"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter, or the relay itself, put off: how often it was tried, and until when it rests."""

    tries: int
    until: datetime


@dataclass(frozen=True, slots=True)
class From:
    """Whom the letters come from."""

    name: str
    address: str
    own_paths: bool = False
    """Whether each letter has a return path of its own."""


class Courier:
    def __init__(
        self,
        casebook: Casebook,
        fleet: Fleet,
        relay: Relay,
        sender: From,
        *,
        now: Callable[[], datetime],
        tell_undelivered: TellUndelivered,
    ) -> None:
        """`tell_undelivered` tells staff of a letter that failed."""
        self._casebook = casebook
        self._fleet = fleet
        self._relay = relay
        self._sender = sender
        self._now = now
        self._tell_undelivered = tell_undelivered
        self._waiting: dict[str, Waiting] = {}
        self.wake = asyncio.Event()
        self.down_since: datetime | None = None
        """Since when the relay takes nothing of ours, or does not let us in."""

    async def work(self) -> None:
        """Carry letters for ever: when woken, and when one that was put off comes due."""
        while True:
            self.wake.clear()
            begun = self._now()
            try:
                await self.round()
            except CasebookAwayError:
                self._rest(RELAY, FIRST_WAIT)
            except OSError as error:  # the disk refuses: what is owed stays owed
                log.error("cannot record", error=place_of(error))
                self._put_off(RELAY, "the disk refuses")
            # What was due when the round began was tried, or waits behind something later.
            later = [w.until for w in self._waiting.values() if w.until > begun]
            wait = max(0.0, (min(later) - self._now()).total_seconds()) if later else None
            with contextlib.suppress(TimeoutError):
                # Not wait_for: before Python 3.12 it may swallow a cancellation, and we never stop.
                async with asyncio.timeout(wait):
                    await self.wake.wait()

    def try_again(self) -> None:
        """Carry what was put off because the casebook was away."""
        self._waiting.pop(RELAY, None)
        self.wake.set()

    async def round(self) -> None:
        """Try every letter that may be tried now, oldest first; a case's letters keep their order."""
        if self._must_wait(RELAY):
            return
        held_up: set[str] = set()
        owed = await asyncio.to_thread(self._casebook.owed)
        self._forget_all_but(owed)
        if not owed:
            self.down_since = None
        for letter in owed:
            case = letter.owed.letter_id.rpartition("-")[0]
            if case in held_up or self._must_wait(letter.owed.letter_id):
                held_up.add(case)
                continue
            if not await asyncio.to_thread(self._fleet.claim, letter.owed.letter_id):
                self._rest(letter.owed.letter_id, ANOTHERS)
                held_up.add(case)
                continue
            sent = await self._carry(letter)
            if sent is Sent.DOWN:
                await asyncio.to_thread(self._fleet.release, letter.owed.letter_id)
                return
            if sent is Sent.LATER:
                held_up.add(case)

    async def _carry(self, letter: Letter) -> Sent:
        """Try one letter, and record what became of it."""
        owed, own = letter.owed, self._sender.own_paths
        back = reply_address(owed.message_id, self._sender.address) if own else ""
        try:
            data = compose(
                owed,
                name=self._sender.name,
                address=self._sender.address,
                at=owed.at,
                reply_to=back,
            )
        except ValueError as error:
            sent, why = Sent.NEVER, str(error)
        else:
            address = self._sender.address
            home = return_path(owed.message_id, address) if own else address
            sent, why = await self._relay.carry(Parcel(owed.letter_id, home, owed.to, data))
        self.down_since = (self.down_since or self._now()) if sent is Sent.DOWN else None
        if sent is Sent.LATER and self._now() - owed.at >= GIVE_UP:
            sent, why = Sent.NEVER, f"given up after five days: {why}"
        if sent in {Sent.LATER, Sent.DOWN}:
            self._put_off(RELAY if sent is Sent.DOWN else owed.letter_id, why)
        else:
            await to_the_end(self._settle, letter, sent, why)
            if sent is Sent.NEVER:
                self.wake.set()  # staff are owed a mail about it
            self._waiting.pop(RELAY, None)
            self._waiting.pop(owed.letter_id, None)
        return sent

    def _forget_all_but(self, owed: Sequence[Letter]) -> None:
        """Drop what waits no more; add what can still be taken back (its undo window)."""
        ids = {letter.owed.letter_id for letter in owed} | {RELAY}
        self._waiting = {what: w for what, w in self._waiting.items() if what in ids}
        for letter in owed:
            if letter.not_before is not None and letter.not_before > self._now():
                self._waiting[letter.owed.letter_id] = Waiting(0, letter.not_before)

    def _must_wait(self, what: str) -> bool:
        waiting = self._waiting.get(what)
        return waiting is not None and waiting.until > self._now()

    def _put_off(self, what: str, why: str) -> None:
        tries = self._waiting[what].tries + 1 if what in self._waiting else 1
        self._rest(what, min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries - 1, 12)), tries)
        log.warning("put off", what=what, tries=tries, why=why)

    def _rest(self, what: str, wait: timedelta, tries: int = 0) -> None:
        self._waiting[what] = Waiting(tries, self._now() + wait)

    def _settle(self, letter: Letter, sent: Sent, why: str) -> None:
        """Record what became of the letter, on its case or its notice."""
        letter_id = letter.owed.letter_id
        ref = letter_id.rpartition("-")[0]
        notice = self._casebook.notice(letter_id)
        if notice is not None:
            status = LetterStatus.SENT if sent is Sent.YES else LetterStatus.FAILED
            done = replace(letter, status=status, settled_at=self._now())
            self._casebook.put_notice(replace(notice, letter=done))
        else:
            self._record(ref, letter_id, sent, why)
        log.info("letter settled", letter=letter_id, sent=sent.name.lower(), why=why)

    def _record(self, ref: str, letter_id: str, sent: Sent, why: str) -> None:
        while True:
            case = self._casebook.get(ref)
            if case is None:  # it was erased at that moment
                return None
            now = self._now()
            if sent is Sent.YES:
                grown = case.record(LetterSent(at=now, letter_id=letter_id))
            else:  # told first: a crash between tells it once more, not never
                self._tell_undelivered(case, letter_id, why, now)
                grown = case.record(LetterFailed(at=now, letter_id=letter_id, why=why))
            try:
                return self._casebook.save(grown, version=len(case.events))
            except ChangedMeanwhileError:
                continue
