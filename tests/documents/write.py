"""Writes down each kind of event that no document shows yet: `python -m tests.documents.write NAME`.

To be run before a release that knows new kinds. What it writes into the folder NAME is committed
and never written again: every later version must be able to read it.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import EnumType
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from store.case import Case
from store.documents import from_case, to_case
from store.events import Event, Opened

HERE = Path(__file__).parent
BY_HINT: Mapping[Any, Callable[[str], Any]] = {
    str: lambda name: f"some {name}",
    int: lambda _: 1,
    float: lambda _: 0.25,
    bool: lambda _: True,
    date: lambda _: date(2026, 11, 2),
    datetime: lambda _: datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
}


def written_before() -> set[type]:
    cases = (to_case(json.loads(path.read_text())) for path in HERE.glob("*/case_*.json"))
    return {type(event) for case in cases for event in case.events}


def example(kind: type) -> Any:
    """Return a `kind` with every field filled, optional ones too."""
    hints = get_type_hints(kind)
    filled = {field.name: value(field.name, hints[field.name]) for field in fields(kind)}
    return kind(**filled)


def value(name: str, hint: Any) -> Any:
    if hint in BY_HINT:
        return BY_HINT[hint](name)
    if isinstance(hint, EnumType):
        return next(iter(hint))
    inner = get_args(hint)
    if get_origin(hint) is Literal:
        return inner[0]
    if isinstance(hint, UnionType):
        return value(name, inner[0])
    if get_origin(hint) is tuple:
        return tuple(value(name, part) for part in inner if part is not Ellipsis)
    return example(hint)


def main(generation: str) -> None:
    new = [kind for kind in get_args(Event) if kind not in written_before()]
    case = Case("DP-2026-000001", (example(Opened), *map(example, new)))
    folder = HERE / generation
    folder.mkdir()
    text = json.dumps(from_case(case), indent=1, ensure_ascii=False)
    (folder / "case_with_each_new_kind.json").write_text(f"{text}\n")


if __name__ == "__main__":
    main(sys.argv[1])
