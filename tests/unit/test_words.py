"""Any charset, any header word: text comes out, and nothing in it that a store would choke on."""

from time import process_time

import pytest

from bot.mail.words import clean, decoded, known_codec, one_line, to_text

HOSTILE = (
    *("idna", "undefined", "punycode", "rot13", "hex", "zip", "base64", "unicode_escape", "mbcs"),
    *("raw_unicode_escape", "utf-8\0", "x" * 50, "ünï", "", " ", "'\"", "../../etc", "a b c", "\n"),
)


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        (b"plain", None, "plain"),
        ("naïve €".encode(), "utf-8", "naïve €"),
        ("naïve €".encode(), "us-ascii", "naïve €"),
        ("naïve €".encode(), "iso-8859-1", "naïve €"),
        ("Удалите".encode(), "koi8-r", "Удалите"),
        ("Удалите".encode("koi8-r"), "KOI8-R", "Удалите"),
        ("naïve".encode("latin-1"), "iso-8859-1", "naïve"),
        (b"\x93quoted\x94 \x96 dash", "iso-8859-1", "\u201cquoted\u201d \u2013 dash"),
        (b"na\xefve", "klingon", "naïve"),
        (b"na\xefve", None, "naïve"),
        ("請求".encode("gb18030"), "gb2312", "請求"),
        ("①番".encode("cp932"), "shift_jis", "①番"),
        ("똠방".encode("cp949"), "euc-kr", "똠방"),
        ("データ".encode("iso2022_jp"), "iso-2022-jp", "データ"),
        ("データ".encode("cp932"), "iso-2022-jp", "データ"),
        ("Grüße".encode("utf-7"), "unicode-1-1-utf-7", "Grüße"),
        ("Grüße".encode("utf-16"), "utf-16", "Grüße"),
        ("שלום".encode("iso8859-8"), "iso-8859-8-i", "שלום"),
        ("Grüße".encode("mac_roman"), "x-mac-roman", "Grüße"),
        (b"", "utf-8", ""),
    ],
)
def test_bytes_are_read_in_the_charset_they_are_really_in(
    data: bytes, charset: str | None, text: str
):
    assert to_text(data, charset) == text


def test_a_few_damaged_bytes_do_not_change_the_charset_of_the_rest():
    assert to_text("Grüße an Ömer".encode() + b"\xff", "utf-8") == "Grüße an Ömer\ufffd"
    assert to_text("データを消してください".encode()[:-1], None).startswith("データを消して")


def test_what_fits_nothing_is_shown_as_far_as_it_can_be():
    assert to_text(b"caf\xe9 \x81", "iso-8859-1") == "café \ufffd"


def test_a_charset_of_several_bytes_is_tried_before_one_that_takes_anything():
    assert to_text("转发".encode("gb18030"), "utf-8", "iso-8859-1", "gb2312") == "转发"


@pytest.mark.parametrize("charset", HOSTILE)
def test_a_hostile_charset_is_no_charset(charset: str):
    assert known_codec(charset) is None
    assert to_text(b"a\xe9", charset) == "aé"


def test_lone_surrogates_never_come_out():
    text = to_text(b"a+2AA-b+3AA-c", "utf-7")
    assert text == "abc"
    assert clean("\ud800a\udfff\0b\x7f\x1b[31m") == "ab[31m"


def test_line_ends_become_one_kind():
    assert clean("a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain words", "plain words"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?utf-8*en?Q?Gr=C3=BC?= there", "Grü there"),
        ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),
        ("=?utf-8?Q?a?=\r\n =?utf-8?Q?b?= c", "ab c"),
        ("=?utf-8?Q?a b?= c", "a b c"),
        ("=?utf-8?Q?why?_and_how?=", "why? and how"),
        ("Re: =?iso-8859-1?Q?=93x=94?= =?utf-8?Q?_y?=", "Re: “x” y"),
        ("=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        ("=?utf-8?B?!?=", ""),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?idna?Q?abc?=", "abc"),
        ("=?utf-8?Q?unfinished", "=?utf-8?Q?unfinished"),
        (r"C:\u0041 \N{DASH}", r"C:\u0041 \N{DASH}"),
        ("Ümläut raw", "Ümläut raw"),
        ("=?utf-8?Q?=0D=0ABcc=3A_x?=", "Bcc: x"),
        ("=?utf-8?Q?a=00b=E2=80=A8c=C2=85d?=", "ab c d"),
        ("=?utf-8?Q?=E2=80=AEfdp.exe?=", "fdp.exe"),
    ],
)
def test_header_words_are_decoded_into_one_clean_line(value: str, text: str):
    assert decoded(value) == text


def test_a_line_is_one_line_whatever_breaks_it():
    assert one_line(" a\r\n\tb\u2028c\u2029d\x85e\x0bf  g ") == "a b c d ef g"


@pytest.mark.parametrize(
    "value", ["=?utf-8?q?a?= " * 20_000, "=?a?q?" * 50_000, "=?=" * 100_000, "? " * 200_000]
)
def test_no_header_takes_long_to_decode(value: str):
    started = process_time()
    assert len(decoded(value)) <= 10_000
    assert process_time() - started < 1
