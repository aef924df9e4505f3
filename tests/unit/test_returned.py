"""A bounce tells which of our letters did not arrive, whichever way it returns them."""

from datetime import UTC, datetime

import pytest

from bot.mail.compose import compose
from bot.mail.parse import parse
from store.events import LetterOwed
from tests.mail.reading import written

AT = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
OURS = "<dp-2026-000014.1.0123456789abcdef0123456789abcdef@acme.example>"
LETTER = compose(
    LetterOwed(
        at=AT,
        letter_id="DP-2026-000014-1",
        letter_kind="acknowledgement",
        to="gone@mail.example",
        subject="Your request",
        text="We have your request.",
        html="<p>We have your request.</p>",
        version="1",
        message_id=OURS,
    ),
    name="Acme",
    address="dataprotection@acme.example",
    at=AT,
).decode().replace("\r\n", "\n")  # fmt: skip
HEADERS = LETTER.partition("\n\n")[0]


def undelivered(
    returned: str, action: str = "failed", subject: str = "Returned"
) -> tuple[str, ...]:
    text = (
        "--b\nContent-Type: text/plain\n\nsorry\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; x\n\nAction: {action}\nStatus: 5.1.1\n\n--b\n{returned}\n--b--"
    )
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    return parse(written(text, Content_Type=kind, Subject=subject)).undelivered


@pytest.mark.parametrize(
    "returned",
    [
        f"Content-Type: message/rfc822\n\n{LETTER}",
        f"Content-Type: text/rfc822-headers\n\n{HEADERS}",
        f"Content-Type: text/plain\n\nOriginal message headers:\n\n{HEADERS}",
        "Content-Type: text/plain\n\n" + "\n".join(f"> {line}" for line in HEADERS.split("\n")),
        f"Content-Type: text/plain\n\nMessage-ID:\n {OURS}",
        f"Content-Type: text/plain\n\nMESSAGE-ID: {OURS}",
    ],
    ids=["whole", "headers", "as text", "quoted", "folded", "capitals"],
)
def test_a_letter_that_is_returned_is_named(returned: str):
    assert undelivered(returned) == (OURS,)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_not_given_up_is_not_undelivered(action: str):
    assert undelivered(f"Content-Type: message/rfc822\n\n{LETTER}", action) == ()


def test_one_failed_recipient_is_enough():
    assert undelivered(f"Content-Type: message/rfc822\n\n{LETTER}", "delayed\n\nAction: Failed")


class TestWithoutAReport:
    TEXT = f"<gone@mail.example>: user unknown\n\n{HEADERS}"

    def test_a_bounce_in_plain_words_gives_up(self):
        mail = written(self.TEXT, From="MAILER-DAEMON@old.example", Subject="failure notice")
        assert parse(mail).undelivered == (OURS,)

    def test_a_warning_in_plain_words_does_not(self):
        mail = written(self.TEXT, From="MAILER-DAEMON@old.example", Subject="Warning: delayed")
        assert parse(mail).undelivered == ()

    def test_a_person_who_quotes_our_letter_is_no_bounce(self):
        assert parse(written(self.TEXT)).undelivered == ()


def test_the_bounces_own_message_id_is_not_taken_for_a_letter():
    assert undelivered("Content-Type: text/plain\n\nnothing of use") == ()
