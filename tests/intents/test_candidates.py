"""A candidate model: compared label by label, swapped in by a person, and taken back with one command."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.candidates import example_of, propose
from bot.config import Config
from bot.models import COMPARED, ModelError, Models
from intents import corpus
from intents.corpus import Example
from intents.shipped import CARD
from intents.training import HELD_OUT, silent
from store.law import Label

WRITERS = 5
CORRECTED = {
    "id": "DP-2026-000001",
    "subject": "My [name]",
    "text": "Please put my new surname on the account.",
    "labels": "complaint rectification",
    "lang": "en",
    "channel": "email",
}


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    every = corpus.load()
    learned = sorted({each.writer for each in every} - HELD_OUT)[:WRITERS]
    return [each for each in every if each.writer in {*learned, *HELD_OUT}]


@pytest.fixture(scope="module")
def proposed(
    examples: Sequence[Example], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Models, list[dict[str, Any]]]:
    models = models_in(tmp_path_factory.mktemp("data"))
    return models, propose(models, examples, 3, silent)


def models_in(root: Path, **classify: str) -> Models:
    return Models(Config.model_validate({"data": {"dir": str(root)}, "classify": classify}))


def test_a_correction_is_an_example_of_a_voice_of_its_own():
    example = example_of(CORRECTED)
    assert example.labels == {Label.COMPLAINT, Label.RECTIFICATION}
    assert example.writer not in HELD_OUT


def test_a_candidate_is_compared_and_not_in_use(
    proposed: tuple[Models, list[dict[str, Any]]],
):
    models, compared = proposed
    assert [row["label"] for row in compared] == [str(label) for label in Label]
    assert models.in_use == ""


def test_a_candidate_that_reads_a_label_worse_is_not_swapped_in(
    proposed: tuple[Models, list[dict[str, Any]]],
):
    models, compared = proposed
    assert any(row["worse"] for row in compared), "five writers are no match for the whole corpus"
    with pytest.raises(ModelError, match="reads worse"):
        models.accept()


def test_one_that_reads_no_label_worse_is_swapped_in_and_taken_back(
    proposed: tuple[Models, list[dict[str, Any]]],
):
    models, _ = proposed
    forgive(models.candidate)
    models.accept()
    assert Path(models.in_use).name == "current"
    assert models.roll_back() == "the model shipped"
    assert models.in_use == ""
    with pytest.raises(ModelError, match="is not one that was swapped in"):
        models.roll_back()


def test_one_compared_with_another_model_is_not_swapped_in(
    proposed: tuple[Models, list[dict[str, Any]]],
):
    models, _ = proposed
    forgive(models.candidate, compared_with="another corpus")
    with pytest.raises(ModelError, match="compared with another model"):
        models.accept()


def test_where_there_is_none_it_is_said(tmp_path: Path):
    with pytest.raises(ModelError, match="there is no candidate"):
        models_in(tmp_path).accept()
    with pytest.raises(ModelError, match=r"classify\.model names"):
        models_in(tmp_path, model=str(tmp_path)).accept()


def forgive(candidate: Path, compared_with: str = "") -> None:
    """Write down that no label is read worse: what the comparison says is not what is tried here."""
    card = json.loads((candidate / CARD).read_text())
    card[COMPARED]["with"] = compared_with or card[COMPARED]["with"]
    for row in card[COMPARED]["labels"]:
        row["worse"] = False
    (candidate / CARD).write_text(json.dumps(card))
