"""A message as it is taken in, and what is recorded of it: values of the case and of where it ended."""

from dataclasses import dataclass
from datetime import datetime

from bot.letters import facets_of
from bot.message import Message
from intents.reading import Facet, Reading
from store.casebook import Disposition, End
from store.events import MessageReceived
from store.recorded import Medium
from store.spool import Entry


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message being taken in: its entry, what was read in it, and the two instants that count."""

    entry: Entry
    message: Message
    reading: Reading | None
    now: datetime
    received_at: datetime


def channel_of(arrival: Arrival) -> Medium:
    if arrival.message.relayed:
        return Medium.SLACK
    return Medium.IMPORT if arrival.entry.envelope.door == "ingest" else Medium.EMAIL


def facets_in(arrival: Arrival) -> tuple[str, ...]:
    """Return who writes, and in which language; who writes to the desk alone in Slack asks for themselves."""
    found = facets_of(arrival.reading) if arrival.reading else ()
    own = arrival.message.relayed is not None and arrival.message.relayed.direct
    return tuple(dict.fromkeys((*found, Facet.EMPLOYEE))) if own else found


def author(message: Message) -> str:
    """Return who wrote, as the wire knows them."""
    if message.relayed:
        return message.relayed.by
    return message.sender.address if message.sender else ""


def received(arrival: Arrival, flags: tuple[str, ...]) -> MessageReceived:
    message = arrival.message
    return MessageReceived(
        at=arrival.now,
        spool_id=arrival.entry.spool_id,
        message_id=message.message_id,
        sender=author(message),
        received_at=arrival.received_at,
        flags=tuple(dict.fromkeys(message.flags + flags)),
        attachments=len(message.attachments),
        trust=message.trust,
        trust_reasons=message.trust_reasons,
    )


def disposition(arrival: Arrival, end: End, ref: str = "", why: str = "") -> Disposition:
    scores = arrival.reading.scores if arrival.reading and not ref else {}
    best = sorted(scores.items(), key=lambda item: -item[1])[:3]
    return Disposition(
        spool_id=arrival.entry.spool_id,
        at=arrival.now,
        received_at=arrival.received_at,
        end=end,
        ref=ref,
        key=arrival.message.key,
        digest=arrival.message.digest,
        why=why,
        scores=tuple((str(label), round(score, 3)) for label, score in best),
    )
