"""Writing to disk so that it stays written: file and directory both, or an OSError."""

import os
from collections.abc import Iterable
from pathlib import Path


def write_all(path: Path, data: Iterable[bytes]) -> int:
    """Create `path` with `data` and return its open descriptor: written, not yet synced.

    Raises OSError, and then nothing is left; FileExistsError leaves what was there.
    """
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        for chunk in data:
            write_whole(fd, chunk)
    except BaseException:
        os.close(fd)
        path.unlink()
        raise
    return fd


def write_whole(fd: int, data: bytes) -> None:
    """Write every byte: a full disk may take a part and report it as success."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def write_durably(path: Path, data: Iterable[bytes]) -> None:
    """Replace `path` by `data`: after return it survives a power cut.

    Readers see the old bytes or the new ones, never a mixture. The directory is synced
    too: without that the *name* may be lost although the bytes are safe.
    """
    replace_whole(path, data)
    sync_directory(path.parent)


def replace_whole(path: Path, data: Iterable[bytes]) -> None:
    """Replace `path` by `data`: after a power cut it is one or the other, whole."""
    discard_partial(path)
    try:
        fd = write_all(partial_of(path), data)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
        partial_of(path).replace(path)
    except BaseException:
        discard_partial(path)
        raise


def partial_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.partial")


def discard_partial(path: Path) -> None:
    """Remove what a crash left of an attempt to replace `path`."""
    partial_of(path).unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make `path` and what is missing above it, for us alone; the names survive a power cut."""
    if not path.parent.exists():
        make_folder(path.parent)
    is_new = not path.exists()
    path.mkdir(mode=0o700, exist_ok=True)
    if is_new:
        sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
