"""A rule of the words: a pattern, and what is wrong with a letter that lacks it, or has it."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from store.law import Label


class Rule(NamedTuple):
    """A pattern, and what is wrong with a letter that lacks it, or has it."""

    reason: str
    pattern: re.Pattern[str]


class Words(NamedTuple):
    """What must be in a letter, and what never may be."""

    must: tuple[Rule, ...] = ()
    never: tuple[Rule, ...] = ()


def rule(reason: str, *patterns: str) -> Rule:
    """Put a rule together; it reads a letter in lower case and on one line."""
    return Rule(reason, re.compile("|".join(patterns)))


TEMPLATE_MARKS: Final = rule("shows a mark of the template", r"(^|\s)(#{1,3}|\|)(\s|$)", r"\{[{%]")


class Rules(NamedTuple):
    """All rules of one language."""

    every_letter: Words
    by_kind: Mapping[str, Words]
    acknowledgement: Words
    unsure: Words
    unsure_right: Words
    agent: Words
    by_label: Mapping[Label, Words]
    at_the_latest: str
    """How a date of law is told."""
