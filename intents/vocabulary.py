"""The features that training kept, and how much each counts in a text.

A feature that training never saw counts for nothing; training and reading weigh with this same code.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
SHARES = np.array([1.0, 0.7, 0.4])
REMEMBERED = 10_000  # words whose features are kept looked up


class Sparse(NamedTuple):
    """The entries of a matrix: text, feature, how much the feature counts there; sorted by text."""

    text: Ids
    feature: Ids
    value: Floats


class _Known(dict[str, list[int]]):
    """The places of a word and its pieces, looked up once for each word."""

    def __init__(self, places: Mapping[str, int]) -> None:
        super().__init__()
        self._places = places

    def __missing__(self, form: str) -> list[int]:
        if len(self) >= REMEMBERED:
            self.clear()
        known = self[form] = found(self._places, (form, *pieces(form)))
        return known


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and pairs come first, then pieces, then families; `starts` tells where each kind begins."""

    features: Sequence[str]
    starts: Ids
    idf: Floats
    _places: dict[str, int] = field(init=False, repr=False)
    _known: _Known = field(init=False, repr=False)

    def __post_init__(self) -> None:
        places = {feature: place for place, feature in enumerate(self.features)}
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_known", _Known(places))

    def known(self, forms: AbstractSet[str]) -> int:
        return len(forms & self._places.keys())

    def places(self, clause: Sequence[str]) -> list[int]:
        beyond = chain(pairs(clause), family_features(clause))
        words = chain.from_iterable(map(self._known.__getitem__, clause))
        return [*words, *found(self._places, beyond)]

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


def found(places: Mapping[str, int], features: Iterable[str]) -> list[int]:
    return [places[feature] for feature in features if feature in places]
