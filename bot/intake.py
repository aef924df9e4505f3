"""The one place where the order of effects is written down: from an accepted message to a saved case.

Safe to repeat after a crash anywhere: a message that has its disposition is only finished.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.casework import Arrival, Casework, Outcome
from bot.finishing import to_the_end
from bot.letters import come_home, letter_ids_home, letter_ids_in, tokens_in
from bot.message import Message
from bot.reader import Reader, Unreadable
from bot.reading_room import ReadMail
from bot.receipt import received_at
from bot.triage import Known, Rules, decide
from bot.watch import TellUndelivered
from store.case import Case
from store.casebook import Casebook, ChangedMeanwhileError
from store.events import LetterBounced
from store.spool import Entry, Spool

log = structlog.get_logger()


class Intake:
    def __init__(
        self,
        spool: Spool,
        casebook: Casebook,
        reader: Reader,
        casework: Casework,
        rules: Rules,
        now: Callable[[], datetime],
        *,
        tell_undelivered: TellUndelivered,
    ) -> None:
        """Work with these. `tell_undelivered` tells staff of a letter that did not arrive."""
        self._spool = spool
        self._casebook = casebook
        self._reader = reader
        self._casework = casework
        self._rules = rules
        self._now = now
        self._tell_undelivered = tell_undelivered
        self._deciding = asyncio.Lock()  # reading is parallel, deciding and saving is not

    async def take_in(self, spool_id: str) -> None:
        """Deal with one accepted message. Raises OSError when the disk refuses: try again later."""
        read = await self._reader.read(self._spool.path(spool_id))
        async with self._deciding:
            await to_the_end(self._settle, spool_id, read, self._now())

    def _settle(self, spool_id: str, read: ReadMail | Unreadable, now: datetime) -> None:
        if self._casebook.disposition(spool_id) is None:
            self._save(self._spool.read(spool_id), read, now)
        self._spool.finish(spool_id)

    def _save(self, entry: Entry, read: ReadMail | Unreadable, now: datetime) -> None:
        while True:
            outcome = self._decide(entry, read, now)
            if (
                outcome.case is not None
            ):  # told before it is saved: a crash between tells it once more, not never
                self._bounced(outcome.case, outcome.version, now)
            try:
                self._casebook.save(
                    outcome.case, version=outcome.version, dispositions=(outcome.disposition,)
                )
            except ChangedMeanwhileError:  # the courier or a person was quicker: look again
                continue
            break
        done = outcome.disposition
        log.info("taken in", spool_id=done.spool_id, end=str(done.end), ref=done.ref)

    def _bounced(self, case: Case, version: int, now: datetime) -> None:
        for event in case.events[version:]:
            if isinstance(event, LetterBounced):
                self._tell_undelivered(case, event.letter_id, "a delivery report says so", now)

    def _decide(self, entry: Entry, read: ReadMail | Unreadable, now: datetime) -> Outcome:
        if isinstance(read, Unreadable):
            return self._casework.unreadable(entry, read.why, now)
        message, reading = read.message, read.reading
        envelope, known = entry.envelope, self._known(entry, message)
        decision = decide(
            message, reading, known, self._rules, envelope.mail_from, envelope.unanswered
        )
        receipt = received_at(envelope.came_at, message.stamps, self._rules.trusted_hosts)
        return self._casework.carry_out(decision, Arrival(entry, message, reading, now, receipt))

    def _known(self, entry: Entry, message: Message) -> Known:
        homes = come_home(entry.envelope.rcpt_tos)
        tokens = tokens_in((*message.undelivered, *message.refers_to))
        tokens += [token for token, _ in homes]
        found = (self._casebook.by_token(token) for token in tokens)
        case = next((case for case in found if case is not None), None)
        undelivered = undelivered_of(case, message, homes) if case else ()
        if not undelivered:  # a letter is its own case's; a message goes where the case went
            case = self._where_it_goes_on(case)
        return Known(copies=self._casebook.alike(message.key), case=case, undelivered=undelivered)

    def _where_it_goes_on(self, case: Case | None) -> Case | None:
        while case is not None and case.merged_into:
            case = self._casebook.get(case.merged_into)
        return case


def undelivered_of(
    case: Case, message: Message, homes: Sequence[tuple[str, int]]
) -> tuple[str, ...]:
    """Return the ids of the letters that a bounce gives up: it returns them, or came to their own address."""
    named = letter_ids_in(message.undelivered, case)
    return named or (letter_ids_home(homes, case) if message.gives_up else ())
