"""Writing to disk so that it stays written: file and directory both, or an OSError."""

import os
from collections.abc import Iterable
from pathlib import Path


def write_all(path: Path, data: Iterable[bytes]) -> int:
    """Create `path` with `data` and return its open descriptor: written, not yet synced."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        for chunk in data:
            write_whole(fd, chunk)
    except BaseException:
        os.close(fd)
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
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    fd = write_all(partial, data)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    partial.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
