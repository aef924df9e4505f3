"""When a message was received: the earliest stamp of a trusted host, else our own acceptance.

The law counts from receipt by the organisation, which may be hours before its front server
could hand the mail on. Only an unbroken chain of trusted hosts is believed, each of them once:
below our own border anybody can write a Received header, also one that names our border.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.message import Stamp


def received_at(
    accepted_at: datetime, stamps: Sequence[Stamp], trusted: Collection[str]
) -> datetime:
    """Return the instant of receipt, aware UTC; `stamps` run newest first."""
    earliest, left = accepted_at, set(trusted)
    for stamp in stamps:
        if stamp.host not in left or stamp.at > earliest:
            break
        earliest = stamp.at
        left.remove(stamp.host)
    return earliest
