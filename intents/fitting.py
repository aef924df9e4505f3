"""The fitting itself: a vocabulary, two logistic regressions per label, and their mix, from marked texts.

scikit-learn is known here alone and only while training; the same examples always give the same numbers.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from intents.families import family_features
from intents.ngrams import Text, pairs, pieces
from intents.spelling import Spelling
from intents.vocabulary import Floats, Ids, Vocabulary
from intents.weights import Linear, Weights

SEEN_IN = 2  # messages a feature must stand in, to be kept
KEPT = (60_000, 60_000, 2_000)  # features of each kind at most, the most frequent ones
STRENGTH = 4.0  # inverse of the regularisation
CLAUSE_WEIGHT = 0.5  # of a message's telling clause beside the message itself
NO_MIX = np.zeros((3, 0), np.float32)

Marks = NDArray[np.bool_]
Keep = Callable[[str], bool]
"""Whether a feature may be learned from: what a kind of feature is worth shows without it."""


def every(_feature: str) -> bool:
    return True


def fit(
    texts: Sequence[Text], marks: Marks, keep: Keep = every, spelling: Spelling | None = None
) -> Weights:
    """Fit all but the mix: that is learned from messages which this fit has not seen.

    What is a word is learned from the texts too, unless `spelling` says it.
    """
    spelling = spelling or Spelling.learned(texts)
    mended = [spelling.mend(text) for text in texts]
    vocabulary = _vocabulary(mended, keep)
    places = [[vocabulary.places(clause) for clause in text] or [[]] for text in mended]
    messages = _matrix(vocabulary, [list(chain.from_iterable(each)) for each in places])
    clauses = _matrix(vocabulary, list(chain.from_iterable(places)))
    ends = np.cumsum([len(each) for each in places])
    columns = [_fit_label(messages, clauses, ends, column) for column in marks.T]
    whole, single = (_side_by_side([column[side] for column in columns]) for side in (0, 1))
    return Weights(spelling, vocabulary, whole, single, NO_MIX)


def _fit_label(
    messages: csr_matrix, clauses: csr_matrix, ends: Ids, marked: Marks
) -> tuple[Linear, Linear]:
    """Let a first fit point out each message's most telling clause, and learn from these too.

    A label belongs to a message, and we know not to which clause of it; short messages are like such clauses.
    """
    if not marked.any():
        silent = Linear(np.zeros(messages.shape[1], np.float32), np.array([-10.0], np.float32))
        return silent, silent
    first = _regression(messages, marked)
    scores = clauses @ first.weights
    telling = np.array([start + scores[start:end].argmax() for start, end in _spans(ends)])
    chosen = clauses[telling]
    weight = np.repeat([1.0, CLAUSE_WEIGHT], len(marked))
    whole = _regression(vstack([messages, chosen]), np.tile(marked, 2), weight)
    return whole, _regression(chosen, marked)


def fit_mix(proofs: Floats, marks: Marks) -> Floats:
    """Learn from what unseen messages scored how message and clause are mixed into a probability."""
    mix = np.zeros((3, marks.shape[1]), np.float32)
    mix[2] = -10.0
    for place, marked in enumerate(marks.T):
        if marked.any():
            fitted = _regression(proofs[:, :, place], marked, strength=1.0, balanced=False)
            mix[:, place] = [*fitted.weights, *fitted.bias]
    return mix


def proofs_of(weights: Weights, texts: Iterable[Text]) -> Floats:
    """Return for each text the whole message's logits and the highest of any clause."""
    logits = (weights.logits(text) for text in texts)
    return np.stack([np.stack([whole, each.max(axis=0)]) for whole, each in logits])


def _regression(
    matrix: csr_matrix | Floats,
    marked: Marks,
    weight: NDArray[np.float64] | None = None,
    *,
    strength: float = STRENGTH,
    balanced: bool = True,
) -> Linear:
    fitted = LogisticRegression(
        C=strength,
        class_weight="balanced" if balanced else None,
        solver="liblinear",
        dual=matrix.shape[0] < matrix.shape[1],  # the same answer, found seven times sooner
        random_state=0,
        max_iter=1000,
    ).fit(matrix, marked, sample_weight=weight)
    return Linear(fitted.coef_[0].astype(np.float32), fitted.intercept_.astype(np.float32))


def _side_by_side(columns: Sequence[Linear]) -> Linear:
    weights = np.stack([column.weights for column in columns], axis=1)
    return Linear(weights, np.concatenate([column.bias for column in columns]))


def _matrix(vocabulary: Vocabulary, places: Sequence[Sequence[int]]) -> csr_matrix:
    text, feature, value = vocabulary.weigh(places)
    return csr_matrix((value, (text, feature)), (len(places), len(vocabulary.features)))


def _spans(ends: Ids) -> Iterable[tuple[int, int]]:
    return zip([0, *ends[:-1]], ends, strict=True)


def _vocabulary(texts: Sequence[Text], keep: Keep) -> Vocabulary:
    kinds = [Counter[str](), Counter[str](), Counter[str]()]
    parts = lru_cache(maxsize=None)(pieces)
    for text in texts:
        forms = set(chain.from_iterable(text))
        kinds[0].update(forms.union(*map(pairs, text)))
        kinds[1].update({piece for form in forms for piece in parts(form)})
        kinds[2].update({feature for clause in text for feature in family_features(clause)})
    kept = [list(filter(keep, _kept(seen, most))) for seen, most in zip(kinds, KEPT, strict=True)]
    starts = np.cumsum([0, *map(len, kept[:-1])])
    seen = np.array([kind[each] for kind, names in zip(kinds, kept, strict=True) for each in names])
    idf = np.log((1 + len(texts)) / (1 + seen)) + 1
    return Vocabulary(list(chain.from_iterable(kept)), starts, idf.astype(np.float32))


def _kept(seen: Counter[str], most: int) -> list[str]:
    often = sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:most]
    return sorted(feature for feature, count in often if count >= SEEN_IN)
