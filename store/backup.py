"""A copy of a data folder as it stood at one instant, and a folder made from such a copy.

Either has its name only once it is whole: what fails or is killed on the way leaves nothing that
could be taken for it. Every file is in the manifest with its checksum (`sha256sum -c` reads it too).
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from store.embedded import EmbeddedCasebook
from store.entries import check_entry
from store.files import make_folder, partial_of, sync_directory, write_durably
from store.folder import JOURNAL, Standing
from store.indexes import NUMBERS
from store.refused import RefusedError
from store.sealing import PLAIN, Sealing, bind
from store.spool import FOLDERS, DamagedEntryError, Spool, TornEntryError

MANIFEST = "manifest.sha256"
SUMMARY = "backup.json"
FORMAT = 1
NOT_DATA = frozenset({"lock", "control.sock", "spool", JOURNAL})
"""What is of the folder's working alone, or is copied in a way of its own."""
GAP = 1000
"""References given after the backup are unknown: at least so many are passed over."""
AT_ONCE = 1 << 20  # bytes

Told = Callable[[int, int], None]
"""Told how many files are done, and of how many."""


class BackupError(RefusedError):
    """It cannot be done, or the backup is not what it was; the text is for a person."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds, to be found again after it is restored."""

    made_at: str
    cases: int
    dispositions: int
    messages: int
    files: int
    numbers: dict[str, int]
    format: int = FORMAT
    erased: int = 0
    """Of a restored one: how many of its cases have no key any more, and were left out."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a folder that becomes `path` at the end. Raises BackupError unless that is free."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BackupError(f"{path} is not empty: name a new folder")
    make_folder(path.parent)
    partial = partial_of(path)
    shutil.rmtree(partial, ignore_errors=True)
    try:
        make_folder(partial)
        yield partial
        os.sync()  # all files at once: a sync for each would take a millisecond a message
        partial.replace(path)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync_directory(path.parent)


def take(
    root: Path, journal: BinaryIO, standing: Standing, into: Path, told: Told, made_at: str
) -> Summary:
    """Copy the folder as it stood; `journal` is the file that was named then.

    Raises BackupError, or OSError when the disk refuses; then nothing is left of it.
    """
    with whole(into) as partial:
        sums = {JOURNAL: copied(journal, partial / JOURNAL, standing.end)}
        messages = list(in_spool(root, standing, partial, told))
        sums |= dict(messages)
        sums |= dict(other_files(root, partial))
        counts = (standing.cases, standing.dispositions, len(messages), len(sums))
        summary = Summary(made_at, *counts, numbers=standing.numbers)
        text = json.dumps(asdict(summary)).encode()
        sums[SUMMARY] = hashlib.sha256(text).hexdigest()
        write_durably(partial / SUMMARY, [text])
        lines = (os.fsencode(f"{digest}  {name}\n") for name, digest in sums.items())
        write_durably(partial / MANIFEST, lines)
    return summary


def in_spool(root: Path, standing: Standing, into: Path, told: Told) -> Iterator[tuple[str, str]]:
    """Bring the messages over, each into the place it had; yield names and checksums.

    What was not whole yet was promised to nobody, and is left out.
    """
    spool = Spool(root / "spool")
    for folder in FOLDERS:
        make_folder(into / "spool" / folder)
    for number, (spool_id, folder) in enumerate(standing.messages.items(), start=1):
        name = f"spool/{folder}/{spool_id}"
        link_or_copy(spool, spool_id, into / name)
        try:
            check_entry(into / name)
        except DamagedEntryError:
            pass  # evidence as well
        except TornEntryError:
            (into / name).unlink()
            continue
        yield name, digest_of(into / name)
        told(number, len(standing.messages))


def link_or_copy(spool: Spool, spool_id: str, target: Path) -> None:
    """Link where that is possible: an entry's bytes never change under its name."""
    for _ in range(10):
        try:
            os.link(spool.path(spool_id), target)
        except (FileNotFoundError, KeyError):
            continue  # it moved on between two looks
        except OSError:  # another file system, or one without links
            shutil.copyfile(spool.path(spool_id), target)
        return
    raise BackupError(f"{spool_id} was taken away while the backup was made")


def other_files(root: Path, into: Path) -> Iterator[tuple[str, str]]:
    """Copy what else lies in the folder, such as letters in a Maildir."""
    for found in sorted(root.iterdir()):
        if found.name in NOT_DATA or found.name.startswith("."):
            continue
        for path in sorted(found.rglob("*")) if found.is_dir() else [found]:
            name = path.relative_to(root).as_posix()
            if path.is_file():
                make_folder((into / name).parent)
                with path.open("rb") as file:
                    yield name, copied(file, into / name, os.fstat(file.fileno()).st_size)


def copied(file: BinaryIO, target: Path, length: int) -> str:
    """Copy the first `length` bytes and return their checksum."""
    digest, left = hashlib.sha256(), length
    with target.open("xb") as copy:
        while left:
            chunk = file.read(min(left, AT_ONCE))
            if not chunk:
                raise BackupError(f"{target.name} ends before it should")
            digest.update(chunk)
            copy.write(chunk)
            left -= len(chunk)
            if left % (8 * AT_ONCE) < AT_ONCE:  # a large sync would hold up those of saves
                copy.flush()
                os.fdatasync(copy.fileno())
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(
    source: Path,
    into: Path,
    year: int,
    told: Told,
    sealing: Sealing = PLAIN,
    then: Callable[[Path], None] = lambda _: None,
) -> Summary:
    """Make a data folder from a backup; references go on in `year` past any ever given.

    `then` is given the folder before it has its name.
    Raises BackupError when the backup is not what it was, SealError when it needs another
    keyring, OSError when the disk refuses.
    """
    sums = manifest_of(source)
    with whole(into) as partial:
        for number, (name, digest) in enumerate(sums.items(), start=1):
            bring(source / name, partial / name, digest)
            told(number, len(sums))
        summary = summary_in(partial)
        if len(sums) != summary.files + len([SUMMARY]):
            raise damaged(source)
        for folder in FOLDERS:
            make_folder(partial / "spool" / folder)
        bind(partial, sealing, is_new=False)
        casebook = EmbeddedCasebook(partial / JOURNAL, sealing)
        settle(casebook, summary, year)
        unreadable = list(without_key(partial / "spool", sealing))
        for path in unreadable:
            path.unlink()
        then(partial)
    return replace(
        summary,
        cases=summary.cases - gone(casebook, "cases"),
        messages=summary.messages - len(unreadable),
        erased=gone(casebook, "cases"),
    )


def without_key(spool: Path, sealing: Sealing) -> Iterator[Path]:
    """Yield the messages whose case's key was destroyed."""
    for folder in FOLDERS:
        for path in sorted((spool / folder).iterdir()):
            with suppress(DamagedEntryError, TornEntryError):
                if (key := check_entry(path)) and sealing.is_gone(key):
                    yield path


def gone(casebook: EmbeddedCasebook, table: str) -> int:
    return sum(1 for found, _ in casebook.gone if found == table)


def manifest_of(source: Path) -> dict[str, str]:
    """Return the checksum of each file. Raises BackupError when it cannot be a manifest of ours."""
    if not (source / MANIFEST).is_file():
        raise BackupError(f"{source} is no backup: it has no {MANIFEST}")
    *lines, rest = (source / MANIFEST).read_bytes().split(b"\n")
    sums = {os.fsdecode(line[66:]): line[:64].decode("ascii", "replace") for line in lines}
    outside = [name for name in sums if not stays_inside(PurePosixPath(name))]
    if rest or outside or not {JOURNAL, SUMMARY} <= sums.keys():
        raise damaged(source)
    return sums


def damaged(source: Path) -> BackupError:
    return BackupError(f"the manifest of {source} is damaged: restore another backup")


def stays_inside(name: PurePosixPath) -> bool:
    return bool(name.parts) and not name.is_absolute() and ".." not in name.parts


def bring(source: Path, target: Path, digest: str) -> None:
    make_folder(target.parent)
    try:
        with source.open("rb") as file:
            found = copied(file, target, os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        raise BackupError(f"{source} is missing: restore another backup") from None
    if found != digest:
        raise BackupError(f"{source} is not what was backed up: restore another backup")


def summary_in(partial: Path) -> Summary:
    """Read the summary and take it out of what becomes a data folder."""
    fields: dict[str, Any] = json.loads((partial / SUMMARY).read_bytes())
    (partial / SUMMARY).unlink()
    if fields["format"] != FORMAT:
        raise BackupError("the backup was made by a version this one cannot read")
    return Summary(**fields)


def settle(casebook: EmbeddedCasebook, summary: Summary, year: int) -> None:
    """Check that all is there, and pass over the references that may have been given since."""
    try:
        cases, dispositions = casebook.counts()
        cases += gone(casebook, "cases")
        dispositions += gone(casebook, "dispositions")
        if (cases, dispositions) != (summary.cases, summary.dispositions):
            raise BackupError("the casebook does not hold what was backed up")
        casebook.keep(NUMBERS, passed_over(summary.numbers, year))
        casebook.drop_gone()
    finally:
        casebook.close()


def passed_over(numbers: dict[str, int], year: int) -> dict[str, str]:
    """Return from where references go on: as many again as any year had, and GAP at least."""
    gap = max([GAP, *numbers.values()])
    return {str(y): str(numbers.get(str(y), 0) + gap) for y in {*map(int, numbers), year}}
