"""From the corpus to a model: fit, judge on voices left out, choose thresholds, write model and card.

Repeatable: the same corpus and seed give the same figures and the same numbers.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from intents import corpus
from intents.component import LABELS, Asks, votes
from intents.corpus import Example
from intents.evaluation import RIGHTS, Figures, score
from intents.fitting import Marks, fit, fit_mix, proofs_of
from intents.ngrams import Text
from intents.preparation import prepare
from intents.shipped import CARD
from intents.tokens import blank
from intents.verdict import settle
from intents.vocabulary import Floats
from intents.weights import Weights, mixed
from store.law import Label

VERSION = "1"
FOLDS = 5
HELD_OUT = frozenset(  # never trained on: the tests measure by them
    {"clinic-patients", "slack-reception-desk", "small-business"}
)
# How much more a miss weighs than a false find: much for a right, little for what is filed as not ours.
RIGHT, MATTER, NOT_OURS = 1.5, 1.0, 0.5
# Whom no voice of the corpus resembles scores lower: an ask is found below what serves best in it, a right the most.
LEAN_TO_RIGHTS, LEAN_TO_MATTERS = 0.8, 0.95

Progress = Callable[[str, int, int], None]
Rounds = Sequence[Sequence[int]]


def silent(_step: str, _done: int, _total: int) -> None:
    """Report to nobody."""


def train(
    learned: Sequence[Example], out_dir: Path, seed: int = 0, progress: Progress = silent
) -> Figures:
    """Write a model into `out_dir`, learned from all but the writers held out; return its figures."""
    examples = [each for each in learned if each.writer not in HELD_OUT]
    texts, rules = texts_of(examples)
    marks = marks_of(examples)
    rounds = list(corpus.folds(examples, FOLDS, seed))
    steps = FOLDS + 2
    proofs = np.zeros((len(texts), 2, len(LABELS)), np.float32)
    for done, held in enumerate(rounds):
        progress("voices left out", done, steps)
        proofs[held] = _proofs_without(held, texts, marks)
    progress("thresholds", FOLDS, steps)
    scores = _honest_scores(rounds, proofs, rules, marks)
    thresholds = choose_thresholds(scores, marks)
    figures = figures_of(examples, scores, thresholds)
    progress("whole corpus", FOLDS + 1, steps)
    weights = replace(fit(texts, marks), mix=fit_mix(proofs, marks))
    card = _card(examples, seed, thresholds, figures)
    _write(out_dir, weights, card)
    progress("written", steps, steps)
    return figures


def texts_of(examples: Sequence[Example]) -> tuple[list[Text], Floats]:
    """Return each message as the model will meet it, and what the rules say to it."""
    nlp, asks = blank(), Asks()
    nlp.add_pipe("phrases")
    docs = [nlp(prepare(each.text, each.subject).text) for each in examples]
    parted = [asks.clauses(doc) for doc in docs]
    rules = np.stack([votes(doc, found) for doc, found in zip(docs, parted, strict=True)])
    return [[clause.forms for clause in found] for found in parted], rules


def marks_of(examples: Sequence[Example]) -> Marks:
    return np.array([[label in each.labels for label in LABELS] for each in examples])


def _proofs_without(held: Sequence[int], texts: Sequence[Text], marks: Marks) -> Floats:
    kept = sorted(set(range(len(texts))) - set(held))
    weights = fit([texts[place] for place in kept], marks[kept])
    return proofs_of(weights, (texts[place] for place in held))


def _honest_scores(rounds: Rounds, proofs: Floats, rules: Floats, marks: Marks) -> Floats:
    """Score each writer's messages by a mix that was fitted on the others'."""
    scores = np.zeros(marks.shape, np.float32)
    for held in rounds:
        kept = sorted(set(range(len(marks))) - set(held))
        mix = fit_mix(proofs[kept], marks[kept])
        scores[held] = mixed(proofs[held, 0], proofs[held, 1], mix, rules[held])
    return scores


def choose_thresholds(scores: Floats, marks: Marks) -> dict[Label, float]:
    """Take for each label the threshold that serves best on voices left out, recall first for the rights."""
    return {
        label: _threshold(scores[:, place], marks[:, place], _weight(label)) * _lean(label)
        for place, label in enumerate(LABELS)
    }


def _weight(label: Label) -> float:
    if label is Label.OTHER:
        return NOT_OURS
    return RIGHT if label in RIGHTS else MATTER


def _lean(label: Label) -> float:
    if label is Label.OTHER:
        return 1.0
    return LEAN_TO_RIGHTS if label in RIGHTS else LEAN_TO_MATTERS


def _threshold(scores: Floats, marked: Marks, beta: float) -> float:
    candidates = np.arange(0.05, 0.76, 0.01)
    return float(round(max(candidates, key=lambda at: _f_beta(scores >= at, marked, beta)), 2))


def _f_beta(read: Marks, marked: Marks, beta: float) -> float:
    hits, weight = int((read & marked).sum()), beta**2
    return (1 + weight) * hits / max(1.0, weight * int(marked.sum()) + int(read.sum()))


def figures_of(
    examples: Sequence[Example], scores: Floats, thresholds: dict[Label, float]
) -> Figures:
    """Score messages by what thresholds make of their scores."""
    gold = [
        {"id": each.id, "labels": each.labels, "channel": each.channel, "lang": each.language}
        for each in examples
    ]
    read = []
    for each, row in zip(examples, scores, strict=True):
        by_label = dict(zip(LABELS, map(float, row), strict=True))
        read.append({"id": each.id, "labels": settle(by_label, thresholds)[0], "scores": by_label})
    return score(gold, read, slices=True)


def _card(
    examples: Sequence[Example], seed: int, thresholds: dict[Label, float], figures: Figures
) -> dict[str, Any]:
    return {
        "version": VERSION,
        "corpus": corpus.fingerprint(examples),
        "messages": len(examples),
        "writers": len({each.writer for each in examples}),
        "held_out": sorted(HELD_OUT),
        "seed": seed,
        "thresholds": thresholds,
        "figures": figures,
    }


def _write(folder: Path, weights: Weights, card: dict[str, Any]) -> None:
    nlp = blank()
    nlp.add_pipe("phrases")
    asks = nlp.add_pipe("asks")
    assert isinstance(asks, Asks)
    asks.weights = weights
    nlp.meta.update(name="privacy_intake", version=card["version"], labels={"asks": [*LABELS]})
    nlp.to_disk(folder)
    (folder / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
