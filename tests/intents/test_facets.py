"""What a message shows beside its asks: who writes, what it answers, what a person should know before answering."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intents.classifier import Classifier
from intents.reading import Facet, Reading

TABLE = Path(__file__).with_name("facets.txt").read_text(encoding="utf-8")
LEAST = 12  # sentences of each kind


def rows() -> Iterator[tuple[Facet, str, str]]:
    facet = Facet.SELF
    for line in TABLE.splitlines():
        if line.startswith("["):
            facet = Facet(line.strip("[]"))
        elif line.startswith(("+ ", "- ")):
            yield facet, line[0], line[2:]


ROWS = list(rows())


def shown(reading: Reading) -> frozenset[Facet]:
    return reading.facets | reading.writers


@pytest.mark.parametrize("facet", Facet)
def test_a_facet_is_seen_where_it_is_and_not_where_it_only_seems(
    classifier: Classifier, facet: Facet
):
    found = [(sign, text, classifier.read(text)) for of, sign, text in ROWS if of is facet]
    missed = [text for sign, text, read in found if sign == "+" and facet not in shown(read)]
    false = [text for sign, text, read in found if sign == "-" and facet in shown(read)]
    assert (missed, false) == ([], [])


@pytest.mark.parametrize("facet", Facet)
@pytest.mark.parametrize("sign", ["+", "-"])
def test_each_facet_has_its_sentences(facet: Facet, sign: str):
    texts = {text for of, kind, text in ROWS if of is facet and kind == sign}
    assert len(texts) >= LEAST
