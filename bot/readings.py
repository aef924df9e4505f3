"""Reading from the command line: one text, a file of lines, a score, a new model."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from rich.progress import Progress

from bot.mail.parse import parse
from bot.terminal import console, print_json, table
from intents.classifier import Classifier
from intents.evaluation import score
from intents.reading import Reading
from intents.training import train as make_model
from store.refused import RefusedError

BATCH = 256

Row = Mapping[str, Any]


class RowsError(RefusedError):
    """A line of a file is not what it should be; the text names it."""


def load(model: str) -> Classifier:
    return Classifier.load(Path(model) if model else None)


def classify_one(text: str, subject: str, file: Path | None, model: str, *, as_json: bool) -> None:
    if file is not None and file.suffix == ".eml":
        message = parse(file.read_bytes())
        text, subject = message.text, message.subject
    elif file is not None:
        text = file.read_text(encoding="utf-8", errors="replace")
    reading = load(model).read(text, subject)
    if as_json:
        print_json([view(reading)])
        return
    console.print(
        "unsure, best guess:" if reading.unsure else "asks for:", " and ".join(reading.labels)
    )
    rows = [[str(label), f"{value:.2f}"] for label, value in ranked(reading)[:4]]
    table(["label", "score"], rows)
    for facet in sorted(reading.facets):
        console.print(f"who writes: {facet}")
    for reason in reading.reasons:
        console.print(f"because: {reason}")


def classify_lines(path: Path, model: str) -> None:
    """Print a line of JSON for each line of `path`, in order, a batch at a time."""
    for row, reading in read_rows(load(model), rows_of(path)):
        print_json([{"id": row["id"]} | view(reading)])


def evaluate(path: Path, model: str, *, slices: bool) -> None:
    gold = list(rows_of(path))
    predicted = [{"id": row["id"]} | view(reading) for row, reading in read_rows(load(model), gold)]
    sys.stdout.write(json.dumps(score(gold, predicted, slices=slices), indent=1) + "\n")


def train(corpus: Path, out: Path, seed: int) -> None:
    with Progress(console=console) as progress:
        bar = progress.add_task("training")
        figures = make_model(
            corpus,
            out,
            seed,
            lambda step, done, total: progress.update(
                bar, description=step, completed=done, total=total
            ),
        )
    print_json([figures])


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
        "reasons": list(reading.reasons),
    }


def ranked(reading: Reading) -> list[tuple[Any, float]]:
    return sorted(reading.scores.items(), key=lambda item: -item[1])
