"""Whatever a requester's name, subject and words are: the letter that answers them is the same letter."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from time import perf_counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.casework import Arrival, Casework
from bot.config import Config
from bot.letters import Letters
from bot.mail.compose import compose
from bot.mail.parse import parse
from bot.setting import jurisdiction
from bot.triage import OpenCase
from intents.reading import Reading
from replies.page import Page
from store.events import LetterOwed
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


def casework() -> Casework:
    config = Config()
    here = jurisdiction(config)
    numbers = iter(range(1, 10_000))
    return Casework(
        Letters(config, here),
        here,
        lambda year: f"DP-{year}-{next(numbers):06}",
        lambda _: None,
        lambda _: (),
    )


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


def answer(raw: bytes, work: Casework) -> tuple[LetterOwed, bytes] | None:
    """Open a case for a mail that asks for a copy; return its letter and the bytes that go out."""
    message = parse(raw)
    reading = Reading((Label.ACCESS,), {Label.ACCESS: 0.99, Label.OTHER: 0.0}, unsure=False)
    arrival = Arrival(Entry("spooled", ENVELOPE, raw), message, reading, NOW, NOW)
    unanswered = "" if message.sender else "the message does not say plainly who wrote it"
    case = work.carry_out(OpenCase((Label.ACCESS,), unanswered), arrival).case
    assert case is not None
    if not case.letters:
        return None
    owed = case.letters[0].owed
    return owed, compose(owed, name="Acme", address="desk@acme.example", at=NOW)


PLAIN = answer(mailed("Ann", "My data", "Please send me a copy."), casework())


@given(name=HOSTILE, subject=HOSTILE, words=HOSTILE)
@example(name='Ann"\r\nBcc: x@evil.example\r\nX: "', subject="{{ 7*7 }}", words="{{ 7*7 }}")
@example(name="<b>Ann</b>", subject="<script>", words="\r\n.\r\n# Heading")
@settings(deadline=None)
def test_headers_and_markup_stay_ours(name: str, subject: str, words: str):
    answered = answer(mailed(name, subject, words), casework())
    if answered is None:  # it names nobody plainly: nobody is written to
        return
    assert PLAIN is not None
    (owed, raw), (plain, _) = answered, PLAIN
    assert (owed.subject, owed.text, owed.html) == (plain.subject, plain.text, plain.html)
    assert [field for field in HEADERS if field in fields(raw)] == fields(raw)
    letter = message_from_bytes(raw, policy=policy.default)
    assert [address.addr_spec for address in letter["To"].addresses] == [owed.to]
    page = letter.get_body(("html",))
    assert isinstance(page, EmailMessage)
    assert Page(page.get_content()).unsafe == []


def test_an_acknowledgement_is_written_and_composed_in_under_three_milliseconds():
    message = parse(mailed("Ann", "My data", "Please send me a copy."))
    config = Config()
    here = jurisdiction(config)
    letters = Letters(config, here)
    work = Casework(letters, here, lambda year: f"DP-{year}-000001", lambda _: None, lambda _: ())
    labels = (Label.ACCESS, Label.ERASURE, Label.COMPLAINT)
    reading = Reading(labels, {Label.ACCESS: 0.99}, unsure=False)
    arrival = Arrival(Entry("spooled", ENVELOPE, b""), message, reading, NOW, NOW)
    case = work.carry_out(OpenCase(labels), arrival).case
    assert case is not None

    def once() -> float:
        start = perf_counter()
        owed = letters.acknowledgement(case, case.requests, at=NOW, thread=(), agent=False)
        assert isinstance(owed, LetterOwed)
        compose(owed, name="Acme", address="desk@acme.example", at=NOW)
        return perf_counter() - start

    assert min(once() for _ in range(20)) < 0.003
