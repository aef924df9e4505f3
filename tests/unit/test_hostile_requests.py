"""Whatever a requester's name, subject and words are: the letter that answers them is the same letter."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.arrival import Arrival
from bot.casework import Casework
from bot.config import Config
from bot.letters import Letters
from bot.mail.compose import compose
from bot.mail.parse import parse
from bot.setting import Setting, setting
from bot.triage import OpenCase
from intents.reading import Reading
from replies.page import Page
from store.case import Case
from store.events import LetterOwed
from store.folder import DataFolder
from store.law import Label
from store.spool import Entry, Envelope
from tests.mail.reading import HEADERS, fields

NOW = datetime(2026, 11, 27, 16, 40, tzinfo=UTC)
ENVELOPE = Envelope(mail_from="ann@mail.example", rcpt_tos=("desk@acme.example",), accepted_at=NOW)
TRICKS = (
    *("{{ 7*7 }}", "{% raw %}", "{% if", "{#", "<script>alert(1)</script>", "</p>", "<!--", "&lt;"),
    *("\r\nBcc: x@evil.example", "\nSubject: other", "\r\n\r\n", "=?utf-8?q?=0D=0ABcc=3A_x?="),
    *("\u2028", "\x00", "\u202e", '"', "\\", "<b@evil.example>", ", ", "# ", "| ", "- "),
)
HOSTILE = st.lists(st.one_of(st.text(), st.sampled_from(TRICKS)), max_size=6).map("".join)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    folder = tmp_path_factory.mktemp("data")
    with DataFolder(folder) as data:
        yield setting(Config(), data)


def mailed(name: str, subject: str, words: str) -> bytes:
    """Write a mail as a careless program would: nothing in it is escaped, nothing left out."""
    lines = (
        f"From: {name} <ann@mail.example>",
        f"Subject: {subject}",
        "Message-ID: <one@mail.example>",
        "Content-Type: text/plain; charset=utf-8",
        "",
        words,
    )
    return "\r\n".join(lines).encode("utf-8", "surrogatepass")


def opened(raw: bytes, work: Casework, *labels: Label) -> Case:
    """Open a case for a mail that is read as asking for `labels`."""
    message = parse(raw)
    reading = Reading(labels, {Label.ACCESS: 0.99, Label.OTHER: 0.0}, unsure=False)
    arrival = Arrival(Entry("spooled", ENVELOPE, raw), message, reading, NOW, NOW)
    unanswered = "" if message.sender else "the message does not say plainly who wrote it"
    case = work.carry_out(OpenCase(labels, unanswered), arrival).case
    assert case is not None
    return case


def said(case: Case, letter: LetterOwed) -> list[str]:
    return [words.replace(case.ref, "REF") for words in (letter.subject, letter.text, letter.html)]


def mail_of(letter: LetterOwed) -> bytes:
    return compose(letter, name="Acme", address="desk@acme.example", at=NOW)


@given(name=HOSTILE, subject=HOSTILE, words=HOSTILE)
@example(name='Ann"\r\nBcc: x@evil.example\r\nX: "', subject="{{ 7*7 }}", words="{{ 7*7 }}")
@example(name="<b>Ann</b>", subject="<script>", words="\r\n.\r\n# Heading")
@settings(deadline=None)
def test_headers_and_markup_stay_ours(parts: Setting, name: str, subject: str, words: str):
    plain = opened(mailed("Ann", "My data", "A copy, please."), parts.casework, Label.ACCESS)
    case = opened(mailed(name, subject, words), parts.casework, Label.ACCESS)
    if not case.letters:  # it names nobody plainly: nobody is written to
        return
    owed = case.letters[0].owed
    assert said(case, owed) == said(plain, plain.letters[0].owed)
    raw = mail_of(owed)
    assert [field for field in HEADERS if field in fields(raw)] == fields(raw)
    letter = message_from_bytes(raw, policy=policy.default)
    assert [address.addr_spec for address in letter["To"].addresses] == [owed.to]
    page = letter.get_body(("html",))
    assert isinstance(page, EmailMessage)
    assert Page(page.get_content()).unsafe == []


def test_an_acknowledgement_is_written_and_composed_in_under_three_milliseconds(parts: Setting):
    labels = (Label.ACCESS, Label.ERASURE, Label.COMPLAINT)
    case = opened(mailed("Ann", "My data", "Please send me a copy."), parts.casework, *labels)
    letters = Letters(Config(), parts.here)

    def once() -> float:
        start = perf_counter()
        owed = letters.acknowledgement(case, case.requests, at=NOW, thread=(), agent=False)
        assert isinstance(owed, LetterOwed)
        mail_of(owed)
        return perf_counter() - start

    assert min(once() for _ in range(20)) < 0.003
