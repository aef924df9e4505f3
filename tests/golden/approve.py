"""Write today's renderings as the approved ones: `python -m tests.golden.approve`, then read the diff."""

from pathlib import Path
from typing import Final

from replies.preview import Preview, Sample, previews
from replies.render import Rendered, Renderer

FOLDER: Final = Path(__file__).parent
PAGES: Final = ("acknowledgement_several", "access_response", "reply")
"""Which letters are approved as a page too: between them they have every element there is."""


def golden(sample: Sample) -> Path:
    """Find where the approved rendering of a sample is kept."""
    return FOLDER / sample.language / f"{sample.name}.txt"


def as_read(letter: Rendered) -> str:
    """Put a letter down as a reviewer reads it."""
    return f"Subject: {letter.subject}\n\n{letter.text}"


def approve(preview: Preview) -> None:
    """Keep a letter as the approved one."""
    path = golden(preview.sample)
    path.parent.mkdir(exist_ok=True)
    path.write_text(as_read(preview.letter), encoding="utf-8")
    if preview.sample.name in PAGES:
        path.with_suffix(".html").write_text(preview.letter.html, encoding="utf-8")


if __name__ == "__main__":
    for old in [*FOLDER.glob("*/*.txt"), *FOLDER.glob("*/*.html")]:
        old.unlink()
    for preview in previews(Renderer()):
        approve(preview)
