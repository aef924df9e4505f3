"""A data folder with cases whose erasure was decided: what is done to it while it is killed, and what must be true of what is left."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from store.case import Case
from store.erasing import STATISTICS, Erasing, decision_of
from store.events import RequestClosed
from store.folder import DataFolder
from store.jurisdiction import Jurisdiction
from store.keeping import ErasureAsked, ErasureConfirmed, ErasureUndone, Reason
from store.ledger import ERASED, LEDGER, Ledger
from store.outbox import Outbox
from store.recorded import Outcome
from store.spool import Entry, Envelope
from store.working_days import Calendar
from tests.casebook.making import disposition, message, new_case, sent

AT = datetime(2020, 1, 6, 9, 30, tzinfo=UTC)
HERE = Jurisdiction(ZoneInfo("Europe/London"), Calendar.of("ENG"), 10, 30, 28)
RAW = b"Subject: my data\r\n\r\nThis is what %s wants to know. " + b"Please tell me. " * 50


def spool_id_of(number: int) -> str:
    return f"20200106T093000.000000-{number:08x}"


def decided(number: int) -> Case:
    """Return a closed case with a message in the spool, whose erasure two people decided."""
    ref = f"DP-2020-{number:06}"
    return new_case(ref).record(
        message(spool_id_of(number)),
        sent(f"{ref}-1"),
        RequestClosed(at=AT, by="sam", request=1, outcome=Outcome.FULFILLED),
        ErasureAsked(at=AT, by="sam", reason=Reason.MISTAKE),
        ErasureConfirmed(at=AT, by="kim", erase_at=AT),
    )


def furnish(root: Path, count: int) -> None:
    """Make a data folder with such cases, each with something in every place."""
    outgoing = root / "outgoing" / "new"
    outgoing.mkdir(parents=True)
    with DataFolder(root) as folder:
        for number in range(count):
            case, spool_id = decided(number), spool_id_of(number)
            envelope = Envelope(AT, f"p{number}@mail.example", ())
            folder.spool.take_over(Entry(spool_id, envelope, RAW % name(number)), "done")
            folder.casebook.save(
                case,
                version=0,
                dispositions=[disposition(spool_id, case.ref)],
                keep={
                    f"correction:{case.ref}": {"text": name(number).decode()},
                    f"erasure:{case.ref}": {"look": "yes"},
                },
            )
            letter = outgoing / f"{case.ref}-1.privacy-intake"
            letter.write_bytes(b"Message-ID: <1@acme.example>\r\n\r\nDear " + name(number))


def name(number: int) -> bytes:
    return b"Person-%d-by-name" % number


def erasing_in(folder: DataFolder) -> Erasing:
    return Erasing(
        folder.casebook,
        folder.spool,
        HERE,
        secret=lambda: b"secret",
        outbox=Outbox(folder.root / "outgoing"),
        ledger=Ledger(folder.root / LEDGER),
        sealing=folder.sealing,
    )


def tells(root: Path, number: int) -> bool:
    return any(name(number) in p.read_bytes() for p in root.rglob("*") if p.is_file())


def whole(folder: DataFolder, case: Case, number: int) -> None:
    """Check that a case is as it was, and everything of it."""
    assert folder.casebook.get(case.ref) == case
    assert folder.spool.read(case.messages[-1].spool_id).raw == RAW % name(number)
    assert folder.casebook.disposition(case.messages[-1].spool_id)
    assert folder.casebook.kept(f"correction:{case.ref}")
    assert (folder.root / "outgoing" / "new" / f"{case.ref}-1.privacy-intake").exists()
    undone = case.record(ErasureUndone(at=AT, by="sam"))
    assert undone.erasure is None


def as_it_was_or_erased(root: Path, count: int) -> int:
    """Finish what was begun, and check that each case is as it was or gone for good; return how many are gone."""
    gone, cases = 0, list(map(decided, range(count)))
    with DataFolder(root) as folder:
        before = {case.ref: folder.casebook.get(case.ref) for case in cases}
        erasing_in(folder).finish()
        for number, case in enumerate(cases):
            if before[case.ref] is not None:
                whole(folder, case, number)
                continue
            gone += 1
            assert folder.casebook.get(case.ref) is None
            assert folder.casebook.kept(f"{ERASED}{case.ref}") is not None
            assert not tells(root, number)
        assert len(folder.casebook.kept_names(STATISTICS)) == gone
        assert set(Ledger(root / LEDGER).lines()) == {c.ref for c in cases if not before[c.ref]}
        assert len(list(folder.casebook.dispositions())) == len(cases) - gone
    return gone


def in_an_erasure(root: Path, promise: Callable[[str], None]) -> None:
    """Erase the first of the cases that lie there."""
    with DataFolder(root / "data") as folder:
        case = next(folder.casebook.cases())
        erasing = erasing_in(folder)
        erasing.begin(case, decision_of(case), AT)
        promise("begun")
        assert erasing.finish() == [case.ref]
        promise("erased")
