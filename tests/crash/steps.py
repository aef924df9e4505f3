"""What is done to a store while it is killed: steps in their order, each promised when it is done."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from store.backup import restore, take
from store.embedded import EmbeddedCasebook
from store.files import write_durably
from store.folder import JOURNAL, DataFolder
from store.journal import Journal
from store.spool import Envelope, Spool
from tests.casebook.making import disposition, letter, message, new_case, notice, sent
from tests.crash.erasing import in_an_erasure
from tests.journals import opened

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
RAW = b"Subject: my data\r\n\r\n" + b"What do you know about me? " * 400
Promise = Callable[[str], None]


def arrivals(first: int, count: int) -> list[tuple[Envelope, bytes]]:
    """Return messages that tell by their first bytes which they are."""
    return [
        (
            Envelope(accepted_at=AT + timedelta(seconds=n), mail_from="a@b.example", rcpt_tos=()),
            b"%d %s" % (n, RAW),
        )
        for n in range(first, first + count)
    ]


def in_a_journal(root: Path, promise: Promise) -> None:
    journal = opened(root / "casebook.journal")
    append(journal, range(8), promise)
    journal.close()


def in_a_journal_being_rewritten(root: Path, promise: Promise) -> None:
    """Append while it is rewritten: once early, once in the middle, once at the last record."""
    journal = opened(root / "casebook.journal")
    records = count(1)

    def meanwhile() -> None:
        if (n := next(records)) in {1, 20, 40}:
            append(journal, [1000 + n], promise)

    journal.rewrite(meanwhile)
    append(journal, range(2000, 2003), promise)
    journal.close()


def append(journal: Journal, numbers: Sequence[int], promise: Promise) -> None:
    for n in numbers:
        journal.append(
            {"cases": {str(n % 3): {"n": n, "text": "x" * 300 * (n % 4)}}, "ends": {f"x{n}": {}}}
        )
        promise(str(n))


def in_a_casebook(root: Path, promise: Promise) -> None:
    book = EmbeddedCasebook(root / "casebook.journal")
    for n, step in enumerate(CASEBOOK):
        step(book)
        promise(str(n))
    book.close()


ONE, TWO = new_case("DP-2026-000001"), new_case("DP-2026-000002", minutes=2)
GROWN = ONE.record(message("x2"), letter("DP-2026-000001-2"))
CASEBOOK: list[Callable[[EmbeddedCasebook], None]] = [
    lambda book: book.save(ONE, version=0, dispositions=[disposition("x1", ONE.ref)]),
    lambda book: book.save(
        TWO, version=0, dispositions=[disposition("x3", TWO.ref), disposition("x4", TWO.ref)]
    ),
    lambda book: book.save(
        GROWN, version=len(ONE.events), dispositions=[disposition("x2", ONE.ref)]
    ),
    lambda book: book.put_notice(notice("n")),
    lambda book: book.save(
        GROWN.record(sent("DP-2026-000001-1")), version=len(GROWN.events), dispositions=[]
    ),
    lambda book: book.save(None, version=0, dispositions=[disposition("x5")]),
]


def in_a_spool(root: Path, promise: Promise) -> None:
    spool = Spool(root / "spool")
    first, second, third = spool.accept(arrivals(0, 3))
    promise(f"incoming {first} incoming {second} incoming {third}")
    (fourth,) = spool.accept(arrivals(3, 1))
    promise(f"incoming {fourth}")
    spool.finish(first)
    promise(f"done {first}")
    spool.count_try(second)
    spool.quarantine(second)
    promise(f"quarantine {second}")
    spool.retry(second)
    promise(f"incoming {second}")


def in_a_new_data_folder(root: Path, promise: Promise) -> None:
    with DataFolder(root / "srv" / "data") as folder:
        (spool_id,) = folder.spool.accept(arrivals(0, 1))
        promise(spool_id)
        folder.casebook.save(ONE, version=0, dispositions=[disposition(spool_id, ONE.ref)])
        promise(ONE.ref)


def in_a_letter(root: Path, promise: Promise) -> None:
    for n in range(3):
        write_durably(root / "letter", [b"%d" % n, RAW])
        promise(str(n))


def in_a_backup(root: Path, promise: Promise) -> None:
    with DataFolder(root / "data") as folder, (folder.root / JOURNAL).open("rb") as journal:
        take(folder.root, journal, folder.standing(), root / "backup", untold, AT.isoformat())
    promise("backup")
    restore(root / "backup", root / "again", 2026, untold)
    promise("again")


def untold(_done: int, _of: int) -> None:
    pass


STEPS = {
    "journal": in_a_journal,
    "compaction": in_a_journal_being_rewritten,
    "casebook": in_a_casebook,
    "spool": in_a_spool,
    "folder": in_a_new_data_folder,
    "letter": in_a_letter,
    "backup": in_a_backup,
    "erasing": in_an_erasure,
}
