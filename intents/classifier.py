"""From the text of a message to its Reading: what is asked, how sure that is, and who seems to write.

Time and memory are bounded on any input, since only so much of a message is read; the same text reads the same.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from intents.behalf import on_behalf_of
from intents.claims import claims
from intents.component import FACETS, LANGUAGE, TELLING
from intents.identifiers import identifiers
from intents.preparation import prepare
from intents.reading import Facet, Reading
from intents.shipped import CARD, SHIPPED
from intents.verdict import settle
from store.law import Label

QUOTE = 200  # characters of a clause that are quoted as a reason
STRINGS = 20_000  # that a pipeline may remember: it keeps every word that it ever met


class Classifier:
    """The pipeline in a folder, and the threshold from which each of its labels is believed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._nlp, self._thresholds = _opened(folder)

    @classmethod
    def load(cls, path: Path | None = None) -> "Classifier":
        return cls(path or SHIPPED)

    def read(self, text: str, subject: str = "") -> Reading:
        if len(self._nlp.vocab.strings) > STRINGS:
            self._nlp, self._thresholds = _opened(self._folder)
        return self._reading(self._nlp(prepare(text, subject).text))

    def read_many(self, messages: Iterable[tuple[str, str]]) -> list[Reading]:
        """Read pairs of text and subject, in their order."""
        return [self.read(text, subject) for text, subject in messages]

    def _reading(self, doc: Doc) -> Reading:
        scores = {Label(name): score for name, score in doc.cats.items()}
        labels, unsure = settle(scores, self._thresholds)
        facets = frozenset(Facet(span.label_) for span in doc.spans[FACETS])
        reasons = _reasons(doc, labels)
        return Reading(
            labels,
            scores,
            unsure,
            facets,
            reasons,
            doc.user_data[LANGUAGE],
            identifiers(doc.text),
            on_behalf_of(doc.text),
            claims(doc.text),
        )


def _opened(folder: Path) -> tuple[Language, Mapping[Label, float]]:
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    thresholds = {Label(name): value for name, value in card["thresholds"].items()}
    return spacy.load(folder), thresholds


def _reasons(doc: Doc, labels: Iterable[Label]) -> tuple[str, ...]:
    """Quote what decided: for each label its most telling clause, then the phrases behind the facets."""
    telling = doc.user_data[TELLING]
    quotes = [(label, doc[slice(*telling[label])]) for label in labels if label in telling]
    quotes += [(span.label_, span) for span in doc.spans[FACETS]]
    lines = (f"{name}: {' '.join(span.text.split())[:QUOTE]}" for name, span in quotes)
    return tuple(dict.fromkeys(lines))
