"""What corpus and components are worth: macro F1 by size of the corpus, and without each component.

Run as `python -m intents.curves FOLDER`. The same fifth of the voices is held out each time, and
mix and thresholds are chosen on the voices that are learned from: no figure has seen its messages.
"""

import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from intents import corpus, pictures
from intents.corpus import Example
from intents.evaluation import Figures
from intents.fitting import Marks, fit, fit_mix, proofs_of
from intents.ngrams import Text
from intents.spelling import Spelling
from intents.training import choose_thresholds, figures_of, marks_of, texts_of
from intents.vocabulary import Floats
from intents.weights import Weights, mixed

SHARES = (0.12, 0.25, 0.5, 1.0)  # of the voices that are learned from
HELD, ROUNDS, SEED = 5, 2, 7
HEAD = (
    "| | messages | macro F1 | micro F1 | recall of rights | exact |\n|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True, slots=True)
class Material:
    """Messages as the model meets them, what the rules say to each, and what is asked in it."""

    examples: Sequence[Example]
    texts: Sequence[Text]
    rules: Floats
    marks: Marks

    def at(self, places: Sequence[int]) -> "Material":
        examples = [self.examples[place] for place in places]
        texts = [self.texts[place] for place in places]
        return Material(examples, texts, self.rules[places], self.marks[places])

    def without_rules(self) -> "Material":
        return replace(self, rules=np.zeros_like(self.rules))

    def without_clauses(self) -> "Material":
        return replace(self, texts=[[list(chain.from_iterable(text))] for text in self.texts])


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured: how the model was made, from how many messages, and how well it reads."""

    name: str
    messages: int
    figures: Figures

    @property
    def macro(self) -> float:
        return float(self.figures["macro_f1"])


Fit = Callable[[Sequence[Text], Marks], Weights]


def fit_without(marked: str) -> Fit:
    """Fit without the features that hold this mark of their kind."""
    return partial(fit, keep=lambda feature: marked not in feature)


def as_it_is(given: Material) -> Material:
    return given


ABLATIONS: Sequence[tuple[str, Callable[[Material], Material], Fit]] = (
    ("without word families", as_it_is, fit_without("§")),
    ("without pieces of words", as_it_is, fit_without("~")),
    ("without pairs of words", as_it_is, fit_without(" ")),
    ("without slips mended", as_it_is, partial(fit, spelling=Spelling([]))),
    ("without clauses", Material.without_clauses, fit),
    ("without rules", Material.without_rules, fit),
)


def measure(examples: Sequence[Example]) -> Iterator[tuple[bool, Point]]:
    """Yield each point as it is measured, and whether it belongs to the learning curve."""
    texts, rules = texts_of(examples)
    whole = Material(examples, texts, rules, marks_of(examples))
    held = next(corpus.folds(examples, HELD, SEED))
    unseen = whole.at(held)
    rest = whole.at(sorted(set(range(len(examples))) - set(held)))
    for share in SHARES:
        learned = rest.at(places_of(share, rest.examples))
        yield True, point(f"{share:.0%} of the voices", learned, unseen)
    for name, changed, fitted in ABLATIONS:
        yield False, point(name, changed(rest), changed(unseen), fitted)


def places_of(share: float, examples: Sequence[Example]) -> list[int]:
    """Return the places of a share of the voices; a larger share has all that a smaller one has."""
    writers = sorted({each.writer for each in examples})
    random.Random(SEED).shuffle(writers)  # noqa: S311 -- a sample, not a secret
    kept = set(writers[: max(ROUNDS, round(share * len(writers)))])
    return [place for place, each in enumerate(examples) if each.writer in kept]


def point(name: str, learned: Material, unseen: Material, fitted: Fit = fit) -> Point:
    proofs = np.zeros((len(learned.texts), 2, learned.marks.shape[1]), np.float32)
    for held in corpus.folds(learned.examples, ROUNDS, SEED):
        seen = learned.at(sorted(set(range(len(learned.texts))) - set(held)))
        proofs[held] = proofs_of(fitted(seen.texts, seen.marks), learned.at(held).texts)
    mix = fit_mix(proofs, learned.marks)
    scores = mixed(proofs[:, 0], proofs[:, 1], mix, learned.rules)
    thresholds = choose_thresholds(scores, learned.marks)
    found = proofs_of(fitted(learned.texts, learned.marks), unseen.texts)
    read = mixed(found[:, 0], found[:, 1], mix, unseen.rules)
    return Point(name, len(learned.texts), figures_of(unseen.examples, read, thresholds))


def table(points: Iterable[Point]) -> str:
    return HEAD + "".join(row(each) for each in points)


def row(point: Point) -> str:
    figures = point.figures
    shown = (figures[name] for name in ("macro_f1", "micro_f1"))
    last = (figures["rights"]["micro_recall"], figures["exact_match"])
    cells = " | ".join(f"{value:.3f}" for value in (*shown, *last))
    return f"| {point.name} | {point.messages:,} | {cells} |\n"


def report(folder: Path, curve: Sequence[Point], ablations: Sequence[Point]) -> None:
    """Write the table and both pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    learned = [(each.messages, each.macro) for each in curve]
    whole = replace(curve[-1], name="the whole")
    bars = [(each.name, each.macro) for each in (whole, *ablations)]
    written = {
        "curves.md": table([*curve, *ablations]),
        "learning.svg": pictures.learning(learned, "macro F1"),
        "ablation.svg": pictures.bars(bars, "Ablation", "macro F1"),
    }
    for name, words in written.items():
        (folder / name).write_text(words, encoding="utf-8")


def main(folder: Path) -> None:
    curve: list[Point] = []
    ablations: list[Point] = []
    for learning, each in measure(corpus.load()):
        (curve if learning else ablations).append(each)
        sys.stdout.write(row(each))
        sys.stdout.flush()
    report(folder, curve, ablations)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
