"""The shape of a letter: marked lines become blocks, and blocks become wrapped text.

A template marks a line with `#`, `##`, `###` or `-` and parts paragraphs by an empty line; everything else is words. What
a person wrote comes marked with `|`, line by line, so that nothing in it is taken for a mark.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

WIDTH: Final = 76
MARKS: Final = {"#": "h1", "##": "h2", "###": "h3", "-": "ul"}
BULLETS: Final = ("- ", "* ", "\u2022 ")


class Block(NamedTuple):
    """One paragraph, heading or list: `tag` is its HTML element; a list has a line for each item.

    A paragraph has several lines where a person's own lines are kept.
    """

    tag: str
    lines: tuple[str, ...]


class Laid(str):
    """A person's words, each line marked: its line breaks are known to begin nothing."""

    __slots__ = ()


def one_line(words: str) -> str:
    """Keep a fact on its line: a line break could start a paragraph, a heading or a header of its own."""
    if not words.isprintable():
        words = "".join(sign if sign.isprintable() else " " for sign in words)
    return " ".join(words.split())


def as_written(words: str) -> Laid:
    """Keep the paragraphs, lines and lists of what a person wrote; nothing else in it means anything."""
    parts = groupby(map(one_line, words.splitlines()), key=_mark)
    return Laid(
        "\n\n".join(
            "\n".join(f"{mark} {_bare(line)}" for line in lines) for mark, lines in parts if mark
        )
    )


def _mark(line: str) -> str:
    return "-" if line.startswith(BULLETS) else line and "|"


def _bare(line: str) -> str:
    return line[2:] if line.startswith(BULLETS) else line


def blocks(body: str) -> list[Block]:
    """Take a filled template apart."""
    return [_block(part.splitlines()) for part in re.split(r"\n\s*\n", body.strip()) if part]


def _block(lines: list[str]) -> Block:
    mark, _, heading = lines[0].partition(" ")
    tag = MARKS.get(mark, "p")
    if mark in {"-", "|"}:
        return Block(tag, tuple(line.removeprefix(f"{mark} ") for line in lines))
    return Block(tag, (" ".join(lines) if tag == "p" else heading,))


def text(parts: Iterable[Block]) -> str:
    """Lay the blocks out for a reader of plain text."""
    return "\n".join(_lines(parts)).strip() + "\n"


def _lines(parts: Iterable[Block]) -> Iterator[str]:
    for tag, lines in parts:
        if tag == "h2":
            yield ""
        for line in lines:
            yield _fold(f"- {line}", hang="  ") if tag == "ul" else _fold(line)
        if tag != "h3":  # the smallest heading stands right above its words
            yield ""


@lru_cache(maxsize=256)  # most lines of a letter stand in every letter
def _fold(line: str, hang: str = "") -> str:
    """Break at spaces alone: an address or a link that is cut in two leads nowhere."""
    return textwrap.fill(
        line, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )
