"""What one record of a journal says: changes to documents, as JSON that proves itself."""

import json

from store.record import seal, unseal
from store.sealing import Changes, Document

__all__ = ["Changes", "Document", "decode", "encode"]


def encode(changes: Changes) -> bytes:
    return seal(json.dumps(changes, separators=(",", ":")).encode())


def decode(record: bytes) -> dict[str, dict[str, Document]] | None:
    """Return what a record says, or None unless it is whole."""
    payload = unseal(record)
    if payload is None:
        return None
    changes: dict[str, dict[str, Document]] = json.loads(payload)
    return changes
