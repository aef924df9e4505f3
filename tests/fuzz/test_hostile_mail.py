"""Whatever the bytes, the reader ends soon with a Message or says that it cannot read."""

import json
import pickle
from dataclasses import asdict
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail.compose import compose
from bot.mail.parse import parse
from bot.mail.tree import UnreadableError
from bot.mail.words import UNSAFE
from bot.message import Message
from store.events import LetterOwed
from tests.fuzz.bombs import HEAVIES, LIGHT
from tests.mail.reading import HEADERS, fields

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
MOST_SECONDS = 5.0

CHARSETS = (
    "utf-8",
    "idna",
    "undefined",
    "utf-7",
    "unicode_escape",
    "x\0y",
    "klingon",
    "utf-16",
    "",
)
TRICKS = (
    *(
        "\r\n",
        "\r\n ",
        "\n",
        "\r",
        "\0",
        "\x1b",
        "\u2028",
        "\u202e",
        "\udc80",
        "\ud800",
        "é",
        "\x85",
    ),
    *("<", ">", "@", '"', "\\", "(", ")", ",", ";", ":", "=", "?", "%", "/", "..", "--b", "--b--"),
    *(
        "<a@b>",
        "<[a@b]>",
        "a@b.example",
        "alice@example.org)bob@evil.example",
        "Bcc: x@evil.example",
    ),
    *("=?UTF-8?Q?=0D=0ABcc=3A_x?=", "=?idna?B?AAAA?=", "=?utf-7?Q?+2AA-?=", "=?x?q?", "?="),
    *(
        "multipart/mixed",
        "multipart/alternative",
        "multipart/report",
        "message/rfc822",
        "text/html",
    ),
    *("message/delivery-status", "text/calendar", "application/ms-tnef", "image/png"),
    *(
        "; boundary=b",
        "; boundary=",
        "; charset=",
        "; filename*=",
        "; name*0*=idna''%ff",
        "attachment",
    ),
    *("base64", "quoted-printable", "x-uuencode", "begin 644 x", "Mon, 1 Jan 99999999999 00:00:00"),
    *("<blockquote type=cite>", "<p style='display:none'>", "</div>", "&#xD800;", "<!--", "<pre>"),
    *CHARSETS,
)
NAMES = (
    "From", "Reply-To", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Received", "Date",
    "Content-Type", "Content-Disposition", "Content-Transfer-Encoding", "Return-Path", "Auto-Submitted",
    "Precedence", "X-Spam-Flag", "X-Failed-Recipients", "List-Id", "Thread-Topic", "", " ", "é",
)  # fmt: skip

words = st.lists(st.sampled_from(TRICKS) | st.text(max_size=8), max_size=8).map("".join)
headers = st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=8)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogatepass")


@st.composite
def parts(draw: st.DrawFn) -> bytes:
    """A part of a mail that is nearly well-formed: its header, a body, and perhaps more parts."""
    head = b"".join(encoded(f"{name}: {value}\r\n") for name, value in draw(headers))
    body = encoded(draw(words))
    inner = draw(st.lists(parts(), max_size=3)) if draw(st.booleans()) else []
    return (
        head + b"\r\n" + body + b"".join(b"\r\n--b\r\n" + part for part in inner) + b"\r\n--b--\r\n"
    )


mails = st.binary(max_size=2_000) | parts()


def read(raw: bytes) -> Message | None:
    try:
        return parse(raw)
    except UnreadableError:
        return None


@given(raw=mails)
@settings(max_examples=150, deadline=None)
def test_any_bytes_become_a_message_that_can_be_kept_and_handed_on(raw: bytes):
    message = read(raw)
    assert message is not None
    assert pickle.loads(pickle.dumps(message)) == message
    kept = json.dumps(asdict(message), default=str, ensure_ascii=False).encode()
    assert b"\\u0000" not in kept
    assert not UNSAFE.search(message.text + message.subject)
    assert all("/" not in file.name and "\\" not in file.name for file in message.attachments)
    assert "\n" not in message.subject


@given(raw=mails)
@settings(max_examples=150, deadline=None)
def test_a_letter_that_answers_anything_has_exactly_our_headers(raw: bytes):
    message = read(raw)
    assert message is not None
    thread = (*message.refers_to[:9][::-1], message.message_id or "<x@y>")
    letter = LetterOwed(
        at=AT,
        letter_id="DP-2026-000001-1",
        letter_kind="acknowledgement",
        to=message.sender.address if message.sender else "ann@mail.example",
        subject=message.subject,
        text=message.text,
        html=f"<p>{message.text}</p>",
        version="1",
        message_id="<x@acme.example>",
        references=thread,
    )
    name = message.sender.name if message.sender else message.subject
    assert fields(compose(letter, name=name, address="desk@acme.example", at=AT)) == HEADERS


@given(name=words, value=words)
@settings(max_examples=150, deadline=None)
def test_no_single_header_hurts(name: str, value: str):
    for field in (*NAMES, name):
        assert read(encoded(f"{field}: {value}\r\n\r\nwords\r\n")) is not None


@given(charset=st.text(max_size=50) | st.sampled_from(CHARSETS), body=st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_charset_hurts(charset: str, body: bytes):
    for kind in ("text/plain", "text/html"):
        head = encoded(f"Content-Type: {kind}; charset={charset}\r\n\r\n")
        assert read(head + body) is not None


@pytest.mark.parametrize("raw", LIGHT.values(), ids=LIGHT.keys())
def test_what_is_made_to_hurt_is_read_in_time(raw: bytes):
    started = process_time()
    assert read(raw) is not None
    assert process_time() - started < MOST_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVIES)
def test_what_is_heavy_is_read_or_refused_in_time(name: str):
    raw = HEAVIES[name]()
    assert len(raw) > 4_000_000
    started = process_time()
    read(raw)
    assert process_time() - started < MOST_SECONDS
