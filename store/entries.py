"""One accepted message as a file: a sealed line of JSON (envelope, size, checksum), then the message byte for byte.

What is shorter than its first line says was torn by a crash; what is whole but no longer says
what it said is damaged.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from store.record import seal, unfinished, unseal
from store.refused import RefusedError


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the wire said about a message (RFC 5321 2.3.1)."""

    accepted_at: datetime
    """When this door took it: an aware UTC instant."""
    mail_from: str
    """The return path; empty for the null sender."""
    rcpt_tos: tuple[str, ...]
    peer: str = ""
    door: str = "smtp"
    received_at: datetime | None = None
    """When it was received, where the door knows: a mailbox had it before we did."""
    unanswered: str = ""
    """Why no letter may answer it, if whoever handed it in said so."""

    @property
    def came_at(self) -> datetime:
        return self.received_at or self.accepted_at


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted message, as it came."""

    spool_id: str
    envelope: Envelope
    raw: bytes


class TornEntryError(Exception):
    """The file ends before what its first line says: a crash cut it short."""


class DamagedEntryError(RefusedError):
    """The file was whole once, and its bytes have changed since."""


def to_fields(envelope: Envelope) -> dict[str, Any]:
    """Return the envelope as JSON values."""
    return asdict(envelope) | {
        "accepted_at": envelope.accepted_at.isoformat(),
        "rcpt_tos": list(envelope.rcpt_tos),
        "received_at": envelope.received_at.isoformat() if envelope.received_at else None,
    }


def from_fields(found: Mapping[str, Any]) -> Envelope:
    """Return the envelope that `to_fields` describes."""
    received_at = found.get("received_at")  # entries of earlier versions have neither
    return Envelope(
        accepted_at=datetime.fromisoformat(found["accepted_at"]),
        mail_from=found["mail_from"],
        rcpt_tos=tuple(found["rcpt_tos"]),
        peer=found["peer"],
        door=found["door"],
        received_at=datetime.fromisoformat(received_at) if received_at else None,
        unanswered=found.get("unanswered", ""),
    )


def header(envelope: Envelope, raw: bytes) -> bytes:
    fields = to_fields(envelope) | {"size": len(raw), "crc32": zlib.crc32(raw)}
    return seal(json.dumps(fields).encode())


def read_entry(path: Path) -> Entry:
    """Read one spool file. Raises TornEntryError or DamagedEntryError unless it is whole."""
    data = path.read_bytes()
    first, newline, raw = data.partition(b"\n")
    sealed = unseal(first + newline)
    if sealed is None:
        raise TornEntryError(path.name) if unfinished(data) else damaged(path)
    fields = json.loads(sealed)
    if len(raw) < fields["size"]:
        raise TornEntryError(path.name)
    if (len(raw), zlib.crc32(raw)) != (fields["size"], fields["crc32"]):
        raise damaged(path)
    return Entry(path.name.partition("~")[0], from_fields(fields), raw)


def damaged(path: Path) -> DamagedEntryError:
    return DamagedEntryError(f"{path.name} is damaged: its bytes are not the ones accepted")
