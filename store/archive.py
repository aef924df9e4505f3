"""Everything a casebook and its spool hold as one file, to be taken in by a casebook of either kind.

A line of JSON for each case, disposition, notice, value kept and message, in a fixed order and
spelling, so that the same contents are the same bytes. The last line seals the others: a file
that was cut short or changed is refused before anything of it is taken in.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from store.casebook import Casebook
from store.documents import (
    from_case,
    from_disposition,
    from_notice,
    to_case,
    to_disposition,
    to_notice,
)
from store.entries import Entry, TornEntryError, from_fields, to_fields
from store.files import write_durably
from store.ledger import ERASED, belongs
from store.refused import RefusedError
from store.spool import FOLDERS, Spool

FORMAT: Final = {"format": "privacy-intake export 1"}

Record = dict[str, Any]
Tell = Callable[[str, int], None]
"""Told of each record that is written or taken in: its kind and its bytes."""


class ArchiveError(RefusedError):
    """The file cannot be taken in; the text says why."""


def pack(path: Path, spool: Spool, casebook: Casebook, tell: Tell, leave_out: str = "") -> None:
    """Write everything to `path`, whole or not at all; each record's kind and size are told.

    What is kept under the name `leave_out` stays here.
    """
    if path.exists():
        raise ArchiveError(f"{path} is there already")
    write_durably(path, sealed(records(spool, casebook, leave_out), tell))


def records(spool: Spool, casebook: Casebook, leave_out: str = "") -> Iterator[Record]:
    yield from ({"case": from_case(case)} for case in casebook.cases())
    yield from ({"disposition": from_disposition(d)} for d in casebook.dispositions())
    yield from ({"notice": from_notice(notice)} for notice in casebook.notices())
    for name in (name for name in casebook.kept_names("") if name != leave_out):
        yield {"kept": {"name": name, "value": casebook.kept(name)}}
    yield from ({"message": message} for message in messages(spool, casebook))


def messages(spool: Spool, casebook: Casebook) -> Iterator[Record]:
    """Yield every message, with its place; what a crash tore is nobody's and left out."""
    done = spool.done()
    for spool_id in message_ids(spool):
        with suppress(TornEntryError):
            place = spool.folder_of(spool_id)
            if place is None:
                dealt_with = spool_id in done or casebook.disposition(spool_id)
                place = "done" if dealt_with else "incoming"
            yield {"place": place, **from_entry(spool.read(spool_id))}


def message_ids(spool: Spool) -> list[str]:
    """Return the id of every message that can be read here, in order."""
    return sorted(spool.shared().union(*map(spool.ids, FOLDERS)))


def from_entry(entry: Entry) -> Record:
    raw = base64.b64encode(entry.raw).decode()
    return {"id": entry.spool_id, "envelope": to_fields(entry.envelope), "raw": raw}


def sealed(records: Iterator[Record], tell: Tell) -> Iterator[bytes]:
    """Yield the lines of a file, the seal last."""
    seal, count = hashlib.sha256(), 0
    for record in (FORMAT, *records):
        line = encode(record)
        seal.update(line)
        count += 1
        tell(next(iter(record)), len(line))
        yield line
    yield encode({"end": {"lines": count, "sha256": seal.hexdigest()}})


def check(path: Path) -> None:
    """Raise ArchiveError unless the file is whole, to the byte."""
    seal, count, last = hashlib.sha256(), 0, b""
    with path.open("rb") as file:
        if file.readline() != encode(FORMAT):
            raise ArchiveError(f"{path} is no export that this version can read")
        file.seek(0)
        for line in file:
            seal.update(last)
            count += bool(last)
            last = line
    if last != encode({"end": {"lines": count, "sha256": seal.hexdigest()}}):
        raise ArchiveError(f"{path} is not whole: it was cut short or changed")


def unpack(path: Path, spool: Spool, casebook: Casebook, tell: Tell) -> None:
    """Take in everything in a file. What is here already stays, so that a broken import goes on.

    What was erased here since the file was written stays out.

    Raises ArchiveError for a file that is not whole, or a case that is another one here.
    """
    check(path)
    erased = Erased(casebook)
    with path.open("rb") as file:
        for line in file:
            record: Record = json.loads(line)
            if not erased.keeps_out(record):
                take_in(record, spool, casebook)
            tell(next(iter(record)), len(line))


class Erased:
    """What was erased in a casebook, as a file may still have it: cases come before all that is theirs."""

    def __init__(self, casebook: Casebook) -> None:
        self._refs = {n.partition(":")[2] for n in casebook.kept_names(ERASED)}
        self._messages: set[str] = set()

    def keeps_out(self, record: Record) -> bool:
        match record:
            case {"case": {"ref": ref}}:
                return ref in self._refs
            case {"disposition": {"ref": ref, "spool_id": spool_id}} if ref in self._refs:
                self._messages.add(spool_id)
                return True
            case {"kept": {"name": name}}:
                return belongs(name, self._refs)
            case {"message": {"id": spool_id}}:
                return spool_id in self._messages
            case _:
                return False


def take_in(record: Record, spool: Spool, casebook: Casebook) -> None:
    match record:
        case {"case": document}:
            take_in_case(document, casebook)
        case {"disposition": document}:
            disposition = to_disposition(document)
            if casebook.disposition(disposition.spool_id) is None:
                casebook.save(None, version=0, dispositions=[disposition])
        case {"notice": document}:
            casebook.owe_notice(to_notice(document))
        case {"kept": {"name": name, "value": value}}:
            casebook.keep(name, value)
        case {"message": message}:
            raw = base64.b64decode(message["raw"])
            entry = Entry(message["id"], from_fields(message["envelope"]), raw)
            known = casebook.disposition(entry.spool_id)
            spool.take_over(entry, message["place"], known.ref if known else "")
        case _:
            pass  # the first line and the last


def take_in_case(document: Record, casebook: Casebook) -> None:
    """Take a case in, unless it is here and has gone on since. Raises ArchiveError for another one."""
    case = to_case(document)
    known = casebook.get(case.ref)
    if known is None:
        casebook.save(case, version=0)
    elif known.events[: len(case.events)] != case.events:
        raise ArchiveError(f"{case.ref} is another case here: nothing further was taken in")


def encode(record: Record) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode() + b"\n"
