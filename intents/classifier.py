"""From the text of a message to its Reading: what is asked, how sure that is, and who seems to write.

Time is bounded on any input, since only so much of a message is read; the same text always gives the same reading.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from intents import component as _component  # noqa: F401 -- registers the factory the model names
from intents.languages import language_of
from intents.preparation import prepare
from intents.reading import Reading
from intents.verdict import settle
from store.law import Label

SHIPPED = Path(__file__).parent / "model"
CARD = "card.json"


class Classifier:
    """A pipeline, and the threshold from which each of its labels is believed."""

    def __init__(self, nlp: Language, thresholds: Mapping[Label, float]) -> None:
        self._nlp = nlp
        self._thresholds = thresholds

    @classmethod
    def load(cls, path: Path | None = None) -> "Classifier":
        folder = path or SHIPPED
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        thresholds = {Label(name): value for name, value in card["thresholds"].items()}
        return cls(spacy.load(folder), thresholds)

    def read(self, text: str, subject: str = "") -> Reading:
        return self._reading(self._nlp(prepare(text, subject).text))

    def read_many(self, messages: Iterable[tuple[str, str]]) -> list[Reading]:
        """Read pairs of text and subject, in their order."""
        texts = (prepare(text, subject).text for text, subject in messages)
        return [self._reading(doc) for doc in self._nlp.pipe(texts)]

    def _reading(self, doc: Doc) -> Reading:
        scores = {Label(name): score for name, score in doc.cats.items()}
        labels, unsure = settle(scores, self._thresholds)
        language = language_of(token.lower_ for token in doc)
        return Reading(labels, scores, unsure, language=language)
