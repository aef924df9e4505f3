"""Pictures of an evaluation are whole SVG that says what it shows; calibration is counted right."""

from xml.etree import ElementTree as ET

import pytest

from intents import pictures
from intents.calibration import curve, expected_error
from intents.evaluation import confusion, score
from store.law import Label

SVG = "{http://www.w3.org/2000/svg}"
GOLD = [
    {"id": "1", "labels": ["access", "erasure"]},
    {"id": "2", "labels": ["query"]},
    {"id": "3", "labels": ["other"]},
]
READ = [
    {"id": "1", "labels": ["access"], "scores": {"access": 0.95, "erasure": 0.35}},
    {"id": "2", "labels": ["access"], "scores": {"access": 0.95, "query": 0.05}},
    {"id": "3", "labels": ["other"], "scores": {"other": 0.95}},
]


def test_scores_that_are_always_right_when_they_say_so_are_calibrated():
    assert expected_error(curve([(1.0, True), (0.0, False)] * 5)) == 0.0
    assert expected_error(curve([(0.8, True)] * 8 + [(0.8, False)] * 2)) == pytest.approx(0)
    assert expected_error([]) == 0.0


def test_scores_that_say_too_much_are_not():
    assert expected_error(curve([(0.9, False)] * 10)) == pytest.approx(0.9)


def test_a_figure_of_an_evaluation_says_how_far_scores_can_be_believed():
    calibration = score(GOLD, READ)["calibration"]
    assert calibration["ece"] == pytest.approx((0.95 + 0.65 + 3 * 0.95 - 2) / 5, abs=1e-3)
    assert [each[0] for each in calibration["curve"]] == [1, 1, 3]


def test_confusion_counts_what_was_read_instead():
    matrix = confusion(GOLD, READ)
    assert matrix["query"]["access"] == 1
    assert matrix["access"]["access"] == 1
    assert sum(matrix["erasure"].values()) == 0, "missed, and nothing wrong was read for it"


@pytest.mark.parametrize(
    "picture",
    [
        pictures.confusion(confusion(GOLD, READ), [str(label) for label in Label]),
        pictures.reliability(curve([(0.2, False), (0.9, True)]), 0.1),
        pictures.learning([(100, 0.5), (1000, 0.7)], "macro F1 & more"),
        pictures.bars([("the whole", 0.8), ("without <this>", 0.0)], "Ablation", "macro F1"),
    ],
    ids=["confusion", "reliability", "learning", "bars"],
)
def test_a_picture_is_whole_and_says_what_it_shows(picture: str):
    root = ET.fromstring(picture)
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
