"""The one place where the order of effects is written down: from an accepted message to a saved case.

Safe to repeat after a crash anywhere: a message that has its disposition is only finished.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

import structlog

from bot.arrival import Arrival
from bot.casework import Casework, Outcome
from bot.finishing import to_the_end
from bot.flood import FLOOD, TOLD
from bot.letters import letter_ids_home, letter_ids_in
from bot.mail.home import takes
from bot.message import Machine, Message
from bot.reader import Reader, Unreadable
from bot.reading_room import ReadMail
from bot.receipt import received_at
from bot.restraint import TOO_MANY
from bot.tokens import come_home, mended, tags_in, tokens_in
from bot.triage import Known, Rules, decide, wrote_in
from bot.unread import erased, unreadable
from bot.watch import Watch
from store.case import Case
from store.casebook import Casebook, ChangedMeanwhileError, Disposition
from store.deeds import LetterHeld
from store.events import LetterBounced, Requested
from store.law import Label
from store.spool import Entry, Spool
from store.tombstones import MARK

log = structlog.get_logger()

COME_AGAIN = frozenset({"imap", "ingest"})
"""Doors by which an old message comes though nobody has sent it again."""

NO_WORDS = b"\r\nA copy of a message of an erased case: its words are not kept.\r\n"

REFERENCE = re.compile(r"\bDP-\d{4}-\d{6,9}\b", re.IGNORECASE)
LOOKS, BETWEEN_LOOKS = 60, 0.05  # seconds
MOST_TEXT = 20_000  # characters in which references are looked for
MOST_NAMED = 5


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
        watch: Watch,
    ) -> None:
        """Work with these; `watch` tells staff of what they should know at once."""
        self._spool = spool
        self._casebook = casebook
        self._reader = reader
        self._casework = casework
        self._rules = rules
        self._now = now
        self._watch = watch
        self._deciding = asyncio.Lock()  # reading is parallel, deciding and saving is not

    async def take_in(self, spool_id: str) -> None:
        """Deal with one accepted message. Raises OSError when the disk refuses: try again later."""
        await to_the_end(self._spool.share, spool_id)
        with ExitStack() as lent:
            path = await asyncio.to_thread(lent.enter_context, self._spool.lent(spool_id))
            read = await self._reader.read(path)
        if isinstance(read, ReadMail) and read.message.relayed and read.message.refers_to:
            await self._after_the_first(spool_id, read.message.refers_to)
        async with self._deciding:
            known = await to_the_end(self._settle, spool_id, read, self._now())
        if known.key.startswith(MARK):
            await to_the_end(self._keep_no_words, spool_id)
        await to_the_end(self._spool.finish, spool_id, known.ref)

    def _keep_no_words(self, spool_id: str) -> None:
        """Let nothing of an erased message come back by a door at which nobody has sent it again."""
        if self._spool.read(spool_id).envelope.door in COME_AGAIN:
            self._spool.rewrite(spool_id, NO_WORDS, nameless=True)

    async def _after_the_first(self, spool_id: str, keys: Sequence[str]) -> None:
        """Let the message that a reply or an edit follows go before it: both may have come in one moment."""
        for _ in range(LOOKS):
            if await asyncio.to_thread(self._may_go, spool_id, keys):
                return
            await asyncio.sleep(BETWEEN_LOOKS)

    def _may_go(self, spool_id: str, keys: Sequence[str]) -> bool:
        known = any(self._casebook.alike(key) for key in keys)
        return known or all(other >= spool_id for other in self._spool.pending())

    def _settle(self, spool_id: str, read: ReadMail | Unreadable, now: datetime) -> Disposition:
        known = self._casebook.disposition(spool_id)
        if known is not None:
            return known
        entry = self._spool.read(spool_id)
        return self._save(entry, self._if_erased(entry, read), now)

    def _save(self, entry: Entry, read: ReadMail | Unreadable, now: datetime) -> Disposition:
        while True:
            if isinstance(read, ReadMail):
                read = replace(read, message=self._if_ours(read.message))
                known = self._known(entry, read.message)
            else:
                known = Known(copies=self._casebook.alike(unreadable(entry).key))
            outcome = self._decide(entry, read, known, now)
            if outcome.case is not None:  # told first: a crash tells it once more, not never
                self._tell(outcome.case, outcome.version, now)
            try:
                self._casebook.save(
                    outcome.case,
                    version=outcome.version,
                    dispositions=(outcome.disposition,),
                    copies=len(known.copies),
                    keep=outcome.keep,
                )
            except ChangedMeanwhileError:  # somebody was quicker: look again
                continue
            break
        done = outcome.disposition
        log.info("taken in", spool_id=done.spool_id, end=str(done.end), ref=done.ref)
        return done

    def _tell(self, case: Case, version: int, now: datetime) -> None:
        if not version and FLOOD in case.opened.facets:
            self._watch.trouble([TOLD], now)
        for event in case.events[version:]:
            if isinstance(event, LetterHeld) and event.why.startswith(TOO_MANY):
                self._watch.trouble([f"{event.why}: letters wait for a person"], now)
            if version and isinstance(event, Requested) and event.label is Label.BREACH:
                self._watch.breach(case, event.request, now)
            if isinstance(event, LetterBounced):
                self._watch.undelivered(case, event.letter_id, "a delivery report says so", now)

    def _decide(
        self, entry: Entry, read: ReadMail | Unreadable, known: Known, now: datetime
    ) -> Outcome:
        if isinstance(read, Unreadable):
            return self._casework.unreadable(entry, read.why, now, known.copies)
        message, reading = read.message, read.reading
        envelope = entry.envelope
        decision = decide(
            message, reading, known, self._rules, envelope.mail_from, envelope.unanswered
        )
        trusted = self._rules.trusted_hosts
        receipt = (
            min(message.relayed.at, envelope.accepted_at)
            if message.relayed
            else received_at(envelope.came_at, message.stamps, trusted)
        )
        return self._casework.carry_out(decision, Arrival(entry, message, reading, now, receipt))

    def _known(self, entry: Entry, message: Message) -> Known:
        if message.relayed:
            case = self._of_thread(message.refers_to)
            return Known(copies=self._casebook.alike(message.key), case=case)
        paths = (*entry.envelope.rcpt_tos, *message.sent_to)
        homes, tags = come_home(paths), tags_in(paths)
        tokens = tokens_in((*message.undelivered, *message.refers_to))
        case = self._of_any([*tokens, *(token for token, _ in homes), *tags])
        meant = list(self._of_each(map(mended, tags))) if case is None else []
        retyped = len({other.ref for other in meant}) == 1
        case = meant[0] if retyped else case
        meant = [] if retyped else meant  # of several nobody guesses: they are named, no more
        undelivered = undelivered_of(case, message, homes) if case else ()
        if not undelivered:  # a letter is its own case's; a message goes where the case went
            case = self._where_it_goes_on(case)
        refs = references_in(message)
        for_unsubscribing = self._rules.unsubscribe_addresses
        return Known(
            copies=self._casebook.alike(message.key),
            case=case,
            undelivered=undelivered,
            retyped=retyped,
            names_a_case=bool(refs or meant),
            named=self._named([*refs, *(other.ref for other in meant)], message),
            unsubscribing=any(takes(path, for_unsubscribing) for path in entry.envelope.rcpt_tos),
        )

    def _if_ours(self, message: Message) -> Message:
        """Know a letter of ours that comes back, whatever was done to its headers on the way."""
        if self._of_any(tokens_in((message.message_id,))) is None:
            return message
        return replace(message, machine=Machine.OURS, machine_why="our own Message-ID")

    def _if_erased(self, entry: Entry, read: ReadMail | Unreadable) -> ReadMail | Unreadable:
        """Know a copy of a message that was erased, by its mark and by nothing else."""
        message = read.message if isinstance(read, ReadMail) else unreadable(entry)
        if not message.message_id and entry.envelope.door not in COME_AGAIN:
            return read  # the same words, sent anew
        mark = self._casework.erased(message.key, message.digest)
        return ReadMail(*erased(mark)) if mark else read

    def _of_any(self, tokens: Iterable[str]) -> Case | None:
        return next(self._of_each(tokens), None)

    def _of_each(self, tokens: Iterable[str]) -> Iterator[Case]:
        found = (self._casebook.by_token(token) for token in tokens if token)
        return (case for case in found if case is not None)

    def _named(self, refs: Iterable[str], message: Message) -> Case | None:
        """Return the case that the message names: the writer's own, before another's."""
        found = (self._where_it_goes_on(self._casebook.get(ref)) for ref in refs)
        cases = [case for case in found if case is not None]
        own = (case for case in cases if wrote_in(message, case))
        return next(own, next(iter(cases), None))

    def _of_thread(self, keys: Sequence[str]) -> Case | None:
        """Return the case that a message with one of these keys opened or joined."""
        refs = (known.ref for key in keys for known in self._casebook.alike(key) if known.ref)
        ref = next(refs, None)
        return self._where_it_goes_on(self._casebook.get(ref)) if ref else None

    def _where_it_goes_on(self, case: Case | None) -> Case | None:
        while case is not None and case.merged_into:
            case = self._casebook.get(case.merged_into)
        return case


def references_in(message: Message) -> list[str]:
    """Return the references that subject and text name, each once."""
    found = REFERENCE.findall(f"{message.subject}\n{message.text[:MOST_TEXT]}")
    return list(dict.fromkeys(ref.upper() for ref in found))[:MOST_NAMED]


def undelivered_of(
    case: Case, message: Message, homes: Sequence[tuple[str, int]]
) -> tuple[str, ...]:
    """Return the ids of the letters that a bounce gives up: it returns them, or came to their own address."""
    named = letter_ids_in(message.undelivered, case)
    return named or (letter_ids_home(homes, case) if message.gives_up else ())
