"""The table of faults names tests that there are, and every fault."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROWS = re.findall(r"^\| (\d+) \|(.*)$", (ROOT / "tests" / "bar.md").read_text(), re.MULTILINE)


def names_in(path: Path) -> set[str]:
    """Return the names of a file's tests as pytest writes them."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{m.name}" for m in node.body if isinstance(m, ast.FunctionDef)}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
    return found


def test_all_thirty_stand_there_once():
    assert [int(number) for number, _ in ROWS] == list(range(1, 31))


@pytest.mark.parametrize(("number", "row"), ROWS, ids=[number for number, _ in ROWS])
def test_each_is_shown_by_tests_that_there_are(number: str, row: str):
    named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", row)
    assert named, number
    for path, name in named:
        assert name in names_in(ROOT / path), f"{path}::{name}"
