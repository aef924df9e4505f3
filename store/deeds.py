"""What people do to a case: the kinds of event that only a member of staff can cause.

Where a letter tells the requester, the effect begins when that letter is sent; until then, and
if it never arrives, nothing has changed (`letter_id`). What was said by phone or post counts
from the day that was recorded (`effective_on`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from store.keeping import Keeping
from store.law import Label
from store.recorded import Medium, Recorded, Wanted
from store.ties import Tie


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Recorded):
    """Somebody owns the case now."""

    owner: str
    kind: Literal["assigned"] = "assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted(Recorded):
    """A person says what a request asks. Its clock still counts from receipt."""

    request: int
    label: Label
    kind: Literal["sorted"] = "sorted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterNamed(Recorded):
    """Who asked, where a colleague relayed it; `confirmed` if a person made sure of the address."""

    name: str
    address: str
    confirmed: bool
    kind: Literal["requester_named"] = "requester_named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Recorded):
    """Somebody looked in Slack; no longer written, Looked says the same."""

    messages: tuple[str, ...]
    """Their ids in the spool."""
    where: str
    kind: Literal["shown"] = "shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Recorded):
    text: str
    kind: Literal["noted"] = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Recorded):
    """Somebody read what the messages of the case say, or wrote them out as files."""

    what: str
    kind: Literal["looked"] = "looked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Recorded):
    """The requester is asked for identity, authority or clarification."""

    wanted: Wanted
    requests: tuple[int, ...]
    question: str = ""
    about: str = ""
    """Which question, where several may be open at once; its answer carries the same word."""
    medium: Medium
    letter_id: str = ""
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied(Recorded):
    """What was asked for came. Of identity: how it was checked; the document itself is not kept."""

    wanted: Wanted
    requests: tuple[int, ...]
    """Those that waited for it; none where identity was made sure of unasked, which moves no clock."""
    about: str = ""
    how: str = ""
    papers: tuple[str, ...] = ()
    """Of identity: the messages that brought documents, which are now due for deletion."""
    kind: Literal["supplied"] = "supplied"


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersDeleted(Recorded):
    """What a message brought as proof of identity was cut out of it, in every copy of it."""

    spool_id: str
    kind: Literal["papers_deleted"] = "papers_deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Recorded):
    """The requester was told outside this tool, by post say, that the request has come."""

    request: int
    how: str
    kind: Literal["acknowledged"] = "acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredElsewhere(Recorded):
    """The request was answered outside this tool; that day decides whether it was in time."""

    request: int
    how: str
    kind: Literal["answered_elsewhere"] = "answered_elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(Recorded):
    """Two further months, for the complexity or number of this person's requests (Art. 12A(3))."""

    request: int
    reasons: str
    letter_id: str = ""
    """Empty where the notice was given outside this tool, on the day it takes effect."""
    kind: Literal["extended"] = "extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCorrected(Recorded):
    """The true instant of receipt, where a person knows it better."""

    request: int
    received_at: datetime
    why: str
    kind: Literal["receipt_corrected"] = "receipt_corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReopened(Recorded):
    request: int
    why: str
    kind: Literal["request_reopened"] = "request_reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted(Recorded):
    """From these members of staff the case is hidden, in lists and counts too."""

    hidden_from: tuple[str, ...]
    why: str
    kind: Literal["restricted"] = "restricted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHeld(Recorded):
    """The letter does not go until it is released."""

    letter_id: str
    why: str
    kind: Literal["letter_held"] = "letter_held"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReleased(Recorded):
    """A person sends a draft or a held letter; until `not_before` it can still be taken back."""

    letter_id: str
    not_before: datetime | None = None
    kind: Literal["letter_released"] = "letter_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwarenessRecorded(Recorded):
    """When the controller became aware of a breach: the 72 hours run from here (Art. 33(1))."""

    request: int
    aware_at: datetime
    why: str
    kind: Literal["awareness_recorded"] = "awareness_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachDecided(Recorded):
    """Whether the regulator is told of a breach, and why (Art. 33(1) and (5))."""

    request: int
    notify: bool
    reasons: str
    kind: Literal["breach_decided"] = "breach_decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked(Recorded):
    """A sending system has taken an unsubscribe in."""

    request: int
    system: str
    kind: Literal["ticked"] = "ticked"


Deed = (
    Assigned
    | Sorted
    | RequesterNamed
    | Shown
    | Noted
    | Looked
    | Asked
    | Supplied
    | PapersDeleted
    | Acknowledged
    | AnsweredElsewhere
    | Extended
    | ReceiptCorrected
    | RequestReopened
    | Restricted
    | LetterHeld
    | LetterReleased
    | AwarenessRecorded
    | BreachDecided
    | Ticked
    | Keeping
    | Tie
)
