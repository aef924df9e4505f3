"""What intake failed on gets its place by hand: a case with its own receipt, or among what is filed."""

from datetime import UTC, datetime

import pytest

from bot.command import CommandError
from store.case import State
from store.casebook import End
from store.law import Label
from store.spool import Envelope
from tests.conftest import DESK, Bot
from tests.flow.letters import ACCESS, mail

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def aside(bot: Bot, *, damaged: bool = False) -> str:
    envelope = Envelope(AT, "ann@mail.example", (DESK,))
    (spool_id,) = bot.data.spool.accept([(envelope, mail(ACCESS).encode())])
    bot.data.spool.quarantine(spool_id)
    if damaged:
        path = bot.data.spool.path(spool_id)
        path.write_bytes(path.read_bytes().replace(b"personal", b"persona1"))
    return spool_id


async def adds_up(bot: Bot) -> bool:
    (account,) = await bot.ask("reconcile")
    return bool(account["adds_up"]) and account["ends"]["quarantined"] == 0


async def test_it_becomes_a_case_with_its_own_receipt_and_is_acknowledged(bot: Bot):
    spool_id = aside(bot)
    (fate,) = await bot.ask("spool_release", spool_id=spool_id, rights=["access"])
    await bot.settled()
    case = bot.only_case
    assert (fate["end"], fate["ref"]) == (End.OPENED, case.ref)
    assert case.opened.received_at == AT
    assert case.asked == {Label.ACCESS}
    assert len(bot.sink.to("ann@mail.example")) == 1
    assert await adds_up(bot)


async def test_it_is_filed_with_its_reason_and_can_still_become_a_case(bot: Bot):
    spool_id = aside(bot)
    (fate,) = await bot.ask("spool_release", spool_id=spool_id, why="a test of the front server")
    assert fate["end"] == End.OTHER
    assert "a test of the front server" in fate["why"]
    assert await adds_up(bot)
    await bot.ask("open_filed", spool_id=spool_id, rights=[])
    assert bot.only_case.state is State.TRIAGE


async def test_one_whose_bytes_are_damaged_still_becomes_a_case(bot: Bot):
    spool_id = aside(bot, damaged=True)
    await bot.ask("spool_release", spool_id=spool_id)
    assert bot.only_case.state is State.TRIAGE
    assert bot.only_case.opened.received_at == AT
    assert await adds_up(bot)
    assert bot.sink.letters == []


async def test_what_is_not_set_aside_is_not_released(bot: Bot):
    await bot.send(mail(ACCESS))
    (spool_id,) = bot.data.spool.ids("done")
    with pytest.raises(CommandError, match="not in quarantine"):
        await bot.ask("spool_release", spool_id=spool_id)


async def test_one_that_has_its_place_already_is_only_set_aside_as_done(bot: Bot):
    await bot.send(mail(ACCESS))
    (spool_id,) = bot.data.spool.ids("done")
    bot.data.spool.quarantine(spool_id)
    await bot.ask("spool_release", spool_id=spool_id)
    assert len(bot.cases) == 1
    assert await adds_up(bot)
