"""How a case, a disposition and a notice are written, with the look-ups that follow from them."""

from collections.abc import Mapping
from typing import Any

from store.answers import Answer, all_of, answers_in
from store.case import Case, LetterStatus
from store.casebook import Change, ChangedMeanwhileError, Disposition, Notice
from store.documents import chained, from_case, from_disposition, from_notice, to_case
from store.indexes import NUMBERS, OWN_REF, open_requests
from store.ledger import ERASED
from store.postgres.schema import Conn, value
from store.postgres.texts import dumped, loaded
from store.sealing import Sealing

CHANNEL = "privacy_intake_owed"

NEW_CASE = """
    INSERT INTO cases (ref, version, token, running, document)
    VALUES (%(ref)s, %(to)s, %(token)s, %(running)s, %(document)s) ON CONFLICT (ref) DO NOTHING
"""
GROWN_CASE = """
    UPDATE cases SET version = %(to)s, running = %(running)s, document = %(document)s
    WHERE ref = %(ref)s AND version = %(version)s
"""
STORED_CASE = "SELECT document::text FROM cases WHERE ref = %s FOR UPDATE"
NUMBER_TAKEN = """
    INSERT INTO numbers VALUES (%s, %s)
    ON CONFLICT (year) DO UPDATE SET last = greatest(numbers.last, excluded.last)
"""
DISPOSITION = """
    INSERT INTO dispositions VALUES (%s, %s, %s) ON CONFLICT (spool_id)
    DO UPDATE SET known_by = excluded.known_by, document = excluded.document
"""
ANSWER = "INSERT INTO answers VALUES (%s, %s, %s, %s) ON CONFLICT (letter_id) DO NOTHING"
WAKE = "SELECT pg_notify(%s, '')"
"""Once for each transaction, however often it is said: letters are owed, or a case is new."""
NOTICE = """
    INSERT INTO notices VALUES (%s, %s)
    ON CONFLICT (notice_id) DO UPDATE SET document = excluded.document
"""
NEW_NOTICE = "INSERT INTO notices VALUES (%s, %s) ON CONFLICT (notice_id) DO NOTHING"


KEEP = """
    INSERT INTO kept VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET document = excluded.document
"""
AS_IT_WAS = "SELECT 1 FROM cases WHERE ref = %s AND version = %s FOR UPDATE"
FORGET_ANSWERS = "DELETE FROM answers WHERE regexp_replace(letter_id, '-[^-]*$', '') = %s"


def put_case(connection: Conn, change: Change, sealing: Sealing) -> None:
    """Write a case. Raises ChangedMeanwhileError unless it is as it was when it was read."""
    ref = change.case.ref
    case = chained(change.case, change.version, lambda: stored(connection, ref, sealing))
    document = from_case(case)
    values: dict[str, Any] = {
        "ref": case.ref,
        "version": change.version,
        "to": len(case.events),
        "token": sealing.digest(case.opened.token),
        "running": bool(open_requests(document["events"])),
        "document": dumped(sealing.seal("cases", case.ref, document)),
    }
    written = connection.execute(GROWN_CASE if change.version else NEW_CASE, values)
    if written.rowcount != 1:
        raise ChangedMeanwhileError(f"{case.ref} was changed by somebody else meanwhile")
    if not change.version:
        put_traits(connection, case, sealing)
    put_answers(connection, answers_in(document["events"]), sealing)
    queued = [x.owed.letter_id for x in case.letters if x.status is LetterStatus.QUEUED]
    put_owed(connection, case.ref, queued)
    if not change.version:
        connection.execute(WAKE, [CHANNEL])


def stored(connection: Conn, ref: str, sealing: Sealing) -> Case | None:
    """Return the case as it is, and let nobody change it meanwhile."""
    text = value(connection, STORED_CASE, [ref])
    found = sealing.open("cases", ref, loaded(text)) if text else None
    return to_case(dict(found)) if found else None


def put_traits(connection: Conn, case: Case, sealing: Sealing) -> None:
    """Note by what the requester is known; that follows from the opening, which never changes."""
    for trait in dict.fromkeys(case.traits):
        connection.execute("INSERT INTO traits VALUES (%s, %s)", [sealing.digest(trait), case.ref])


def put_answers(connection: Conn, answers: list[tuple[Answer, bool]], sealing: Sealing) -> None:
    """Note which answers of a machine go, and to whom; what waits for a person does not count."""
    for answer, goes in answers:
        if goes:
            _, domain, address = all_of(answer.to)
            whom = [sealing.digest(address), sealing.digest(domain)]
            values = [answer.letter_id, answer.at, *whom]
            connection.execute(ANSWER, values)
        else:
            connection.execute("DELETE FROM answers WHERE letter_id = %s", [answer.letter_id])


def drop_case(connection: Conn, ref: str, version: int) -> None:
    """Delete a case and its look-ups. Raises ChangedMeanwhileError unless it is as it was when it was read."""
    if connection.execute(AS_IT_WAS, [ref, version]).fetchone() is None:
        raise ChangedMeanwhileError(f"{ref} was changed by somebody else meanwhile")
    connection.execute("DELETE FROM traits WHERE ref = %s", [ref])
    connection.execute("DELETE FROM owed WHERE holder = %s", [ref])
    connection.execute(FORGET_ANSWERS, [ref])
    connection.execute("DELETE FROM cases WHERE ref = %s", [ref])


def put_kept(connection: Conn, name: str, kept: Mapping[str, str], sealing: Sealing) -> None:
    connection.execute(KEEP, [name, dumped(sealing.seal("kept", name, dict(kept)))])
    if name.startswith(ERASED):
        pass_number(connection, name.removeprefix(ERASED))
    if name == NUMBERS:
        for year, last in kept.items():
            connection.execute(NUMBER_TAKEN, [int(year), int(last)])


def numbers(connection: Conn) -> dict[str, str]:
    """Return by year the last number given in a reference."""
    rows = connection.execute("SELECT year, last FROM numbers")
    return {str(year): str(last) for year, last in rows}


def pass_number(connection: Conn, ref: str) -> None:
    """Make sure that the reference of a case is not given again."""
    if own := OWN_REF.fullmatch(ref):
        connection.execute(NUMBER_TAKEN, [int(own[1]), int(own[2])])


def put_owed(connection: Conn, holder: str, queued: list[str]) -> None:
    """Note which letters of a case, or which notice, are to be sent; wake the couriers for new ones."""
    connection.execute(
        "DELETE FROM owed WHERE holder = %s AND NOT letter_id = ANY(%s)", [holder, queued]
    )
    added = 0
    for letter_id in queued:
        added += connection.execute(
            "INSERT INTO owed VALUES (%s, %s) ON CONFLICT DO NOTHING", [letter_id, holder]
        ).rowcount
    if added:
        connection.execute(WAKE, [CHANNEL])


def put_disposition(connection: Conn, disposition: Disposition, sealing: Sealing) -> None:
    spool_id, known_by = disposition.spool_id, sealing.digest(disposition.key)
    document = dumped(sealing.seal("dispositions", spool_id, from_disposition(disposition)))
    connection.execute(DISPOSITION, [spool_id, known_by, document])


def put_notice(
    connection: Conn, notice: Notice, sealing: Sealing, *, only_new: bool = False
) -> bool:
    """Write a notice; return whether it was, which it is not if only a new one is to be."""
    query = NEW_NOTICE if only_new else NOTICE
    document = sealing.seal("notices", notice.notice_id, from_notice(notice))
    values = [notice.notice_id, dumped(document)]
    if connection.execute(query, values).rowcount != 1:
        return False
    queued = notice.letter.status is LetterStatus.QUEUED
    put_owed(connection, notice.notice_id, [notice.letter.owed.letter_id] if queued else [])
    return True
