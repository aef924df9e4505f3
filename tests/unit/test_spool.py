"""The spool keeps what it promised byte for byte, and drops only what nobody was promised."""

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import spool as spool_module
from store.entries import header
from store.refused import RefusedError
from store.spool import (
    DamagedEntryError,
    Entry,
    Envelope,
    Spool,
    TornEntryError,
    new_id,
    read_entry,
)

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
RAW = b"Subject: my data\r\n\r\nWhat do you know about me?\r\n"
UNKNOWN = "20261102T093000.000000-00000000"


def envelope(seconds: float = 0) -> Envelope:
    return Envelope(
        accepted_at=AT + timedelta(seconds=seconds),
        mail_from="ann@mail.example",
        rcpt_tos=("dataprotection@acme.example",),
        peer="192.0.2.7",
    )


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def rewrite(path: Path, data: bytes) -> None:
    path.unlink()  # truncating would make some file systems sync
    path.write_bytes(data)


def refuse(*_: object) -> None:
    raise OSError(errno.ENOSPC, "refused")


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
def incoming(spool: Spool, tmp_path: Path) -> Path:
    assert spool.pending() == []
    return tmp_path / "spool" / "incoming"


def test_what_is_accepted_comes_out_as_it_came(spool: Spool):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    assert spool.read(spool_id) == Entry(spool_id, envelope(), RAW)
    assert spool.pending() == [spool_id]
    assert spool.folder_of(spool_id) == "incoming"
    assert spool.tries(spool_id) == 0


@pytest.mark.parametrize("raw", [b"", b"\n", bytes(range(256)) * 3, b"\0" * 5000, b"no line break"])
def test_any_bytes_are_kept(spool: Spool, raw: bytes):
    (spool_id,) = spool.accept([(envelope(), raw)])
    assert spool.read(spool_id).raw == raw


@given(
    raw=st.binary(),
    sent_by=st.text(st.characters(exclude_categories=())),
    peer=st.text(),
    to=st.lists(st.text(), max_size=3).map(tuple),
    at=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=1))])),
)
def test_any_envelope_is_kept(
    tmp_path_factory: pytest.TempPathFactory,
    raw: bytes,
    sent_by: str,
    peer: str,
    to: tuple[str, ...],
    at: datetime,
):
    said = Envelope(accepted_at=at, mail_from=sent_by, rcpt_tos=to, peer=peer)
    path = tmp_path_factory.getbasetemp() / "any-entry"
    path.write_bytes(header(said, raw) + raw)
    assert read_entry(path).raw == raw
    assert read_entry(path).envelope.accepted_at == at
    pairs_joined = sent_by.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert read_entry(path).envelope.mail_from == pairs_joined
    assert read_entry(path).envelope.rcpt_tos == to


def test_entries_are_in_the_order_in_which_they_were_accepted(spool: Spool):
    late, early = spool.accept([(envelope(2), b"late"), (envelope(1), b"early")])
    (later,) = spool.accept([(envelope(3), b"later")])
    assert spool.pending() == [early, late, later]


def test_two_copies_accepted_at_one_instant_are_two_entries(spool: Spool):
    copies = spool.accept([(envelope(), RAW)] * 20)
    assert len(set(copies)) == 20
    assert spool.pending() == sorted(copies)


def test_an_id_tells_the_instant_in_utc_whatever_the_zone():
    summer = datetime(2026, 6, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert new_id(summer).startswith("20260531T233000.000000-")


def test_entries_and_folders_are_for_us_alone(spool: Spool):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    path = spool.path(spool_id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_empty_batch_promises_nothing(spool: Spool):
    assert spool.accept([]) == []


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4, 5, 6])
def test_when_one_of_a_batch_cannot_be_written_nothing_of_it_is_left(
    spool: Spool, incoming: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
):
    """Each of the three entries takes two writes; the disk takes half of the one it refuses."""
    (before,) = spool.accept([(envelope(), RAW)])
    write, calls, held = os.write, [], open_files()

    def failing(fd: int, data: bytes) -> int:
        calls.append(fd)
        if len(calls) == fails_at:
            write(fd, data[: len(data) // 2])
            refuse()
        return write(fd, data)

    monkeypatch.setattr(os, "write", failing)
    with pytest.raises(OSError, match="refused"):
        spool.accept([(envelope(n), RAW) for n in range(3)])
    assert len(calls) == fails_at
    assert [path.name for path in incoming.iterdir()] == [before]
    assert open_files() == held


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4])
def test_when_one_of_a_batch_cannot_be_synced_nothing_of_it_is_left(
    spool: Spool, incoming: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
):
    """Three files are synced, then the directory."""
    (before,) = spool.accept([(envelope(), RAW)])
    fsync, calls, held = os.fsync, [], open_files()

    def failing(fd: int) -> None:
        calls.append(fd)
        if len(calls) == fails_at:
            refuse()
        fsync(fd)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="refused"):
        spool.accept([(envelope(n), RAW) for n in range(3)])
    assert len(calls) == fails_at
    assert [path.name for path in incoming.iterdir()] == [before]
    assert open_files() == held


def test_a_disk_that_refuses_even_to_remove_does_not_hide_what_went_wrong(
    spool: Spool, incoming: Path, monkeypatch: pytest.MonkeyPatch
):
    def read_only(*_: object) -> None:
        raise OSError(errno.EROFS, "read-only by now")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", refuse)
        broken.setattr(os, "unlink", read_only)
        with pytest.raises(OSError, match="refused"):
            spool.accept([(envelope(), RAW), (envelope(1), RAW)])
    assert len(list(incoming.iterdir())) == 2
    # Whole though never promised: they are taken in, and the sender's retry is known as a copy.
    assert spool.recover() == []


def test_an_id_given_twice_costs_the_first_entry_nothing(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
):
    (first,) = spool.accept([(envelope(), RAW)])
    monkeypatch.setattr(spool_module, "new_id", lambda _: first)
    with pytest.raises(FileExistsError):
        spool.accept([(envelope(), b"another")])
    assert spool.read(first).raw == RAW


def test_cut_at_any_byte_an_entry_is_torn(spool: Spool):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    whole = spool.path(spool_id).read_bytes()
    for length in range(len(whole)):
        rewrite(spool.path(spool_id), whole[:length])
        with pytest.raises(TornEntryError):
            spool.read(spool_id)


@pytest.mark.parametrize("raw", [b"", b"\n", RAW, b"without a line break"])
def test_changed_at_any_byte_an_entry_is_damaged_and_never_taken_for_torn(spool: Spool, raw: bytes):
    (spool_id,) = spool.accept([(envelope(), raw)])
    path = spool.path(spool_id)
    whole = path.read_bytes()
    for place in range(len(whole)):
        for changed in (whole[place] ^ 1, whole[place] ^ 0x80, 0, ord("\n"), ord("9")):
            if changed != whole[place]:
                rewrite(path, whole[:place] + bytes([changed]) + whole[place + 1 :])
                with pytest.raises(DamagedEntryError, match=f"^{spool_id} is damaged: "):
                    spool.read(spool_id)
    assert issubclass(DamagedEntryError, RefusedError)


def test_bytes_after_the_end_are_damage(spool: Spool):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    spool.path(spool_id).write_bytes(spool.path(spool_id).read_bytes() + b"\n")
    with pytest.raises(DamagedEntryError):
        spool.read(spool_id)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


@pytest.mark.parametrize("tear", [cut, empty, zero])
def test_recovering_discards_what_was_torn_and_nothing_else(
    spool: Spool, incoming: Path, tear: Callable[[Path], None]
):
    whole, torn, damaged, tried = spool.accept([(envelope(n), RAW) for n in range(4)])
    tear(incoming / torn)
    (incoming / damaged).write_bytes((incoming / damaged).read_bytes().replace(b"data", b"date"))
    spool.count_try(tried)
    (incoming / "notes of the administrator").write_bytes(b"")
    assert spool.recover() == [torn]
    assert spool.pending() == [whole, damaged, tried]
    assert (incoming / "notes of the administrator").exists()
    assert spool.folder_of(torn) is None
    assert spool.recover() == []


def test_what_lies_done_or_in_quarantine_is_not_looked_through_at_recovery(spool: Spool):
    done, aside = spool.accept([(envelope(n), RAW) for n in range(2)])
    spool.finish(done)
    spool.quarantine(aside)
    for spool_id in (done, aside):
        empty(spool.path(spool_id))
    assert spool.recover() == []


def test_tries_are_counted_in_the_name_and_the_bytes_stay(spool: Spool, incoming: Path):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    before = (incoming / spool_id).read_bytes()
    assert [spool.count_try(spool_id) for _ in range(11)] == list(range(1, 12))
    assert spool.tries(spool_id) == 11
    assert spool.pending() == [spool_id]
    assert spool.read(spool_id).spool_id == spool_id
    assert [path.name for path in incoming.iterdir()] == [f"{spool_id}~11"]
    assert (incoming / f"{spool_id}~11").read_bytes() == before


def test_tries_outlive_a_restart(spool: Spool, tmp_path: Path):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    spool.count_try(spool_id)
    assert Spool(tmp_path / "spool").tries(spool_id) == 1


def test_a_finished_entry_is_done_and_keeps_its_bytes(spool: Spool):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    spool.count_try(spool_id)
    spool.finish(spool_id)
    assert spool.pending() == []
    assert spool.ids("done") == [spool_id]
    assert spool.folder_of(spool_id) == "done"
    assert spool.read(spool_id).raw == RAW
    spool.finish(spool_id)  # a crash may have us do it again
    assert spool.ids("done") == [spool_id]


def test_a_quarantined_entry_can_be_retried_with_its_tries_forgotten(spool: Spool):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    for _ in range(3):
        spool.count_try(spool_id)
    spool.quarantine(spool_id)
    assert (spool.pending(), spool.ids("quarantine")) == ([], [spool_id])
    spool.retry(spool_id)
    assert (spool.pending(), spool.ids("quarantine")) == ([spool_id], [])
    assert spool.tries(spool_id) == 0
    assert spool.read(spool_id).raw == RAW


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "*", "[0-9]*", "../done", UNKNOWN, f"{UNKNOWN}~1", f"{UNKNOWN}\n", "x/y"],
)
def test_a_name_that_is_no_entrys_id_finds_nothing_whatever_it_looks_like(spool: Spool, name: str):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    spool.count_try(spool_id)
    assert spool.folder_of(name) is None
    for act in (spool.read, spool.tries, spool.count_try, spool.finish, spool.retry, spool.path):
        with pytest.raises(KeyError):
            act(name)
    assert spool.tries(spool_id) == 1


def test_a_file_that_is_not_the_spools_own_is_not_listed(spool: Spool, incoming: Path):
    (spool_id,) = spool.accept([(envelope(), RAW)])
    for name in (f"{spool_id}.bak", f"{spool_id}~", f".{spool_id}", f"{spool_id}~x"):
        (incoming / name).write_bytes(b"")
    assert spool.pending() == [spool_id]


def test_a_spool_is_found_again_as_it_was_left(spool: Spool, tmp_path: Path):
    waiting, done, aside = spool.accept([(envelope(n), RAW) for n in range(3)])
    spool.finish(done)
    spool.quarantine(aside)
    again = Spool(tmp_path / "spool")
    assert again.recover() == []
    assert [again.ids(folder) for folder in spool_module.FOLDERS] == [[waiting], [done], [aside]]


def test_an_entry_that_moves_behind_the_back_of_a_look_is_not_gone(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
):
    """The folders are asked one after the other; it is set aside as done just after that was asked for it."""
    (spool_id,) = spool.accept([(envelope(), RAW)])
    spool.count_try(spool_id)
    waiting = spool.path(spool_id)
    exists = Path.exists

    def exists_and_moves(path: Path) -> bool:
        found = exists(path)
        if path.parent.name == "quarantine" and exists(waiting):
            waiting.rename(waiting.parents[1] / "done" / spool_id)
        return found

    monkeypatch.setattr(Path, "exists", exists_and_moves)
    assert spool.folder_of(spool_id) == "done"


def test_what_the_door_knows_of_receipt_and_letters_is_kept(spool: Spool):
    given = replace(envelope(), received_at=datetime(2025, 1, 2, tzinfo=UTC), unanswered="no")
    (spool_id,) = spool.accept([(given, RAW)])
    kept = spool.read(spool_id).envelope
    assert kept == given
    assert kept.came_at == given.received_at
    assert envelope().came_at == AT
