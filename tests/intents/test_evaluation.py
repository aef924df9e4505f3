"""The figures, worked by hand on four messages."""

import pytest

from intents.evaluation import average_precision, score

GOLD = [
    {"id": "a", "labels": ["access"], "channel": "email"},
    {"id": "b", "labels": ["access", "complaint"], "channel": "slack"},
    {"id": "c", "labels": ["other"], "channel": "email"},
    {"id": "d", "labels": ["erasure"], "channel": "slack"},
]
READ = [
    {"id": "a", "labels": ["access"], "scores": {"access": 0.9, "erasure": 0.1}},
    {"id": "b", "labels": ["access"], "scores": {"access": 0.4, "erasure": 0.5}},
    {"id": "c", "labels": ["access"], "scores": {"access": 0.6, "erasure": 0.2}},
]
FIGURES = score(GOLD, READ, slices=True)


def test_a_label_has_its_precision_recall_and_f1():
    access = FIGURES["per_label"]["access"]
    assert (access["p"], access["r"], access["f1"]) == (0.6667, 1.0, 0.8)
    assert access["support"] == 2


def test_a_message_without_a_reading_counts_as_other():
    assert FIGURES["missing_predictions"] == 1
    assert FIGURES["rights"]["sent_to_other"] == 0.3333


def test_macro_is_the_mean_over_the_labels_that_occur():
    assert FIGURES["macro_f1"] == 0.2  # access 0.8, and nought for complaint, erasure and other


def test_micro_counts_every_label_once():
    assert (FIGURES["micro_p"], FIGURES["micro_r"]) == (0.5, 0.4)
    assert FIGURES["micro_f1"] == 0.4444


def test_exact_match_needs_all_labels_and_no_more():
    assert FIGURES["exact_match"] == 0.25


def test_whether_it_is_a_privacy_matter_is_judged_apart():
    matter = FIGURES["is_privacy"]
    assert (matter["missed"], matter["false_alarms"]) == (1, 1)
    assert (matter["accuracy"], matter["recall"]) == (0.5, 0.6667)


def test_the_rights_are_judged_apart():
    assert FIGURES["rights"]["micro_recall"] == 0.6667
    assert FIGURES["rights"]["recall"] == {"access": 1.0, "erasure": 0.0}
    assert FIGURES["rights"]["all_rights_found"] == 0.6667


def test_slices_are_judged_apart():
    assert FIGURES["slices"]["channel=email"]["exact_match"] == 0.5
    assert FIGURES["slices"]["multi_label"]["n"] == 1


def test_other_beside_an_ask_is_not_counted():
    both = score(GOLD[:1], [{"id": "a", "labels": ["access", "other"]}])
    assert both["exact_match"] == 1.0


def test_average_precision_looks_at_the_order_alone():
    ranked = [(0.9, True), (0.6, False), (0.4, True)]
    assert average_precision(ranked) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([(0.9, False)]) is None


def test_no_messages_give_figures_without_dividing_by_nought():
    assert score([], [])["macro_f1"] == 0.0
