"""What is written stays written, what fails leaves nothing, and nobody sees half a file."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.files import make_folder, sync_directory, write_all, write_durably, write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def bytes_then(error: BaseException) -> Iterator[bytes]:
    yield b"the first half"
    raise error


def test_what_is_written_durably_is_there_whole_for_us_alone(tmp_path: Path):
    path = tmp_path / "letter"
    write_durably(path, [b"one, ", b"two"])
    assert path.read_bytes() == b"one, two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(tmp_path) == ["letter"]


def test_replacing_leaves_only_the_new_bytes(tmp_path: Path):
    path = tmp_path / "letter"
    write_durably(path, [b"a long first version"])
    write_durably(path, [b"short"])
    assert path.read_bytes() == b"short"
    assert names(tmp_path) == ["letter"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_a_replacement_that_fails_leaves_the_old_bytes_and_nothing_else(
    tmp_path: Path, error: BaseException
):
    path = tmp_path / "letter"
    write_durably(path, [b"old"])
    with pytest.raises(type(error)):
        write_durably(path, bytes_then(error))
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["letter"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_refuses_to_keep_the_replacement_leaves_the_old_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
):
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "refused")

    path = tmp_path / "letter"
    write_durably(path, [b"old"])
    open_before = names(Path("/proc/self/fd"))
    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(OSError, match="refused"):
        write_durably(path, [b"new"])
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["letter"]
    assert names(Path("/proc/self/fd")) == open_before


def test_what_a_crash_left_of_a_replacement_is_in_nobodys_way(tmp_path: Path):
    path = tmp_path / "letter"
    (tmp_path / ".letter.partial").write_bytes(b"half of somethi")
    write_durably(path, [b"new"])
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["letter"]


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path):
    path = tmp_path / "entry"
    path.write_bytes(b"somebody's")
    with pytest.raises(FileExistsError):
        write_all(path, [b"mine"])
    assert path.read_bytes() == b"somebody's"


def test_a_file_that_could_not_be_written_whole_is_gone(tmp_path: Path):
    open_before = names(Path("/proc/self/fd"))
    with pytest.raises(OSError, match="full"):
        write_all(tmp_path / "entry", bytes_then(OSError(errno.ENOSPC, "full")))
    assert names(tmp_path) == []
    assert names(Path("/proc/self/fd")) == open_before


def test_every_byte_is_written_though_the_disk_takes_them_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write = os.write
    letter = bytes(range(256))
    fd = write_all(tmp_path / "letter", [])
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:7]))
    write_whole(fd, letter)
    os.close(fd)
    assert (tmp_path / "letter").read_bytes() == letter


def test_a_folder_is_made_with_all_above_it_and_for_us_alone(tmp_path: Path):
    make_folder(tmp_path / "a" / "b" / "c")
    make_folder(tmp_path / "a" / "b" / "c")
    for made in ("a", "a/b", "a/b/c"):
        assert stat.S_IMODE((tmp_path / made).stat().st_mode) == 0o700


def test_the_name_of_each_new_folder_is_synced_in_the_folder_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    synced = []
    monkeypatch.setattr("store.files.sync_directory", synced.append)
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert synced == [tmp_path, tmp_path / "a"]


def test_a_file_where_a_folder_should_be_is_refused(tmp_path: Path):
    (tmp_path / "data").write_bytes(b"")
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "data")


def test_only_a_directory_is_synced_as_one(tmp_path: Path):
    held = names(Path("/proc/self/fd"))
    sync_directory(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        sync_directory(tmp_path / "file")
    assert names(Path("/proc/self/fd")) == held
