"""The shipped model on three writers it was never trained on: no worse than it was when it was recorded."""

import json
import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from intents import corpus
from intents.classifier import Classifier
from intents.corpus import Example
from intents.evaluation import score
from intents.reading import Reading
from intents.shipped import CARD, SHIPPED
from intents.training import HELD_OUT
from store.law import Label

UNSEEN = [example for example in corpus.load() if example.writer in HELD_OUT]
LARGEST = 10_000_000  # bytes

# What the model reached when it was recorded was two to five hundredths more.
FLOORS = {
    "macro_f1": 0.83,
    "micro_f1": 0.81,
    "exact_match": 0.69,
    "is_privacy.accuracy": 0.9,
    "is_privacy.recall": 0.97,
    "rights.micro_recall": 0.9,
    "map": 0.92,
}
WORST_RIGHT = 0.8
RIGHTS_FILED_AS_OTHER = 0.02


@pytest.fixture(scope="module")
def readings(classifier: Classifier) -> list[Reading]:
    return classifier.read_many((each.text, each.subject) for each in UNSEEN)


@pytest.fixture(scope="module")
def figures(readings: list[Reading]) -> dict[str, Any]:
    gold = [{"id": each.id, "labels": each.labels} for each in UNSEEN]
    read = [
        {"id": each.id, "labels": reading.labels, "scores": reading.scores}
        for each, reading in zip(UNSEEN, readings, strict=True)
    ]
    return score(gold, read)


def test_the_unseen_writers_bear_every_label():
    assert {example.writer for example in UNSEEN} == HELD_OUT
    assert {label for example in UNSEEN for label in example.labels} == set(Label)


@pytest.mark.parametrize("name", FLOORS)
def test_a_figure_is_above_its_floor(figures: dict[str, Any], name: str):
    value: Any = figures
    for part in name.split("."):
        value = value[part]
    assert value >= FLOORS[name]


def test_no_right_is_missed_often(figures: dict[str, Any]):
    assert min(figures["rights"]["recall"].values()) >= WORST_RIGHT


def test_hardly_any_right_is_filed_as_other(figures: dict[str, Any]):
    assert figures["rights"]["sent_to_other"] <= RIGHTS_FILED_AS_OTHER


def test_no_ask_would_be_filed_without_a_case(readings: list[Reading]):
    lost = [
        example.id
        for example, reading in zip(UNSEEN, readings, strict=True)
        if reading.other_is_clear(0.05) and Label.OTHER not in example.labels
    ]
    assert lost == []


def misspelt(text: str) -> str:
    """Swap, drop, double or mistake a letter inside one word; the same one each time."""
    chance = random.Random(text)
    words = list(re.finditer(r"[A-Za-z]{4,}", text))
    if not words:
        return text
    word = chance.choice(words)
    at = word.start() + chance.randrange(1, len(word[0]) - 1)
    here, after = text[at], text[at + 1]
    typed = chance.choice(
        [after + here, after, here + here + after, chance.choice("aeiornst") + after]
    )
    return text[:at] + typed + text[at + 2 :]


def unpunctuated(text: str) -> str:
    return re.sub(r"[.,;:!?]", "", text)


CHANGES: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "no punctuation": unpunctuated,
    "a signature": lambda text: f"{text}\n-- \nJo Bloggs\nHead of Sales, Acme Ltd\n01632 960000",
    "a signature without dashes": lambda text: (
        f"{text}\n\nKind regards\n\nJo Bloggs\nHead of Sales, Acme Ltd\n01632 960000"
    ),
    "a disclaimer": lambda text: (
        f"{text}\n\nThis e-mail is intended solely for the addressee. "
        "If you are not the intended recipient, please delete it and any copy."
    ),
    "a disclaimer of many": lambda text: (
        f"{text}\n\nThe information in this email is confidential and may be privileged. If you have "
        "received it in error please notify the sender and delete it from your system."
    ),
    "a quoted mail": lambda text: (
        f"{text}\n\nOn 3 May 2026 at 10:00, Desk <desk@acme.example> wrote:\n"
        "> Would you like a copy of your data, or shall we delete it?"
    ),
    "a mail below a rule": lambda text: (
        f"{text}\n\n-----Original Message-----\nFrom: Desk <desk@acme.example>\nSent: 3 May 2026\n"
        "To: Jo\nSubject: Your data\n\nWould you like a copy of your data, or shall we delete it?"
    ),
    "a typing error": misspelt,
}

MAY_CHANGE = 0.03


@pytest.mark.parametrize("change", CHANGES)
def test_what_does_not_matter_changes_few_readings(
    classifier: Classifier, readings: list[Reading], change: str
):
    changed = sum(
        set(classifier.read(CHANGES[change](example.text), example.subject).labels)
        != set(reading.labels)
        for example, reading in zip(UNSEEN, readings, strict=True)
    )
    assert changed / len(UNSEEN) <= MAY_CHANGE


def test_the_card_tells_of_the_model_and_leaves_the_unseen_out():
    card = json.loads((SHIPPED / CARD).read_text(encoding="utf-8"))
    assert set(card["held_out"]) == HELD_OUT
    assert set(card["thresholds"]) == {str(label) for label in Label}
    assert card["figures"]["n"] == card["messages"]


def test_the_model_is_small():
    files = (path for path in SHIPPED.rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) <= LARGEST


def test_an_example_keeps_what_its_line_says():
    line = '{"id":"a-1","writer":"a","channel":"slack","subject":"","text":"Hi","labels":["other"],"lang":"cy"}'
    assert Example.from_line(line) == Example(
        "a-1", "a", "", "Hi", frozenset({Label.OTHER}), "slack", "cy"
    )
