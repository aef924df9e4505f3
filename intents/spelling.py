"""Mistyped words: one slip of a finger away from a word that many use, a word is read as that one.

A slip is a letter too many, too few or another, or two that changed places (Damerau). What is
known stays as it is, and so does whatever is near to nothing. Training and reading mend alike.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from intents.ngrams import Text

COMMON = 4  # messages that use a word, for it to be known
SHORTEST = 4  # letters; of shorter words too many are near to each other
REMEMBERED = 10_000  # words that were looked up


class Spelling:
    def __init__(self, words: Sequence[str]) -> None:
        """Know these words, the most frequent first: where several are as near, the first is meant."""
        self.words = words
        self._rank = {word: rank for rank, word in enumerate(words)}
        self._found: dict[str, str] = {}
        self._shortened: dict[str, list[str]] = defaultdict(list)
        for word in words:
            if len(word) >= SHORTEST:
                for short in shortened(word):
                    self._shortened[short].append(word)

    @classmethod
    def learned(cls, texts: Iterable[Text]) -> "Spelling":
        """Know the words that stand in several of the texts."""
        seen = Counter[str]()
        for text in texts:
            seen.update({form for form in chain.from_iterable(text) if form.isalpha()})
        common = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
        return cls([word for word, times in common if times >= COMMON])

    def mend(self, text: Text) -> list[list[str]]:
        return [[self.mended(form) for form in clause] for clause in text]

    def mended(self, form: str) -> str:
        if form in self._rank or len(form) < SHORTEST or not form.isalpha():
            return form
        if form not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[form] = min(self._near(form), key=self._rank.__getitem__, default=form)
        return self._found[form]

    def _near(self, form: str) -> Iterator[str]:
        for short in shortened(form):
            for word in self._shortened.get(short, ()):
                if is_one_slip(form, word):
                    yield word


def shortened(word: str) -> set[str]:
    """Return the word and what is left of it without any one letter: two words a slip apart share one of these."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def is_one_slip(form: str, word: str) -> bool:
    """Tell, of two words that share what `shortened` returns, whether one slip makes one of the other."""
    if len(form) != len(word):
        return True
    first, *others = (at for at in range(len(word)) if form[at] != word[at])
    swapped = form[first : first + 2] == word[first : first + 2][::-1]
    return not others or (others == [first + 1] and swapped)
