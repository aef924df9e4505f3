"""The trained numbers, and the sparse product that turns a text's features into one score per label.

Reading needs numpy alone, and the same text always gives the same scores.
"""

from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from intents.ngrams import Text
from intents.spelling import Spelling
from intents.vocabulary import Floats, Sparse, Vocabulary

NUMBERS, FEATURES, WORDS = "numbers.npz", "features.txt", "words.txt"


@dataclass(frozen=True, slots=True)
class Linear:
    """A weight for each feature and label, and where each label starts from."""

    weights: Floats
    bias: Floats

    def __call__(self, sparse: Sparse, texts: int) -> Floats:
        logits = np.tile(self.bias, (texts, 1))
        present, starts = np.unique(sparse.text, return_index=True)
        if len(present):
            products = sparse.value[:, None] * self.weights[sparse.feature]
            logits[present] += np.add.reduceat(products, starts)
        return logits


@dataclass(frozen=True, slots=True)
class Weights:
    """What the whole message says and what its most telling clause says, and how the two are mixed."""

    spelling: Spelling
    vocabulary: Vocabulary
    whole: Linear
    single: Linear
    mix: Floats

    def score(self, text: Text, votes: Floats) -> tuple[Floats, list[int]]:
        """Return each label's score, and the place of the clause that tells most for it."""
        whole, each = self.logits(text)
        return mixed(whole, each.max(axis=0), self.mix, votes), each.argmax(axis=0).tolist()

    def logits(self, text: Text) -> tuple[Floats, Floats]:
        """Return a row for the whole message, and a row for each clause; there is at least one."""
        places = [self.vocabulary.places(clause) for clause in self.spelling.mend(text)] or [[]]
        together = self.vocabulary.weigh([list(chain.from_iterable(places))])
        whole = self.whole(together, 1)[0]
        return whole, self.single(self.vocabulary.weigh(places), len(places))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FEATURES).write_text("\n".join(self.vocabulary.features), encoding="utf-8")
        (folder / WORDS).write_text("\n".join(self.spelling.words), encoding="utf-8")
        np.savez_compressed(
            folder / NUMBERS,
            starts=self.vocabulary.starts,
            idf=self.vocabulary.idf.astype(np.float16),
            whole=self.whole.weights.astype(np.float16),
            whole_bias=self.whole.bias,
            single=self.single.weights.astype(np.float16),
            single_bias=self.single.bias,
            mix=self.mix,
        )

    @classmethod
    def load(cls, folder: Path) -> "Weights":
        features = (folder / FEATURES).read_text(encoding="utf-8").split("\n")
        spelling = Spelling((folder / WORDS).read_text(encoding="utf-8").split("\n"))
        with np.load(folder / NUMBERS) as saved:
            numbers = {name: saved[name].astype(np.float32) for name in saved if name != "starts"}
            vocabulary = Vocabulary(features, saved["starts"], numbers["idf"])
        whole = Linear(numbers["whole"], numbers["whole_bias"])
        single = Linear(numbers["single"], numbers["single_bias"])
        return cls(spelling, vocabulary, whole, single, numbers["mix"])


def mixed(whole: Floats, best: Floats, mix: Floats, votes: Floats) -> Floats:
    """Make a score of what the whole says, what the best clause says, and what the rules say."""
    logits: Floats = mix[0] * whole + mix[1] * best + mix[2] + votes
    return (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
