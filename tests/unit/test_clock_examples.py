"""Worked examples, one row per legal situation: what the clock must say of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from store.bulk import reckon_row
from store.law import Switches

ROWS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("data").joinpath("clock_examples.json").read_text("utf-8")
)
DISPUTED = [row for row in ROWS if "other_reading" in row]


def situation(row: dict[str, Any]) -> str:
    return str(row["situation"])


def test_no_situation_is_told_twice():
    assert (
        len({situation(row) for row in ROWS}) == len({row["id"] for row in ROWS}) == len(ROWS) == 77
    )


@pytest.mark.parametrize("row", ROWS, ids=situation)
def test_the_clock_says(row: dict[str, Any]):
    reckoned = reckon_row(row)
    assert {name: reckoned.get(name) for name in row["expected"]} == row["expected"]


@pytest.mark.parametrize("row", DISPUTED, ids=situation)
def test_the_other_reading_says(row: dict[str, Any]):
    other = row["other_reading"]
    assert reckon_row(row, Switches(**{other["switch"]: True}))["due"] == other["due"]


@pytest.mark.parametrize("row", ROWS, ids=situation)
def test_every_line_of_the_working_is_a_sentence_with_its_source(row: dict[str, Any]):
    for line in reckon_row(row)["working"]:
        assert line[0].isupper() or line[0].isdigit() or line[0] == '"'
        assert line.endswith(")")


@pytest.mark.parametrize("row", ROWS, ids=situation)
def test_the_date_does_not_depend_on_the_regime_being_named(row: dict[str, Any]):
    if row["regime"] != "eu_gdpr":
        unnamed = {name: value for name, value in row.items() if name != "regime"}
        assert reckon_row(unnamed)["due"] == row["expected"]["due"]
