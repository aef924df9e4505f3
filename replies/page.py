"""What a person sees of a letter's HTML, and what would make a mail program fetch or run something."""

from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

UNSEEN: Final = frozenset({"head", "title", "style", "script"})
INLINE: Final = frozenset({"a", "abbr", "b", "em", "i", "span", "strong"})
ACTIVE: Final = frozenset(
    {"script", "img", "link", "iframe", "object", "embed", "form", "input", "video", "audio"}
    | {"svg", "base", "picture", "source", "button"}
)
FETCHING: Final = frozenset({"src", "srcset", "background", "poster", "http-equiv", "action"})
SCHEMES: Final = ("https://", "http://", "mailto:")

Attributes = Sequence[tuple[str, str | None]]


class Page(HTMLParser):
    """One HTML part, read once: its title, language, elements and visible words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = ""
        self.language = ""
        self.elements: Counter[str] = Counter()
        self.unsafe: list[str] = []
        self._inside: list[str] = []
        self._seen: list[str] = []
        self.feed(html)
        self.close()

    @property
    def words(self) -> list[str]:
        """The words that a reader meets, in order."""
        return "".join(self._seen).split()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self._inside.append(tag)
        self._part(tag)
        if tag == "html":
            self.language = dict(attrs).get("lang") or ""
        if tag in ACTIVE:
            self.unsafe.append(f"<{tag}>")
        self.unsafe += [f"{tag} {name}" for name, value in attrs if _reaches_out(name, value or "")]

    @override
    def handle_endtag(self, tag: str) -> None:
        self._part(tag)
        while tag in self._inside and self._inside.pop() != tag:
            pass

    @override
    def handle_data(self, data: str) -> None:
        if self._inside[-1:] == ["title"]:
            self.title += data
        if not UNSEEN.intersection(self._inside):
            self._seen.append(data)

    def _part(self, tag: str) -> None:
        if tag not in INLINE:
            self._seen.append(" ")


def _reaches_out(name: str, value: str) -> bool:
    return (
        name in FETCHING
        or name.startswith("on")
        or (name == "href" and not value.startswith(SCHEMES))
        or (name == "style" and ("url(" in value or "@import" in value))
    )
