"""From scores to labels: which asks are believed, and when to say that a person should look.

Recall of the rights comes first: a missed request is a broken duty, an unsure one a person's minute.
"""

from collections.abc import Mapping

from store.law import Label

CLOSE = 0.6  # `other` beside an ask that reaches this part of its threshold is too close to call

Scores = Mapping[Label, float]


def settle(scores: Scores, thresholds: Scores) -> tuple[tuple[Label, ...], bool]:
    """Return the labels, best first and at least one, and whether nobody should act on them."""
    reach = {label: scores[label] / thresholds[label] for label in scores}
    ranked = sorted(reach, key=lambda label: reach[label], reverse=True)
    best = ranked[0]
    if best is Label.OTHER:
        rival = max(reach[label] for label in ranked[1:])
        return (best,), reach[best] < 1 or rival >= CLOSE
    clear = tuple(label for label in ranked if reach[label] >= 1 and label is not Label.OTHER)
    return clear or (best,), not clear or reach[Label.OTHER] >= 1
