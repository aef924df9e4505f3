"""From text to tokens: runs of letters and digits, single marks, and the white space that is more than one blank.

One regular expression, since spaCy's own rules took most of a reading's time and a linear model
gains nothing from them. The tokens of a Doc always join to its text again.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

NAME = "privacy_intake.tokens"
TOKEN = re.compile(r"(\w+|[^\w\s])( ?)|(\s+)")


class Tokens:
    """A spaCy tokenizer without settings: there is nothing to save."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words, spaces = [], []
        for word, blank, white in TOKEN.findall(text):
            words.append(word or white)
            spaces.append(bool(blank))
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_disk(self, path: Path, exclude: Iterable[str] = ()) -> None:
        pass

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> "Tokens":
        return self


def make_tokens() -> Callable[[Language], Tokens]:
    return lambda nlp: Tokens(nlp.vocab)


registry.tokenizers(NAME, func=make_tokens)


def blank() -> Language:
    """Return an empty pipeline with this tokenizer, for text of any language."""
    return spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": NAME}}})
