"""From facts to a subject, a text and an HTML part that say the same.

One template makes both parts, so they cannot drift apart.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from replies.facts import KINDS, Letter
from replies.layout import blocks, one_line, text
from replies.render.templates import environment, names, read_own

FALLBACK = "en"
"""The language that has every kind."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words, and the version of the templates that it was made from."""

    subject: str
    text: str
    html: str
    version: str
    language: str = FALLBACK
    """Another than was asked for where that one lacks the kind."""


class Renderer:
    """Writes one controller's letters: in the words of its own folder where it has them, else in ours."""

    def __init__(self, overrides: Path | None = None, *, without: Collection[str] = ()) -> None:
        own = read_own(overrides)
        self._own = {name: words for name, words in own.items() if name not in without}
        self._templates = environment(self._own)
        self._versions: dict[tuple[str, str], str] = {}

    def render(self, facts: Letter, language: str = FALLBACK) -> Rendered:
        """Put the facts into the words of their kind."""
        spoken = language if speaks(language, facts.kind) else FALLBACK
        words = self._fill(f"{spoken}/{facts.kind}/letter.txt", letter=facts).strip()
        head, _, body = words.partition("\n")
        subject, parts = one_line(head.removeprefix("Subject: ")), blocks(body)
        html = self._fill("layout.html", language=spoken, subject=subject, blocks=parts)
        return Rendered(subject, text(parts), html, self.version(facts.kind, spoken), spoken)

    def version(self, kind: str, language: str = FALLBACK) -> str:
        """Name the words and the layout of this kind by a hash: any change makes another version."""
        if (kind, language) not in self._versions:
            self._versions[kind, language] = self._hash({"", language, f"{language}/{kind}"})
        return self._versions[kind, language]

    def source(self, name: str) -> str:
        """Return the words that a template is filled from."""
        assert self._templates.loader is not None
        return self._templates.loader.get_source(self._templates, name)[0]

    def _hash(self, folders: Collection[str]) -> str:
        digest = sha256()
        for name in sorted(names()):
            if name.rpartition("/")[0] in folders:
                digest.update(f"{name}\0{self.source(name)}\0".encode())
        return digest.hexdigest()[:16]

    def _fill(self, name: str, **facts: object) -> str:
        return self._templates.get_template(name).render(facts)


def speaks(language: str, kind: str) -> bool:
    """Tell whether a kind of letter has been translated."""
    return f"{language}/{kind}/letter.txt" in names()


def untranslated(language: str) -> list[str]:
    """List the kinds that are written in English because this language lacks them."""
    return [kind for kind in KINDS if not speaks(language, kind)]


@cache
def _ours() -> Renderer:
    return Renderer()


def render(facts: Letter, language: str = FALLBACK) -> Rendered:
    """Put the facts into our own words."""
    return _ours().render(facts, language)


def version(kind: str, language: str = FALLBACK) -> str:
    """Name the version of our own words for a kind."""
    return _ours().version(kind, language)
