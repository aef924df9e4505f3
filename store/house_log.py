"""The house log: who took personal data out of the house or looked at what belongs to no case.

What is done to a case, looking included, stands in the case. Everything else stands here, an entry
each, never changed and never removed; it names commands and people of the staff, no requester.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from store.casebook import Casebook
from store.chain import text

ENTRY: Final = "log:"


def note(casebook: Casebook, at: datetime, by: str, what: str) -> str:
    """Put down that `by` did `what` (a command, with nothing personal) at an aware instant.

    Returns the name of the entry.
    """
    name = f"{ENTRY}{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
    casebook.keep(name, {"at": at.astimezone(UTC).isoformat(), "by": by, "what": what})
    return name


def log_names(casebook: Casebook) -> list[str]:
    """Return the names of all entries, in the order of time."""
    return casebook.kept_names(ENTRY)


def entries(casebook: Casebook) -> Iterator[Mapping[str, str]]:
    """Yield `at`, `by` and `what` of every entry, in the order of time."""
    for name in log_names(casebook):
        entry = casebook.kept(name)
        if entry is not None:
            yield entry


def entry_head(casebook: Casebook, name: str) -> str:
    """Return the digest of an entry as it is now; empty when it is gone."""
    entry = casebook.kept(name)
    if entry is None:
        return ""
    said = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    return text(hashlib.sha256(f"{name}\n{said}".encode()).digest())
