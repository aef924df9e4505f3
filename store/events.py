"""What can happen to a case: the kinds of event, each a frozen value, appended and never edited.

Here are those the bot records; `store.deeds` has what people do.

`at` is the instant an event was recorded (aware UTC), `effective_on` the local date from which
it counts in law, where that is another thing. `by` is the person who did it, or the bot.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from store.deeds import Deed
from store.law import Label
from store.recorded import BOT, Outcome, Recorded, Trust

__all__ = ["BOT", "Event", "Outcome", "Recorded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Recorded):
    channel: str
    received_at: datetime
    requester_name: str
    requester_address: str
    """Empty when the message does not say who wrote it."""
    token: str
    """Random and secret: it stands in every letter's Message-ID and brings replies home."""
    facets: tuple[str, ...] = ()
    """What else the first message shows, mostly who writes."""
    identifiers: tuple[str, ...] = ()
    """Numbers and addresses that the first message gives, by which a person is known again."""
    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Recorded):
    """A message of this case. Its bytes lie in the spool, under `spool_id`."""

    spool_id: str
    message_id: str
    sender: str
    received_at: datetime
    flags: tuple[str, ...] = ()
    """What a person should know before reading it: unreadable, automatic, same-id-other-content."""
    attachments: int = 0
    trust: Trust = Trust.NONE
    trust_reasons: tuple[str, ...] = ()
    """What the verdict rests on."""
    kind: Literal["message_received"] = "message_received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested(Recorded):
    """One thing is asked. `label` is None while nobody is sure what; its clock runs all the same."""

    request: int
    label: Label | None
    guess: tuple[Label, ...] = ()
    received_at: datetime
    score: float = 0.0
    """How sure the reading was of it; nothing where a person said what is asked."""
    because: tuple[str, ...] = ()
    """Words of the message that decided."""
    kind: Literal["requested"] = "requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered(Recorded):
    """The bot does not write to whoever sent this; a person decides. `why` names the reason."""

    why: str
    kind: Literal["unanswered"] = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkProposed(Recorded):
    """Another case may belong to this one; only a person joins them."""

    ref: str
    why: str
    kind: Literal["link_proposed"] = "link_proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterOwed(Recorded):
    """A letter to be sent, word for word; its Message-ID is fixed here, before the first try."""

    letter_id: str
    letter_kind: str
    requests: tuple[int, ...] = ()
    """Which requests it speaks of."""
    to: str
    subject: str
    text: str
    html: str
    version: str
    """Content hash of the templates it was made from."""
    message_id: str
    references: tuple[str, ...] = ()
    """Message-IDs of the thread, oldest first; the last one is answered."""
    draft: bool = False
    """Waits for a person to send it: a letter of legal effect always does."""
    kind: Literal["letter_owed"] = "letter_owed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSent(Recorded):
    """The relay took it."""

    letter_id: str
    kind: Literal["letter_sent"] = "letter_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFailed(Recorded):
    """It will not be tried again. `why` is the relay's code or our reason, without addresses."""

    letter_id: str
    why: str
    kind: Literal["letter_failed"] = "letter_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterBounced(Recorded):
    """A delivery report says that it did not arrive."""

    letter_id: str
    kind: Literal["letter_bounced"] = "letter_bounced"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClosed(Recorded):
    request: int
    outcome: Outcome
    reasons: str = ""
    exemption: str = ""
    """Of a refusal by exemption: its name."""
    finding: str = ""
    remedy: str = ""
    lesson: str = ""
    """Of a complaint or review: what was found, put right and learnt."""
    override: str = ""
    """Why an erasure is carried out although an access request is open."""
    kind: Literal["request_closed"] = "request_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked(Recorded):
    """The requester went on the block-list for direct marketing, in the same save (Art. 21(3))."""

    request: int
    systems: tuple[str, ...] = ()
    """Sending systems that had to take it in then; each is ticked off by a person."""
    listed: bool = True
    """False where no address was known: a person adds one when it is."""
    kind: Literal["blocked"] = "blocked"


Event = (
    Opened
    | MessageReceived
    | Requested
    | Unanswered
    | LinkProposed
    | LetterOwed
    | LetterSent
    | LetterFailed
    | LetterBounced
    | RequestClosed
    | Blocked
    | Deed
)
