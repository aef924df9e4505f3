"""What is sealed in casebook and spool: any change is noticed, what has no key is as if it were not there."""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from store.changes import decode, encode
from store.embedded import EmbeddedCasebook
from store.entries import DamagedEntryError, Envelope, check_entry, first_line, parts_of
from store.folder import DataFolder
from store.journal import HEADER
from store.keyring import Keyring, make_keyring, sealing_with
from store.postgres.casebook import PostgresCasebook
from store.postgres.database import Database
from store.refused import RefusedError
from store.sealing import PLAIN, SPOOL, SealError, Sealing
from tests.casebook.making import disposition, new_case, notice, sent
from tests.postgres import shared_server

FIRST, SECOND = "DP-2026-000001", "DP-2026-000002"
ENVELOPE = Envelope(datetime(2026, 11, 2, tzinfo=UTC), "ann@mail.example", ("desk@acme.example",))
RAW = b"Subject: my data\r\n\r\nPlease send me what you hold.\r\n"


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return make_keyring(tmp_path / "keys")


@pytest.fixture
def folder(tmp_path: Path, keyring: Keyring) -> Iterator[DataFolder]:
    """A sealed data folder with two cases, each with its message, and a message that waits."""
    with DataFolder(tmp_path / "data", keyring=keyring.folder) as folder:
        for ref in (FIRST, SECOND):
            (spool_id,) = folder.spool.accept([(ENVELOPE, RAW)])
            ends = [disposition(spool_id, ref)]
            folder.casebook.save(new_case(ref), version=0, dispositions=ends)
            folder.spool.finish(spool_id, ref)
        folder.spool.accept([(ENVELOPE, RAW)])
        yield folder


def closed(folder: DataFolder) -> Path:
    folder.__exit__(None, None, None)
    return folder.root / "casebook.journal"


def forged(journal: Path, forge: str) -> None:
    """Change what is kept of the first case as somebody would who mends the checksum too."""
    records = []
    for line in journal.read_bytes().splitlines(keepends=True)[1:]:
        changes = decode(line)
        assert changes is not None
        for document in changes.get("cases", {}).values():
            if document["key"] == FIRST:
                data = bytearray(b64decode(document["sealed"]))
                data[len(data) // 2] ^= 1
                given = {"sealed": b64encode(data).decode(), "key": FIRST}
                changes["cases"][FIRST] = given if forge == "a bit" else {"events": []}
        records.append(encode(changes))
    journal.write_bytes(HEADER + b"".join(records))


@pytest.mark.parametrize("forge", ["a bit", "not sealed"])
def test_a_document_that_was_changed_is_noticed_though_its_checksum_is_right(
    folder: DataFolder, keyring: Keyring, forge: str
):
    journal = closed(folder)
    forged(journal, forge)
    with pytest.raises(SealError, match=FIRST):
        EmbeddedCasebook(journal, Sealing(keyring))


def test_in_a_database_what_is_changed_or_put_elsewhere_or_not_sealed_is_noticed(keyring: Keyring):
    url = shared_server().schema()
    book = PostgresCasebook(Database(url, Sealing(keyring)))
    for ref in (FIRST, SECOND):
        book.save(new_case(ref), version=0)
    with psycopg.connect(url, autocommit=True) as connection:
        for forged in (
            "(SELECT document FROM cases WHERE ref = 'DP-2026-000002')",
            "jsonb_set(document, '{sealed}', to_jsonb(reverse(document->>'sealed')))",
            """'{"ref": "DP-2026-000001", "events": []}'""",
        ):
            connection.execute(f"UPDATE cases SET document = {forged} WHERE ref = %s", [FIRST])
            with pytest.raises(RefusedError, match=r"not sealed|not what was sealed"):
                book.get(FIRST)
    assert book.get(SECOND) == new_case(SECOND)
    book.close()


def test_each_case_and_its_message_are_sealed_by_the_key_of_the_case(folder: DataFolder):
    places = folder.spool.places()
    keys = sorted(check_entry(folder.spool.path(spool_id)) for spool_id in places)
    assert keys == [FIRST, SECOND, SPOOL]
    assert {folder.spool.read(spool_id).raw for spool_id in places} == {RAW}


def test_without_its_key_a_case_is_not_there_and_its_number_is_not_given_again(
    folder: DataFolder, keyring: Keyring
):
    last = SECOND
    gone = [d.spool_id for d in folder.casebook.dispositions() if d.ref == last]
    journal = closed(folder)
    keyring.destroy(last)
    with DataFolder(folder.root, keyring=keyring.folder) as again:
        assert again.erased == 1
        assert [case.ref for case in again.casebook.cases()] == [FIRST]
        assert [again.casebook.disposition(spool_id) for spool_id in gone] == [None]
        assert again.casebook.get(last) is None
        assert again.casebook.by_token(f"token of {last}") is None
        assert again.casebook.new_ref(2026) == "DP-2026-000003"
        with pytest.raises(KeyError):
            again.spool.read(gone[0])
        again.casebook._storage.journal.rewrite(lambda: None)
    assert last.encode() not in journal.read_bytes()


def test_a_database_put_back_loses_what_has_no_key_when_it_is_opened(keyring: Keyring):
    url = shared_server().schema()
    book = PostgresCasebook(Database(url, Sealing(keyring)))
    for ref in (FIRST, SECOND):
        book.save(new_case(ref), version=0, dispositions=[disposition(f"of {ref}", ref)])
    book.put_notice(notice("n"))
    book.close()
    keyring.destroy(FIRST)
    again = PostgresCasebook(Database(url, sealing_with(keyring.folder)))
    assert dict(again.versions()) == {SECOND: len(new_case(SECOND).events)}
    assert [d.spool_id for d in again.dispositions()] == [f"of {SECOND}"]
    assert again.by_trait("address:ann@mail.example") == [SECOND]
    assert all(letter.owed.letter_id != f"{FIRST}-1" for letter in again.owed())
    again.close()


def test_what_a_crash_leaves_between_a_key_and_its_case_serves_the_next(
    folder: DataFolder, keyring: Keyring
):
    Sealing(keyring).sealed("DP-2026-000003", "cases/DP-2026-000003", b"never saved")
    closed(folder)
    with DataFolder(folder.root, keyring=keyring.folder) as again:
        ref = again.casebook.new_ref(2026)
        assert ref == "DP-2026-000003"
        again.casebook.save(new_case(ref), version=0)
    with DataFolder(folder.root, keyring=keyring.folder) as again:
        assert again.casebook.get(ref) == new_case(ref)


def test_what_is_saved_of_a_case_after_its_key_is_retired_stays_when_it_is_destroyed(
    folder: DataFolder, keyring: Keyring
):
    book, sealing = folder.casebook, folder.sealing
    case = new_case(FIRST)
    sealing.retire(FIRST)
    book.save(case.record(sent(f"{FIRST}-1")), version=len(case.events))
    ends = [d for d in book.dispositions() if d.ref == FIRST]
    book.save(None, version=0, dispositions=ends)
    sealing.destroy(FIRST)
    sealing.destroy(FIRST)
    closed(folder)
    with DataFolder(folder.root, keyring=keyring.folder) as again:
        assert again.erased == 0
        assert again.casebook.get(FIRST) == case.record(sent(f"{FIRST}-1"))
        assert [d for d in again.casebook.dispositions() if d.ref == FIRST] == ends
        with pytest.raises(KeyError):
            again.spool.read(ends[0].spool_id)
    PLAIN.destroy(FIRST)  # nothing is asked of who has no keyring


def test_a_message_is_lent_in_memory_and_another_process_can_read_it(folder: DataFolder):
    spool_id = folder.spool.pending()[0]
    reads = "import sys; print(open(sys.argv[1], 'rb').read().decode())"
    with folder.spool.lent(spool_id) as path:
        assert not path.resolve().is_relative_to(folder.root)
        shown = subprocess.run([sys.executable, "-c", reads, path], capture_output=True, check=True)
    assert b"Please send me" in shown.stdout
    assert not path.exists()


def test_a_message_that_was_changed_is_damaged_though_its_checksum_is_right(folder: DataFolder):
    spool_id = folder.spool.pending()[0]
    path = folder.spool.path(spool_id)
    fields, inside = parts_of(spool_id, path.read_bytes())
    inside = inside[:-1] + bytes([inside[-1] ^ 1])
    path.write_bytes(first_line({"key": fields["key"]}, inside) + inside)
    check_entry(path)
    with pytest.raises(DamagedEntryError):
        folder.spool.read(spool_id)


def test_a_sealed_document_says_nothing_but_by_which_key(keyring: Keyring):
    document = {"events": [{"requester_name": "Ann Other"}]}
    sealed = Sealing(keyring).seal("cases", FIRST, document)
    assert set(sealed) == {"sealed", "key"}
    assert "Ann" not in json.dumps(sealed)
    assert Sealing(keyring).open("cases", FIRST, sealed) == document
