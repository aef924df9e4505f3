"""Two bots share one casebook on PostgreSQL: any of them shows any case, and nothing is done twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.control import own_login
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, INVOICE, mail
from tests.flow.test_papers import PASSPORT, places_of, sent_and_checked
from tests.postgres import shared_server

pytestmark = pytest.mark.slow

US = {"name": "Us", "login": own_login(), "email": "us@acme.example", "roles": ["lead", "handler"]}


@pytest.fixture
def url() -> str:
    return shared_server().schema()


def data_of(url: str, root: Path, name: str) -> dict[str, str]:
    return {"casebook": url, "dir": str(root / name), "keyring": str(root / "keys")}


@pytest.fixture
async def bots(url: str, start: Start, tmp_path: Path) -> AsyncIterator[tuple[Bot, Bot]]:
    async with AsyncExitStack() as stack:
        one, two = [
            await stack.enter_async_context(start(data=data_of(url, tmp_path, name), staff=[US]))
            for name in ("one", "two")
        ]
        yield one, two


async def test_what_came_to_one_bot_the_other_shows_word_for_word(bots: tuple[Bot, Bot]):
    one, two = bots
    await one.send(mail(ACCESS))
    (case,) = await two.ask("cases")
    (shown,) = await two.ask("spool_show", spool_id=case["messages"][0]["id"])
    assert ACCESS in shown["raw"]
    assert [letter["status"] for letter in case["letters"]] == ["sent"]
    for bot in bots:
        (account,) = await bot.ask("reconcile")
        assert account["adds_up"]
        assert (account["accepted"], account["ends"]["opened"]) == (1, 1)
    assert places_of(ACCESS.encode(), one.data.root / "spool") == []


async def test_each_letter_is_sent_once_whichever_bot_sends_it(bots: tuple[Bot, Bot]):
    mails = [mail(ACCESS, sender=f"p{n}@mail.example") for n in range(40)]
    halves = zip(bots, (mails[:20], mails[20:]), strict=True)
    await asyncio.gather(*(bot.send(*half) for bot, half in halves))
    sink = bots[0].sink
    assert sorted(str(x["To"]) for x in sink.letters if "us@" not in str(x["To"])) == sorted(
        f"p{n}@mail.example" for n in range(40)
    )
    assert len(bots[0].cases) == 40


async def test_staff_hear_of_a_new_case_once(bots: tuple[Bot, Bot]):
    one, two = bots
    await one.send(mail(ACCESS))
    await asyncio.gather(*(bot.ask("watch") for bot in bots))
    await two.settled()
    assert len([x for x in one.sink.to("us@acme.example") if "New case" in str(x["Subject"])]) == 1


async def test_a_mail_that_came_to_both_bots_at_once_is_one_case(bots: tuple[Bot, Bot]):
    for number in range(10):
        same = mail(ACCESS, message_id=f"<same.{number}@mail.example>")
        await asyncio.gather(*(bot.send(same) for bot in bots))
    assert len(bots[0].cases) == 10
    (account,) = await bots[0].ask("reconcile")
    assert account["ends"]["opened"] == account["ends"]["joined"] == 10


async def test_what_one_bot_filed_becomes_a_case_at_the_other(bots: tuple[Bot, Bot]):
    one, two = bots
    await one.send(mail(INVOICE, subject="Invoice 4471"))
    (filed,) = await two.ask("filed")
    (case,) = await two.ask("open_filed", spool_id=filed["id"], rights=["access"])
    assert case["requests"][0]["right"] == "access"
    assert [x.name for x in (two.data.root / "spool").iterdir() if x.name.startswith("lent")] == []


async def test_papers_are_cut_by_whichever_bot_is_asked(bots: tuple[Bot, Bot]):
    one, two = bots
    ref = await sent_and_checked(one)
    spool_id = one.only_case.papers_due[0]
    assert "ann-passport" in (await two.ask("spool_show", spool_id=spool_id))[0]["raw"]
    await two.ask("delete_papers", ref=ref)
    assert "ann-passport" not in (await one.ask("spool_show", spool_id=spool_id))[0]["raw"]
    for bot in bots:
        assert places_of(PASSPORT, bot.data.root) == []


async def test_staff_are_told_once_when_a_bot_falls_silent(
    bots: tuple[Bot, Bot], url: str, start: Start, tmp_path: Path
):
    async with start(data=data_of(url, tmp_path, "three"), staff=[US]):
        silent = (tmp_path / "three" / "bot-name").read_text()
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE bots SET waiting = 2, seen_at = seen_at - interval '1 hour' WHERE name = %s",
            [silent],
        )
    await asyncio.gather(*(bot.ask("watch") for bot in bots))
    await bots[0].settled()
    (told,) = [x for x in bots[0].sink.letters if "silent" in str(x["Subject"])]
    assert str(told["Subject"]) == f"A bot has gone silent: {silent}"
    assert "2 messages waited" in told.get_content()
    (account,) = await bots[0].ask("reconcile")
    assert account["ends"]["waiting"] == account["accepted"] == 2


async def test_a_command_needs_no_bot_and_no_lock(bots: tuple[Bot, Bot]):
    from bot.lone import alone  # noqa: PLC0415  (beside the running bots)

    one, _ = bots
    await one.send(mail(ACCESS))

    def note(**arguments: Any) -> list[dict[str, Any]]:
        return list(alone(one.config, "note", arguments))

    (case,) = await asyncio.to_thread(note, ref=one.only_case.ref, text="Called back.")
    assert case["events"][-1]["kind"] == "noted"
    assert one.only_case.events[-1].kind == "noted"
