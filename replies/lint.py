"""The review of a letter: all that its kind demands is in it, and nothing that its kind forbids.

A letter without faults may be sent; each fault tells where it is and why it is one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from replies.dates import A_DATE, IN_WORDS
from replies.facts import Acknowledgement, Letter
from replies.layout import WIDTH, one_line
from replies.page import Page
from replies.render import Rendered
from replies.rules import RULES, Rules, Words
from replies.told import dates, own_words, words


class Fault(NamedTuple):
    """One reason not to send a letter: `where` is its subject, text or html, or the file of a template."""

    where: str
    reason: str
    line: int = 0
    """In the file of a template, from 1."""


def lint(facts: Letter, letter: Rendered) -> list[Fault]:
    """Say all that is wrong with a letter, or nothing."""
    said = one_line(letter.text.replace("\n", " "))
    ours = _without(said, own_words(facts))
    return [
        *(Fault("subject", reason) for reason in _subject(facts, letter.subject)),
        *(Fault("text", reason) for reason in _facts(facts, said)),
        *(Fault("text", reason) for reason in _dates(facts, ours, letter.language)),
        *(
            Fault("text", reason)
            for reason in _words(facts, said.lower(), ours.lower(), RULES[letter.language])
        ),
        *(Fault("text", reason) for reason in _lines(letter.text)),
        *(Fault("html", reason) for reason in _page(letter)),
    ]


def _subject(facts: Letter, subject: str) -> Iterator[str]:
    if one_line(facts.ref) not in subject:
        yield "lacks the reference"
    if not subject.isprintable():
        yield "is more than one printable line"
    if "@" in subject:
        yield "tells an address"


def _facts(facts: Letter, said: str) -> Iterator[str]:
    yield from (f"lacks {what}" for what, line in words(facts) if line not in said)


def _dates(facts: Letter, ours: str, language: str) -> Iterator[str]:
    in_words, (by, others) = IN_WORDS[language], dates(facts)
    expected = Counter(map(in_words, (*by, *others)))
    found = Counter(A_DATE[language].findall(ours))
    yield from (f"lacks the date {day}" for day in expected - found)
    yield from (
        f"tells a date that is none of its facts: {day}" for day in found if day not in expected
    )
    for day, times in Counter(map(in_words, by)).items():
        told = RULES[language].at_the_latest.format(day)
        if ours.count(told) < times:
            yield f"does not say {told!r}"


def _words(facts: Letter, said: str, ours: str, rules: Rules) -> Iterator[str]:
    for row in _rules(facts, rules):
        yield from (rule.reason for rule in row.must if not rule.pattern.search(said))
        for rule in row.never:
            if found := rule.pattern.search(ours):
                yield f"{rule.reason}: {found.group().strip()!r}"


def _rules(facts: Letter, rules: Rules) -> Iterator[Words]:
    yield rules.every_letter
    if not isinstance(facts, Acknowledgement):
        yield rules.by_kind[facts.kind]
        return
    yield rules.acknowledgement
    if facts.agent:
        yield rules.agent
    if facts.unsure:
        yield rules.unsure
        if not facts.agent:
            yield rules.unsure_right
    else:
        yield from (rules.by_label[asked.label] for asked in facts.asked)


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


def _without(said: str, own: Iterable[str]) -> str:
    """Take out what is not ours: a postal address or a person's own sentence breaks no rule of our words."""
    for line in own:
        said = said.replace(line, " ")
    return said
