"""HTML to text: blocks become lines, quotes are marked; nothing is fetched and no script is run.

Read as a stream of tags, never as a tree: no nesting is too deep, and what stands behind the end
of the document (a gateway's footer, a mail that was pasted whole) is not lost.
"""

import re
from collections.abc import Mapping

from lxml import etree

from bot.mail.words import clean

INVISIBLE = frozenset({"script", "style", "title", "template"})
PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol", "dl", "hr"}
)
BLOCKS = PARAGRAPHS | {
    "address", "article", "aside", "body", "center", "dd", "div", "dt", "fieldset", "figure",
    "footer", "form", "header", "html", "li", "main", "nav", "section", "tr",
}  # fmt: skip
NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
SPACES = re.compile(r"[ \t\r\n\f]+")


def plain_of(html: str) -> str:
    """Turn markup into text; quoted mail gets "> " before its lines."""
    lines = Lines()
    parser = etree.HTMLParser(target=lines, encoding="utf-8")
    parser.feed(html.encode(errors="replace"))
    parser.close()
    return clean("\n".join(lines.done)).strip("\n")


class Lines:
    """Hears of tags and text in their order, and writes lines."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._pieces: list[str] = []
        self._bullet = ""
        self._gap = False  # whether an empty line is due
        self._depth = 0
        self._unseen = 0  # how deep the tag lies that hides what is in it
        self._quotes: list[int] = []  # how deep the tags lie that quote
        self._as_is: list[int] = []  # and those in which line ends count

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        hides = tag in INVISIBLE or NOT_DISPLAYED.search(attributes.get("style", ""))
        if hides and not self._unseen:
            self._unseen = self._depth
        self._between(tag)
        if tag == "li":
            self._bullet = "- "
        elif tag == "pre":
            self._as_is.append(self._depth)
        elif tag == "blockquote" and quotes(attributes):
            self._quotes.append(self._depth)

    def end(self, tag: str) -> None:
        self._between(tag, ends=True)
        for deep in (self._quotes, self._as_is):
            if deep and deep[-1] == self._depth:
                deep.pop()
        if self._unseen == self._depth:
            self._unseen = 0
        self._depth -= 1

    def data(self, text: str) -> None:
        if self._unseen:
            return
        first, *rest = text.split("\n") if self._as_is else [text]
        self._pieces.append(first)
        for line in rest:
            self._break()
            self._pieces.append(line)

    def close(self) -> None:
        self._break()

    def _between(self, tag: str, *, ends: bool = False) -> None:
        if tag == "br" and not ends:
            self._break(empty_too=True)
        elif tag in {"td", "th"}:
            self._pieces.append(" ")
        elif tag in BLOCKS:
            self._break()
            self._gap = self._gap or tag in PARAGRAPHS

    def _break(self, *, empty_too: bool = False) -> None:
        """Finish the line; two empty ones never follow each other."""
        line = SPACES.sub(" ", "".join(self._pieces)).strip(" ")
        self._pieces.clear()
        if not line:
            self._gap = self._gap or empty_too
            return
        mark = "> " if self._quotes else ""
        if self._gap and self.done:
            self.done.append(">" if mark and self.done[-1].startswith(mark) else "")
        self.done.append(mark + self._bullet + line)
        self._bullet, self._gap = "", False


def quotes(attributes: Mapping[str, str]) -> bool:
    """Whether a blockquote quotes: a bare one is an indent in some programs, and the writer's own."""
    return attributes.get("type") == "cite" or "quote" in attributes.get("class", "")
