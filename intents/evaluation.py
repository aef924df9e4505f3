"""How well readings agree with what people marked: per label, over all, and for the rights alone.

Figures only: rows of labels and scores go in, numbers come out, and no message text is looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from intents.calibration import curve, expected_error
from store.law import Label

RIGHTS = frozenset(
    {
        Label.ACCESS,
        Label.RECTIFICATION,
        Label.ERASURE,
        Label.RESTRICTION,
        Label.PORTABILITY,
        Label.OBJECTION,
        Label.UNSUBSCRIBE,
        Label.AUTOMATED_DECISION,
    }
)
NOT_OURS = frozenset({Label.OTHER})
SLICES = ("hard", "lang", "channel")
HEADLINES = ("n", "macro_f1", "micro_f1", "exact_match")

Row = Mapping[str, Any]
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """One message: what people marked, what was read, and the scores behind it."""

    gold: frozenset[Label]
    read: frozenset[Label]
    scores: Mapping[str, float]


def score(gold: Sequence[Row], predicted: Iterable[Row], *, slices: bool = False) -> Figures:
    """Gold rows have `id, labels` (and perhaps `hard, lang, channel`); predicted rows `id, labels, scores`."""
    answers = {str(row["id"]): row for row in predicted}
    pairs = [_pair(row, answers.get(str(row["id"]), {})) for row in gold]
    figures = _figures(pairs)
    figures["missing_predictions"] = sum(str(row["id"]) not in answers for row in gold)
    if slices:
        figures["slices"] = _slices(gold, pairs)
    return _rounded(figures)


def _pair(gold: Row, answer: Row) -> Pair:
    read = frozenset(Label(name) for name in answer.get("labels") or ()) or NOT_OURS
    if len(read) > 1:
        read -= NOT_OURS
    marked = frozenset(Label(name) for name in gold["labels"])
    return Pair(marked, read, answer.get("scores") or {})


def _figures(pairs: Sequence[Pair]) -> Figures:
    per_label = {str(label): _of_label(label, pairs) for label in Label}
    present = [label for label in Label if per_label[label]["support"]]
    macro = [per_label[label]["f1"] for label in present]
    privacy = [per_label[label]["f1"] for label in present if label is not Label.OTHER]
    hits = sum(len(pair.gold & pair.read) for pair in pairs)
    precision = _share(hits, sum(len(pair.read) for pair in pairs))
    recall = _share(hits, sum(len(pair.gold) for pair in pairs))
    return {
        "n": len(pairs),
        "macro_f1": _share(sum(macro), len(macro)),
        "macro_f1_privacy": _share(sum(privacy), len(privacy)),
        "micro_f1": _f1(precision, recall),
        "micro_p": precision,
        "micro_r": recall,
        "exact_match": _share(sum(pair.gold == pair.read for pair in pairs), len(pairs)),
        "mean_jaccard": _share(sum(_overlap(pair) for pair in pairs), len(pairs)),
        "is_privacy": _is_privacy(pairs),
        "rights": _rights(pairs, per_label),
        "per_label": per_label,
        "map": _mean_average_precision(per_label),
        "calibration": _calibration(pairs),
    }


def _calibration(pairs: Sequence[Pair]) -> Figures:
    """Say how far scores are probabilities: the expected error, and the reliability curve."""
    found = curve(
        (float(score), Label(name) in pair.gold)
        for pair in pairs
        for name, score in pair.scores.items()
    )
    return {"ece": expected_error(found), "curve": [list(astuple(each)) for each in found]}


def confusion(gold: Sequence[Row], predicted: Iterable[Row]) -> dict[str, dict[str, int]]:
    """Count for each label marked what was read instead; what was read rightly counts for itself."""
    answers = {str(row["id"]): row for row in predicted}
    matrix = {str(label): dict.fromkeys(map(str, Label), 0) for label in Label}
    for pair in (_pair(row, answers.get(str(row["id"]), {})) for row in gold):
        for marked in pair.gold:
            for read in {marked} if marked in pair.read else pair.read - pair.gold:
                matrix[marked][read] += 1
    return matrix


def _of_label(label: Label, pairs: Sequence[Pair]) -> Figures:
    hits = sum(label in pair.gold and label in pair.read for pair in pairs)
    support = sum(label in pair.gold for pair in pairs)
    precision = _share(hits, sum(label in pair.read for pair in pairs))
    recall = _share(hits, support)
    ranked = [(pair.scores.get(label, 0.0), label in pair.gold) for pair in pairs if pair.scores]
    return {
        "p": precision,
        "r": recall,
        "f1": _f1(precision, recall),
        "support": support,
        "ap": average_precision(ranked),
    }


def _is_privacy(pairs: Sequence[Pair]) -> Figures:
    """Answer the first question of all: whether a message is for the privacy desk."""
    ours = [pair for pair in pairs if pair.gold != NOT_OURS]
    taken = [pair for pair in pairs if pair.read != NOT_OURS]
    both = sum(pair.gold != NOT_OURS for pair in taken)
    missed, false_alarms = len(ours) - both, len(taken) - both
    return {
        "accuracy": _share(len(pairs) - missed - false_alarms, len(pairs)),
        "precision": _share(both, len(taken)),
        "recall": _share(both, len(ours)),
        "missed": missed,
        "false_alarms": false_alarms,
    }


def _rights(pairs: Sequence[Pair], per_label: Mapping[str, Figures]) -> Figures:
    """Keep the rights apart: one that was missed is a statutory duty broken."""
    with_right = [(pair.gold & RIGHTS, pair.read) for pair in pairs if pair.gold & RIGHTS]
    asked = sum(len(gold) for gold, _ in with_right)
    return {
        "recall": {
            str(label): per_label[label]["r"]
            for label in Label
            if label in RIGHTS and per_label[label]["support"]
        },
        "micro_recall": _share(sum(len(gold & read) for gold, read in with_right), asked),
        "messages": len(with_right),
        "all_rights_found": _share(sum(gold <= read for gold, read in with_right), len(with_right)),
        "sent_to_other": _share(sum(read == NOT_OURS for _, read in with_right), len(with_right)),
    }


def _slices(gold: Sequence[Row], pairs: Sequence[Pair]) -> Figures:
    groups: dict[str, list[Pair]] = {}
    for row, pair in zip(gold, pairs, strict=True):
        names = [f"{key}={row.get(key)}" for key in SLICES]
        if len(pair.gold) > 1:
            names.append("multi_label")
        for name in names:
            groups.setdefault(name, []).append(pair)
    return {name: _headlines(group) for name, group in sorted(groups.items())}


def _headlines(pairs: Sequence[Pair]) -> Figures:
    figures = _figures(pairs)
    return {key: figures[key] for key in HEADLINES} | {
        "is_privacy": figures["is_privacy"]["accuracy"],
        "rights_recall": figures["rights"]["micro_recall"],
    }


def average_precision(ranked: Iterable[tuple[float, bool]]) -> float | None:
    """Return the mean precision at each relevant place; None where nothing is relevant."""
    precisions: list[float] = []
    for place, (_, relevant) in enumerate(sorted(ranked, key=lambda item: -item[0]), 1):
        if relevant:
            precisions.append((len(precisions) + 1) / place)
    return _share(sum(precisions), len(precisions)) if precisions else None


def _mean_average_precision(per_label: Mapping[str, Figures]) -> float | None:
    known = [figures["ap"] for figures in per_label.values() if figures["ap"] is not None]
    return _share(sum(known), len(known)) if known else None


def _overlap(pair: Pair) -> float:
    return len(pair.gold & pair.read) / len(pair.gold | pair.read)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _f1(precision: float, recall: float) -> float:
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0


def _rounded(figures: Figures) -> Figures:
    """Round at the very end: a figure made of rounded figures is off in its last place."""
    return {
        name: _rounded(value)
        if isinstance(value, dict)
        else round(value, 4)
        if isinstance(value, float)
        else value
        for name, value in figures.items()
    }
