"""Letters to be read before any is sent: one kind on the terminal, with a case's facts or sample ones, or all as files."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.mail.compose import compose
from bot.terminal import console
from bot.views import View
from replies.facts import KINDS
from replies.preview import Preview, Sample, previews
from replies.render import Rendered, Renderer
from store.events import LetterOwed
from store.refused import RefusedError

WRITTEN_AT: Final = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
READER: Final = "requester@mail.example"


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
        path.with_suffix(".eml").write_bytes(as_mail(sample, letter))
        path.with_suffix(".html").write_text(letter.html, encoding="utf-8")
        count += 1
    return count


def as_mail(sample: Sample, letter: Rendered) -> bytes:
    """Put a sample down as the mail that would go out."""
    owed = LetterOwed(
        at=WRITTEN_AT,
        letter_id=f"{sample.facts.ref}-1",
        letter_kind=sample.facts.kind,
        to=READER,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        version=letter.version,
        message_id=f"<{sample.name}.{sample.language}@letters.example>",
    )
    who = sample.facts.controller
    return compose(owed, name=who.name, address=who.contact, at=WRITTEN_AT)


def show_sketch(found: Iterable[View]) -> None:
    """Print a letter as it would be written on a case, and what a person must still say."""
    for letter in found:
        for name, means in letter["missing"].items():
            console.print(f"still to be said: {name}: {means}", soft_wrap=True)
        console.rule(f"{letter['kind']} ({letter['language']}), not written yet")
        console.print(f"Subject: {letter['subject']}\n\n{letter['text']}", soft_wrap=True)


def samples(overrides: Path | None) -> Iterator[Preview]:
    return previews(Renderer(overrides))


def whole(letter: Rendered) -> str:
    return f"Subject: {letter.subject}\n\n{letter.text}"
