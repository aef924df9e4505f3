"""TinyDB over the journal: its documents, tables and queries, without its whole-file writes.

TinyDB reads and rewrites everything on each change. Here a table reads documents one by one
as they are asked for, and a change is appended to the journal; changes made inside
`JournalStorage.transaction()` become one record, whichever tables they touch.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table
from typing_extensions import override

from store.journal import Document, Index, Journal


class Stored(Mapping[str, Document]):
    """One table as it lies in the journal: decoded on demand, never held."""

    def __init__(self, journal: Journal, table: str) -> None:
        self._journal = journal
        self._table = table

    @override
    def __getitem__(self, doc_id: str) -> Document:
        document = self._journal.read(self._table, doc_id)
        if document is None:
            raise KeyError(doc_id)
        return document

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._journal.ids(self._table))

    @override
    def __len__(self) -> int:
        return self._journal.count(self._table)


class Draft(MutableMapping[str, Document]):
    """A table with changes that are not written yet."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._set: dict[str, Document | None] = {}
        self._lent: dict[str, dict[str, Any]] = {}

    def changes(self) -> dict[str, Document | None]:
        """Return what was set or removed, and what was lent and changed in place."""
        touched = {i: lent for i, lent in self._lent.items() if lent != self._stored[i]}
        return {**touched, **self._set}

    @override
    def __getitem__(self, doc_id: str) -> Document:
        if doc_id not in self._set:
            return self._lent.setdefault(doc_id, dict(self._stored[doc_id]))
        document = self._set[doc_id]
        if document is None:
            raise KeyError(doc_id)
        return document

    @override
    def __setitem__(self, doc_id: str, document: Document) -> None:
        self._set[doc_id] = document

    @override
    def __delitem__(self, doc_id: str) -> None:
        self._set[doc_id] = None

    @override
    def __iter__(self) -> Iterator[str]:
        yield from (i for i in self._stored if i not in self._set)
        yield from (i for i, document in self._set.items() if document is not None)

    @override
    def __len__(self) -> int:
        return sum(1 for _ in self)


class JournalStorage(Storage):
    def __init__(self, path: Path, index: Index) -> None:
        self.journal = Journal(path, index)
        self._staged: dict[str, dict[str, Document | None]] | None = None

    @override
    def read(self) -> dict[str, dict[str, Any]] | None:
        raise NotImplementedError("a JournalTable reads its own documents, one by one")

    @override
    def write(self, data: Mapping[str, Mapping[str, Any]]) -> NoReturn:
        raise NotImplementedError("a JournalTable appends its changes, never all tables")

    @override
    def close(self) -> None:
        self.journal.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Gather the changes of all tables and make them durable together, or not at all."""
        assert self._staged is None, "transactions do not nest"
        self._staged = {}
        try:
            yield
            self.journal.append(self._staged)
        finally:
            self._staged = None

    def stage(self, table: str, changes: dict[str, Document | None]) -> None:
        if self._staged is None:
            self.journal.append({table: changes})
        else:
            self._staged.setdefault(table, {}).update(changes)


class JournalTable(Table):
    """TinyDB's table with ids of text (references, spool ids) and changes that are appended."""

    document_id_class = cast("type[int]", str)  # TinyDB annotates int and accepts any class

    @property
    def _journal_storage(self) -> JournalStorage:
        assert isinstance(self._storage, JournalStorage)
        return self._storage

    @override
    def _read_table(self) -> dict[str, Mapping[Any, Any]]:
        stored = Stored(self._journal_storage.journal, self.name)
        return cast("dict[str, Mapping[Any, Any]]", stored)

    @override
    def _update_table(self, updater: Callable[[dict[int, Mapping[Any, Any]]], None]) -> None:
        draft = Draft(Stored(self._journal_storage.journal, self.name))
        updater(cast("dict[int, Mapping[Any, Any]]", draft))
        self._journal_storage.stage(self.name, draft.changes())
        self.clear_cache()

    def put(self, doc_id: str, content: Mapping[str, Any]) -> None:
        """Keep `content` under `doc_id`, in place of what was there (`upsert` would merge them)."""
        self._update_table(lambda table: cast("Draft", table).__setitem__(doc_id, dict(content)))

    def fetch(self, doc_id: str) -> Document | None:
        return self._journal_storage.journal.read(self.name, doc_id)


class JournalDB(TinyDB):
    table_class = JournalTable

    def journal_table(self, name: str) -> JournalTable:
        table = self.table(name)
        assert isinstance(table, JournalTable)
        return table
