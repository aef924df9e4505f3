"""The tree of parts grows within its limits, and what stands when one breaks is kept."""

import pytest

from bot.mail.tree import (
    LONGEST_FIELD,
    MOST_DEPTH,
    MOST_FIELDS,
    MOST_LINES,
    MOST_PARTS,
    UnreadableError,
    grow,
)


def multipart(count: int) -> bytes:
    one = b"--b\r\nContent-Type: text/plain\r\n\r\nwords\r\n"
    return b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + one * count + b"--b--\r\n"


def nested(depth: int, kind: bytes = b"message/rfc822") -> bytes:
    return b"".join(
        b'Content-Type: %s; boundary="b%d"\r\n\r\n--b%d\r\n' % (kind, level, level)
        if kind.startswith(b"multipart")
        else b"Content-Type: %s\r\n\r\n" % kind
        for level in range(depth)
    )


def test_a_mail_within_the_limits_is_whole():
    root, flags = grow(multipart(1_000))
    assert flags == ()
    assert [part.data for part in root.parts] == [b"words"] * 1_000
    assert {part.depth for part in root.parts} == {1}


def test_too_many_parts_are_cut_off_and_the_first_are_kept():
    root, flags = grow(multipart(100_000))
    assert flags == (f"more than {MOST_PARTS} parts",)
    assert len(list(root.walk())) == MOST_PARTS + 1
    assert root.parts[0].data == b"words"


@pytest.mark.parametrize("kind", [b"message/rfc822", b"multipart/mixed"])
def test_nesting_ends_at_its_limit(kind: bytes):
    root, flags = grow(nested(100_000 if kind.startswith(b"message") else 1_000, kind))
    assert flags == (f"parts nested more than {MOST_DEPTH} deep",)
    assert max(part.depth for part in root.walk()) == MOST_DEPTH
    assert grow(nested(MOST_DEPTH, kind))[1] == ()


def test_more_lines_than_any_real_mail_has_are_refused_before_parsing():
    for end in (b"\n", b"\r", b"\r\n"):
        with pytest.raises(UnreadableError):
            grow(b"Subject: x\r\n\r\n" + end * (MOST_LINES + 1))
    assert grow(b"Subject: x\r\n\r\n" + b"\r\n" * (MOST_LINES - 2))[1] == ()


def test_header_fields_are_kept_to_a_length_and_a_number():
    root, _ = grow(b"Subject: " + b"w " * 500_000 + b"\r\n" + b"X: y\r\n" * 5_000 + b"\r\nhi")
    assert len(root["subject"]) == LONGEST_FIELD
    assert len(root) == MOST_FIELDS


def test_nothing_at_all_is_a_mail_without_anything():
    root, flags = grow(b"")
    assert (root.kind, root.parts, root.data, flags) == ("text/plain", [], b"", ())


@pytest.mark.parametrize(
    "parameters",
    [
        b"charset*=a%00b''x; filename*=\"idna'en'%ff\"",
        b"charset*=\"utf\0'en'x\"; filename*=idna''%FF%FE",
        b"charset*0*=undefined''a; filename*0*=undefined''a",
        b"charset*%s*=x; filename*%s*=x" % (b"9" * 5_000, b"9" * 5_000),
        b"charset*=unicode_escape''\\ud800; filename*=unicode_escape''%5cud800",
    ],
)
def test_parameters_that_make_the_library_raise_say_nothing(parameters: bytes):
    raw = b"Content-Type: text/plain; %s\r\nContent-Disposition: x; %s\r\n\r\nhi"
    root, _ = grow(raw % (parameters, parameters))
    assert root.charset is None or root.charset.isprintable()
    assert isinstance(root.file_name, str)
    assert root.data == b"hi"


@pytest.mark.parametrize("charset", [b"idna", b"undefined", b'"a\0b"', b"utf-7", b"x"])
def test_a_hostile_charset_does_not_hurt_the_bytes(charset: bytes):
    root, _ = grow(b"Content-Type: text/plain; charset=%s\r\n\r\nna\xefve" % charset)
    assert root.data == b"na\xefve"


@pytest.mark.parametrize(
    ("coding", "body", "data"),
    [
        (b"base64", b"aGk=", b"hi"),
        (b"base64", b"aGk", b"hi"),
        (b"base64", b"!!", b""),
        (b"quoted-printable", b"h=69=\r\n", b"hi"),
        (b"x-uuencode", b'begin 644 x\r\n"=&D`\r\n`\r\nend\r\n', b"ti"),
        (b"x-uuencode", b"begin nonsense", b"begin nonsense"),
        (b"klingon", b"hi", b"hi"),
    ],
)
def test_transfer_encodings_are_undone_as_far_as_they_can_be(
    coding: bytes, body: bytes, data: bytes
):
    assert grow(b"Content-Transfer-Encoding: %s\r\n\r\n%s" % (coding, body))[0].data == data


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (b"TEXT/HTML; x=y", "text/html"),
        (b"nonsense", "text/plain"),
        (b"", "text/plain"),
        (b"\0/x", "application/octet-stream"),
        (b"text/\xe9", "application/octet-stream"),
        (b"a b/c", "application/octet-stream"),
        (b"text/" + b"x" * 500, "application/octet-stream"),
    ],
)
def test_a_kind_is_a_plain_word(value: bytes, kind: str):
    assert grow(b"Content-Type: %s\r\n\r\nhi" % value)[0].kind == kind


def test_a_message_inside_that_is_encoded_is_told_apart():
    head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert grow(head + b"U3ViamVjdDogeA0KDQpoaQ0K\r\n")[0].encoded
    assert not grow(b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nhi")[0].encoded
    assert not grow(b"Content-Transfer-Encoding: base64\r\n\r\naGk=")[0].encoded
