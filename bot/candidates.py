"""A candidate model, learned from the corpus and what staff corrected, beside the model in use.

Both are judged on the same messages, by writers that neither has learned from.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.models import COMPARED, Models, read_card
from intents.classifier import Classifier
from intents.corpus import Example
from intents.evaluation import Figures, score
from intents.shipped import CARD
from intents.training import HELD_OUT, Progress, train
from store.files import make_folder, write_durably
from store.law import Label

MARGIN = 0.02  # of F1: less is chance on a few hundred messages


def propose(
    models: Models, examples: Sequence[Example], seed: int, progress: Progress
) -> list[dict[str, Any]]:
    """Learn a candidate from `examples`; return how it compares with the model in use, label by label."""
    make_folder(models.candidate.parent)
    train(examples, models.candidate, seed, progress)
    fixed = [each for each in examples if each.writer in HELD_OUT]
    was, now = figures_on(fixed, models.used), figures_on(fixed, models.candidate)
    compared = [compare(label, was, now) for label in Label]
    card = read_card(models.candidate)
    card[COMPARED] = {"with": read_card(models.used)["corpus"], "labels": compared}
    write_durably(models.candidate / CARD, [json.dumps(card, indent=1).encode() + b"\n"])
    return compared


def example_of(row: Mapping[str, str]) -> Example:
    """Return a correction as an example; each is a voice of its own."""
    return Example(
        id=row["id"],
        writer=f"correction {row['id']}",
        subject=row["subject"],
        text=row["text"],
        labels=frozenset(map(Label, row["labels"].split())),
        channel=row["channel"],
        language=row["lang"],
    )


def figures_on(examples: Sequence[Example], folder: Path) -> Figures:
    """Score a model on examples that it has not learned from."""
    readings = Classifier.load(folder).read_many((each.text, each.subject) for each in examples)
    gold = [{"id": each.id, "labels": each.labels} for each in examples]
    read = [
        {"id": each.id, "labels": reading.labels, "scores": reading.scores}
        for each, reading in zip(examples, readings, strict=True)
    ]
    return score(gold, read)


def compare(label: Label, was: Figures, now: Figures) -> dict[str, Any]:
    before, after = (figures["per_label"][str(label)]["f1"] for figures in (was, now))
    return {
        "label": str(label),
        "was": before,
        "now": after,
        "worse": before - after > MARGIN,
    }
