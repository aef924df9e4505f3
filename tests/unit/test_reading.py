"""What a Reading may say, when other is clear, and how scores become labels."""

import pickle

import pytest

from intents.reading import Facet, Reading
from intents.verdict import settle
from store.law import Label

EVEN = dict.fromkeys(Label, 0.5)


def reading(*labels: Label, unsure: bool = False, **scores: float) -> Reading:
    every = {label: scores.get(label, 0.0) for label in Label}
    return Reading(labels, every, unsure, frozenset({Facet.AGENT}), ("access: my file",), "en")


def test_a_reading_has_at_least_one_label():
    with pytest.raises(ValueError, match="at least"):
        reading()


def test_other_never_stands_beside_an_ask():
    with pytest.raises(ValueError, match="other stands alone"):
        reading(Label.ACCESS, Label.OTHER)


def test_the_first_label_is_the_best():
    assert reading(Label.ERASURE, Label.ACCESS).best is Label.ERASURE


def test_a_reading_crosses_to_another_process_unchanged():
    sent = reading(Label.ACCESS, access=0.9)
    assert pickle.loads(pickle.dumps(sent)) == sent


def test_other_is_clear_when_nothing_else_rises_above_the_floor():
    assert reading(Label.OTHER, other=0.96, access=0.1).other_is_clear(0.1)


def test_other_is_not_clear_when_an_ask_rises_above_the_floor():
    assert not reading(Label.OTHER, other=0.96, access=0.11).other_is_clear(0.1)


def test_other_is_not_clear_when_the_reading_is_unsure():
    assert not reading(Label.OTHER, unsure=True, other=0.96).other_is_clear(0.1)


def test_other_is_not_clear_when_it_scores_low_itself():
    assert not reading(Label.OTHER, other=0.94).other_is_clear(0.1)


def test_an_ask_is_never_clearly_other():
    assert not reading(Label.QUERY).other_is_clear(1.0)


def settled(**scores: float) -> tuple[set[str], bool]:
    labels, unsure = settle({label: scores.get(label, 0.0) for label in Label}, EVEN)
    return {str(label) for label in labels}, unsure


def test_every_ask_that_clears_its_threshold_is_read():
    assert settled(access=0.8, erasure=0.6, query=0.3) == ({"access", "erasure"}, False)


def test_where_nothing_is_clear_the_best_ask_is_guessed_and_nobody_acts_on_it():
    assert settled(access=0.4, erasure=0.2) == ({"access"}, True)


def test_other_is_read_only_with_a_wide_lead():
    assert settled(other=0.9, access=0.1) == ({"other"}, False)
    assert settled(other=0.9, access=0.46) == ({"access"}, True)


def test_other_close_to_an_ask_is_for_a_person():
    assert settled(other=0.9, access=0.4) == ({"other"}, True)
    assert settled(other=0.6, access=0.7) == ({"access"}, True)


def test_a_text_without_any_score_is_for_a_person():
    assert settled() == ({"other"}, True)


def test_the_best_label_comes_first():
    labels, _ = settle({**dict.fromkeys(Label, 0.0), Label.ERASURE: 0.9, Label.ACCESS: 0.7}, EVEN)
    assert labels == (Label.ERASURE, Label.ACCESS)
