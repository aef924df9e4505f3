"""What can happen to a case: the kinds of event, each a frozen value, appended and never edited.

`at` is the instant an event was recorded (aware UTC), `effective_on` the local date from which
it counts in law, where that is another thing. `by` is the person who did it, or the bot.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from store.law import Label

BOT = "bot"


class Outcome(StrEnum):
    """How a request ended."""

    FULFILLED = "fulfilled"
    PARTLY = "partly"
    REFUSED_UNFOUNDED = "refused_unfounded"
    REFUSED_EXCESSIVE = "refused_excessive"
    EXEMPT = "exempt"
    NOT_HELD = "not_held"
    IDENTITY_NOT_SUPPLIED = "identity_not_supplied"
    AUTHORITY_NOT_SUPPLIED = "authority_not_supplied"
    NO_REPLY = "no_reply"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    PASSED_ON = "passed_on"
    NOT_OURS = "not_ours"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What every event has."""

    at: datetime
    by: str = BOT
    effective_on: date | None = None


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
    kind: Literal["message_received"] = "message_received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested(Recorded):
    """One thing is asked. `label` is None while nobody is sure what; its clock runs all the same."""

    request: int
    label: Label | None
    guess: tuple[Label, ...] = ()
    received_at: datetime
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
    kind: Literal["request_closed"] = "request_closed"


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
)
