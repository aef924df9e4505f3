"""What of its facts a letter has to tell: the words, line by line, and the dates.

An acknowledgement tells fewer than it holds where it goes to an agent or is unsure; every other kind tells all it holds.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Final, NamedTuple

from replies.facts import Acknowledgement, Letter
from replies.facts.outcomes import Issue
from replies.layout import as_written, one_line

UNSAID: Final = frozenset({"ref", "decided_by", "reviewed_by"})
"""Facts that are looked for under another name, or only prove that the letter may be written."""


class Dates(NamedTuple):
    """The dates that the law sets, and all others."""

    by: list[date]
    others: list[date]


def words(facts: Letter) -> Iterator[tuple[str, str]]:
    """Name each line of words that the letter must contain."""
    who = facts.controller
    yield "the reference", one_line(facts.ref)
    yield "the controller's name", one_line(who.name)
    yield "the contact", one_line(who.contact)
    yield "the postal address", one_line(who.address)
    yield "the privacy notice", one_line(who.notice_url)
    yield "the regulator's name", one_line(who.regulator_name)
    yield "the way to the regulator", one_line(who.regulator_url)
    if not isinstance(facts, Acknowledgement):
        yield from _written(facts)


def own_words(facts: Letter) -> list[str]:
    """List what people and the controller say of themselves, longest first: it breaks no rule of our words."""
    own = [line for _, line in words(facts) if line]
    if isinstance(facts, Acknowledgement):
        own += [one_line(asked.working) for asked in facts.asked if asked.working]
    return sorted(own, key=len, reverse=True)


def dates(facts: Letter) -> Dates:
    """Find the dates that the letter must tell; no other may be told."""
    if isinstance(facts, Acknowledgement):
        return _acknowledged(facts)
    told = {
        field.name: value
        for field in fields(facts)
        if isinstance(value := getattr(facts, field.name), date)
    }
    by = [told.pop("due_on")] if "due_on" in told else []
    return Dates(by, list(told.values()))


def _acknowledged(facts: Acknowledgement) -> Dates:
    if facts.agent:
        return Dates([], [facts.received_on])
    if facts.unsure:
        return Dates([facts.right_by] if facts.right_by else [], [facts.received_on])
    targets = [asked.target_on for asked in facts.asked if asked.target_on]
    by = [asked.due_on for asked in facts.asked if asked.due_on]
    return Dates(by, [facts.received_on, *targets])


def _written(facts: Letter | Issue) -> Iterator[tuple[str, str]]:
    for field in fields(facts):
        if field.name not in UNSAID:
            for line in _lines(getattr(facts, field.name)):
                yield field.name, line


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _lines(item)
    elif isinstance(value, Issue):
        yield from (line for _, line in _written(value))
    elif isinstance(value, str) and not isinstance(value, Enum):
        yield from (line[2:] for line in as_written(value).splitlines() if line)
