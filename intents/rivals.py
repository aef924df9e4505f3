"""What the model is measured beside: plain phrases alone, and TF-IDF with a logistic regression.

Both answer in the same form as a Reading, on the same messages; the second learns from the same corpus.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from intents.component import LABELS, PHRASES
from intents.corpus import Example
from intents.preparation import prepare
from intents.tokens import blank
from intents.training import HELD_OUT
from store.law import Label

ABSENT = {
    "minilm": "not measured: MiniLM needs weights made elsewhere, and this product downloads none"
}
"""What else a model could be measured beside, and why it is not."""

Message = tuple[str, str]
"""Text and subject."""
Scores = Mapping[Label, float]
HALF = 0.5


def by_phrases(messages: Iterable[Message]) -> list[Scores]:
    """Score by the phrases of `intents.rules` alone: a label is asked where one of its phrases stands."""
    nlp = blank()
    nlp.add_pipe("phrases")
    found: list[Scores] = []
    for text, subject in messages:
        doc = nlp(prepare(text, subject).text)
        asked = {span.label_ for span in doc.spans[PHRASES]} or {Label.OTHER}
        found.append({label: float(label in asked) for label in LABELS})
    return found


def by_tf_idf(messages: Sequence[Message], examples: Iterable[Example]) -> list[Scores]:
    """Score by words and pairs of words, learned from `examples` without the writers that are held out."""
    learned = [each for each in examples if each.writer not in HELD_OUT]
    vectors = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    known = vectors.fit_transform([f"{each.subject}\n{each.text}" for each in learned])
    marks = np.array([[label in each.labels for label in LABELS] for each in learned])
    model = OneVsRestClassifier(LogisticRegression(C=10, class_weight="balanced", max_iter=1000))
    model.fit(known, marks)
    rows = model.predict_proba(vectors.transform([f"{s}\n{t}" for t, s in messages]))
    return [dict(zip(LABELS, map(float, row), strict=True)) for row in rows]


def labels_of(scores: Scores) -> Sequence[Label]:
    """Return what a rival asserts: what scores a half or more, else its best guess."""
    asked = [label for label in LABELS if label is not Label.OTHER and scores[label] >= HALF]
    return asked or [max(scores, key=lambda label: scores[label])]
