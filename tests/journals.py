"""Journals filled and read for tests."""

import errno
from pathlib import Path

from store.changes import Document
from store.journal import HEADER, Journal

Contents = dict[str, dict[str, Document | None]]


def ignore(_table: str, _doc_id: str, _document: Document | None) -> None:
    pass


def opened(path: Path) -> Journal:
    return Journal(path, ignore)


def contents(journal: Journal) -> Contents:
    return {
        table: {doc_id: journal.read(table, doc_id) for doc_id in journal.ids(table)}
        for table in journal.tables()
    }


def reopened(path: Path) -> Contents:
    journal = opened(path)
    found = contents(journal)
    journal.close()
    return found


def filled(path: Path, records: int, size: int) -> tuple[Contents, list[int]]:
    """Fill a journal; return what it says and where each record ends."""
    journal, ends = opened(path), [len(HEADER)]
    for n in range(records):
        journal.append({"cases": {str(n % 7): {"n": n, "text": f"{n} " * (size // 4)}}})
        ends.append(path.stat().st_size)
    found = contents(journal)
    journal.close()
    return found, ends


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def refuse(*_: object) -> None:
    raise OSError(errno.EIO, "refused")
