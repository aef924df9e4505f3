"""From scores to labels: which asks are believed, and when to say that a person should look.

Recall of the rights comes first: a missed request is a broken duty, an unsure one a person's minute.
"""

from collections.abc import Mapping

from store.law import Label

LEAD = 2.0  # a message is called `other` only if that reaches this much further than any ask
CLOSE = 0.6  # ... and nobody may act on it while an ask reaches this part of its threshold

Scores = Mapping[Label, float]


def settle(scores: Scores, thresholds: Scores) -> tuple[tuple[Label, ...], bool]:
    """Return the labels, best first and at least one, and whether nobody should act on them.

    A score is judged by how far it reaches towards its label's threshold.
    """
    reach = {label: score / thresholds[label] for label, score in scores.items()}
    not_ours = reach.pop(Label.OTHER)
    ranked = sorted(reach, key=lambda label: reach[label], reverse=True)
    best = reach[ranked[0]]
    if not_ours >= LEAD * best:
        return (Label.OTHER,), not_ours < 1 or best >= CLOSE
    clear = tuple(label for label in ranked if reach[label] >= 1)
    return clear or (ranked[0],), not clear or (not_ours >= 1 and LEAD * not_ours > best)
