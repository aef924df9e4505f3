"""Letters with sample facts, to be read before any is sent: one kind on the terminal, or all of them as files."""

from collections.abc import Iterator
from pathlib import Path

from bot.terminal import console
from replies.facts import KINDS
from replies.preview import Preview, previews
from replies.render import Rendered, Renderer
from store.refused import RefusedError


class KindError(RefusedError):
    """There is no such kind of letter."""


def show(kind: str, overrides: Path | None) -> None:
    """Print every sample of a kind, in each language it is written in. Raises KindError."""
    if kind not in KINDS:
        raise KindError(f"there is no letter {kind!r}; there are {', '.join(sorted(KINDS))}")
    for preview in samples(overrides):
        if preview.sample.facts.kind == kind:
            console.rule(f"{preview.sample.name} ({preview.sample.language})")
            console.print(whole(preview.letter), soft_wrap=True)


def write_all(out: Path, overrides: Path | None) -> int:
    """Write the letters into `out`, made if need be; return how many there are."""
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for sample, letter in samples(overrides):
        path = out / f"{sample.language}-{sample.name}"
        path.with_suffix(".txt").write_text(whole(letter), encoding="utf-8")
        path.with_suffix(".html").write_text(letter.html, encoding="utf-8")
        count += 1
    return count


def samples(overrides: Path | None) -> Iterator[Preview]:
    return previews(Renderer(overrides))


def whole(letter: Rendered) -> str:
    return f"Subject: {letter.subject}\n\n{letter.text}"
