"""Where each document lies in a journal: in memory, the place and never the document."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from store.changes import Changes, Document


class Place(NamedTuple):
    """Where a document lies: its record, in bytes, and how much of that is the document's own."""

    offset: int
    length: int
    own: int


class Places:
    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Place]] = defaultdict(dict)
        self.live = 0
        """How many bytes of the journal hold what is current."""

    def note(self, changes: Changes, offset: int, record: bytes) -> None:
        """Take in what a record at `offset` says."""
        for (table, doc_id), own in own_bytes(changes, record):
            places = self._tables[table]
            before = places.get(doc_id)
            self.live -= before.own if before else 0
            if changes[table][doc_id] is None:
                places.pop(doc_id, None)
            else:
                places[doc_id] = Place(offset, len(record), own)
                self.live += own

    def of(self, table: str, doc_id: str) -> Place | None:
        places = self._tables.get(table)
        return places.get(doc_id) if places else None

    def ids(self, table: str) -> list[str]:
        return list(self._tables.get(table, ()))

    def count(self, table: str) -> int:
        return len(self._tables.get(table, ()))

    def tables(self) -> list[str]:
        return [table for table, places in self._tables.items() if places]

    def current(self, changes: Changes, offset: int) -> dict[str, dict[str, Document]]:
        """Return what is still current of the record at `offset`."""
        found: dict[str, dict[str, Document]] = {}
        for table, documents in changes.items():
            for doc_id, document in documents.items():
                place = self.of(table, doc_id)
                if document is not None and place is not None and place.offset == offset:
                    found.setdefault(table, {})[doc_id] = document
        return found


def own_bytes(changes: Changes, record: bytes) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield how much of a record each of its documents takes, the frame counted with the first."""
    ids = [(table, doc_id) for table, documents in changes.items() for doc_id in documents]
    since, at = 0, 0
    for here, following in pairwise(ids):
        # Inside a document a quotation mark is escaped: only a key looks like this.
        at = max(at, record.find(b'"%s":' % following[1].encode(), at))
        yield here, at - since
        since = at
    for last in ids[-1:]:
        yield last, len(record) - since
