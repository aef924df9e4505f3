"""What corpus and components are worth: larger shares hold the smaller ones, and all that is measured is told."""

from pathlib import Path

import pytest

from bot.readings import beside
from intents import corpus
from intents.corpus import Example
from intents.curves import ABLATIONS, SHARES, measure, places_of, report
from intents.training import HELD_OUT

FEW = [each for each in corpus.load() if each.language == "en"][::40]
SMALL = FEW[::3]


def writers(share: float) -> set[str]:
    return {SMALL[place].writer for place in places_of(share, SMALL)}


def test_a_larger_share_has_every_voice_of_a_smaller_one():
    assert writers(0.12) < writers(0.5) < writers(1.0)
    assert writers(1.0) == {each.writer for each in SMALL}


@pytest.mark.slow
def test_every_share_and_every_component_is_measured_and_drawn(tmp_path: Path):
    points = list(measure(SMALL))
    curve = [point for learning, point in points if learning]
    ablations = [point for learning, point in points if not learning]
    assert (len(curve), len(ablations)) == (len(SHARES), len(ABLATIONS))
    assert len({point.figures["n"] for _, point in points}) == 1, "the same messages each time"
    assert curve[0].messages < curve[-1].messages == ablations[0].messages
    report(tmp_path, curve, ablations)
    table = (tmp_path / "curves.md").read_text()
    assert all(f"| {point.name} |" in table for _, point in points)
    assert {path.name for path in tmp_path.iterdir()} == {
        "curves.md", "learning.svg", "ablation.svg",
    }  # fmt: skip


def test_rivals_are_told_and_so_is_the_one_that_is_not_there(monkeypatch: pytest.MonkeyPatch):
    def few() -> list[Example]:
        return [each for each in FEW if each.writer not in HELD_OUT]

    monkeypatch.setattr("bot.readings.corpus.load", few)
    gold = [
        {"id": each.id, "text": each.text, "labels": [str(label) for label in each.labels]}
        for each in SMALL[:30]
    ]
    found = beside(gold)
    assert found["phrases"]["n"] == found["tf_idf"]["n"] == 30
    assert "downloads none" in found["minilm"]
