"""Bytes and header words to text: any charset, hostile names included, and clean at the end.

Only codecs on the list are used: some that Python knows raise even under errors="replace"
(idna, undefined) or yield lone surrogates that explode later (utf-7, unicode_escape).
"""

import codecs
import re
from email.header import decode_header

LONGEST_HEADER = 10_000  # characters; longer ones are cut before they are decoded

FAMILIES = (
    "utf",
    "iso8859",
    "cp",
    "koi8",
    "mac",
    "gb",
    "big5",
    "shift_jis",
    "euc",
    "iso2022",
    "tis",
)
FORBIDDEN = frozenset({"utf-7"})
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
BREAKS = re.compile(r"[\r\n\x85\u2028\u2029\t ]+")


def to_text(data: bytes, charset: str | None) -> str:
    """Decode `data` as `charset` says if that can be believed, else as UTF-8, else as cp1252."""
    for name in (known_codec(charset), "utf-8"):
        try:
            if name:
                return clean(data.decode(name))
        except (UnicodeError, ValueError):
            continue
    return clean(data.decode(known_codec(charset) or "cp1252", errors="replace"))


def known_codec(charset: str | None) -> str | None:
    """Return Python's name of the codec, or None if it is unknown or not to be used."""
    if not charset or len(charset) > 40 or not charset.isascii() or "\0" in charset:  # noqa: PLR2004
        return None
    try:
        name = codecs.lookup(charset.strip("'\" ")).name
    except LookupError:
        return None
    if name == "ascii":
        return "utf-8"  # of which it is a part; what claims it is often more
    return name if name.startswith(FAMILIES) and name not in FORBIDDEN else None


def clean(text: str) -> str:
    """Take out what no text has: NUL, control characters, lone surrogates."""
    return UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def decoded(value: str) -> str:
    """Decode a header's encoded words (RFC 2047) into one clean line."""
    value = value[:LONGEST_HEADER]
    try:
        pieces = decode_header(value)
    except Exception:  # noqa: BLE001  (any fault of the library: the undecoded words are better than none)
        pieces = [(value, None)]
    return one_line("".join(word(piece, charset) for piece, charset in pieces))


def word(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    if charset is None:  # what stands between encoded words; the library hands it over like this
        return piece.decode("raw-unicode-escape", errors="replace")
    return to_text(piece, charset)


def one_line(text: str) -> str:
    return BREAKS.sub(" ", clean(text)).strip()
