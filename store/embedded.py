"""The embedded casebook: TinyDB's documents in one journal, the bot's look-ups kept as indexes.

One process holds the data folder's lock; within it any thread may call. Saves of one case go one
after the other, saves of several cases share the way to the disk, and nobody who reads waits for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Condition
from types import MappingProxyType

from typing_extensions import override

from store.case import Case, Letter, LetterStatus
from store.casebook import Casebook, Change, ChangedMeanwhileError, Disposition, Notice
from store.compaction import Compaction
from store.documents import (
    chained,
    from_case,
    from_disposition,
    from_notice,
    to_case,
    to_disposition,
    to_notice,
)
from store.indexes import NUMBERS, Indexes
from store.sealing import PLAIN, Sealing
from store.tables import JournalDB, JournalStorage, JournalTable


class EmbeddedCasebook(Casebook):
    def __init__(self, path: Path, sealing: Sealing = PLAIN) -> None:
        """Open or create the casebook. Raises JournalError when the file is damaged, and what `Sealing.open` raises."""
        self._indexes = Indexes()
        self._db = JournalDB(path, self._indexes.note, sealing, storage=JournalStorage)
        self._lock = self._storage.journal.lock
        self._compaction = Compaction(self._storage.journal)
        self._turn = Condition()
        self._being_saved: set[str] = set()
        self._cases = self._db.journal_table("cases")
        self._dispositions = self._db.journal_table("dispositions")
        self._notices = self._db.journal_table("notices")
        self._kept = self._db.journal_table("kept")

    @property
    def _storage(self) -> JournalStorage:
        assert isinstance(self._db.storage, JournalStorage)
        return self._db.storage

    @property
    def dropped(self) -> int:
        """How many bytes of a torn last record the opening dropped."""
        return self._storage.journal.dropped

    @property
    def gone(self) -> set[tuple[str, str]]:
        """What the opening found whose key was destroyed: table and id."""
        return self._storage.journal.gone

    def drop_gone(self) -> None:
        """Leave what cannot be opened any more out of the journal for good."""
        if self.gone:
            self._storage.journal.rewrite(lambda: None)

    @property
    def fault(self) -> str:
        """Why the journal could not be compacted, in a sentence; nothing if all is well."""
        return self._compaction.fault

    def counts(self) -> tuple[int, int]:
        """Return how many cases and dispositions there are."""
        journal = self._storage.journal
        return journal.count(self._cases.name), journal.count(self._dispositions.name)

    def last_numbers(self) -> dict[int, int]:
        """Return the last number given in each year."""
        with self._lock:
            return dict(self._indexes.last_number)

    def held(self) -> AbstractContextManager[tuple[int, int]]:
        """Hold up saves; yield the journal's inode and how many of its bytes are promised."""
        return self._storage.journal.held()

    @override
    def new_ref(self, year: int) -> str:
        # A number taken but never saved was never told to anybody: a restart may give it again.
        with self._lock:
            return f"DP-{year}-{self._indexes.take_number(year):06}"

    @override
    def get(self, ref: str) -> Case | None:
        found = self._cases.fetch(ref)
        return to_case(dict(found)) if found else None

    @override
    def cases(self) -> Iterator[Case]:
        for ref in sorted(self._ids(self._cases)):
            case = self.get(ref)
            if case is not None:
                yield case

    @override
    def versions(self) -> Mapping[str, int]:
        with self._lock:
            return dict(self._indexes.versions)

    @override
    def running(self) -> list[str]:
        with self._lock:
            return sorted(self._indexes.running)

    @override
    def by_trait(self, trait: str) -> list[str]:
        with self._lock:
            return self._indexes.traits.of(trait)

    @override
    def answered(self, to: str, since: datetime) -> int:
        with self._lock:
            return self._indexes.answers.count(to, since)

    @override
    def by_token(self, token: str) -> Case | None:
        ref = self._indexes.tokens.get(token)
        return self.get(ref) if ref else None

    @override
    def disposition(self, spool_id: str) -> Disposition | None:
        found = self._dispositions.fetch(spool_id)
        return to_disposition(dict(found)) if found else None

    @override
    def dispositions(self) -> Iterator[Disposition]:
        for spool_id in sorted(self._ids(self._dispositions)):
            found = self.disposition(spool_id)
            if found is not None:
                yield found

    @override
    def alike(self, key: str) -> Sequence[Disposition]:
        with self._lock:
            spool_ids = self._indexes.alike.of(key)
        found = (self.disposition(spool_id) for spool_id in spool_ids)
        return [disposition for disposition in found if disposition and disposition.key == key]

    @override
    def save(
        self,
        case: Case | None,
        *,
        version: int,
        dispositions: Sequence[Disposition] = (),
        also: Sequence[Change] = (),
        keep: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        copies: int | None = None,
    ) -> None:
        changes = [*([Change(case, version)] if case else []), *also]
        keys = {f"like {d.key}" for d in dispositions if copies is not None}
        alone = self._alone_with({c.case.ref for c in changes} | keys)
        with alone, self._storage.transaction():
            for disposition in dispositions:
                self._check_copies(disposition.key, copies)
            for change in changes:
                self._check_version(change.case.ref, change.version)
            for change in changes:
                self._put_case(change)
            for disposition in dispositions:
                self._dispositions.put(disposition.spool_id, from_disposition(disposition))
            for name, value in keep.items():
                self._kept.put(name, value)
        self._compaction.begin_if_worthwhile()

    @contextmanager
    def _alone_with(self, refs: set[str]) -> Iterator[None]:
        """Wait for whoever saves one of these cases just now, and let nobody else until the end."""
        with self._turn:
            self._turn.wait_for(lambda: self._being_saved.isdisjoint(refs))
            self._being_saved |= refs
        try:
            yield
        finally:
            with self._turn:
                self._being_saved -= refs
                self._turn.notify_all()

    def _put_case(self, change: Change) -> None:
        ref = change.case.ref
        case = chained(change.case, change.version, lambda: self.get(ref))
        self._cases.put(ref, from_case(case))

    def _check_version(self, ref: str, version: int) -> None:
        if self._indexes.versions.get(ref, 0) != version:
            raise ChangedMeanwhileError(f"{ref} was changed by somebody else meanwhile")

    def _check_copies(self, key: str, copies: int | None) -> None:
        if copies is not None and len(self.alike(key)) != copies:
            raise ChangedMeanwhileError("another copy of the message was taken in meanwhile")

    @override
    def put_notice(self, notice: Notice) -> None:
        self._notices.put(notice.notice_id, from_notice(notice))
        self._compaction.begin_if_worthwhile()

    @override
    def owe_notice(self, notice: Notice) -> bool:
        with self._alone_with({f"notice {notice.notice_id}"}):
            if self._notices.fetch(notice.notice_id) is not None:
                return False
            self.put_notice(notice)
            return True

    @override
    def notice(self, notice_id: str) -> Notice | None:
        found = self._notices.fetch(notice_id)
        return to_notice(dict(found)) if found else None

    @override
    def notices(self) -> Iterator[Notice]:
        for notice_id in sorted(self._ids(self._notices)):
            found = self.notice(notice_id)
            if found is not None:
                yield found

    @override
    def kept(self, name: str) -> Mapping[str, str] | None:
        return self._kept.fetch(name)

    @override
    def keep(self, name: str, value: Mapping[str, str]) -> None:
        self._kept.put(name, value)
        self._compaction.begin_if_worthwhile()

    @override
    def kept_names(self, prefix: str) -> list[str]:
        return sorted(name for name in self._ids(self._kept) if name.startswith(prefix))

    @override
    def erase(
        self,
        ref: str,
        *,
        version: int,
        gone: Sequence[str] = (),
        forget: Sequence[str] = (),
        keep: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> None:
        with self._alone_with({ref} - {""}), self._storage.transaction():
            if ref:
                self._check_version(ref, version)
                self._cases.drop(ref)
                self._kept.put(NUMBERS, {str(y): str(n) for y, n in self.last_numbers().items()})
            for spool_id in gone:
                self._dispositions.drop(spool_id)
            for name in forget:
                self._kept.drop(name)
            for name, value in keep.items():
                self._kept.put(name, value)

    @override
    def purge(self) -> None:
        self._compaction.carry_out()

    @override
    def owed(self) -> list[Letter]:
        with self._lock:
            refs, notice_ids = list(self._indexes.owing), list(self._indexes.notices_owed)
        cases = [case for ref in refs if (case := self.get(ref))]
        notices = [notice for i in notice_ids if (notice := self.notice(i))]
        letters = [letter for case in cases for letter in case.letters]
        letters += [notice.letter for notice in notices]
        queued = [letter for letter in letters if letter.status is LetterStatus.QUEUED]
        return sorted(queued, key=lambda letter: letter.owed.at)

    @override
    def close(self) -> None:
        self._compaction.close()
        self._db.close()

    def _ids(self, table: JournalTable) -> list[str]:
        return self._storage.journal.ids(table.name)
