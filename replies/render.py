"""Letters: from facts to a subject, a text and an HTML part that say the same.

One template makes both parts, so they cannot drift apart; a fact never becomes markup, a template or a new line.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Final

from jinja2 import PackageLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from replies.facts import Letter
from replies.layout import blocks, one_line, text

TEMPLATES: Final = PackageLoader("replies")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words, and the version of the templates that it was made from."""

    subject: str
    text: str
    html: str
    version: str


def render(facts: Letter, language: str = "en") -> Rendered:
    """Put the facts into the words of their kind."""
    words = _fill(f"{language}/{facts.kind}/letter.txt", letter=facts).strip()
    head, _, body = words.partition("\n")
    subject, parts = head.removeprefix("Subject: ").strip(), blocks(body)
    html = _fill("layout.html", language=language, subject=subject, blocks=parts)
    return Rendered(subject, text(parts), html, version(facts.kind, language))


@cache
def version(kind: str, language: str = "en") -> str:
    """Name the words and the layout of this kind by a hash: any change makes another version."""
    folders = {"", language, f"{language}/{kind}"}
    digest = sha256()
    for name in TEMPLATES.list_templates():
        if name.rpartition("/")[0] in folders:
            source, _, _ = TEMPLATES.get_source(_environment(), name)
            digest.update(f"{name}\0{source}\0".encode())
    return digest.hexdigest()[:16]


def uk_date(day: date) -> str:
    """Write out `Tuesday 29 December 2026`, whatever the locale of the machine."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _fill(name: str, **facts: object) -> str:
    return _environment().get_template(name).render(facts)


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=TEMPLATES,
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        finalize=_fact,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["uk_date"] = uk_date
    environment.filters["sentence"] = lambda phrase: phrase[:1].upper() + phrase[1:]
    return environment


def _fact(value: object) -> str:
    return value if isinstance(value, Markup) else one_line(str(value))
