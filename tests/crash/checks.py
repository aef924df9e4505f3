"""What must be true of a store however it was left: all that was promised is there, nothing is torn."""

from collections.abc import Callable
from pathlib import Path

from store.backup import restore
from store.embedded import EmbeddedCasebook
from store.folder import DataFolder
from store.spool import FOLDERS, Spool
from tests.crash.steps import CASEBOOK, ONE, RAW, STEPS, in_a_new_data_folder, untold
from tests.journals import Contents, contents, filled, opened, reopened

Check = Callable[[Path, list[str]], None]
"""Given the folder that was left and the promises that were made; fails if one is broken."""


def nothing(_folder: Path) -> None:
    pass


def fill(folder: Path) -> None:
    """Make a journal that is worth compacting."""
    filled(folder / "casebook.journal", 40, 100)


def as_it_was_or_one_further(steps: str, folder: Path, prepare: Callable[[Path], None]) -> Check:
    """Run the steps once in `folder`, to know what a journal says after each promise."""
    path = folder / "casebook.journal"
    folder.mkdir()
    prepare(folder)
    states: list[Contents] = [reopened(path)]
    STEPS[steps](folder, lambda _: states.append(copied(path)))
    whole = path.stat().st_size

    def check(folder: Path, promises: list[str]) -> None:
        left = folder / path.name
        journal = opened(left)
        assert contents(journal) in states[len(promises) :][:2]
        assert left.stat().st_size <= whole or steps == "compaction"
        journal.append({"cases": {"after": {}}})
        journal.rewrite(lambda: None)
        journal.close()
        found = reopened(left)
        assert found["cases"].pop("after") == {}
        assert {table: docs for table, docs in found.items() if docs} in states[len(promises) :][:2]
        assert [file.name for file in folder.iterdir()] == [left.name]

    return check


def copied(path: Path) -> Contents:
    """Return what a journal says that somebody else has open."""
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    found = reopened(copy)
    copy.unlink()
    return found


def everything(book: EmbeddedCasebook) -> object:
    return (
        list(book.cases()),
        list(book.dispositions()),
        book.notice("n"),
        book.owed(),
        [book.by_token(f"token of DP-2026-00000{n}") for n in (1, 2)],
        [list(book.alike(f"<x{n}@mail.example>")) for n in range(1, 6)],
    )


def each_save_whole_or_not_at_all(folder: Path) -> Check:
    """Save once in `folder`, to know what a casebook says after each save."""
    folder.mkdir()
    live = EmbeddedCasebook(folder / "casebook.journal")
    states = [everything(live)]
    for step in CASEBOOK:
        step(live)
        states.append(everything(live))
    live.close()

    def check(folder: Path, promises: list[str]) -> None:
        left = EmbeddedCasebook(folder / "casebook.journal")
        done = len(promises)
        assert everything(left) in states[done : done + 2]
        for step in CASEBOOK[states.index(everything(left)) :]:
            step(left)  # a restart goes on where it was
        assert everything(left) == states[-1]
        left.close()

    return check


def every_entry_whole_and_in_its_place(folder: Path, promises: list[str]) -> None:
    spool = Spool(folder / "spool")
    spool.recover()
    words = " ".join(promises).split()
    promised = dict(zip(words[1::2], words[::2], strict=True))
    ids = [spool_id for name in FOLDERS for spool_id in spool.ids(name)]
    assert len(ids) == len(set(ids))
    assert set(promised) <= set(ids)
    raws = [spool.read(spool_id).raw for spool_id in ids]
    assert sorted(raws) == sorted(b"%d %s" % (int(raw.split()[0]), RAW) for raw in raws)
    assert spool.recover() == []


def in_the_place_last_promised(folder: Path, promises: list[str]) -> None:
    """Check where entries lie; moves are not synced, so only a kill must leave them as they were."""
    every_entry_whole_and_in_its_place(folder, promises)
    words = " ".join(promises).split()
    promised = dict(zip(words[1::2], words[::2], strict=True))
    spool = Spool(folder / "spool")
    moved = [spool_id for spool_id, where in promised.items() if spool.folder_of(spool_id) != where]
    assert len(moved) <= 1  # the one that was under way


def an_open_folder_with_all_of_it(folder: Path, promises: list[str]) -> None:
    with DataFolder(folder / "srv" / "data") as left:
        left.spool.recover()
        for promise in promises:
            case = left.casebook.get(promise)
            assert case == ONE if promise == ONE.ref else left.spool.read(promise).raw
        for disposition in left.casebook.dispositions():
            assert left.casebook.get(disposition.ref) == ONE
        assert len(left.spool.pending()) <= 1


def work(folder: Path) -> None:
    """Make a data folder with a case and its message in it."""
    in_a_new_data_folder(folder, lambda _: None)
    (folder / "srv" / "data").rename(folder / "data")
    (folder / "srv").rmdir()


def nothing_or_all_of_it(folder: Path, promises: list[str]) -> None:
    for name in ("backup", "again"):
        assert (folder / name).exists() or name not in promises
    if (folder / "backup").exists():
        restore(folder / "backup", folder / "from what is left", 2026, untold)
    for name in ("data", "again", "from what is left"):
        if (folder / name).exists():
            with DataFolder(folder / name) as left:
                (end,) = left.casebook.dispositions()
                assert left.casebook.get(end.ref) == ONE
                assert left.spool.read(end.spool_id).raw
    left_over = {found.name for found in folder.iterdir()}
    partial = {".backup.partial", ".again.partial"}
    assert left_over <= {"data", "backup", "again", "from what is left", *partial}


def the_old_file_or_the_new(folder: Path, promises: list[str]) -> None:
    versions = [None, *(b"%d%s" % (n, RAW) for n in range(3))]
    left = folder / "letter"
    assert (left.read_bytes() if left.exists() else None) in versions[len(promises) :][:2]
