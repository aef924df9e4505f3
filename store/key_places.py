"""Where each key lies in a keyring: the house's own in a file each, those of cases 256 to a file.

own/<name>.keys                 of the house
cases/2026/000000.keys          of DP-2026-000000 to -000255, in order
cases/other/<shard>/<ref>.keys  of a case with a reference of another kind
retired/<shard>/<ref>           a mark for each case whose key is retired or destroyed
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from store.sealing import OWN
from store.wrapping import RECORD, spelt

CASES: Final = "cases"
RETIRED: Final = "retired"
KEYS: Final = ".keys"
TOGETHER: Final = 256
REF: Final = re.compile(r"DP-(\d{4})-(\d{6}|[1-9]\d{6,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    path: Path
    number: int
    """Which of the keys in the file it is."""

    @property
    def at(self) -> int:
        return self.number * RECORD


def place_of(folder: Path, name: str) -> Place:
    if name in OWN:
        return Place(folder / f"{name}{KEYS}", 0)
    if not (own := REF.fullmatch(name)):
        other = folder / CASES / "other"
        return Place(other / shard_of(name) / f"{quoted(name)}{KEYS}", 0)
    file, number = divmod(int(own[2]), TOGETHER)
    return Place(folder / CASES / own[1] / f"{file:06}{KEYS}", number)


def files_of(folder: Path) -> list[Path]:
    """Return every file with keys."""
    own = [place_of(folder, name).path for name in OWN]
    cases = (folder / CASES).rglob(f"*{KEYS}")
    return own + sorted(path for path in cases if not path.name.startswith("."))


def keys_in(folder: Path, path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield whose keys a file has, and each as it lies there."""
    data = path.read_bytes()
    for number, name in enumerate(names_in(folder, path)):
        yield name, data[number * RECORD : (number + 1) * RECORD]


def names_in(folder: Path, path: Path) -> list[str]:
    """Return whose keys a file has, in order."""
    place = path.relative_to(folder)
    if place.parts[0] != CASES:
        return [str(place.with_suffix(""))]
    if place.parts[1] == "other":
        return [unquoted(path.name.removesuffix(KEYS))]
    first = int(path.stem) * TOGETHER
    return [f"DP-{place.parts[1]}-{number:06}" for number in range(first, first + TOGETHER)]


def mark_of(folder: Path, ref: str) -> Path:
    return folder / RETIRED / shard_of(ref) / quoted(ref)


def marked(folder: Path) -> Iterator[str]:
    for path in sorted((folder / RETIRED).glob("*/*")):
        if not path.name.startswith("."):
            yield unquoted(path.name)


def shard_of(name: str) -> str:
    return hashlib.sha256(spelt(name)).hexdigest()[:2]


def quoted(name: str) -> str:
    return quote(spelt(name), safe="").replace(".", "%2E")


def unquoted(name: str) -> str:
    return unquote(name, errors="surrogatepass")
