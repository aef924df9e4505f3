"""Whether a file that came with a mail is what it says it is: by its first bytes, nothing is opened.

What a mail says of its files is only a claim. Only kinds that begin in one known way are judged.
"""

from collections.abc import Iterator
from typing import Final

from bot.mail.tree import Part

BEGINS: Final = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG",
    "image/gif": b"GIF8",
    "application/pdf": b"%PDF-",
}
ALSO_CALLED: Final = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg"}
PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"#!")


def doubts_of_files(root: Part) -> tuple[str, ...]:
    """Return what about the files looks like something that it is not, each once and without a name."""
    return tuple(dict.fromkeys(_doubts_of_files(root)))


def _doubts_of_files(root: Part) -> Iterator[str]:
    for part in root.walk():
        if not part.data or part.kind.startswith("text/"):
            continue
        claimed = ALSO_CALLED.get(part.kind, part.kind)
        found = kind_of(part.data)
        if part.data.startswith(PROGRAMS):
            yield "a file with it is a program"
        elif claimed in BEGINS and found != claimed:
            yield f"a file with it says that it is {claimed}, and is {found or 'something else'}"


def kind_of(data: bytes) -> str:
    """Return which kind a file is, if its first bytes tell."""
    return next((kind for kind, begin in BEGINS.items() if data.startswith(begin)), "")
