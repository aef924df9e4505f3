"""What every event of a case has, and the words its values are taken from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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


class Wanted(StrEnum):
    """What a requester is asked for before an answer is possible."""

    IDENTITY = "identity"
    AUTHORITY = "authority"
    CLARIFICATION = "clarification"


class Trust(StrEnum):
    """Whether the domain that a message claims to come from vouches for it."""

    PASSED = "passed"
    NONE = "none"
    """Nobody whom we believe says so, or the opposite."""
    FAILED = "failed"


class Medium(StrEnum):
    """How something reached us or was said."""

    EMAIL = "email"
    SLACK = "slack"
    WEB = "web"
    PHONE = "phone"
    POST = "post"
    IN_PERSON = "in_person"
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What every event has: when it was recorded, by whom, and from which local date it counts."""

    at: datetime
    by: str = BOT
    effective_on: date | None = None
