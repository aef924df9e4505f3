"""The spaCy components: `asks` scores each label of a message, `facets` finds the phrases that tell who writes.

The subject is read as the first sentence. What they find lies on the Doc, and nothing of it in the components.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from spacy.attrs import ORTH
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from intents.languages import language_of
from intents.ngrams import Sentence, Word, sentences, word
from intents.reading import Facet
from intents.rules import phrases
from intents.vocabulary import Vocabulary
from intents.weights import Weights
from store.law import Label

LABELS = tuple(Label)
TELLING = "telling"  # Doc.user_data: by label, where the sentence stands that tells most for it
LANGUAGE = "language"  # Doc.user_data
FACETS = "facets"  # Doc.spans: the phrases, labelled
KNOWN_SHARE = 0.25  # with fewer known words a text is not one we can read
REMEMBERED = 10_000  # tokens whose word form is kept

Nothing = Iterable[str]


class Asks:
    """Scores for the whole message and for its sentences; all are nought where too few words are known."""

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights
        self._words: dict[int, Word] = {}

    def __call__(self, doc: Doc) -> Doc:
        if self.weights is None:
            raise ValueError("the asks component has no weights yet: train it, or load a model")
        found = self.sentences(doc)
        doc.cats = dict.fromkeys(map(str, LABELS), 0.0)
        doc.user_data[LANGUAGE] = language_of(form for each in found for form in each.forms)
        doc.user_data[TELLING] = {}
        if is_readable(found, self.weights.vocabulary):
            scores, places = self.weights.score([each.forms for each in found])
            doc.cats = dict(zip(map(str, LABELS), scores.tolist(), strict=True))
            spans = ((found[place].start, found[place].end) for place in places)
            doc.user_data[TELLING] = dict(zip(LABELS, spans, strict=True))
        return doc

    def sentences(self, doc: Doc) -> list[Sentence]:
        return sentences([self._word(orth, doc) for orth in doc.to_array(ORTH).tolist()])

    def _word(self, orth: int, doc: Doc) -> Word:
        """Know a token by its number: asking spaCy for the text of every token takes longer than all else."""
        known = self._words.get(orth)
        if known is None:
            known = word(doc.vocab.strings[orth])
            if len(self._words) < REMEMBERED:
                self._words[orth] = known
        return known

    def to_disk(self, path: Path, exclude: Nothing = ()) -> None:  # noqa: ARG002 -- spaCy passes it
        if self.weights is not None:
            self.weights.save(Path(path))

    def from_disk(self, path: Path, exclude: Nothing = ()) -> "Asks":  # noqa: ARG002 -- spaCy passes it
        self.weights = Weights.load(Path(path))
        return self


def is_readable(found: Sequence[Sentence], vocabulary: Vocabulary) -> bool:
    words = {form for sentence in found for form in sentence.forms if form[0].isalpha()}
    known = vocabulary.known(words)
    return known > 0 and known >= KNOWN_SHARE * len(words)


class Facets:
    """The phrases of `intents.rules`, whatever their case."""

    def __init__(self, nlp: Language) -> None:
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        for facet in Facet:
            self._matcher.add(facet.value, [nlp.make_doc(phrase) for phrase in phrases(facet)])

    def __call__(self, doc: Doc) -> Doc:
        doc.spans[FACETS] = [
            Span(doc, start, end, label=name) for name, start, end in self._matcher(doc)
        ]
        return doc


@Language.factory("asks", assigns=["doc.cats"])
def make_asks(nlp: Language, name: str) -> Asks:  # noqa: ARG001 -- spaCy's signature for a factory
    return Asks()


@Language.factory("facets", assigns=["doc.spans"])
def make_facets(nlp: Language, name: str) -> Facets:  # noqa: ARG001 -- spaCy's signature for a factory
    return Facets(nlp)
