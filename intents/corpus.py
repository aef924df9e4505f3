"""The training corpus: one JSONL file per writer, read as examples and split by who wrote them.

A writer's messages are never on both sides of a split: a model is judged on voices it has not met.
"""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from store.law import Label

SHIPPED = Path(__file__).parent / "corpus"


@dataclass(frozen=True, slots=True)
class Example:
    """One message, and what it asks for."""

    id: str
    writer: str
    subject: str
    text: str
    labels: frozenset[Label]
    channel: str = "email"
    language: str = "en"

    @classmethod
    def from_line(cls, line: str) -> "Example":
        row = json.loads(line)
        return cls(
            row["id"],
            row["writer"],
            row.get("subject") or "",
            row["text"],
            frozenset(map(Label, row["labels"])),
            row.get("channel", "email"),
            row.get("lang", "en"),
        )


def load(folder: Path = SHIPPED) -> list[Example]:
    return [
        Example.from_line(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def fingerprint(examples: Sequence[Example]) -> str:
    """Tell one corpus from another, whatever the order of its files."""
    lines = sorted(
        json.dumps([each.id, each.subject, each.text, sorted(each.labels)]) for each in examples
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def folds(examples: Sequence[Example], count: int, seed: int) -> Iterator[list[int]]:
    """Yield the places held out in each round; a writer's messages are always in the same round."""
    writers = sorted({each.writer for each in examples})
    random.Random(seed).shuffle(writers)  # noqa: S311 -- a split, not a secret
    for start in range(min(count, len(writers))):
        held = set(writers[start::count])
        yield [place for place, each in enumerate(examples) if each.writer in held]
