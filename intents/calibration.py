"""How far scores can be taken as probabilities: of what scored 0.8, eight in ten should be right.

Every label's score of every message is one prediction; bins are a tenth wide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions whose scores lie in one tenth: how many, what they say, how many were right."""

    count: int
    mean_score: float
    share_right: float


def curve(predictions: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Return the reliability curve, lowest scores first; a tenth without predictions is left out."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for score, right in predictions:
        bins[min(BINS - 1, int(score * BINS))].append((score, right))
    return [
        Bin(
            len(found),
            sum(score for score, _ in found) / len(found),
            sum(right for _, right in found) / len(found),
        )
        for found in bins
        if found
    ]


def expected_error(found: Sequence[Bin]) -> float:
    """Return the expected calibration error: how far score and share lie apart, weighed by count."""
    total = sum(each.count for each in found)
    apart = sum(each.count * abs(each.mean_score - each.share_right) for each in found)
    return apart / total if total else 0.0
