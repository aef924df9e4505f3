"""A disk that keeps only what was synced: the least that a power cut may leave of a folder."""

import os
import stat
from pathlib import Path
from typing import NamedTuple


class Name(NamedTuple):
    """A name in a directory, and what it names."""

    name: str
    inode: int
    is_folder: bool


class Platter:
    """Told of every sync, it knows what is safe; contents and names become safe one by one."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._contents: dict[int, bytes] = {}
        self._names: dict[int, list[Name]] = {root.stat().st_ino: listed(root)}

    def sync(self, fd: int) -> None:
        """Note what a sync of `fd` makes safe."""
        status = os.fstat(fd)
        path = Path(f"/proc/self/fd/{fd}")
        if stat.S_ISDIR(status.st_mode):
            self._names[status.st_ino] = listed(path)
        else:
            self._contents[status.st_ino] = path.read_bytes()

    def left(self, into: Path, *, names_too: bool) -> Path:
        """Lay out what a power cut now would leave.

        A name that was never synced may be lost, or may be there while its bytes are not: both
        are tried, by `names_too`.
        """
        self._lay_out(self._root.stat().st_ino, self._root, into, names_too=names_too)
        return into

    def _lay_out(self, inode: int, live: Path, into: Path, *, names_too: bool) -> None:
        into.mkdir()
        for found in self._names.get(inode, []) if names_too else listed(live):
            if found.is_folder:
                self._lay_out(
                    found.inode, live / found.name, into / found.name, names_too=names_too
                )
            else:
                (into / found.name).write_bytes(self._contents.get(found.inode, b""))


def listed(folder: Path) -> list[Name]:
    with os.scandir(folder) as names:
        return [Name(entry.name, entry.inode(), entry.is_dir()) for entry in names]
