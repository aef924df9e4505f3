"""Whatever is saved in whatever order, a casebook says what a plain dictionary would, live and restarted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from store.case import Case, Letter, LetterStatus
from store.casebook import ChangedMeanwhileError, Disposition, Notice
from store.events import LetterBounced, LetterFailed
from tests.casebook.making import at, disposition, letter, message, new_case, notice, sent
from tests.casebook.shelves import SHELVES, Shelf

KEYS = st.sampled_from(["<a@mail.example>", "<b@mail.example>"])
SPOOL_IDS = st.sampled_from([f"x{n}" for n in range(6)])
NOTICE_IDS = st.sampled_from(["n1", "n2"])
EXAMPLES = {"embedded": 25, "postgres": 10, "embedded, sealed": 10, "postgres, sealed": 10}
SETTLED = (LetterStatus.SENT, LetterStatus.FAILED, LetterStatus.BOUNCED)


class AnyHistory(RuleBasedStateMachine):
    """The casebook on `shelf` beside dictionaries that do the same."""

    def __init__(self, make: Callable[[Path], Shelf]) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self._shelf = make(Path(self._folder.name))
        self._book = self._shelf.open()
        self._cases: dict[str, Case] = {}
        self._ends: dict[str, Disposition] = {}
        self._notices: dict[str, Notice] = {}
        self._kept: dict[str, dict[str, str]] = {}
        self._minutes = 0

    def _now(self) -> int:
        self._minutes += 1
        return self._minutes

    def _case(self, number: int) -> Case | None:
        return list(self._cases.values())[number % len(self._cases)] if self._cases else None

    def _save(self, case: Case, version: int, *ends: Disposition) -> None:
        self._book.save(case, version=version, dispositions=ends)
        self._cases[case.ref] = case
        self._ends |= {end.spool_id: end for end in ends}

    @rule(year=st.sampled_from([2026, 2027]), spool_id=SPOOL_IDS, key=KEYS)
    def open_a_case(self, year: int, spool_id: str, key: str) -> None:
        ref = self._book.new_ref(year)
        assert ref not in self._cases
        case = new_case(ref, self._now())
        self._save(case, 0, replace(disposition(spool_id, ref), key=key))

    @rule(number=st.integers(0, 9), spool_id=SPOOL_IDS, key=KEYS)
    def join_a_case(self, number: int, spool_id: str, key: str) -> None:
        if case := self._case(number):
            now = self._now()
            grown = case.record(
                message(spool_id, now), letter(f"{case.ref}-{len(case.letters) + 1}", now)
            )
            self._save(grown, len(case.events), replace(disposition(spool_id, case.ref), key=key))

    @rule(number=st.integers(0, 9), which=st.integers(0, 9), status=st.sampled_from(SETTLED))
    def settle_a_letter(self, number: int, which: int, status: LetterStatus) -> None:
        if case := self._case(number):
            letter_id = case.letters[which % len(case.letters)].owed.letter_id
            now = self._now()
            event = {
                LetterStatus.SENT: sent(letter_id, now),
                LetterStatus.FAILED: LetterFailed(at=at(now), letter_id=letter_id, why="550"),
                LetterStatus.BOUNCED: LetterBounced(at=at(now), letter_id=letter_id),
            }[status]
            self._save(case.record(event), len(case.events))

    @rule(number=st.integers(0, 9), version=st.integers(0, 12), spool_id=SPOOL_IDS)
    def save_with_any_version(self, number: int, version: int, spool_id: str) -> None:
        if case := self._case(number):
            grown = case.record(message(spool_id, self._now()))
            if version == len(case.events):
                self._save(grown, version, disposition(spool_id, case.ref))
            else:
                with pytest.raises(ChangedMeanwhileError):
                    self._book.save(
                        grown, version=version, dispositions=[disposition(spool_id, case.ref)]
                    )

    @rule(ends=st.lists(st.builds(disposition, SPOOL_IDS, key=KEYS), max_size=3))
    def file_messages(self, ends: list[Disposition]) -> None:
        self._book.save(None, version=0, dispositions=ends)
        self._ends |= {end.spool_id: end for end in ends}

    @rule(notice_id=NOTICE_IDS)
    def owe_a_notice(self, notice_id: str) -> None:
        self._notices[notice_id] = notice(notice_id, self._now())
        self._book.put_notice(self._notices[notice_id])

    @rule(notice_id=NOTICE_IDS, status=st.sampled_from(SETTLED))
    def settle_a_notice(self, notice_id: str, status: LetterStatus) -> None:
        if known := self._notices.get(notice_id):
            settled = Letter(known.letter.owed, status, at(self._now()))
            self._notices[notice_id] = replace(known, letter=settled)
            self._book.put_notice(self._notices[notice_id])

    @rule(name=st.sampled_from(["a:1", "a:2", "b"]), value=st.text(max_size=3))
    def keep_a_value(self, name: str, value: str) -> None:
        self._kept[name] = {"value": value}
        self._book.save(None, version=0, keep={name: self._kept[name]})

    @rule()
    def restart(self) -> None:
        self._book.close()
        self._book = self._shelf.open()

    @invariant()
    def cases_are_as_saved(self) -> None:
        assert list(self._book.cases()) == sorted(self._cases.values(), key=lambda case: case.ref)
        for case in self._cases.values():
            assert self._book.by_token(case.opened.token) == case

    @invariant()
    def messages_ended_where_they_were_said_to(self) -> None:
        ends = sorted(self._ends.values(), key=lambda end: end.spool_id)
        assert list(self._book.dispositions()) == ends
        for key in ("<a@mail.example>", "<b@mail.example>"):
            assert list(self._book.alike(key)) == [end for end in ends if end.key == key]

    @invariant()
    def what_is_owed_is_what_was_not_settled(self) -> None:
        letters = [letter for case in self._cases.values() for letter in case.letters]
        letters += [known.letter for known in self._notices.values()]
        queued = [letter for letter in letters if letter.status is LetterStatus.QUEUED]
        assert self._book.owed() == sorted(queued, key=lambda letter: letter.owed.at)
        for notice_id, known in self._notices.items():
            assert self._book.notice(notice_id) == known

    @invariant()
    def what_is_kept_is_as_it_was_kept(self) -> None:
        assert self._book.kept_names("") == sorted(self._kept)
        assert self._book.kept_names("a:") == sorted(n for n in self._kept if n != "b")
        assert all(self._book.kept(name) == value for name, value in self._kept.items())

    def teardown(self) -> None:
        self._book.close()
        self._folder.cleanup()


@pytest.mark.parametrize("kind", SHELVES)
def test_any_history_reads_as_it_was_saved(kind: str):
    run_state_machine_as_test(
        lambda: AnyHistory(SHELVES[kind]),
        settings=settings(max_examples=EXAMPLES[kind], stateful_step_count=25, deadline=None),
    )
