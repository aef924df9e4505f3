"""When a message was received: the earliest stamp of a trusted host, else our own acceptance.

The law counts from receipt by the organisation, which may be hours before its front server
could hand the mail on. Only an unbroken chain of trusted hosts is believed: anybody can write
a Received header, but only above our own border.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.message import Stamp


def received_at(
    accepted_at: datetime, stamps: Sequence[Stamp], trusted: Collection[str]
) -> datetime:
    """Return the instant of receipt, aware UTC; `stamps` run newest first."""
    earliest = accepted_at
    for stamp in stamps:
        if stamp.host not in trusted or stamp.at > earliest:
            break
        earliest = stamp.at
    return earliest
