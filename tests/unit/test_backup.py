"""A backup holds the folder as it stood at one instant; restored, it is that folder, and it never half is."""

import errno
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.backup import BackupError, Summary, restore, take
from store.folder import JOURNAL, DataFolder
from store.refused import RefusedError
from store.spool import Envelope
from tests.casebook.making import disposition, new_case
from tests.journals import refuse

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MADE_AT = "2026-11-27T16:40:00+00:00"
ENVELOPE = Envelope(accepted_at=AT, mail_from="ann@mail.example", rcpt_tos=())


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[DataFolder]:
    """A data folder with a case, a message in each place, and a letter in a Maildir."""
    with DataFolder(tmp_path / "data") as folder:
        done, aside, tried, _waits = folder.spool.accept(
            [(ENVELOPE, b"mail %d" % n) for n in range(4)]
        )
        folder.casebook.save(
            new_case(folder.casebook.new_ref(2026)),
            version=0,
            dispositions=[disposition(done, "DP-2026-000001")],
        )
        folder.spool.finish(done)
        folder.spool.quarantine(aside)
        folder.spool.count_try(tried)
        (folder.root / "outgoing" / "new").mkdir(parents=True)
        (folder.root / "outgoing" / "new" / "1.letter").write_bytes(b"Dear Ann Other,\n")
        (folder.root / ".lost.partial").write_bytes(b"what a crash left")
        yield folder


def told(_done: int, _of: int) -> None:
    pass


def backed_up(folder: DataFolder, into: Path) -> Summary:
    with (folder.root / JOURNAL).open("rb") as journal:
        return take(folder.root, journal, folder.standing(), into, told, MADE_AT)


def names(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir())


def everything(folder: DataFolder) -> object:
    spool, book = folder.spool, folder.casebook
    places = spool.places()
    raws = {spool_id: spool.read(spool_id).raw for spool_id in places}
    return list(book.cases()), list(book.dispositions()), book.owed(), places, raws


def test_restored_it_is_the_folder_that_was_backed_up(folder: DataFolder, tmp_path: Path):
    made = backed_up(folder, tmp_path / "backup")
    assert made == Summary(
        MADE_AT, cases=1, dispositions=1, messages=4, files=6, numbers={"2026": 1}
    )
    assert restore(tmp_path / "backup", tmp_path / "srv" / "again", 2026, told) == made
    with DataFolder(tmp_path / "srv" / "again") as again:
        assert everything(again) == everything(folder)
        letter = again.root / "outgoing" / "new" / "1.letter"
        assert letter.read_bytes() == b"Dear Ann Other,\n"
        assert names(again.root) == [
            JOURNAL, "lock", "outgoing", "spool",
        ]  # fmt: skip


def test_what_happens_after_the_instant_is_not_in_it(folder: DataFolder, tmp_path: Path):
    before, standing = everything(folder), folder.standing()
    waits = folder.spool.pending()[0]
    with (folder.root / JOURNAL).open("rb") as journal:
        ref = folder.casebook.new_ref(2026)
        folder.casebook.save(new_case(ref), version=0, dispositions=[disposition(waits, ref)])
        folder.spool.finish(waits)
        folder.casebook._storage.journal.rewrite(lambda: None)
        take(folder.root, journal, standing, tmp_path / "backup", told, MADE_AT)
    restore(tmp_path / "backup", tmp_path / "again", 2026, told)
    with DataFolder(tmp_path / "again") as again:
        assert everything(again) == before


def test_the_standard_tool_can_check_it(folder: DataFolder, tmp_path: Path):
    backed_up(folder, tmp_path / "backup")
    check = ["sha256sum", "--check", "--strict", "--quiet", "manifest.sha256"]
    assert subprocess.run(check, cwd=tmp_path / "backup", check=False).returncode == 0
    (tmp_path / "backup" / "outgoing" / "new" / "1.letter").write_bytes(b"Dear Bob,\n")
    assert subprocess.run(check, cwd=tmp_path / "backup", check=False).returncode == 1


def test_messages_are_linked_where_they_can_be_and_copied_where_not(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def across(*_: object) -> None:
        raise OSError(errno.EXDEV, "another file system")

    backed_up(folder, tmp_path / "linked")
    monkeypatch.setattr(os, "link", across)
    backed_up(folder, tmp_path / "copied")
    (name,) = names(tmp_path / "linked" / "spool" / "done")
    linked, copied = (tmp_path / how / "spool" / "done" / name for how in ("linked", "copied"))
    assert linked.samefile(folder.spool.path(name))
    assert not copied.samefile(folder.spool.path(name))
    assert copied.read_bytes() == linked.read_bytes()


def test_what_was_not_whole_yet_was_promised_to_nobody_and_is_left_out(
    folder: DataFolder, tmp_path: Path
):
    torn, damaged = folder.spool.pending()
    path = folder.spool.path(torn)
    path.write_bytes(path.read_bytes()[:-1])
    folder.spool.path(damaged).write_bytes(folder.spool.path(damaged).read_bytes()[:-1] + b"?")
    assert backed_up(folder, tmp_path / "backup").messages == 3
    restore(tmp_path / "backup", tmp_path / "again", 2026, told)
    with DataFolder(tmp_path / "again") as again:
        assert set(again.spool.places()) == set(folder.spool.places()) - {torn}


def test_references_go_on_past_any_that_may_have_been_given_since(
    folder: DataFolder, tmp_path: Path
):
    folder.casebook.new_ref(2026)  # given, and never saved
    backed_up(folder, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again", 2027, told)
    with DataFolder(tmp_path / "again") as again:
        assert again.casebook.new_ref(2026) == "DP-2026-001003"
        assert again.casebook.new_ref(2027) == "DP-2027-001001"
        again.casebook._storage.journal.rewrite(lambda: None)
    with DataFolder(tmp_path / "again") as again:
        assert again.casebook.new_ref(2026) == "DP-2026-001003"
        folder.casebook.save(new_case("DP-2026-005000"), version=0)
    backed_up(folder, tmp_path / "later")
    restore(tmp_path / "later", tmp_path / "later again", 2026, told)
    with DataFolder(tmp_path / "later again") as again:
        assert again.casebook.new_ref(2026) == "DP-2026-010001"


def test_any_file_of_a_backup_that_changed_or_went_is_noticed_and_nothing_is_restored(
    folder: DataFolder, tmp_path: Path
):
    backed_up(folder, tmp_path / "backup")
    files = [path for path in (tmp_path / "backup").rglob("*") if path.is_file()]
    assert len(files) == 4 + 4
    for path in files:
        whole = path.read_bytes()
        for spoiled in (whole[:-1], whole[:10] + bytes([whole[10] ^ 1]) + whole[11:], None):
            path.write_bytes(spoiled) if spoiled is not None else path.unlink()
            with pytest.raises(BackupError) as refused:
                restore(tmp_path / "backup", tmp_path / "again", 2026, told)
            assert "\n" not in str(refused.value)
            assert not (tmp_path / "again").exists()
            path.write_bytes(whole)
    restore(tmp_path / "backup", tmp_path / "again", 2026, told)


def test_a_manifest_that_lost_a_line_is_noticed(folder: DataFolder, tmp_path: Path):
    backed_up(folder, tmp_path / "backup")
    manifest = tmp_path / "backup" / "manifest.sha256"
    lines = manifest.read_bytes().splitlines(keepends=True)
    for lost in range(len(lines)):
        manifest.write_bytes(b"".join(lines[:lost] + lines[lost + 1 :]))
        with pytest.raises(BackupError, match="is damaged"):
            restore(tmp_path / "backup", tmp_path / "again", 2026, told)


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(folder: DataFolder, tmp_path: Path):
    backed_up(folder, tmp_path / "backup")
    full, file = tmp_path / "full", tmp_path / "file"
    full.mkdir()
    (full / "mine").write_bytes(b"mine")
    file.write_bytes(b"mine")
    for there in (full, file):
        with pytest.raises(BackupError, match="is not empty"):
            restore(tmp_path / "backup", there, 2026, told)
        with pytest.raises(RefusedError, match="is not empty"):
            backed_up(folder, there)
    assert (names(full), file.read_bytes()) == (["mine"], b"mine")


def test_an_empty_folder_is_taken(folder: DataFolder, tmp_path: Path):
    (tmp_path / "backup").mkdir()
    (tmp_path / "again").mkdir()
    backed_up(folder, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again", 2026, told)
    assert (tmp_path / "again" / JOURNAL).exists()


def test_what_is_no_backup_is_said_to_be_none(folder: DataFolder, tmp_path: Path):
    with pytest.raises(BackupError, match="is no backup"):
        restore(folder.root, tmp_path / "again", 2026, told)


@pytest.mark.parametrize("name", ["../outside", "/outside", "spool/../../outside"])
def test_a_manifest_that_leads_outside_is_refused(folder: DataFolder, tmp_path: Path, name: str):
    backed_up(folder, tmp_path / "backup")
    (tmp_path / "outside").write_bytes(b"mine")
    digest = hashlib.sha256(b"mine").hexdigest()
    with (tmp_path / "backup" / "manifest.sha256").open("a") as manifest:
        manifest.write(f"{digest}  {name}\n")
    with pytest.raises(BackupError, match="manifest"):
        restore(tmp_path / "backup", tmp_path / "again", 2026, told)


@pytest.mark.parametrize("call", ["fdatasync", "replace", "write"])
def test_a_disk_that_refuses_leaves_neither_half_a_backup_nor_half_a_folder(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
):
    with monkeypatch.context() as broken:
        broken.setattr(os, call, refuse)
        with pytest.raises(OSError, match="refused"):
            backed_up(folder, tmp_path / "backup")
    assert names(tmp_path) == ["data"]
    backed_up(folder, tmp_path / "backup")
    with monkeypatch.context() as broken:
        broken.setattr(os, call, refuse)
        with pytest.raises(OSError, match="refused"):
            restore(tmp_path / "backup", tmp_path / "again", 2026, told)
    assert names(tmp_path) == ["backup", "data"]


def test_what_a_kill_left_of_an_attempt_is_no_hindrance(folder: DataFolder, tmp_path: Path):
    backed_up(folder, tmp_path / "backup")
    shutil.copytree(tmp_path / "backup", tmp_path / ".again.partial")
    restore(tmp_path / "backup", tmp_path / "again", 2026, told)
    assert names(tmp_path) == ["again", "backup", "data"]


def test_how_far_it_is_is_told(folder: DataFolder, tmp_path: Path):
    steps: list[tuple[int, int]] = []
    standing = folder.standing()
    with (folder.root / JOURNAL).open("rb") as journal:
        take(
            folder.root,
            journal,
            standing,
            tmp_path / "backup",
            lambda *at: steps.append(at),
            MADE_AT,
        )
    assert steps == [(n, 4) for n in range(1, 5)]
    steps.clear()
    restore(tmp_path / "backup", tmp_path / "again", 2026, lambda *at: steps.append(at))
    assert steps == [(n, 7) for n in range(1, 8)]
