"""Dates in words, language by language, whatever the locale of the machine."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DYDDIAU: Final = ("Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul")
MISOEDD: Final = (
    *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
    *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
)


def uk_date(day: date) -> str:
    """Write out `Tuesday 29 December 2026`."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def cy_date(day: date) -> str:
    """Write out `dydd Mawrth 29 Rhagfyr 2026`, as it stands where nothing mutates it."""
    return f"dydd {DYDDIAU[day.weekday()]} {day.day} {MISOEDD[day.month - 1]} {day.year}"


IN_WORDS: Final = {"en": uk_date, "cy": cy_date}
"""How a date is written, by language."""


def _a_date(weekday: str, months: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf"(?:\b{weekday} )?\b\d{{1,2}} (?:{'|'.join(months)})\b(?: \d{{4}})?"
        r"|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b",
        re.IGNORECASE,
    )


A_DATE: Final[Mapping[str, re.Pattern[str]]] = {
    "en": _a_date("[a-z]+day", MONTHS),
    "cy": _a_date("d+ydd [a-z]+", MISOEDD),
}
"""Anything that a reader would take for a date, by language."""
