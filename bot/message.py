"""One inbound message, whatever wire it came over: plain values, safe to hand between processes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.recorded import Trust


class Machine(StrEnum):
    """What kind of machine wrote a message."""

    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    REPORT = "report"
    """A delivery, disposition, abuse or policy report that is not a bounce."""
    BULK = "bulk"
    """A list, a newsletter, a robot: somebody may still have meant something by it."""
    SPAM = "spam"
    OURS = "ours"
    """Our own letter, come back."""
    ERASED = "erased"
    """A copy of what was erased: it is nobody's any more, and nothing is read in it."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the From header names: exactly one address, else there is no Sender."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A Received header: which host says that it took the message, and when (RFC 5321 4.4)."""

    host: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    size: int


class Change(StrEnum):
    """What a later event says about a message that was relayed before."""

    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Relayed:
    """A colleague wrote it, in Slack, about what somebody asked."""

    at: datetime
    """When the first colleague had it, as far as the message shows."""
    by: str
    """The colleague's id there."""
    change: Change | None = None
    direct: bool = False
    """Whether only the desk reads it: then it is the colleague's own request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    message_id: str
    """Empty when there is none, or none that can be trusted to be one."""
    digest: str
    """Of sender, subject, text and attachments: what it says, not how it travelled."""
    dated: str = ""
    """Its Date header, where it has no Message-ID: the same words on another day are sent anew."""
    sender: Sender | None
    subject: str
    text: str
    sent_to: tuple[str, ...] = ()
    """Addresses with a + to which its headers say it was sent: a reply address of ours may be among them."""
    refers_to: tuple[str, ...] = ()
    """Message-IDs that In-Reply-To and References name, nearest first."""
    machine: Machine | None = None
    machine_why: str = ""
    gives_up: bool = False
    """Whether this message, a bounce, says that something will not arrive (and not: later)."""
    undelivered: tuple[str, ...] = ()
    """Message-IDs of letters that this message, a bounce, says did not arrive."""
    stamps: tuple[Stamp, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: tuple[str, ...] = ()
    """What of it could not be read."""
    trust: Trust = Trust.NONE
    trust_reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    """What about the sender or a file looks like something that it is not."""
    relayed: Relayed | None = None
    """Set where the sender is a colleague, and the requester is somebody else."""

    @property
    def key(self) -> str:
        """What a second copy of this message would be known by."""
        return self.message_id or f"{self.digest} {self.dated}".rstrip()
