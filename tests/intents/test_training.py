"""Training on a slice of the corpus: repeatable, and what it writes can be loaded and read with."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from intents import corpus
from intents.classifier import Classifier
from intents.shipped import CARD
from intents.training import HELD_OUT, choose_thresholds, train
from store.law import Label

WRITERS = 6


@pytest.fixture(scope="module")
def slice_of_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    files = sorted(corpus.SHIPPED.glob("*.jsonl"))
    for path in [each for each in files if each.stem not in HELD_OUT][:WRITERS]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def model(slice_of_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    train(corpus.load(slice_of_corpus), folder, seed=3)
    return folder


@pytest.mark.slow
def test_the_same_corpus_and_seed_give_the_same_model(
    slice_of_corpus: Path, model: Path, tmp_path: Path
):
    steps: list[tuple[int, int]] = []
    learned = corpus.load(slice_of_corpus)
    figures = train(learned, tmp_path, 3, lambda _, done, total: steps.append((done, total)))
    assert (tmp_path / CARD).read_text() == (model / CARD).read_text()
    assert json.loads((tmp_path / CARD).read_text())["figures"] == json.loads(json.dumps(figures))
    for name in ("features.txt", "numbers.npz"):
        assert (tmp_path / "asks" / name).read_bytes() == (model / "asks" / name).read_bytes()
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]


def test_the_card_tells_what_the_model_was_made_of(model: Path, slice_of_corpus: Path):
    card = json.loads((model / CARD).read_text())
    assert card["corpus"] == corpus.fingerprint(corpus.load(slice_of_corpus))
    assert (card["writers"], card["seed"]) == (WRITERS, 3)
    assert set(card["thresholds"]) == {str(label) for label in Label}


def test_what_was_written_can_be_read_with(model: Path, slice_of_corpus: Path):
    classifier = Classifier.load(model)
    learned = corpus.load(slice_of_corpus)
    met = sum(
        bool(each.labels.intersection(classifier.read(each.text, each.subject).labels))
        for each in learned
    )
    assert met / len(learned) > 0.6


@pytest.mark.slow
def test_a_held_out_writer_is_never_trained_on(tmp_path: Path, slice_of_corpus: Path):
    shutil.copy(corpus.SHIPPED / f"{min(HELD_OUT)}.jsonl", slice_of_corpus)
    train(corpus.load(slice_of_corpus), tmp_path, seed=3)
    (slice_of_corpus / f"{min(HELD_OUT)}.jsonl").unlink()
    assert json.loads((tmp_path / CARD).read_text())["writers"] == WRITERS


def test_a_right_gets_the_lower_threshold_where_both_would_serve():
    scores = np.tile(np.float32([0.9, 0.6, 0.3, 0.28, 0.26, 0.2]), (len(Label), 1)).T
    marks = np.tile(np.array([1, 1, 0, 0, 1, 0], bool), (len(Label), 1)).T
    thresholds = choose_thresholds(scores, marks)
    assert thresholds[Label.ACCESS] < thresholds[Label.OTHER]
