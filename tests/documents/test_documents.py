"""What was ever written stays loadable, and what is written comes back as it was."""

import json
from collections import Counter
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from store.case import Case, LetterStatus, State
from store.casebook import Disposition, End, Notice
from store.chain import first_broken
from store.documents import (
    Document,
    content,
    from_case,
    from_disposition,
    from_notice,
    to_case,
    to_disposition,
    to_notice,
)
from store.embedded import EmbeddedCasebook
from store.events import Opened, Outcome, RequestClosed, Requested
from store.law import Label
from store.spool import read_entry
from tests.documents.anything import CASES, DISPOSITIONS, KINDS, NOTICES
from tests.documents.write import example, written_before

HERE = Path(__file__).parent
GENERATIONS = sorted({path.parent for path in HERE.glob("*/case_*.json")})


@dataclass(frozen=True)
class Written:
    """The documents that one generation of the program wrote."""

    folder: Path

    @cached_property
    def cases(self) -> dict[str, Document]:
        found = sorted(self.folder.glob("case_*.json"))
        return {path.stem.removeprefix("case_"): json.loads(path.read_text()) for path in found}

    @cached_property
    def dispositions(self) -> list[Document]:
        return self._list("dispositions.json")

    @cached_property
    def notices(self) -> list[Document]:
        return self._list("notices.json")

    def _list(self, name: str) -> list[Document]:
        path = self.folder / name
        return list(json.loads(path.read_text())) if path.exists() else []


FIRST = Written(HERE / "first")


@pytest.fixture(params=GENERATIONS, ids=lambda folder: folder.name)
def written(request: pytest.FixtureRequest) -> Written:
    return Written(request.param)


def is_kept(old: Any, new: Any) -> bool:
    """Tell whether all that `old` says is still said by `new`, which may say more."""
    if isinstance(old, dict):
        return all(name in new and is_kept(value, new[name]) for name, value in old.items())
    if isinstance(old, list):
        return len(old) == len(new) and all(map(is_kept, old, new))
    return bool(old == new)


def through_json(document: Document) -> Document:
    return dict(json.loads(json.dumps(document)))


def types_within(value: object) -> list[type]:
    """Return the types of a value and all it is made of; equality alone takes text for a label."""
    if isinstance(value, tuple):
        return [type(value), *(found for part in value for found in types_within(part))]
    if hasattr(value, "__dataclass_fields__"):
        parts = tuple(getattr(value, field.name) for field in fields(value))
        return [type(value), *types_within(parts)]
    return [type(value)]


@given(CASES)
def test_any_case_comes_back_as_it_was(case: Case):
    back = to_case(through_json(from_case(case)))
    assert back == case
    assert types_within(back) == types_within(case)


@given(DISPOSITIONS)
def test_any_disposition_comes_back_as_it_was(disposition: Disposition):
    back = to_disposition(through_json(from_disposition(disposition)))
    assert back == disposition
    assert types_within(back) == types_within(disposition)


@given(NOTICES)
def test_any_notice_comes_back_as_it_was(notice: Notice):
    back = to_notice(through_json(from_notice(notice)))
    assert back == notice
    assert types_within(back) == types_within(notice)


def test_text_that_no_encoding_can_write_comes_back_as_it_was():
    case = to_case(FIRST.cases["access_answered"])
    spoilt = Case(case.ref, (Opened(**(vars_of(case.opened) | {"requester_name": "A\udce9\0"})),))
    assert to_case(through_json(from_case(spoilt))) == spoilt


def vars_of(opened: Opened) -> dict[str, Any]:
    return {field.name: getattr(opened, field.name) for field in fields(opened)}


def test_every_written_case_loads_and_is_written_back_with_nothing_lost(written: Written):
    assert written.cases
    for document in written.cases.values():
        case = to_case(document)
        assert is_kept(document, through_json(from_case(case)))
        assert to_case(through_json(from_case(case))) == case


def test_every_written_disposition_and_notice_loads_and_is_written_back_with_nothing_lost(
    written: Written,
):
    for document in written.dispositions:
        assert is_kept(document, through_json(from_disposition(to_disposition(document))))
    for document in written.notices:
        assert is_kept(document, through_json(from_notice(to_notice(document))))


def test_every_kind_of_event_is_among_what_was_written():
    assert not set(KINDS) - written_before(), "python -m tests.documents.write NAME"


def test_every_outcome_label_end_and_status_is_among_what_was_written():
    every = [Written(folder) for folder in GENERATIONS]
    cases = [to_case(document) for written in every for document in written.cases.values()]
    events = [event for case in cases for event in case.events]
    assert {e.outcome for e in events if isinstance(e, RequestClosed)} == set(Outcome)
    assert {e.label for e in events if isinstance(e, Requested)} == {*Label, None}
    dispositions = [to_disposition(d) for written in every for d in written.dispositions]
    assert {disposition.end for disposition in dispositions} == set(End)
    notices = [to_notice(document) for written in every for document in written.notices]
    assert {notice.letter.status for notice in notices} == {
        LetterStatus.QUEUED,
        LetterStatus.SENT,
        LetterStatus.FAILED,
        LetterStatus.BOUNCED,
    }


def test_an_example_of_each_kind_has_every_field_and_comes_back_as_it_was():
    case = Case("DP-2026-000001", (example(Opened), *map(example, KINDS)))
    assert to_case(through_json(from_case(case))) == case
    assert all(getattr(e, field.name) is not None for e in case.events for field in fields(e))


@pytest.mark.parametrize(
    ("name", "ref", "state", "letters"),
    [
        ("access_answered", "DP-2026-000001", State.CLOSED, [LetterStatus.SENT]),
        ("erasure_waits_for_access", "DP-2026-000002", State.OPEN, [LetterStatus.QUEUED]),
        ("complaint_whose_letter_bounced", "DP-2026-000003", State.OPEN, [LetterStatus.BOUNCED]),
        ("unclear_and_unanswered", "DP-2026-000004", State.TRIAGE, []),
        ("closed_in_part", "DP-2026-000005", State.CLOSED, []),
        ("letter_that_failed", "DP-2027-1234567", State.CLOSED, [LetterStatus.FAILED]),
    ],
)
def test_the_first_cases_still_mean_what_they_meant(
    name: str, ref: str, state: State, letters: list[LetterStatus]
):
    case = to_case(FIRST.cases[name])
    assert (case.ref, case.state) == (ref, state)
    assert [letter.status for letter in case.letters] == letters


def test_a_casebook_as_first_written_still_opens(tmp_path: Path):
    (tmp_path / "casebook.journal").write_bytes((FIRST.folder / "casebook.journal").read_bytes())
    book = EmbeddedCasebook(tmp_path / "casebook.journal")
    assert [case.ref for case in book.cases()] == ["DP-2026-000001", "DP-2026-000002"]
    assert book.get("DP-2026-000001") == to_case(FIRST.cases["access_answered"])
    ends = Counter(disposition.end for disposition in book.dispositions())
    assert ends == {End.OPENED: 1, End.JOINED: 1, End.HELD: 1, End.OTHER: 1}
    owed = [letter.owed.letter_id for letter in book.owed()]
    assert owed == ["DP-2026-000002-1", "filed-2026-11-01-1"]
    assert book.new_ref(2026) == "DP-2026-000003"
    book.close()


def test_a_spool_entry_as_first_written_still_reads():
    entry = read_entry(FIRST.folder / "spool_entry")
    assert entry.envelope.mail_from == "ann.other@mail.example"
    assert entry.envelope.rcpt_tos == ("dataprotection@acme.example", "dpo@acme.example")
    assert entry.envelope.accepted_at.isoformat() == "2026-11-02T09:30:00.123456+00:00"
    assert entry.raw.endswith(b"What do you hold about me? \xa3 \xff\r\n")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"ref": "DP-2026-000001"},
        {"events": []},
        {"ref": 1, "events": []},
        {"ref": "DP-2026-000001", "events": [{"kind": "opened"}]},
        {"ref": "DP-2026-000001", "events": [{"kind": "of_a_later_version"}]},
        {"ref": "DP-2026-000001", "events": [{}]},
    ],
)
def test_what_is_no_case_is_refused(document: Document):
    with pytest.raises(ValueError, match="validation error"):
        to_case(document)


@pytest.mark.parametrize("field", ["spool_id", "at", "end", "key"])
def test_a_disposition_that_lacks_something_is_refused(field: str):
    document = {name: v for name, v in FIRST.dispositions[0].items() if name != field}
    with pytest.raises(ValueError, match=field):
        to_disposition(document)


def test_a_notice_without_its_letter_is_refused():
    with pytest.raises(ValueError, match="letter"):
        to_notice({"notice_id": "filed-2026-11-01-1"})


def test_a_chain_that_was_written_once_holds_in_every_later_version():
    for path in HERE.glob("*/case_*.json"):
        case = to_case(json.loads(path.read_text()))
        assert first_broken(case.chain, [content(event) for event in case.events]) is None
    chained_once = to_case(Written(HERE / "chained").cases["with_each_kind"])
    assert len(chained_once.chain) == len(chained_once.events) > 30
