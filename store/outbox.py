"""The letters of a case in a Maildir: found by name, or by Message-ID where somebody's mail program renamed them."""

import os
from collections.abc import Collection, Iterator
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

from store.files import sync_directory

OURS = ".privacy-intake"
"""How the name of a letter ends as it is written; after that a mail program writes flags."""
HEADERS = 64 << 10  # bytes of a file in which its headers end
PARSE = BytesHeaderParser(policy=policy.compat32).parsebytes


class Outbox:
    def __init__(self, maildir: Path | None) -> None:
        """Look in `maildir`; None where letters leave by a relay."""
        self._maildir = maildir

    def find(self, letter_ids: Collection[str], message_ids: Collection[str]) -> Iterator[Path]:
        """Yield the files of these letters."""
        if self._maildir is None or not letter_ids:
            return
        for folder in ("tmp", "new", "cur"):
            for path in self._files(self._maildir / folder):
                name, ours, _ = path.name.removeprefix(".").partition(OURS)
                if name in letter_ids if ours else message_id_of(path) in message_ids:
                    yield path

    def clear(self, letter_ids: Collection[str], message_ids: Collection[str]) -> None:
        """Remove the files of these letters, durably."""
        found = list(self.find(letter_ids, message_ids))
        for path in found:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in found}:
            sync_directory(folder)

    def _files(self, folder: Path) -> list[Path]:
        return [Path(e.path) for e in os.scandir(folder) if e.is_file()] if folder.is_dir() else []


def message_id_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return str(PARSE(file.read(HEADERS))["Message-ID"] or "").strip()
    except FileNotFoundError:  # a mail program moved it: it is found again under its new name
        return ""
