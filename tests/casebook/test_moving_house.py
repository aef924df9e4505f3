"""Everything moves from one kind of casebook to the other and back, byte for byte; broken off, it goes on."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

from store.archive import ArchiveError, message_ids, pack, unpack
from store.documents import to_case, to_disposition, to_notice
from store.folder import DataFolder
from store.spool import Envelope
from tests.casebook.making import disposition, message, new_case, notice
from tests.casebook.shelves import new_keyring
from tests.documents.test_documents import FIRST, GENERATIONS, Written
from tests.postgres import shared_server

KINDS = ("embedded", "postgres", "embedded, sealed", "postgres, sealed")
RAW = b"Subject: all bytes\r\n\r\n" + bytes(range(256))
ODD = "\0 \ud800 \ue000 \u00e9 \U0001d4b3"

Opener = Callable[[str], DataFolder]


def ignore(_kind: str, _size: int) -> None:
    pass


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Opener]:
    """Make empty data folders, each with a casebook of the kind that is asked for."""
    with ExitStack() as stack:
        made: list[DataFolder] = []

        def make(kind: str) -> DataFolder:
            url = "tinydb" if kind.startswith("embedded") else shared_server().schema()
            root = tmp_path / str(len(made))
            keyring = new_keyring(tmp_path / f"keys of {root.name}") if "sealed" in kind else None
            made.append(stack.enter_context(DataFolder(root, url, keyring=keyring)))
            return made[-1]

        yield make


def furnish(folder: DataFolder) -> None:
    """Put in whatever there can be: every event of every generation, messages in every place."""
    book, spool = folder.casebook, folder.spool
    for generation in map(Written, GENERATIONS):
        for document in generation.cases.values():
            case = to_case(document)
            if book.get(case.ref) is None:
                book.save(case, version=0)
    for document in FIRST.dispositions:
        book.save(None, version=0, dispositions=[to_disposition(document)])
    for document in FIRST.notices:
        book.put_notice(to_notice(document))
    book.put_notice(notice("n"))
    book.keep("calendar", {"2026-12-25": "Christmas Day"})
    envelope = Envelope(datetime(2026, 11, 2, tzinfo=UTC), "ann@mail.example", (ODD, "b@x"), ODD)
    done, waiting, failed = spool.accept([(envelope, RAW), (envelope, b""), (envelope, RAW * 9)])
    spool.share(done)
    odd = new_case("DP-2026-900000").record(message(done))
    book.save(odd, version=0, dispositions=[disposition(done, odd.ref, key=ODD)])
    spool.finish(done)
    spool.quarantine(failed)
    assert spool.folder_of(waiting) == "incoming"


def written(folder: DataFolder, path: Path) -> bytes:
    pack(path, folder.spool, folder.casebook, ignore)
    return path.read_bytes()


@pytest.mark.parametrize(("there", "back"), list(permutations(KINDS, 2)))
def test_what_moves_there_and_back_is_the_same_to_the_byte(
    new: Opener, tmp_path: Path, there: str, back: str
):
    first, second, third = new(back), new(there), new(back)
    furnish(first)
    before = written(first, tmp_path / "one")
    unpack(tmp_path / "one", second.spool, second.casebook, ignore)
    assert written(second, tmp_path / "two") == before
    unpack(tmp_path / "two", third.spool, third.casebook, ignore)
    assert written(third, tmp_path / "three") == before
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o600
    kinds = [next(iter(json.loads(line))) for line in before.splitlines()]
    assert {"case", "disposition", "notice", "kept", "message"} < set(kinds)
    for folder in (first, second, third):
        assert [x.owed.letter_id for x in folder.casebook.owed()].count("n") == 1
        assert len(folder.spool.pending()) == len(folder.spool.ids("quarantine")) == 1
        assert [folder.spool.read(i).raw for i in message_ids(folder.spool)].count(RAW) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_import_that_is_broken_off_anywhere_goes_on(new: Opener, tmp_path: Path, kind: str):
    first, second = new("embedded"), new(kind)
    furnish(first)
    before = written(first, tmp_path / "one")

    class BrokenOff(Exception):  # noqa: N818  (like a kill)
        pass

    for after in range(0, before.count(b"\n"), 5):
        left = [after]

        def stop(_kind: str, _size: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise BrokenOff

        with pytest.raises(BrokenOff):
            unpack(tmp_path / "one", second.spool, second.casebook, stop)
    unpack(tmp_path / "one", second.spool, second.casebook, ignore)
    unpack(tmp_path / "one", second.spool, second.casebook, ignore)
    assert written(second, tmp_path / "two") == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_gone_on_since_stays(new: Opener, tmp_path: Path, kind: str):
    first, second = new("embedded"), new(kind)
    case = new_case("DP-2026-000001")
    first.casebook.save(case, version=0)
    written(first, tmp_path / "one")
    grown = case.record(message("later"))
    second.casebook.save(grown, version=0)
    unpack(tmp_path / "one", second.spool, second.casebook, ignore)
    assert second.casebook.get(case.ref) == grown
    assert second.casebook.new_ref(2026) == "DP-2026-000002"


@pytest.mark.parametrize("kind", KINDS)
def test_another_case_of_the_same_reference_is_refused_by_name(
    new: Opener, tmp_path: Path, kind: str
):
    first, second = new("embedded"), new(kind)
    first.casebook.save(new_case("DP-2026-000001"), version=0)
    written(first, tmp_path / "one")
    second.casebook.save(new_case("DP-2026-000001", minutes=7), version=0)
    with pytest.raises(ArchiveError, match="DP-2026-000001"):
        unpack(tmp_path / "one", second.spool, second.casebook, ignore)


def test_a_file_that_is_not_whole_is_refused_before_anything_is_taken_in(
    new: Opener, tmp_path: Path
):
    first, second = new("embedded"), new("embedded")
    first.casebook.save(new_case("DP-2026-000001"), version=0)
    whole = written(first, tmp_path / "one")
    lines = whole.splitlines(keepends=True)
    spoilt = [whole[:-1], whole + b"\n", b"".join(lines[:-1]), b"".join([lines[0], lines[2]]), b""]
    spoilt += [
        whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 97)
    ]
    for number, data in enumerate(spoilt):
        path = tmp_path / f"spoilt{number}"
        path.write_bytes(data)
        with pytest.raises(ArchiveError, match=r"whole|no export"):
            unpack(path, second.spool, second.casebook, ignore)
    assert list(second.casebook.cases()) == []


def test_an_export_does_not_replace_a_file(new: Opener, tmp_path: Path):
    (tmp_path / "one").write_text("mine")
    folder = new("embedded")
    with pytest.raises(ArchiveError, match="already"):
        pack(tmp_path / "one", folder.spool, folder.casebook, ignore)
    assert (tmp_path / "one").read_text() == "mine"
