"""By when a writer wants an answer: "within 14 days", "by 3 June". What they claim, never what the law says.

A sentence counts that demands something; what we promised, or what happened within some days, is no claim.
Only so much of a text is looked at, each sentence once.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST = 5
LONGEST = 400  # characters of a sentence that are looked at
HOURS = 24
SATURDAY = 5
A_QUARTER = timedelta(days=90)

MONTHS = "january february march april may june july august september october november december"
DAYS = "monday tuesday wednesday thursday friday saturday sunday"
NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
        ],
        start=1,
    )
} | {"a": 1, "twenty": 20, "twenty-one": 21, "twenty-eight": 28, "thirty": 30}
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS.split())
_BY = r"(?:by|before|no later than|not later than|latest by|deadline (?:is|of))\s+(?:the\s+)?"
_WEEKDAY = "|".join(DAYS.split())

WITHIN = re.compile(
    rf"\b(?:within|inside)\s+(?:the\s+)?(?:next\s+)?(?P<count>\d{{1,3}}|{'|'.join(NUMBERS)})"
    r"(?:\s*\(\d{1,3}\))?\s+(?P<working>working\s+|business\s+|calendar\s+)?"
    r"(?P<unit>hour|day|week|month)s?\b",
    re.IGNORECASE,
)
ON_A_DATE = re.compile(
    rf"\b{_BY}(?:(?:{_WEEKDAY}),?\s+)?(?:the\s+)?(?:"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>20\d\d))?"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>20\d\d))?"
    r"|(?P<day3>\d{1,2})[/.](?P<month3>\d{1,2})[/.](?P<year3>(?:20)?\d\d)\b"
    r"|(?P<year4>20\d\d)-(?P<month4>\d\d)-(?P<day4>\d\d)\b)",
    re.IGNORECASE,
)
ON_A_WEEKDAY = re.compile(
    rf"\b{_BY}(?:close\s+of\s+(?:play|business)\s+(?:on\s+)?|end\s+of\s+(?:play\s+|business\s+)?(?:on\s+)?)?"
    rf"(?:this\s+|next\s+|coming\s+)?(?P<weekday>{_WEEKDAY}|tomorrow|today)\b",
    re.IGNORECASE,
)
DEMANDS = re.compile(
    r"\b(?:repl(?:y|ies)|respon[ds]\w*|answer|comply|compliance|confirm\w*|hear|receive|provide|send|supply"
    r"|delet\w+|eras\w+|remov\w+|expect|require|need|want|must|deadline|let me|give me|get back|act(?:ion)?|please)\b",
    re.IGNORECASE,
)
NO_CLAIM = re.compile(
    r"\b(?:(?:you|they|he|she|who)\s+(?:said|told|promised|replied|answered|wrote|claimed|had|would|will get)"
    r"|we\s+(?:will|aim|reply|respond|answer|shall|promise)|(?:polic|notice|website|term|guarantee)\w*"
    r"|(?:arrived|happened|moved|left|came|paid|bought|returned|replied|received|sent)\s+(?:it\s+|me\s+|them\s+)?(?:within|in|by|before)"
    r"|do you|how long|may return|can return|offer|sale|discount|early bird|book now|register)",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[!?\n]+|\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A limit that the writer sets, in their own words; `on` says which day that makes."""

    said: str
    count: int = 0
    unit: str = ""
    """What is counted: hour, day, working day, week, month; empty where a date is named."""
    day: int = 0
    month: int = 0
    year: int = 0
    """0 where the writer names no year: the next such day is meant, or one that has just passed."""
    weekday: str = ""

    def on(self, received_on: date) -> date | None:
        """Return the day that is meant in a message received on `received_on`; None where there is no such day."""
        try:
            return self._on(received_on)
        except ValueError:
            return None

    def _on(self, received_on: date) -> date:
        if self.unit:
            return later(received_on, self.count, self.unit)
        if self.weekday:
            return weekday_after(received_on, self.weekday)
        named = date(self.year or received_on.year, self.month, self.day)
        passed = not self.year and received_on - named > A_QUARTER
        return named.replace(year=named.year + 1) if passed else named


def later(start: date, count: int, unit: str) -> date:
    if unit == "month":
        years, month = divmod(start.month - 1 + count, 12)
        year, month = start.year + years, month + 1
        return date(year, month, min(start.day, monthrange(year, month)[1]))
    if unit == "working day":
        while count:
            start += timedelta(days=1)
            count -= start.weekday() < SATURDAY
        return start
    days = {"hour": -(-count // HOURS), "day": count, "week": 7 * count}
    return start + timedelta(days=days[unit])


def weekday_after(start: date, name: str) -> date:
    near = {"today": 0, "tomorrow": 1}
    if name in near:
        return start + timedelta(days=near[name])
    return start + timedelta(days=(DAYS.split().index(name) - start.weekday() - 1) % 7 + 1)


def claims(text: str) -> tuple[Claim, ...]:
    """Return the limits that `text` sets, each once, in order."""
    return tuple(dict.fromkeys(_found(text)))[:MOST]


def _found(text: str) -> Iterator[Claim]:
    for sentence in SENTENCE_END.split(text):
        near = sentence[:LONGEST]
        if DEMANDS.search(near) and not NO_CLAIM.search(near):
            yield from map(_counted, WITHIN.finditer(near))
            yield from map(_dated, ON_A_DATE.finditer(near))
            yield from map(_on_weekday, ON_A_WEEKDAY.finditer(near))


def _counted(match: re.Match[str]) -> Claim:
    count = match["count"].lower()
    unit = match["unit"].lower()
    rests = (match["working"] or "").lower().startswith(("working", "business"))
    number = NUMBERS.get(count) or int(count)
    return Claim(_said(match), number, "working day" if rests and unit == "day" else unit)


def _dated(match: re.Match[str]) -> Claim:
    day, month, year = (
        next(filter(None, (match[f"{part}{n}"] for n in ("", 2, 3, 4))), "0")
        for part in ("day", "month", "year")
    )
    named = [name[:3] for name in MONTHS.split()]
    number = int(month) if month.isdigit() else named.index(month[:3].lower()) + 1
    full = int(year) + 2000 if len(year) == len("26") else int(year)
    return Claim(_said(match), day=int(day), month=number, year=full)


def _on_weekday(match: re.Match[str]) -> Claim:
    return Claim(_said(match), weekday=match["weekday"].lower())


def _said(match: re.Match[str]) -> str:
    return " ".join(match[0].split())
