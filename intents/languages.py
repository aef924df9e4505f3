"""Which language a message is written in, told by its small words.

Only the languages the desk must recognise; a text too short to tell counts as English.
"""

from collections.abc import Iterable

DEFAULT = "en"
ENOUGH = 3  # small words of another language, before it is believed

TOLD_BY = {
    "en": "the and of to you i is my have for that with this on not be are your it me we please from",
    "cy": "yr y mae ac o yn i fy eich ar gan wedi am ei ond hoffwn rwy rydw oes fel bod hynny sydd chi",
    "fr": "le la les de des et je vous mes mon votre que pour une est pas dans vos sur ne qui ce du avec",
    "de": "der die das und ich sie ist nicht mir meine ihre bitte zu den mit von für ein eine auf dass wir",
}
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in TOLD_BY.items()}


def language_of(words: Iterable[str]) -> str:
    """Pick the language whose small words stand most often among the lower-case words."""
    words = list(words)
    counts = {
        language: sum(map(small.__contains__, words)) for language, small in _SMALL_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= ENOUGH else DEFAULT
