"""Raw bytes to a tree of parts, by the `compat32` policy: the other one is quadratic on hostile headers.

The limits hold while the tree grows, not afterwards: where one is broken the parser is stopped,
and what stands by then is kept.
"""

import re
from collections.abc import Generator
from email.feedparser import BytesFeedParser
from email.message import Message as Mail
from email.policy import compat32
from functools import cached_property
from typing import Any

from typing_extensions import override

MOST_LINES = 1_000_000  # 30 MB of base64 are 400,000
MOST_PARTS = 2_000
MOST_DEPTH = 30  # Postfix looks into 100 (mime_nesting_limit); people reach ten
MOST_FIELDS = 2_000  # of one part; a thousand is what Haraka takes
LONGEST_FIELD = 20_000  # the library reads parameters in quadratic time
CHUNK = 1 << 16
KIND = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")  # RFC 6838 4.2


class UnreadableError(Exception):
    """The message breaks a limit that is set before it is parsed."""


class OvergrownError(Exception):
    """The tree would grow beyond a limit; the text says which."""


class Part(Mail):
    """A part that knows how deep it lies, and whose header can be read whatever it says."""

    depth = 0

    @override
    def set_raw(self, name: str, value: str) -> None:
        if len(self) < MOST_FIELDS:
            super().set_raw(name, value[:LONGEST_FIELD])

    @override
    def attach(self, payload: Any) -> None:
        payload.depth = self.depth + 1
        if payload.depth > MOST_DEPTH:
            raise OvergrownError(f"parts nested more than {MOST_DEPTH} deep")
        super().attach(payload)

    @property
    def parts(self) -> list["Part"]:
        payload = self.get_payload() if self.is_multipart() else []
        return [part for part in payload if isinstance(part, Part)]

    @property
    def kind(self) -> str:
        kind = self.get_content_type()
        return kind if KIND.fullmatch(kind) else "application/octet-stream"

    @property
    def disposition(self) -> str:
        return str(self.get("content-disposition", "")).partition(";")[0].strip().lower()

    @property
    def encoded(self) -> bool:
        """Whether it holds a message that is transfer-encoded: none may be, and it is not undone."""
        coding = str(self.get("content-transfer-encoding", "")).strip().lower()
        message = self.get_content_maintype() == "message" and self.is_multipart()
        return message and coding in {"base64", "quoted-printable"}

    @property
    def charset(self) -> str | None:
        try:
            return self.get_content_charset()
        except (ValueError, TypeError):  # RFC 2231 lets it name a charset of its own, or nonsense
            return None

    @property
    def file_name(self) -> str:
        try:
            return self.get_filename() or ""
        except (ValueError, TypeError):
            return ""

    @cached_property
    def data(self) -> bytes:
        """What a part that contains no others says, its transfer encoding undone."""
        payload = None if self.is_multipart() else self.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""

    @override
    def walk(self) -> Generator["Part", None, None]:
        """Yield this part and all below it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()


def grow(raw: bytes) -> tuple[Part, tuple[str, ...]]:
    """Return the root and flags for what was cut off. Raises UnreadableError."""
    if raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n") > MOST_LINES:
        raise UnreadableError(f"it has more than {MOST_LINES:,} lines")
    grown: list[Part] = []

    def new_part() -> Part:
        if len(grown) > MOST_PARTS:
            raise OvergrownError(f"more than {MOST_PARTS} parts")
        grown.append(Part())
        return grown[-1]

    parser = BytesFeedParser(new_part, policy=compat32)
    try:
        for start in range(0, len(raw), CHUNK):
            parser.feed(raw[start : start + CHUNK])
        parser.close()
    except OvergrownError as error:
        return grown[0], (str(error),)
    return grown[0], ()
