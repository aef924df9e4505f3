"""TinyDB over the journal: its documents, tables and queries, without its whole-file writes.

TinyDB reads and rewrites everything on each change. Here a table reads documents one by one
as they are asked for, and a change is appended to the journal; changes made inside
`JournalStorage.transaction()` become one record, whichever tables they touch. A transaction is
its thread's: several may be under way.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from threading import local
from typing import Any, NoReturn, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table
from tinydb.utils import LRUCache
from typing_extensions import override

from store.changes import Document
from store.journal import Index, Journal
from store.sealing import PLAIN, Sealing

Staged = dict[str, Document | None]


class Stored(Mapping[str, Document]):
    """One table as it is now: what a transaction staged over what lies in the journal.

    Each look gives a fresh document: it is decoded on demand, never held, and the caller's own.
    """

    def __init__(self, journal: Journal, table: str, staged: Mapping[str, Document | None]) -> None:
        self._journal = journal
        self._table = table
        self._staged = staged

    @override
    def __getitem__(self, doc_id: str) -> Document:
        if doc_id in self._staged:
            document = deepcopy(self._staged[doc_id])
        else:
            document = self._journal.read(self._table, doc_id)
        if document is None:
            raise KeyError(doc_id)
        return document

    @override
    def __contains__(self, doc_id: object) -> bool:
        if doc_id in self._staged:
            return self._staged[str(doc_id)] is not None
        return self._journal.holds(self._table, str(doc_id))

    @override
    def __iter__(self) -> Iterator[str]:
        yield from (i for i in self._journal.ids(self._table) if i not in self._staged)
        yield from (i for i, document in self._staged.items() if document is not None)

    @override
    def __len__(self) -> int:
        return sum(1 for _ in self) if self._staged else self._journal.count(self._table)


class Draft(MutableMapping[str, Document]):
    """A table with changes that are not written yet; ids of any type are the same as text."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._set: Staged = {}
        self._lent: dict[str, dict[str, Any]] = {}

    def changes(self) -> Staged:
        """Return what was set or removed, and what was lent and changed in place."""
        touched = {i: lent for i, lent in self._lent.items() if lent != self._stored[i]}
        return {**touched, **self._set}

    @override
    def __getitem__(self, doc_id: str) -> Document:
        doc_id = str(doc_id)
        if doc_id not in self._set:
            if doc_id not in self._lent:
                self._lent[doc_id] = dict(self._stored[doc_id])
            return self._lent[doc_id]
        document = self._set[doc_id]
        if document is None:
            raise KeyError(doc_id)
        return document

    @override
    def __contains__(self, doc_id: object) -> bool:
        if str(doc_id) in self._set:
            return self._set[str(doc_id)] is not None
        return str(doc_id) in self._stored

    @override
    def __setitem__(self, doc_id: str, document: Document) -> None:
        self._set[str(doc_id)] = document

    @override
    def __delitem__(self, doc_id: str) -> None:
        if doc_id not in self:
            raise KeyError(doc_id)
        self._set[str(doc_id)] = None

    @override
    def __iter__(self) -> Iterator[str]:
        yield from (i for i in self._stored if i not in self._set)
        yield from (i for i, document in self._set.items() if document is not None)

    @override
    def __len__(self) -> int:
        return sum(1 for _ in self)

    @override
    def clear(self) -> None:
        for doc_id in list(self):  # the inherited way looks through the whole table for each
            self._set[doc_id] = None


class Staging(local):
    """What the transaction of a thread has gathered; None outside of one."""

    tables: dict[str, Staged] | None = None


class JournalStorage(Storage):
    def __init__(self, path: Path, index: Index, sealing: Sealing = PLAIN) -> None:
        self.journal = Journal(path, index, sealing)
        self._staging = Staging()

    @override
    def read(self) -> dict[str, dict[str, Any]] | None:
        """Return the tables, none of whose documents is read yet."""
        names = dict.fromkeys([*self.journal.tables(), *(self._staging.tables or ())])
        return cast("dict[str, dict[str, Any]]", {name: self.stored(name) for name in names})

    @override
    def write(self, data: Mapping[str, Mapping[str, Any]]) -> NoReturn:
        raise NotImplementedError("a JournalTable appends its changes, never all tables")

    @override
    def close(self) -> None:
        self.journal.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Gather the changes of all tables and make them durable together, or not at all."""
        assert self._staging.tables is None, "transactions do not nest"
        staged: dict[str, Staged] = {}
        self._staging.tables = staged
        try:
            yield
            if staged:
                self.journal.append(staged)
        finally:
            self._staging.tables = None

    def stored(self, table: str) -> Stored:
        return Stored(self.journal, table, (self._staging.tables or {}).get(table, {}))

    def stage(self, table: str, changes: Staged) -> None:
        if not changes:
            return
        if self._staging.tables is None:
            self.journal.append({table: changes})
        else:
            self._staging.tables.setdefault(table, {}).update(changes)


class NoCache(LRUCache[Any, Any]):
    """Remembers no query: a result would stay in memory and outlive the transaction it was found in."""

    @override
    def set(self, key: Any, value: Any) -> None: ...


class JournalTable(Table):
    """TinyDB's table with ids of text (references, spool ids) and changes that are appended."""

    document_id_class = cast("type[int]", str)  # TinyDB annotates int and accepts any class
    query_cache_class = NoCache

    @property
    def _journal_storage(self) -> JournalStorage:
        assert isinstance(self._storage, JournalStorage)
        return self._storage

    @override
    def _get_next_id(self) -> str:
        return secrets.token_hex(8)

    @override
    def _read_table(self) -> dict[str, Mapping[Any, Any]]:
        stored = self._journal_storage.stored(self.name)
        return cast("dict[str, Mapping[Any, Any]]", stored)

    @override
    def _update_table(self, updater: Callable[[dict[int, Mapping[Any, Any]]], None]) -> None:
        draft = Draft(self._journal_storage.stored(self.name))
        updater(cast("dict[int, Mapping[Any, Any]]", draft))
        self._journal_storage.stage(self.name, draft.changes())

    def put(self, doc_id: str, content: Mapping[str, Any]) -> None:
        """Keep `content` under `doc_id`, in place of what was there (`upsert` would merge them)."""
        self._update_table(lambda table: cast("Draft", table).__setitem__(doc_id, dict(content)))

    def drop(self, doc_id: str) -> None:
        """Remove what is kept under `doc_id`, if anything is."""
        if doc_id in self._journal_storage.stored(self.name):
            self._journal_storage.stage(self.name, {doc_id: None})

    def fetch(self, doc_id: str) -> Document | None:
        return self._journal_storage.stored(self.name).get(doc_id)


class JournalDB(TinyDB):
    table_class = JournalTable

    def journal_table(self, name: str) -> JournalTable:
        table = self.table(name)
        assert isinstance(table, JournalTable)
        return table
