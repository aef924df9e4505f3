"""Write today's renderings as the approved ones: `python -m tests.golden.approve`, then read the diff."""

from pathlib import Path
from typing import Final

from replies.facts import Acknowledgement
from replies.render import render
from tests.golden.samples import SAMPLES

FOLDER: Final = Path(__file__).parent


def golden(name: str) -> Path:
    """Find where the approved rendering of a sample is kept."""
    return FOLDER / f"acknowledgement_{name}.txt"


def as_read(facts: Acknowledgement) -> str:
    """Put a letter down as a reviewer reads it."""
    letter = render(facts)
    return f"Subject: {letter.subject}\n\n{letter.text}"


if __name__ == "__main__":
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name, facts in SAMPLES.items():
        golden(name).write_text(as_read(facts), encoding="utf-8")
    page = render(SAMPLES["several"]).html
    (FOLDER / "acknowledgement_several.html").write_text(page, encoding="utf-8")
