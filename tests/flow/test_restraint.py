"""Two machines that answer each other fall silent, a flood is not answered, and nothing is lost by it."""

import asyncio
import re
import smtplib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from bot.arrival import Arrival
from bot.config import Config
from bot.message import Message, Sender
from bot.setting import setting
from bot.triage import Known, decide
from intents.reading import Reading
from store.case import LetterStatus
from store.folder import DataFolder
from store.law import Label
from store.recorded import Trust
from store.spool import Entry, Envelope
from tests.conftest import DESK, Bot, Start, until
from tests.flow.letters import ACCESS, COMPLAINT, VAGUE, mail
from tests.ports import free_port

OTHER_DESK = "dataprotection@beta.example"
SIGNS = re.compile(
    rb"^(X-Privacy-Intake|Auto-Submitted|X-Auto-Response-Suppress):.*\r\n", re.MULTILINE
)


@dataclass
class Between:
    """A relay that hands each letter to the other bot, without the signs that a machine wrote it."""

    doors: dict[str, int]
    carried: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        (to,) = envelope.rcpt_tos
        self.carried.append(to)
        raw = SIGNS.sub(b"", envelope.content)
        await asyncio.to_thread(self.hand_on, envelope.mail_from, to, raw)
        return "250 OK"

    def hand_on(self, sender: str, to: str, raw: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.doors[to]) as wire:
            wire.sendmail(sender, [to], raw)


@asynccontextmanager
async def between(doors: dict[str, int]) -> AsyncIterator[tuple[Between, int]]:
    relay = Between(doors)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(relay, loop=loop), "127.0.0.1", 0)
    yield relay, server.sockets[0].getsockname()[1]
    server.close()


def at_rest(bots: list[Bot]) -> bool:
    return not any(bot.data.spool.pending() or bot.data.casebook.owed() for bot in bots)


async def test_two_bots_that_answer_each_other_fall_silent(start: Start, tmp_path: Path):
    doors = {DESK: free_port(), OTHER_DESK: free_port()}
    async with between(doors) as (relay, port):

        def desk(address: str, folder: str) -> Any:
            mail = {"listen": f"127.0.0.1:{doors[address]}", "relay": f"smtp://127.0.0.1:{port}"}
            mail |= {"addresses": [address], "from": address}
            return start(mail=mail, data={"dir": str(tmp_path / folder)})

        async with desk(DESK, "one") as one, desk(OTHER_DESK, "two") as two:
            first = mail(ACCESS, sender=OTHER_DESK)
            await asyncio.to_thread(one.hand_in, first, OTHER_DESK, DESK)
            await until(lambda: bool(relay.carried) and at_rest([one, two]))
            assert relay.carried.count(OTHER_DESK) == 1
            assert relay.carried.count(DESK) <= 1


@pytest.mark.slow
async def test_a_robot_that_answers_everything_gets_one_mail_a_day(bot: Bot):
    for day in range(1, 3):
        for number in range(20):
            await bot.send(mail(f"{VAGUE} {number}", sender="shop@robot.example"))
        assert len(bot.sink.letters) == day
        bot.clock.turn(days=1)
    held = [m for case in bot.cases for m in case.letters if m.status is LetterStatus.HELD]
    assert (len(bot.cases), len(held)) == (40, 38)


async def test_a_person_who_asks_twice_in_a_day_is_told_so_once(bot: Bot):
    await bot.send(*(mail(f"{ACCESS} {number}") for number in range(3)))
    kinds = [letter.owed.letter_kind for case in bot.cases for letter in case.letters]
    status = [letter.status for case in bot.cases for letter in case.letters]
    assert kinds == ["acknowledgement", "duplicate", "duplicate"]
    assert status == [LetterStatus.SENT, LetterStatus.SENT, LetterStatus.HELD]


async def test_who_asks_something_else_on_the_same_day_is_answered(bot: Bot):
    await bot.send(mail(ACCESS), mail(COMPLAINT))
    assert len(bot.sink.letters) == 2


@pytest.mark.parametrize(
    ("limit", "kind"),
    [
        ("answers_per_sender_day", "to one sender in a day"),
        ("answers_per_domain_hour", "to one domain in an hour"),
        ("answers_per_hour", "in an hour"),
    ],
)
async def test_over_a_limit_the_answer_is_held_and_staff_are_told_once(
    start: Start, limit: str, kind: str
):
    staff = [{"name": "Sam", "email": "sam@staff.example"}]
    async with start(mail={"limits": {limit: 1}}, staff=staff) as bot:
        await bot.send(mail(ACCESS), mail(COMPLAINT), mail(VAGUE))
        assert [len(case.letters) for case in bot.cases] == [1, 1, 1]
        assert len(bot.sink.to("ann@mail.example")) == 1
        told = [str(letter["Subject"]) for letter in bot.sink.to("sam@staff.example")]
        trouble = [subject for subject in told if subject.startswith("Trouble")]
        assert len(trouble) == 1
        assert f"too many answers {kind}" in trouble[0]
        held = bot.cases[1].letters[0].owed.letter_id
        await bot.ask("release", ref=bot.cases[1].ref, letter=held)
        await bot.settled()
        assert len(bot.sink.to("ann@mail.example")) == 2


async def test_a_restart_forgets_no_answer(start: Start):
    limits = {"limits": {"answers_per_hour": 1}}
    async with start(mail=limits) as bot:
        await bot.send(mail(ACCESS))
    async with start(mail=limits) as bot:
        await bot.send(mail(ACCESS, sender="bob@else.example"), sender="bob@else.example")
        assert len(bot.sink.letters) == 1


ASKS = Reading((Label.ACCESS,), dict.fromkeys(Label, 0.01) | {Label.ACCESS: 0.95}, unsure=False)
AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def flood(many: int) -> Iterator[tuple[str, Message]]:
    for number in range(many):
        address = f"p{number}@forged.example"
        genuine = number == many // 2
        yield (
            address,
            Message(
                message_id=f"<{number}@forged.example>",
                digest=str(number),
                sender=Sender("", "ann@mail.example" if genuine else address),
                subject="My data",
                text="Please send it.",
                trust=Trust.PASSED if genuine else Trust.FAILED,
            ),
        )


@pytest.mark.parametrize("many", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_forged_senders_get_no_answer_however_many_and_who_is_among_them_does(
    tmp_path: Path, many: int
):
    with DataFolder(tmp_path) as folder:
        parts = setting(Config(), folder)
        going = []
        for address, message in flood(many):
            decision = decide(message, ASKS, Known(), parts.rules, address)
            entry = Entry(message.digest, Envelope(AT, address, (DESK,), "", "smtp"), b"")
            outcome = parts.casework.carry_out(decision, Arrival(entry, message, ASKS, AT, AT))
            assert outcome.case is not None
            (letter,) = outcome.case.letters
            if letter.status is LetterStatus.QUEUED:
                going.append(letter.owed.to)
        assert going == ["ann@mail.example"]
