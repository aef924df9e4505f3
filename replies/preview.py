"""Every kind of letter in every language it is written in, filled with sample facts: for review before any is sent."""

from collections.abc import Iterator
from typing import NamedTuple

from replies.facts import Letter
from replies.render import Rendered, Renderer, speaks
from replies.rules import RULES
from replies.samples import SAMPLES


class Sample(NamedTuple):
    """One letter to be looked at: `name` is the kind and its variation, and good for a file."""

    name: str
    language: str
    facts: Letter


class Preview(NamedTuple):
    """One sample in words."""

    sample: Sample
    letter: Rendered


def samples() -> list[Sample]:
    """List the samples of each kind, once for each language that has it."""
    return [
        Sample(name, language, facts)
        for language in RULES
        for name, facts in SAMPLES.items()
        if speaks(language, facts.kind)
    ]


def previews(renderer: Renderer) -> Iterator[Preview]:
    """Write every sample in the words that this renderer has."""
    for sample in samples():
        yield Preview(sample, renderer.render(sample.facts, sample.language))
