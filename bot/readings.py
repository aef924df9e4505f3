"""Reading from the command line: one text, a file of lines, a score, a new model."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from rich.progress import Progress

from bot.candidates import example_of
from bot.candidates import propose as make_candidate
from bot.mail_readings import explained, is_mail, read_mail, show_all
from bot.models import Models
from bot.terminal import console, print_json, table
from intents import corpus, pictures
from intents.calibration import Bin
from intents.classifier import Classifier
from intents.evaluation import confusion, score
from intents.reading import Reading
from intents.rivals import ABSENT, by_phrases, by_tf_idf, labels_of
from intents.training import Progress as TellProgress
from intents.training import train as make_model
from store.law import Label
from store.refused import RefusedError

BATCH = 256
UNREADABLE = {"labels": [], "unsure": True, "why": "it could not be taken apart"}

Row = Mapping[str, Any]


class RowsError(RefusedError):
    """A line of a file is not what it should be; the text names it."""


def load(model: str) -> Classifier:
    return Classifier.load(Path(model) if model else None)


def classify_file(path: Path, subject: str, model: str, *, explain: bool, as_json: bool) -> None:
    """Read a text, or every message of a mail, an mbox, a Maildir. Raises CommandError if nothing is there."""
    if not path.exists() or is_mail(path):
        found = (
            (where, reading, view(reading) if reading else UNREADABLE)
            for where, reading in read_mail(path, load(model))
        )
        show_all(found, explain=explain, as_json=as_json)
    else:
        text = path.read_text(encoding="utf-8", errors="replace")
        classify_one(text, subject, model, explain=explain, as_json=as_json)


def classify_one(text: str, subject: str, model: str, *, explain: bool, as_json: bool) -> None:
    reading = load(model).read(text, subject)
    if as_json:
        print_json([view(reading)])
        return
    console.print(
        "unsure, best guess:" if reading.unsure else "asks for:", " and ".join(reading.labels)
    )
    rows = [[str(label), f"{value:.2f}"] for label, value in ranked(reading)[:4]]
    table(["label", "score"], rows)
    if explain:
        for line in explained(reading):
            console.print(line)


def classify_lines(path: Path, model: str) -> None:
    """Print a line of JSON for each line of `path`, in order, a batch at a time."""
    for row, reading in read_rows(load(model), rows_of(path)):
        print_json([{"id": row["id"]} | view(reading)])


def evaluate(path: Path, model: str, *, slices: bool, report: Path | None, compare: bool) -> None:
    """Print the figures of the model on labelled lines; pictures go into the folder `report`."""
    gold = list(rows_of(path))
    predicted = [{"id": row["id"]} | view(reading) for row, reading in read_rows(load(model), gold)]
    figures = score(gold, predicted, slices=slices)
    if compare:
        figures["beside"] = beside(gold)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    if report is not None:
        draw(report, figures, confusion(gold, predicted))


def beside(gold: Sequence[Row]) -> dict[str, Any]:
    """Score what the model is measured beside, on the same messages."""
    messages = [(row["text"], row.get("subject") or "") for row in gold]
    rivals = {"phrases": by_phrases(messages), "tf_idf": by_tf_idf(messages, corpus.load())}
    measured = {
        name: score(
            gold,
            [
                {"id": row["id"], "labels": labels_of(scores), "scores": scores}
                for row, scores in zip(gold, found, strict=True)
            ],
        )
        for name, found in rivals.items()
    }
    return measured | ABSENT


def draw(folder: Path, figures: Mapping[str, Any], matrix: pictures.Matrix) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    calibration = figures["calibration"]
    curve = [Bin(*each) for each in calibration["curve"]]
    drawn = {
        "confusion.svg": pictures.confusion(matrix, [str(label) for label in Label]),
        "reliability.svg": pictures.reliability(curve, calibration["ece"]),
    }
    for name, picture in drawn.items():
        (folder / name).write_text(picture, encoding="utf-8")
        sys.stderr.write(f"{folder / name}\n")


def train(folder: Path, out: Path, seed: int) -> None:
    """Make the model from the corpus in `folder`."""
    with training() as report:
        figures = make_model(corpus.load(folder), out, seed, report)
    print_json([figures])


def propose(
    models: Models, corrections: Sequence[Mapping[str, str]], seed: int, *, as_json: bool
) -> None:
    """Make a candidate, and show how it reads each label beside the model in use."""
    examples = [*corpus.load(), *(example_of(row) for row in corrections)]
    with training() as report:
        compared = make_candidate(models, examples, seed, report)
    if as_json:
        print_json(compared)
        return
    console.print(f"learned from the corpus and {len(corrections)} corrections")
    rows = [
        [row["label"], f"{row['was']:.3f}", f"{row['now']:.3f}", "worse" if row["worse"] else ""]
        for row in compared
    ]
    table(["label", "F1 in use", "F1 candidate", ""], rows)


@contextmanager
def training() -> Iterator[TellProgress]:
    """Show a bar while a model is made."""
    with Progress(console=console) as progress:
        bar = progress.add_task("training")
        yield lambda step, done, total: progress.update(
            bar, description=step, completed=done, total=total
        )


def rows_of(path: Path) -> Iterator[Row]:
    """Read lines of JSON. Raises RowsError for one that lacks id or text."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                row["id"], row["text"]
            except (ValueError, KeyError, TypeError):
                raise RowsError(
                    f"{path}: line {number} is not an object with id and text"
                ) from None
            yield row


def read_rows(classifier: Classifier, rows: Iterable[Row]) -> Iterator[tuple[Row, Reading]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        texts = [(row["text"], row.get("subject") or "") for row in batch]
        yield from zip(batch, classifier.read_many(texts), strict=True)


def view(reading: Reading) -> dict[str, Any]:
    return {
        "labels": [str(label) for label in reading.labels],
        "scores": {str(label): round(value, 4) for label, value in ranked(reading)},
        "unsure": reading.unsure,
        "facets": sorted(str(facet) for facet in reading.facets),
        "writers": sorted(str(facet) for facet in reading.writers),
        "on_behalf_of": list(reading.on_behalf_of),
        "claims": [claim.said for claim in reading.claims],
        "identifiers": list(reading.identifiers),
        "language": reading.language,
        "reasons": list(reading.reasons),
    }


def ranked(reading: Reading) -> list[tuple[Any, float]]:
    return sorted(reading.scores.items(), key=lambda item: -item[1])
