"""Dates in words, language by language, whatever the locale of the machine.

What a reader would take for a date is known by the same words, so that none is told by mistake.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from babel.dates import format_date, get_month_names

WRITTEN_OUT: Final = "EEEE d MMMM y"
LOCALES: Final = {"en": "en_GB", "cy": "cy"}
"""By language: where its words for days and months are found."""


@lru_cache(maxsize=1024)  # the days of a year or two are told over and over
def _in_words(day: date, locale: str) -> str:
    return format_date(day, WRITTEN_OUT, locale=locale)


def uk_date(day: date) -> str:
    """Write out `Tuesday 29 December 2026`."""
    return _in_words(day, LOCALES["en"])


def cy_date(day: date) -> str:
    """Write out `dydd Mawrth 29 Rhagfyr 2026`, as it stands within a sentence where nothing mutates it."""
    words = _in_words(day, LOCALES["cy"])
    return words[:1].lower() + words[1:]


IN_WORDS: Final[Mapping[str, Callable[[date], str]]] = {"en": uk_date, "cy": cy_date}
"""How a date is written, by language."""


def _a_date(language: str, weekday: str) -> re.Pattern[str]:
    months = "|".join(get_month_names("wide", locale=LOCALES[language]).values())
    return re.compile(
        rf"(?:\b{weekday} )?\b\d{{1,2}} (?:{months})\b(?: \d{{4}})?"
        r"|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b",
        re.IGNORECASE,
    )


A_DATE: Final[Mapping[str, re.Pattern[str]]] = {
    "en": _a_date("en", "[a-z]+day"),
    "cy": _a_date("cy", "d+ydd [a-z]+"),
}
"""Anything that a reader would take for a date, by language."""
