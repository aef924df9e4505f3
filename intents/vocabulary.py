"""The features that training kept, and how much each counts in a text.

A feature that training never saw counts for nothing; training and reading weigh with this same code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from intents.families import family_features
from intents.ngrams import pairs, pieces

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

# Words and pairs, pieces inside words, families: each kind has length one in a text, times this.
SHARES = np.array([1.0, 0.7, 0.5])
REMEMBERED = 40_000  # words whose features are kept looked up


class Sparse(NamedTuple):
    """The entries of a matrix: text, feature, how much the feature counts there; sorted by text."""

    text: Ids
    feature: Ids
    value: Floats


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and pairs come first, then pieces, then families; `starts` tells where each kind begins."""

    features: Sequence[str]
    starts: Ids
    idf: Floats
    _places: dict[str, int] = field(init=False, repr=False)
    _known: dict[str, list[int]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        places = {feature: place for place, feature in enumerate(self.features)}
        object.__setattr__(self, "_places", places)

    def knows(self, form: str) -> bool:
        return form in self._places

    def places(self, sentence: Sequence[str]) -> list[int]:
        found = [place for form in sentence for place in self._of_word(form)]
        return found + self._found(pairs(sentence)) + self._found(family_features(sentence))

    def _of_word(self, form: str) -> list[int]:
        known = self._known.get(form)
        if known is None:
            known = self._found((form, *pieces(form)))
            if len(self._known) < REMEMBERED:
                self._known[form] = known
        return known

    def _found(self, features: Iterable[str]) -> list[int]:
        places = self._places
        return [places[feature] for feature in features if feature in places]

    def weigh(self, texts: Sequence[Sequence[int]]) -> Sparse:
        sizes = [len(places) for places in texts]
        flat = np.fromiter(chain.from_iterable(texts), np.int64, sum(sizes))
        keys = np.repeat(np.arange(len(texts)) * len(self.features), sizes) + flat
        keys, counts = np.unique(keys, return_counts=True)
        text, feature = np.divmod(keys, max(1, len(self.features)))
        value = (1 + np.log(counts)) * self.idf[feature]
        kind = np.searchsorted(self.starts, feature, side="right") - 1
        block = text * len(SHARES) + kind
        length = np.sqrt(np.bincount(block, value**2, minlength=len(texts) * len(SHARES)))
        return Sparse(text, feature, (value / length[block] * SHARES[kind]).astype(np.float32))
