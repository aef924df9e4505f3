"""/health and /metrics answer with figures and nothing about anybody."""

import asyncio
import json
import re
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot.vitals import HELP
from tests.conftest import DESK, Bot, Start, until
from tests.flow.letters import ACCESS, mail
from tests.flow.wire import wire
from tests.ports import free_port


async def look(bot: Bot, path: str = "health") -> tuple[int, str]:
    def ask() -> tuple[int, str]:
        try:
            with urlopen(f"http://{bot.config.web.listen}/{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    return await asyncio.to_thread(ask)


async def reasons(bot: Bot) -> list[str]:
    status, text = await look(bot)
    said = json.loads(text)
    assert (status == 200, said["status"] == "ok") == (not said["reasons"],) * 2
    return list(said["reasons"])


@pytest.fixture
def web() -> dict[str, dict[str, Any]]:
    return {"web": {"listen": f"127.0.0.1:{free_port()}"}}


async def test_a_compaction_that_failed_is_told(start: Start, web: dict[str, dict[str, Any]]):
    async with start(**web) as bot:
        assert await reasons(bot) == []
        bot.data.casebook._compaction.fault = "casebook.journal is damaged at byte 25"
        assert await reasons(bot) == [
            "the casebook could not be compacted: its disk is full or it is damaged"
        ]
        bot.data.casebook._compaction.fault = ""
        assert await reasons(bot) == []


async def test_health_tells_what_waits_and_names_nobody(
    start: Start, web: dict[str, dict[str, Any]]
):
    async with start(**web) as bot:
        await bot.send(mail(ACCESS))
        status, text = await look(bot)
    said = json.loads(text)
    assert status == 200
    assert {k: said[k] for k in ("status", "reasons", "waiting", "quarantined", "owed")} == {
        "status": "ok",
        "reasons": [],
        "waiting": 0,
        "quarantined": 0,
        "owed": 0,
    }
    assert said["disk_free_bytes"] > said["disk_least_bytes"]
    assert "ann" not in text


async def test_metrics_are_read_by_prometheus_and_name_nobody(
    start: Start, web: dict[str, dict[str, Any]]
):
    async with start(**web) as bot, wire(bot):
        await bot.send(mail(ACCESS))
        status, text = await look(bot, "metrics")
        accepted_at = bot.clock.at.timestamp()
    assert status == 200
    assert "ann" not in text
    sample = re.compile(r"privacy_intake_([a-z_]+) (\d+(?:\.\d+)?(?:e[+-]\d+)?)")
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    found = {m[1]: float(m[2]) for m in map(sample.fullmatch, samples) if m}
    assert set(found) == set(HELP)
    assert found["accepted_total"] == 1
    assert found["accepted_last_seconds"] == pytest.approx(accepted_at, abs=1)
    assert found["connections"] >= 1
    assert found["workers"] == 1
    assert found["calendar_days"] == 765  # from 27 November 2026 to the end of 2028


async def test_a_letter_that_waits_too_long_for_the_relay_is_trouble(
    start: Start, web: dict[str, dict[str, Any]]
):
    async with start(**web, mail={"relay": "smtp://127.0.0.1:9"}) as bot:
        await asyncio.to_thread(bot.hand_in, mail(ACCESS), "ann@mail.example", DESK)
        await until(lambda: len(bot.data.casebook.owed()) == 1 and not bot.data.spool.pending())
        assert await reasons(bot) == []
        bot.clock.turn(hours=5)
        assert "a letter has waited too long for the relay" in await reasons(bot)


async def test_a_nearly_full_disk_is_trouble_and_passes_by_itself(
    start: Start, web: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
):
    free = [1 << 20]
    monkeypatch.setattr("bot.room.shutil.disk_usage", lambda _: SimpleNamespace(free=free[0]))
    monkeypatch.setattr("bot.room.FRESH", 0.0)
    async with start(**web, data={"least_free_mb": 2}) as bot:
        assert await reasons(bot) == ["the disk is nearly full: no mail is accepted"]
        free[0] = 3 << 20
        assert await reasons(bot) == []


async def test_staff_are_told_of_trouble_once_a_day(
    start: Start, web: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.room.shutil.disk_usage", lambda _: SimpleNamespace(free=1))
    monkeypatch.setattr("bot.backroom.WATCH_EVERY", 0.01)
    sam = {"name": "Sam", "email": "sam@acme.example"}
    async with start(**web, staff=[sam], policy={"digest_hour": 23}) as bot:
        await until(lambda: len(bot.sink.letters) == 1)
        assert await reasons(bot) != []
        bot.clock.turn(hours=24)
        await until(lambda: len(bot.sink.letters) == 2)
        assert {str(told["Subject"]) for told in bot.sink.to("sam@acme.example")} == {
            "Trouble: the disk is nearly full: no mail is accepted"
        }


async def test_a_message_in_quarantine_and_the_end_of_the_calendar_are_trouble(
    start: Start, web: dict[str, dict[str, Any]]
):
    async with start(**web) as bot:
        await bot.send(mail(ACCESS))
        (spool_id,) = bot.data.spool.ids("done")
        bot.data.spool.quarantine(spool_id)
        assert await reasons(bot) == []
        bot.clock.turn(days=2)
        assert await reasons(bot) == ["a message has been in quarantine for more than a day"]
        bot.data.spool.retry(spool_id)
        bot.data.spool.finish(spool_id)
        bot.clock.turn(days=720)
        assert await reasons(bot) == ["the list of bank holidays ends in 43 days"]


async def test_a_message_that_waits_too_long_and_a_folder_that_is_gone_are_trouble(
    start: Start, web: dict[str, dict[str, Any]]
):
    async with start(**web) as bot:
        await bot.send(mail(ACCESS))
        (spool_id,) = bot.data.spool.ids("done")
        bot.data.spool.quarantine(spool_id)
        bot.data.spool.retry(spool_id)  # nobody tells the workers
        bot.clock.turn(minutes=20)
        assert await reasons(bot) == ["a message has waited too long to be taken in"]
        bot.data.spool.finish(spool_id)
        incoming = bot.data.root / "spool" / "incoming"
        incoming.rename(incoming.with_name("away"))
        assert await reasons(bot) == ["the data folder cannot be read"]
        incoming.with_name("away").rename(incoming)
        assert await reasons(bot) == []
