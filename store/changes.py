"""What one record of a journal says: changes to documents, as JSON that proves itself."""

import json
from collections.abc import Mapping
from typing import Any

from store.record import seal, unseal

Document = Mapping[str, Any]
Changes = Mapping[str, Mapping[str, Document | None]]
"""By table and id: the document as it is from now on, or None where it is removed."""


def encode(changes: Changes) -> bytes:
    return seal(json.dumps(changes, separators=(",", ":")).encode())


def decode(record: bytes) -> dict[str, dict[str, Document]] | None:
    """Return what a record says, or None unless it is whole."""
    payload = unseal(record)
    if payload is None:
        return None
    changes: dict[str, dict[str, Document]] = json.loads(payload)
    return changes
