"""Strategies for any event, case, disposition and notice: every field, any value it may hold."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, get_args, get_type_hints

from hypothesis import strategies as st

from store.case import Case, Letter
from store.casebook import Disposition, Notice
from store.events import Event, LetterOwed, Opened

KINDS = get_args(Event)
INSTANTS = st.datetimes(timezones=st.just(UTC))
SCORES = st.lists(st.tuples(st.text(), st.floats(allow_nan=False))).map(tuple)
BY_HINT: Mapping[Any, st.SearchStrategy[Any]] = {
    datetime: INSTANTS,
    datetime | None: st.none() | INSTANTS,
    date | None: st.none() | st.dates(),
    tuple[tuple[str, float], ...]: SCORES,
}


@cache
def anything(kind: type) -> st.SearchStrategy[Any]:
    """Return a strategy for `kind`, a frozen dataclass, that fills every field, defaults too."""
    hints = get_type_hints(kind)
    filled = {field.name: hints[field.name] for field in fields(kind) if field.name != "kind"}
    return st.builds(kind, **{name: any_value(hint) for name, hint in filled.items()})


def any_value(hint: Any) -> st.SearchStrategy[Any]:
    if hint is LetterOwed:
        return anything(LetterOwed)
    return BY_HINT[hint] if hint in BY_HINT else st.from_type(hint)


REFS = st.from_regex(r"DP-20[0-9]{2}-[0-9]{6}", fullmatch=True)
EVENTS = st.one_of([anything(kind) for kind in KINDS if kind is not Opened])
CASES = st.builds(
    lambda ref, opened, then: Case(ref, (opened, *then)),
    REFS,
    anything(Opened),
    st.lists(EVENTS, max_size=8),
)
LETTERS = anything(Letter)
DISPOSITIONS = anything(Disposition)
NOTICES = st.builds(Notice, notice_id=st.text(), letter=LETTERS)
