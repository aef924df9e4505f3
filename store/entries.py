"""One accepted message as a file: a line of JSON that proves itself (envelope, size, checksum), then the message byte for byte.

What is shorter than its first line says was torn by a crash; what is whole but no longer says
what it said is damaged. With a keyring all of that is sealed, and what follows the first line is the seal.
"""

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from store.files import write_whole
from store.record import seal, unfinished, unseal
from store.refused import RefusedError
from store.sealing import PLAIN, BrokenSealError, SealError, Sealing

Pieces = tuple[bytes, bytes]
"""The first line of a file, and the rest."""


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
    key: str = field(default="", compare=False)
    """By which key it is sealed; empty where it is not."""


def rewritten(entry: Entry, raw: bytes, *, nameless: bool) -> Entry:
    """Return an entry with another message in it, and from nobody to nobody if it is to be `nameless`."""
    said = entry.envelope
    envelope = replace(said, mail_from="", rcpt_tos=()) if nameless else said
    return replace(entry, envelope=envelope, raw=raw)


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
    return first_line(to_fields(envelope), raw)


def first_line(fields: Mapping[str, Any], rest: bytes) -> bytes:
    whole = {**fields, "size": len(rest), "crc32": zlib.crc32(rest)}
    return seal(json.dumps(whole).encode())


def packed(entry: Entry, sealing: Sealing, key: str) -> Pieces:
    """Return what is written of a message, sealed by the key of that name if there is a keyring."""
    if not sealing.keyring_id:
        return (header(entry.envelope, entry.raw), entry.raw)
    name, inside = seal_entry(entry, sealing, key)
    return (first_line({"key": name}, inside), inside)


def seal_entry(entry: Entry, sealing: Sealing, key: str) -> tuple[str, bytes]:
    """Seal a message whole, envelope and all; return by which key, and the seal."""
    return sealing.sealed(
        key, f"messages/{entry.spool_id}", header(entry.envelope, entry.raw) + entry.raw
    )


def read_entry(path: Path, sealing: Sealing = PLAIN) -> Entry:
    """Read one spool file. Raises TornEntryError or DamagedEntryError unless it is whole; KeyError if its key was destroyed."""
    return unpacked(path.name.partition("~")[0], path.read_bytes(), sealing)


def check_entry(path: Path) -> str:
    """Return the key by which a file is sealed, if any. Raises TornEntryError or DamagedEntryError unless it is whole."""
    fields, _ = parts_of(path.name.partition("~")[0], path.read_bytes())
    return str(fields.get("key", ""))


def unpacked(spool_id: str, data: bytes, sealing: Sealing) -> Entry:
    fields, rest = parts_of(spool_id, data)
    if "key" not in fields:
        if sealing.keyring_id:
            raise SealError(f"{spool_id} in the spool is not sealed, and everything else is")
        return Entry(spool_id, from_fields(fields), rest)
    return open_entry(spool_id, fields["key"], rest, sealing)


def open_entry(spool_id: str, key: str, inside: bytes, sealing: Sealing) -> Entry:
    """Open what `seal_entry` sealed. Raises DamagedEntryError, or KeyError if its key was destroyed."""
    try:
        plain = sealing.opened(key, f"messages/{spool_id}", inside)
    except BrokenSealError:
        raise damaged(spool_id) from None
    if plain is None:
        raise KeyError(spool_id)
    fields, raw = parts_of(spool_id, plain)
    return Entry(spool_id, from_fields(fields), raw, key)


def parts_of(spool_id: str, data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what the first line says, and what follows it. Raises TornEntryError or DamagedEntryError."""
    first, newline, rest = data.partition(b"\n")
    line = unseal(first + newline)
    if line is None:
        raise TornEntryError(spool_id) if unfinished(data) else damaged(spool_id)
    fields: dict[str, Any] = json.loads(line)
    if len(rest) < fields["size"]:
        raise TornEntryError(spool_id)
    if (len(rest), zlib.crc32(rest)) != (fields["size"], fields["crc32"]):
        raise damaged(spool_id)
    return fields, rest


@contextmanager
def in_memory(entry: Entry) -> Iterator[Path]:
    """Lend a message as a file that lies in memory alone, for a process of the same user to read."""
    fd = os.memfd_create(entry.spool_id)
    try:
        write_whole(fd, header(entry.envelope, entry.raw))
        write_whole(fd, entry.raw)
        yield Path(f"/proc/{os.getpid()}/fd/{fd}")
    finally:
        os.close(fd)


def damaged(spool_id: str) -> DamagedEntryError:
    return DamagedEntryError(f"{spool_id} is damaged: its bytes are not the ones accepted")
