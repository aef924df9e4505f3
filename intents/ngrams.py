"""What a text is counted in: words, neighbouring pairs of words, and the pieces inside words.

Training and reading count with these same functions, so that a feature means the same in both.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

PIECES = range(3, 6)  # characters in a piece; the word's ends count as characters
LONGEST = 30  # of a longer word only this much is looked at: it is an address, a token, or junk
SENTENCE = (
    45  # words; a longer stretch without an end is cut, so that missing full stops matter little
)

_ENDS = frozenset(".!?…;")
_DIGIT = re.compile(r"\d")


def word_form(token: str) -> str:
    """Make what is only somebody's detail alike: numbers, addresses, links; punctuation has no form."""
    form = token[:LONGEST].lower().strip()
    if not any(map(str.isalnum, form)):
        return ""
    if "@" in form:
        return "@"
    if form.startswith(("http", "www.")):
        return "://"
    return _DIGIT.sub("0", form)


def pieces(form: str) -> tuple[str, ...]:
    """Cut a word into runs of characters: `<ac`, `acc`, ... `ess>`."""
    bound = f"<{form}>"
    return tuple(
        f"~{bound[start : start + size]}"
        for size in PIECES
        for start in range(len(bound) - size + 1)
    )


def pairs(forms: Sequence[str]) -> Iterator[str]:
    return (f"{first} {second}" for first, second in pairwise(forms))


class Word(NamedTuple):
    """A token's form, empty for all but words, and whether it ends a sentence."""

    form: str
    ends: bool


def word(token: str) -> Word:
    return Word(word_form(token), token in _ENDS or "\n" in token)


class Sentence(NamedTuple):
    """Where a sentence stands among the tokens, and the forms of its words."""

    start: int
    end: int
    forms: Sequence[str]


def sentences(words: Sequence[Word]) -> list[Sentence]:
    """Part words at full stops and line ends, and by length where there is neither."""
    found: list[Sentence] = []
    start, forms = 0, list[str]()
    for place, (form, ends) in enumerate(words, 1):
        if form:
            forms.append(form)
        if ends or len(forms) >= SENTENCE or place == len(words):
            if forms:
                found.append(Sentence(start, place, forms))
            start, forms = place, []
    return found
