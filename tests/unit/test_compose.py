"""A letter as bytes has exactly our headers, whatever is in it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from bot.mail.compose import compose
from bot.mail.parse import parse
from bot.message import Machine
from store.events import LetterOwed
from tests.mail.reading import HEADERS, fields, written

AT = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
LETTER = LetterOwed(
    at=AT,
    letter_id="DP-2026-000014-1",
    letter_kind="acknowledgement",
    to="ann@mail.example",
    subject="Your request (DP-2026-000014)",
    text="Dear Ann\n\nWe have your request, l'été dernier.\n",
    html="<p>Dear Ann</p>\n<p>We have your request, l'été dernier.</p>\n",
    version="1",
    message_id="<dp-2026-000014.1.0123456789abcdef0123456789abcdef@acme.example>",
    references=("<first@mail.example>", "<second@mail.example>"),
)
OURS = "Acme Limited <dataprotection@acme.example>"


def mail(letter: LetterOwed = LETTER, name: str = "Acme Limited") -> bytes:
    return compose(letter, name=name, address="dataprotection@acme.example", at=AT)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def test_a_letter_says_what_it_is_and_what_it_answers():
    letter = read(mail())
    assert letter.keys() == HEADERS
    assert [str(who) for who in letter["From"].addresses] == [OURS]
    assert letter["To"] == "ann@mail.example"
    assert letter["Subject"] == LETTER.subject
    assert letter["Date"].datetime == AT
    assert letter["Message-ID"] == LETTER.message_id
    assert letter["In-Reply-To"] == "<second@mail.example>"
    assert letter["References"].split() == list(LETTER.references)
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert letter["X-Privacy-Intake"] == LETTER.letter_id


def test_an_answer_goes_where_it_finds_its_case():
    own = "dataprotection+0123@acme.example"
    raw = compose(LETTER, name="Acme", address="desk@acme.example", at=AT, reply_to=own)
    assert read(raw)["Reply-To"] == own
    assert read(raw).keys() == [HEADERS[0], "Reply-To", *HEADERS[1:]]
    with pytest.raises(ValueError, match="proper address"):
        compose(LETTER, name="Acme", address=own, at=AT, reply_to="a@b.example\r\nBcc: c@d.example")


def test_text_and_page_say_the_same_and_arrive_word_for_word():
    plain, page = read(mail()).iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(page, EmailMessage)
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert page.get_content().replace("\r\n", "\n") == LETTER.html
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")


def test_without_a_page_it_is_plain_text():
    letter = read(mail(replace(LETTER, html="")))
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text


def test_a_letter_that_answers_nothing_says_so():
    letter = read(mail(replace(LETTER, references=())))
    assert letter["Auto-Submitted"] == "auto-generated"
    assert [name for name in HEADERS if name not in letter] == ["In-Reply-To", "References"]


def test_every_try_gives_the_same_bytes():
    assert mail() == mail()


def test_our_own_letter_is_known_when_it_comes_back():
    assert parse(mail()).machine is Machine.OURS


def test_lines_are_short_enough_for_the_wire_and_end_as_they_must():
    long = replace(LETTER, text="word " * 5_000 + "x" * 5_000, html="", subject="Größe " * 200)
    raw = mail(replace(long, references=tuple(f"<{'x' * 400}{n}@y>" for n in range(10))))
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert raw.endswith(b"\r\n")
    assert raw.isascii()


@pytest.mark.parametrize(
    "words",
    [
        "plain",
        "Größe",
        "a\r\nBcc: x@evil.example",
        "a\nBcc: x@evil.example\n\nbody",
        "a\rBcc: x\u2028Bcc: y\x85Bcc: z\x0bBcc: w\0",
        "=?UTF-8?Q?=0D=0ABcc=3A_x?=",
        "=?utf-8?q?unfinished",
        "\ud800 lone",
        "a\u202eb",
        "",
        '"quoted" \\ back\\slash',
        "x" * 5_000,
        "Ü" * 5_000,
        "a: b; c, <d@e.example>",
    ],
)
class TestNothingIsInjected:
    def test_by_a_subject(self, words: str):
        raw = mail(replace(LETTER, subject=words))
        assert fields(raw) == HEADERS
        assert read(raw)["Bcc"] is None

    def test_by_a_name(self, words: str):
        raw = mail(name=words)
        assert fields(raw) == HEADERS
        (author,) = read(raw)["From"].addresses
        assert author.addr_spec == "dataprotection@acme.example"

    def test_by_a_text(self, words: str):
        raw = mail(replace(LETTER, text=words, html=f"<p>{words}</p>"))
        assert fields(raw) == HEADERS
        assert len(list(read(raw).iter_parts())) == 2


def test_words_that_look_encoded_are_shown_as_they_stand():
    looks = "=?UTF-8?Q?=0D=0ABcc=3A_x?="
    assert read(mail(replace(LETTER, subject=looks)))["Subject"] == looks


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "ann@mail.example, bob@mail.example",
        "ann@mail.example\r\nBcc: x@evil.example",
        "ann@mail.example\n",
        "<ann@mail.example>",
        "änn@mail.example",
        "ann @mail.example",
    ],
)
def test_only_an_address_is_written_to(address: str):
    with pytest.raises(ValueError, match="address"):
        mail(replace(LETTER, to=address))


@pytest.mark.parametrize(
    "message_id",
    ["", "x@y", "<x@y>\r\nBcc: z", "<x@y> ", "<x y@z>", "<ü@y>", "<x@y><z@y>", f"<{'x' * 500}@y>"],
)
def test_only_a_message_id_stands_where_one_belongs(message_id: str):
    with pytest.raises(ValueError, match="Message-ID"):
        mail(replace(LETTER, message_id=message_id))
    with pytest.raises(ValueError, match="Message-ID"):
        mail(replace(LETTER, references=(message_id,)))


@pytest.mark.parametrize(
    "message_id", ["<[a@b]>", f"<{'a' * 240}@{'b' * 240}>", "<a@b@c>", "<!@~>"]
)
def test_every_message_id_that_is_read_can_be_answered(message_id: str):
    read_id = parse(written(Message_ID=message_id)).message_id
    assert read_id == message_id
    assert fields(mail(replace(LETTER, references=(read_id,)))) == HEADERS
