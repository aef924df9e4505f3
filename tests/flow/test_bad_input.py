"""Hostile and broken mail: nothing is lost, nothing crashes, nothing is injected, all is accounted for."""

import base64

import pytest

from store.case import State
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, mail

OURS = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "X-Privacy-Intake", "MIME-Version", "Content-Type", "Received",
}  # fmt: skip


def parts(count: int) -> bytes:
    one = b"--b\r\nContent-Type: text/plain\r\n\r\npart\r\n"
    head = b'From: a@mail.example\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return head + one * count + b"--b--\r\n"


def nested(depth: int) -> bytes:
    raw = b"From: a@mail.example\r\nSubject: deep\r\n"
    for level in range(depth):
        raw += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    return raw + b"\r\nend\r\n"


BAD = {
    "garbage": bytes(range(256)) * 40,
    "nothing at all": b"\r\n",
    "no header": b"\r\nplease delete everything you have about me\r\n",
    "a thousand parts": parts(1_000),
    "a thousand levels": nested(1_000),
    "unknown charset": b"From: a@mail.example\r\nSubject: x\r\nContent-Type: text/plain; charset=klingon\r\n\r\n"
    b"please delete all my data \xe9\r\n",
    "charset that raises": b"From: a@mail.example\r\nContent-Type: text/plain; charset=idna\r\n\r\nhello\r\n",
    "folded headers": b"From:\r\n a@mail.example\r\nSubject: my\r\n data\r\n\r\nplease send me my data\r\n",
    "ten thousand recipients": b"From: a@mail.example\r\nTo: " + b"x@mail.example, " * 10_000 + b"\r\n\r\nhello\r\n",
    "a subject with line breaks inside": b"From: a@mail.example\r\nSubject: "
    + b"=?UTF-8?Q?=0D=0ABcc=3A_evil=40mail.example?= " * 200
    + b"\r\n\r\n" + ACCESS.encode() + b"\r\n",
}  # fmt: skip


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
async def test_whatever_comes_is_accounted_for(bot: Bot, raw: bytes):
    await bot.send(raw, sender="a@mail.example")
    (account,) = await bot.ask("reconcile")
    assert account["adds_up"]
    assert account["accepted"] == 1
    assert account["ends"]["waiting"] == account["ends"]["quarantined"] == 0
    for letter in bot.sink.letters:
        assert set(letter.keys()) <= OURS
        assert letter["Bcc"] is None


def heavy() -> bytes:
    """Return a mail of almost 30 MB: an ask, and a large attachment."""
    lines = base64.encodebytes(bytes(21_000_000))
    raw = (
        b"From: ann@mail.example\r\nSubject: my data\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\n" + ACCESS.encode() + b"\r\n"
        b"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; filename=big.bin\r\n\r\n" + lines + b"--b--\r\n"
    )
    assert len(raw) > 28_000_000
    return raw


async def test_thirty_megabytes_are_read_and_answered(bot: Bot):
    await bot.send(heavy())
    assert len(bot.cases) == 1
    assert len(bot.sink.letters) == 1


async def test_template_syntax_in_a_mail_stays_what_it_is(bot: Bot):
    await bot.send(
        mail(
            f"{ACCESS} {{{{ 7*7 }}}}", subject="{{ 7*7 }}", sender='"{{ 7*7 }}" <ann@mail.example>'
        )
    )
    assert bot.only_case.opened.requester_name == "{{ 7*7 }}"
    (letter,) = bot.sink.letters
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert "49" not in plain.get_content() + str(letter["Subject"])


async def test_what_takes_too_long_becomes_a_case_for_a_person_and_the_next_is_read(start: Start):
    async with start(classify={"workers": 1, "seconds": 0.05}) as bot:
        await bot.send(heavy())
        case = bot.only_case
        assert case.state is State.TRIAGE
        assert case.messages[0].flags[0].startswith("unreadable: it could not be read within")
        assert len(bot.data.spool.read(case.messages[0].spool_id).raw) > 28_000_000
        assert bot.sink.letters == []
        await bot.send(mail(ACCESS))
        assert len(bot.sink.letters) == 1


async def test_a_second_copy_of_what_cannot_be_read_is_no_second_case(bot: Bot):
    lines = mail(ACCESS, message_id="<one@mail.example>").encode() + b"\n" * 1_000_001
    await bot.send(lines, lines + b"x", lines)
    assert [c.messages[0].flags for c in bot.cases] == [
        ("unreadable: it could not be taken apart",)
    ] * 2
