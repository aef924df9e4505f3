"""The review of a letter: all that its kind demands is in it, and nothing that its kind forbids.

A letter without faults may be sent; each fault tells where it is and why it is one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from replies.facts import Acknowledgement
from replies.layout import WIDTH, one_line
from replies.page import Page
from replies.render import MONTHS, Rendered, uk_date
from replies.rules import AGENT, BY_LABEL, EVERY_LETTER, UNSURE, UNSURE_RIGHT, Words

A_DATE: Final = re.compile(
    rf"(?:\b[a-z]+day )?\b\d{{1,2}} (?:{'|'.join(MONTHS)})\b(?: \d{{4}})?"
    r"|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b",
    re.IGNORECASE,
)


class Fault(NamedTuple):
    """One reason not to send a letter: `where` is its subject, text or html."""

    where: str
    reason: str


def lint(facts: Acknowledgement, letter: Rendered) -> list[Fault]:
    """Say all that is wrong with a letter, or nothing."""
    said = one_line(letter.text)
    ours = _without(said, _own_words(facts))
    return [
        *(Fault("subject", reason) for reason in _subject(facts, letter.subject)),
        *(Fault("text", reason) for reason in _facts(facts, said)),
        *(Fault("text", reason) for reason in _dates(facts, ours)),
        *(Fault("text", reason) for reason in _words(facts, said.lower(), ours.lower())),
        *(Fault("text", reason) for reason in _lines(letter.text)),
        *(Fault("html", reason) for reason in _page(letter)),
    ]


def _subject(facts: Acknowledgement, subject: str) -> Iterator[str]:
    if one_line(facts.ref) not in subject:
        yield "lacks the reference"
    if not subject.isprintable():
        yield "is more than one printable line"
    if "@" in subject:
        yield "tells an address"


def _facts(facts: Acknowledgement, said: str) -> Iterator[str]:
    who = facts.controller
    told = {
        "the reference": facts.ref,
        "the controller's name": who.name,
        "the contact": who.contact,
        "the postal address": who.address,
        "the privacy notice": who.notice_url,
        "the regulator's name": who.regulator_name,
        "the way to the regulator": who.regulator_url,
    }
    for what, fact in told.items():
        if one_line(fact) not in said:
            yield f"lacks {what}"


def _dates(facts: Acknowledgement, ours: str) -> Iterator[str]:
    by, targets = _promised(facts)
    expected = Counter(uk_date(day) for day in (facts.received_on, *by, *targets))
    found = Counter(A_DATE.findall(ours))
    yield from (f"lacks the date {day}" for day in expected - found)
    yield from (f"tells a date that is none of its facts: {day}" for day in found - expected)
    for day, times in Counter(map(uk_date, by)).items():
        if ours.count(f"without undue delay, and by {day} at the latest") < times:
            yield f"does not say 'without undue delay, and by {day} at the latest'"


def _words(facts: Acknowledgement, said: str, ours: str) -> Iterator[str]:
    for rules in _rules(facts):
        yield from (rule.reason for rule in rules.must if not rule.pattern.search(said))
        for rule in rules.never:
            if found := rule.pattern.search(ours):
                yield f"{rule.reason}: {found.group().strip()!r}"


def _rules(facts: Acknowledgement) -> Iterator[Words]:
    yield EVERY_LETTER
    if facts.agent:
        yield AGENT
    if facts.unsure:
        yield UNSURE
        if not facts.agent:
            yield UNSURE_RIGHT
    else:
        yield from (BY_LABEL[asked.label] for asked in facts.asked)


def _promised(facts: Acknowledgement) -> tuple[list[date], list[date]]:
    """Find the dates of the law and the controller's own targets that this letter has to tell."""
    if facts.agent:
        return [], []
    if facts.unsure:
        return [facts.right_by] if facts.right_by else [], []
    by = [asked.due_on for asked in facts.asked if asked.due_on]
    return by, [asked.target_on for asked in facts.asked if asked.target_on]


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > WIDTH and " " in line.removeprefix("- ").strip():
            yield f"line {number} is longer than {WIDTH}"


def _page(letter: Rendered) -> Iterator[str]:
    page = Page(letter.html)
    if _spoken(page.words) != _spoken(letter.text.split()):
        yield "does not say the same as the text"
    if page.title != letter.subject:
        yield "has another title than the subject"
    if not page.language:
        yield "does not tell its language"
    if page.elements["h1"] != 1:
        yield "does not have exactly one first heading"
    yield from (f"reaches out of the letter: {what}" for what in page.unsafe)


def _spoken(words: list[str]) -> list[str]:
    """Leave out the dashes of the text's lists, which HTML draws by itself."""
    return [word for word in words if word != "-"]


def _own_words(facts: Acknowledgement) -> list[str]:
    who = facts.controller
    workings = [asked.working or "" for asked in facts.asked]
    own = [facts.ref, who.name, who.contact, who.address, who.notice_url, *workings]
    return sorted(
        map(one_line, (*own, who.regulator_name, who.regulator_url)), key=len, reverse=True
    )


def _without(said: str, own: Iterable[str]) -> str:
    """Take out what the controller says of itself: a postal address breaks no rule of the words."""
    for words in filter(None, own):
        said = said.replace(words, " ")
    return said
