"""From a decision to the case as it will be saved, with the letters it owes: values in, values out.

Only the number of a new case comes from outside. Nothing here writes to disk or to a wire.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from bot.arrival import Arrival, channel_of, disposition, received
from bot.flood import Floodgate
from bot.hints import hints
from bot.letters import Letters
from bot.message import Sender
from bot.restraint import Restraint
from bot.tokens import new_token
from bot.triage import Decision, FileAway, JoinCase, OpenCase, Repeat, Undelivered
from bot.unread import unreadable
from intents.reading import Reading
from store.block_list import BlockList
from store.case import Case, LetterStatus, open_case
from store.casebook import Disposition, End
from store.deeds import LetterHeld, Noted
from store.events import (
    BOT,
    Blocked,
    Event,
    LetterBounced,
    LinkProposed,
    Opened,
    Requested,
    Unanswered,
)
from store.jurisdiction import Jurisdiction
from store.law import Label
from store.recorded import Medium
from store.same_person import ADDRESS, IDENTIFIER, NAME, traits
from store.spool import Entry

MOST_LINKS = 10  # by one trait, the newest
MOST_REASONS, MOST_WORDS = 3, 200  # words that decided, and characters of each

LIKE = {
    ADDRESS: "the same address wrote before",
    IDENTIFIER: "the same number or address was given before",
    NAME: "somebody of the same name wrote before",
}
"""Why another case may be the same person's."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be saved together: the case (and the version it grew from) and the disposition."""

    case: Case | None
    version: int
    disposition: Disposition
    keep: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What else is kept in the same save: entries of the block-list, the count of failed senders."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a colleague was told by phone, at a desk or by post."""

    name: str
    address: str
    confirmed: bool
    """Whether a person has made sure that the address is the requester's."""
    labels: tuple[Label, ...]
    medium: Medium
    received_at: datetime
    words: str = ""
    identifiers: tuple[str, ...] = ()
    """Numbers the person gave to be found by."""


@dataclass(frozen=True, slots=True)
class Records:
    """What casework asks of the casebook."""

    new_ref: Callable[[int], str]
    find: Callable[[str], Case | None]
    earlier: Callable[[str], Sequence[str]]
    """From a trait to the cases whose requester has it."""
    erased: Callable[[str, str], str]
    """From key and digest of a message to the mark of one that was the same and was erased."""


class Casework:
    def __init__(
        self,
        letters: Letters,
        here: Jurisdiction,
        records: Records,
        own_domains: frozenset[str],
        block_list: BlockList,
        restraint: Restraint,
        floodgate: Floodgate,
    ) -> None:
        self._restraint = restraint
        self._floodgate = floodgate
        self._letters = letters
        self._here = here
        self._new_ref = records.new_ref
        self._find = records.find
        self._earlier = records.earlier
        self.erased = records.erased
        self._own_domains = own_domains
        self._block_list = block_list

    def carry_out(self, decision: Decision, arrival: Arrival) -> Outcome:
        """Say what is to be saved. An unsubscribe puts its sender on the block-list at once, unverified too."""
        outcome = self._outcome(decision, arrival)
        if outcome.case is None:
            return outcome
        listed = self._block_list.due(outcome.case, outcome.version)
        return replace(outcome, keep={**outcome.keep, **listed})

    def _outcome(self, decision: Decision, arrival: Arrival) -> Outcome:
        match decision:
            case Repeat():
                return self._repeat(decision, arrival)
            case Undelivered():
                return self._undelivered(decision, arrival)
            case FileAway():
                return Outcome(None, 0, disposition(arrival, decision.end, why=decision.why))
            case JoinCase():
                return self._join(decision, arrival)
            case OpenCase():
                return self._open(decision, arrival)
            case _:
                assert_never(decision)

    def unreadable(
        self, entry: Entry, why: str, now: datetime, copies: Sequence[Disposition] = ()
    ) -> Outcome:
        """Open a case for a person: the raw mail is attached, nothing is known of its content."""
        message = unreadable(entry, why)
        arrival = Arrival(entry, message, None, now, entry.envelope.came_at)
        if copies:
            return self._repeat(Repeat(copies[0]), arrival)
        return self._open(OpenCase((), unanswered=why, flags=message.flags), arrival)

    def new_ref(self, received_at: datetime) -> str:
        return self._new_ref(self._here.date_of(received_at).year)

    def by_hand(self, told: Told, now: datetime, by: str) -> Case:
        """Open a case for what a colleague was told: by phone, at a desk, by post.

        A letter is owed only to an address that a person has confirmed.
        """
        received_on = self._here.date_of(told.received_at)
        opened = Opened(
            at=now,
            by=by,
            effective_on=received_on,
            channel=told.medium,
            received_at=told.received_at,
            requester_name=told.name[:200],
            requester_address=told.address,
            token=new_token(),
            identifiers=told.identifiers,
        )
        before = self._proposed(opened)
        case = open_case(self._new_ref(received_on.year), opened, before)
        if told.words:
            case = case.record(Noted(at=now, by=by, text=told.words))
        labels = told.labels or (None,)
        case = case.record(*requested(case, labels, told.received_at, self._here, at=now, by=by))
        case = case.record(*self.blocked(case, at=now, by=by))
        if not (told.address and told.confirmed):
            why = "nobody has confirmed an address that a letter could go to"
            return case.record(Unanswered(at=now, by=by, why=why))
        letter = self._letters.acknowledgement(case, case.requests, at=now, thread=(), agent=False)
        return case.record(letter)

    def _repeat(self, decision: Repeat, arrival: Arrival) -> Outcome:
        first = decision.of
        case = self._find(first.ref) if first.ref else None
        why = f"a second copy of {first.spool_id}"
        if case is None:
            return Outcome(None, 0, disposition(arrival, first.end, why=why))
        return Outcome(None, 0, disposition(arrival, End.JOINED, case.ref, why))

    def _undelivered(self, decision: Undelivered, arrival: Arrival) -> Outcome:
        case, now = decision.case, arrival.now
        grown = case.record(
            received(arrival, ("a delivery report",)),
            *(LetterBounced(at=now, letter_id=i) for i in decision.letter_ids),
        )
        where = disposition(arrival, End.BOUNCE, case.ref, arrival.message.machine_why)
        return Outcome(grown, len(case.events), where)

    def _join(self, decision: JoinCase, arrival: Arrival) -> Outcome:
        case = decision.case
        grown = case.record(received(arrival, decision.flags + self._hints(arrival)))
        if decision.labels:
            grown = self._ask(grown, decision.labels, arrival)
        if decision.labels and not arrival.message.relayed:
            grown = self._acknowledge(grown, len(decision.labels), arrival, agent=False)
        return Outcome(grown, len(case.events), disposition(arrival, End.JOINED, case.ref))

    def _open(self, decision: OpenCase, arrival: Arrival) -> Outcome:
        received_on = self._here.date_of(arrival.received_at)
        sender = arrival.message.sender or Sender("", "")
        facets, count = self._floodgate.let_in(arrival, self._here.date_of(arrival.now))
        opened = Opened(
            at=arrival.now,
            effective_on=received_on,
            channel=channel_of(arrival),
            received_at=arrival.received_at,
            requester_name=sender.name[:200],
            requester_address=sender.address,
            token=new_token(),
            facets=facets,
            identifiers=self._given(arrival.reading),
        )
        first: list[Event] = [received(arrival, decision.flags + self._hints(arrival))]
        first += self._proposed(opened, decision.belongs_to, decision.belongs_why)
        case = open_case(self._new_ref(received_on.year), opened, first)
        case = self._ask(case, decision.labels or (None,), arrival)
        if decision.unanswered:
            case = case.record(Unanswered(at=arrival.now, why=decision.unanswered))
        else:
            asked = len(decision.labels) or 1
            before = self._asked_before(case)
            agent, hold = decision.agent, decision.hold
            case = self._acknowledge(case, asked, arrival, agent=agent, hold=hold, before=before)
        end = End.HELD if decision.belongs_to else End.OPENED
        return Outcome(case, 0, disposition(arrival, end, case.ref), count)

    def _hints(self, arrival: Arrival) -> tuple[str, ...]:
        if arrival.reading is None or arrival.message.machine is not None:
            return ()
        return hints(arrival.reading, self._here.date_of(arrival.received_at))

    def _proposed(self, opened: Opened, belongs_to: str = "", why: str = "") -> list[LinkProposed]:
        """Propose links to the case whose token came, and to earlier ones of what seems the same person.

        The notice promises to look back when somebody contacts us again; only a person links.
        """
        found = {belongs_to: why} if belongs_to else {}
        known_by = traits(opened.requester_name, opened.requester_address, opened.identifiers)
        given = [trait for i in opened.identifiers if "@" in i for trait in traits("", i)]
        for trait in dict.fromkeys((*known_by, *given)):
            kind = trait.partition(":")[0]
            alike = self._earlier(trait)
            if kind == ADDRESS or len(alike) <= MOST_LINKS:  # what so many give says little
                found |= {ref: LIKE[kind] for ref in alike[-MOST_LINKS:] if ref not in found}
        return [LinkProposed(at=opened.at, ref=ref, why=why) for ref, why in found.items()]

    def _given(self, reading: Reading | None) -> tuple[str, ...]:
        """Return what the writer gives to be found by; our own addresses are nobody's."""
        given = reading.identifiers if reading else ()
        return tuple(i for i in given if i.rpartition("@")[2].lower() not in self._own_domains)

    def _ask(self, case: Case, labels: tuple[Label | None, ...], arrival: Arrival) -> Case:
        received_at, now, reading = arrival.received_at, arrival.now, arrival.reading
        guess = reading.labels if reading else ()
        made = requested(case, labels, received_at, self._here, at=now, guess=guess)
        case = case.record(*(decided_by(request, reading) for request in made))
        return case.record(*self.blocked(case, at=now))

    def blocked(self, case: Case, *, at: datetime, by: str = BOT) -> list[Blocked]:
        """Return that the requester is blocked, once for each unsubscribe that has not led to it yet."""
        return [
            Blocked(
                at=at,
                by=by,
                request=request.number,
                systems=self._block_list.systems,
                listed=bool(case.participants),
            )
            for request in case.running
            if request.label is Label.UNSUBSCRIBE and request.blocked is None
        ]

    def _asked_before(self, case: Case) -> Case | None:
        """Find, among the cases that a link is proposed to, the open one in which the same address asks the same."""
        alike = (self._find(e.ref) for e in case.events if isinstance(e, LinkProposed))
        for earlier in alike:
            if earlier is None or not case.participants & earlier.participants:
                continue
            if earlier.in_doubt:  # perhaps somebody else wrote it
                continue
            repeats = any(letter.owed.letter_kind == "duplicate" for letter in earlier.letters)
            if case.asked and case.asked <= earlier.asked and not repeats:
                return earlier
        return None

    def _acknowledge(
        self,
        case: Case,
        asked: int,
        arrival: Arrival,
        *,
        agent: bool,
        hold: str = "",
        before: Case | None = None,
    ) -> Case:
        """Owe one letter for the last `asked` requests, in the thread of the message.

        `hold` is why it waits for a person; so it does where too much was answered already.
        """
        thread = arrival.message.refers_to[:9][::-1]
        if arrival.message.message_id:
            thread += (arrival.message.message_id,)
        letter = self._letters.acknowledgement(
            case,
            case.requests[-asked:],
            at=arrival.now,
            thread=thread,
            agent=agent,
            language=arrival.reading.language if arrival.reading else "",
            first=before,
        )
        case = case.record(letter)
        if isinstance(letter, Unanswered):
            return case
        why = hold or self._restraint.why_wait(case, self._of_the_same(case), arrival.now)
        return held_back(case, why, arrival.now)

    def _of_the_same(self, case: Case) -> Iterator[Case]:
        """Yield the newest cases of the same address."""
        for ref in self._earlier(case.traits[0])[-MOST_LINKS:]:
            if (found := self._find(ref)) is not None:
                yield found


def requested(
    case: Case,
    labels: Sequence[Label | None],
    received_at: datetime,
    here: Jurisdiction,
    *,
    at: datetime,
    by: str = BOT,
    guess: tuple[Label, ...] = (),
) -> list[Requested]:
    """Make one request for each label: each has its own clock, all from this receipt."""
    first = len(case.requests) + 1
    return [
        Requested(
            at=at,
            by=by,
            effective_on=here.date_of(received_at),
            request=first + place,
            label=label,
            guess=guess,
            received_at=received_at,
        )
        for place, label in enumerate(labels)
    ]


def decided_by(request: Requested, reading: Reading | None) -> Requested:
    """Return the request with what the reading made of it: how sure it was, and by which words."""
    label = request.label or next(iter(request.guess), None)
    if reading is None or label is None:
        return request
    mark = f"{label}: "
    words = [why.removeprefix(mark)[:MOST_WORDS] for why in reading.reasons if why.startswith(mark)]
    score = round(reading.scores.get(label, 0.0), 3)
    return replace(request, score=score, because=tuple(words[:MOST_REASONS]))


def held_back(case: Case, why: str, at: datetime) -> Case:
    """Let the case's last letter wait for a person, if there is a reason and it would go."""
    letter = case.letters[-1] if case.letters else None
    if not why or letter is None or letter.status is not LetterStatus.QUEUED:
        return case
    return case.record(LetterHeld(at=at, by=BOT, letter_id=letter.owed.letter_id, why=why))
