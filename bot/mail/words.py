"""Bytes and header words to text: any charset, hostile names included, and clean at the end.

Only codecs on the list are used: some that Python knows raise even under errors="replace"
(idna, undefined) or are no charsets at all (rot13, hex). Whatever lone surrogates one yields
(utf-7) are taken out here, before they explode in a store.
"""

import binascii
import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

LONGEST_HEADER = 10_000  # characters; longer ones are cut before they are decoded
LONGEST_CHARSET = 40

SINGLE = ("iso8859", "cp", "koi8", "mac", "tis", "hp-roman8", "kz1048", "ptcp154")
"""One byte, one character: they accept anything, so UTF-8 is believed before them."""
MULTIPLE = ("utf", "gb", "big5", "shift_jis", "euc", "iso2022", "hz", "johab", "cp932", "cp949")
WIDER = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso2022_jp": "iso2022_jp_ext",
}
"""What claims to be the left one is often the right one, of which it is a part."""

UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
TURNED = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")  # would show a name in another order
BREAKS = re.compile(r"[\r\n\x85\u2028\u2029\t ]+")
WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?(.*?)\?=")
BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?)")
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def to_text(data: bytes, *charsets: str | None) -> str:
    """Decode `data` as the likeliest of `charsets` that fits it, else as UTF-8, else as cp1252."""
    names = list(dict.fromkeys(name for c in (*charsets, None) for name in candidates(c)))
    names.sort(key=lambda name: not name.startswith(MULTIPLE))  # the others would accept anything
    for name in names:
        try:
            return clean(data.decode(name))
        except (UnicodeError, ValueError):
            continue
    text = data.decode("utf-8", errors="replace")
    if text.count("\ufffd") * 2 < len(text) - len(text.encode("ascii", errors="ignore")):
        return clean(text)  # mostly right: a few bytes are damaged, or the end is cut off
    name = next((name for name in names if name != "utf-8"), "cp1252")
    return clean(data.decode(name, errors="replace"))


def candidates(charset: str | None) -> Iterator[str]:
    """Yield the codecs to try for a declared charset, the likeliest first."""
    name = known_codec(charset)
    if name is not None and name.startswith(MULTIPLE):
        yield name
    yield "utf-8"
    if name is not None:
        yield name
        if name.startswith("iso2022_jp"):
            yield "cp932"  # what else Japanese mail is written in


@lru_cache(maxsize=256)
def codec(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
    except (LookupError, UnicodeError, ValueError):
        return None
    name = WIDER.get(name, name)
    return name if name.startswith(SINGLE + MULTIPLE) else None


def known_codec(charset: str | None) -> str | None:
    """Return Python's name of the codec, or None if it is unknown or not to be used."""
    if not charset or len(charset) > LONGEST_CHARSET or not charset.isprintable():
        return None
    name = charset.strip("'\" ").lower()
    return codec(name) or codec(name.removeprefix("x-").removesuffix("-i"))


def clean(text: str) -> str:
    """Take out what no text has: NUL, control characters, lone surrogates."""
    return UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def decoded(value: str) -> str:
    """Decode a header's encoded words (RFC 2047) into one clean line.

    By our own hand: the library's turns a literal backslash-u into a character, and gives up
    on words that have a space or a bare question mark inside.
    """
    value = BETWEEN.sub("", value[:LONGEST_HEADER])
    pieces: list[tuple[str, bytes]] = []  # a charset and its bytes; no charset: text as it stands
    end = 0
    for found in WORD.finditer(value):
        if found.start() > end:
            pieces.append(("", value[end : found.start()].encode(errors="replace")))
        charset, data = found[1].lower(), word(found[2], found[3])
        if pieces and pieces[-1][0] == charset:  # one character may be split between two words
            data = pieces.pop()[1] + data
        pieces.append((charset, data))
        end = found.end()
    pieces.append(("", value[end:].encode(errors="replace")))
    return one_line("".join(to_text(data, charset or "utf-8") for charset, data in pieces))


def word(encoding: str, text: str) -> bytes:
    data = text.encode(errors="replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    data = NOT_BASE64.sub(b"", data)
    return binascii.a2b_base64(data[: len(data) - (len(data) % 4 == 1)] + b"===")


def one_line(text: str) -> str:
    return BREAKS.sub(" ", TURNED.sub("", clean(text))).strip()
