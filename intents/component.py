"""The spaCy components: `phrases` marks what rules know, `asks` scores each label of a message.

The subject is read as a clause of its own. What they find lies on the Doc, and nothing of it in the components.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from intents import tokens as _tokens  # noqa: F401 -- registers the tokenizer the model names
from intents.hints import HINTS
from intents.languages import language_of
from intents.ngrams import Clause, Word, clauses, word
from intents.rules import ASKS, BARE, BARE_WORDS, NEGATIONS, REACH, spelt_out
from intents.vocabulary import Floats, Vocabulary
from intents.weights import Weights
from intents.writers import WRITERS
from store.law import Label

LABELS = tuple(Label)
PHRASES, FACETS = "phrases", "facets"  # Doc.spans: what asks, and what tells who writes
TELLING = "telling"  # Doc.user_data: by label, where the clause stands that tells most for it
LANGUAGE = "language"  # Doc.user_data
KNOWN_SHARE = 0.25  # with fewer known words a text is not one we can read
REMEMBERED = 10_000  # tokens whose word form is kept
# What a rule adds to a label's logit, and what any of them takes from that of `other`.
PLAIN, BARE_ASK, NOT_OTHER = 1.0, 8.0, 0.5

Nothing = Iterable[str]


class Phrases:
    """The phrases of `intents.rules`, `intents.writers` and `intents.hints`, whatever their case."""

    def __init__(self, nlp: Language) -> None:
        self._matchers = {
            PHRASES: PhraseMatcher(nlp.vocab, attr="LOWER"),
            FACETS: PhraseMatcher(nlp.vocab, attr="LOWER"),
        }
        for group, rules in ((PHRASES, ASKS), (FACETS, WRITERS | HINTS)):
            for name, lines in rules.items():
                for wording in spelt_out(lines):  # one by one: all at once they fill the memory
                    self._matchers[group].add(name.value, [nlp.make_doc(wording)])

    def __call__(self, doc: Doc) -> Doc:
        for group, matcher in self._matchers.items():
            doc.spans[group] = [Span(doc, start, end, name) for name, start, end in matcher(doc)]
        return doc


class Asks:
    """Scores for the whole message and for its clauses; all are nought where too few words are known."""

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights
        self._words: dict[int, Word] = {}

    def __call__(self, doc: Doc) -> Doc:
        if self.weights is None:
            raise ValueError("the asks component has no weights yet: train it, or load a model")
        found = self.clauses(doc)
        doc.cats = dict.fromkeys(map(str, LABELS), 0.0)
        doc.user_data[LANGUAGE] = language_of(form for each in found for form in each.forms)
        doc.user_data[TELLING] = {}
        if is_readable(found, self.weights.vocabulary):
            scores, places = self.weights.score([each.forms for each in found], votes(doc, found))
            doc.cats = dict(zip(map(str, LABELS), scores.tolist(), strict=True))
            spans = ((found[place].start, found[place].end) for place in places)
            doc.user_data[TELLING] = dict(zip(LABELS, spans, strict=True))
        return doc

    def clauses(self, doc: Doc) -> list[Clause]:
        return clauses([self._word(orth, doc) for orth in doc.to_array(ORTH).tolist()])

    def _word(self, orth: int, doc: Doc) -> Word:
        """Know a token by its number: asking spaCy for the text of every token takes longer than all else."""
        known = self._words.get(orth)
        if known is None:
            known = word(doc.vocab.strings[orth])
            if len(self._words) < REMEMBERED:
                self._words[orth] = known
        return known

    def to_disk(self, path: Path, exclude: Nothing = ()) -> None:
        if self.weights is not None:
            self.weights.save(Path(path))

    def from_disk(self, path: Path, exclude: Nothing = ()) -> "Asks":
        self.weights = Weights.load(Path(path))
        return self


def is_readable(found: Sequence[Clause], vocabulary: Vocabulary) -> bool:
    words = {form for clause in found for form in clause.forms if form[0].isalpha()}
    known = vocabulary.known(words)
    return known > 0 and known >= KNOWN_SHARE * len(words)


def votes(doc: Doc, found: Sequence[Clause]) -> Floats:
    """Return what the rules add to the logit of each label."""
    asked = {span.label_ for span in doc.spans[PHRASES] if not _is_denied(span)}
    vote = {label: PLAIN for label in LABELS if label in asked}
    forms = [form for clause in found for form in clause.forms]
    if len(forms) <= BARE:
        vote |= {BARE_WORDS[form]: BARE_ASK for form in forms if form in BARE_WORDS}
    vote[Label.OTHER] = -NOT_OTHER * max(vote.values(), default=0.0)
    return np.array([vote.get(label, 0.0) for label in LABELS], np.float32)


def _is_denied(span: Span) -> bool:
    before = span.doc[max(0, span.start - REACH) : span.start]
    return any(token.lower_ in NEGATIONS for token in before)


@Language.factory("phrases", assigns=["doc.spans"])
def make_phrases(nlp: Language, name: str) -> Phrases:
    return Phrases(nlp)


@Language.factory("asks", assigns=["doc.cats"], requires=["doc.spans"])
def make_asks(nlp: Language, name: str) -> Asks:
    return Asks()
