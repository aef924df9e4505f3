"""What a text is counted in: words, neighbouring pairs of words, and the pieces inside words.

Training and reading count with these same functions, so that a feature means the same in both.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

PIECES = range(3, 6)  # characters in a piece; the word's ends count as characters
LONGEST = 30  # of a longer word only this much is looked at: it is an address, a token, or junk
SHORTEST, LONGEST_CLAUSE = 5, 30  # words of a clause, where there is no empty line

_BEGINNINGS = """
    i we please can could would will do does did is are if but also because so what who why how when
    where my you your this thanks regards hi hello dear kindly
    ich wir bitte können könnten was wie wer wann und aber mein meine sie
    je nous pouvez merci veuillez mais vous mon ma comment qui quoi pourquoi
    rwy rydw dw os beth pwy pam sut gallwch plis fy
"""
BEGINNINGS = frozenset(_BEGINNINGS.split())
"""Words with which a new clause is likely to begin, in English, German, French and Welsh."""

_DIGIT = re.compile(r"\d")

Text = Sequence[Sequence[str]]
"""The word forms of each clause."""


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
    """A token's form, empty for all but words, and whether it is an empty line."""

    form: str
    ends: bool


def word(token: str) -> Word:
    return Word(word_form(token), token.count("\n") > 1)


class Clause(NamedTuple):
    """Where a clause stands among the tokens, and the forms of its words."""

    start: int
    end: int
    forms: Sequence[str]


def clauses(words: Sequence[Word]) -> list[Clause]:
    """Part words where a clause is likely to begin, and at empty lines.

    Full stops say nothing here: people leave them out, and are to be read alike with and without.
    """
    found: list[Clause] = []
    start, forms = 0, list[str]()
    for place, (form, ends) in enumerate(words):
        if forms and (ends or (form and _is_full(forms, form))):
            found.append(Clause(start, place, forms))
            start, forms = place, []
        if form:
            forms.append(form)
    return [*found, Clause(start, len(words), forms)] if forms else found


def _is_full(forms: Sequence[str], following: str) -> bool:
    return len(forms) >= (SHORTEST if following in BEGINNINGS else LONGEST_CLAUSE)
