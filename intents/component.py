"""The spaCy component that scores each label of a message: `nlp.add_pipe("asks")`.

The subject is read as the first sentence. Scores go to `Doc.cats`, the sentences that tell most to `Doc.user_data`.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from intents.ngrams import Sentence, sentences
from intents.vocabulary import Vocabulary
from intents.weights import Weights
from store.law import Label

LABELS = tuple(Label)
TELLING = "telling"  # by label, the first and last token of the sentence that tells most for it
KNOWN_SHARE = 0.25  # with fewer known words a text is not one we can read

Nothing = Iterable[str]


class Asks:
    """Scores for the whole message and for its sentences; all are nought where too few words are known."""

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights

    def __call__(self, doc: Doc) -> Doc:
        if self.weights is None:
            raise ValueError("the asks component has no weights yet: train it, or load a model")
        found = sentences([token.text for token in doc])
        doc.cats = dict.fromkeys(map(str, LABELS), 0.0)
        if is_readable(found, self.weights.vocabulary):
            scores, places = self.weights.score([sentence.forms for sentence in found])
            doc.cats = dict(zip(map(str, LABELS), scores.tolist(), strict=True))
            doc.user_data[TELLING] = {
                label: (found[place].start, found[place].end)
                for label, place in zip(LABELS, places, strict=True)
            }
        return doc

    def to_disk(self, path: Path, exclude: Nothing = ()) -> None:  # noqa: ARG002 -- spaCy passes it
        if self.weights is not None:
            self.weights.save(Path(path))

    def from_disk(self, path: Path, exclude: Nothing = ()) -> "Asks":  # noqa: ARG002 -- spaCy passes it
        self.weights = Weights.load(Path(path))
        return self


def is_readable(found: Sequence[Sentence], vocabulary: Vocabulary) -> bool:
    words = [form for sentence in found for form in sentence.forms if form[0].isalpha()]
    known = sum(map(vocabulary.knows, words))
    return known > 0 and known >= KNOWN_SHARE * len(words)


@Language.factory("asks", assigns=["doc.cats"])
def make_asks(nlp: Language, name: str) -> Asks:  # noqa: ARG001 -- spaCy's signature for a factory
    return Asks()
