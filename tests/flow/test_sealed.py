"""Bots whose data is encrypted at rest work as any other, alone and several on one database."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest

from bot.control import own_login
from store.entries import check_entry
from store.keyring import make_keyring
from store.same_person import traits
from store.sealing import SPOOL
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, INVOICE, mail
from tests.flow.test_papers import sent_and_checked
from tests.postgres import shared_server

US = {"name": "Us", "login": own_login(), "email": "us@acme.example", "roles": ["lead", "handler"]}


@pytest.fixture
async def bot(start: Start, tmp_path: Path) -> AsyncIterator[Bot]:
    keyring = make_keyring(tmp_path / "keys").folder
    data = {"dir": str(tmp_path / "data"), "keyring": str(keyring)}
    async with start(data=data, staff=[US]) as running:
        yield running


async def test_a_message_is_sealed_by_the_spool_until_it_has_a_case_and_then_by_that(bot: Bot):
    await bot.send(mail(ACCESS), mail(INVOICE, sender="green@leaf.example"))
    keys = {i: check_entry(bot.data.spool.path(i)) for i in bot.data.spool.places()}
    (filed,) = await bot.ask("filed")
    assert keys[filed["id"]] == SPOOL
    assert sorted(keys.values()) == ["DP-2026-000001", SPOOL]
    (opened,) = await bot.ask("open_filed", spool_id=filed["id"], rights=["access"])
    assert check_entry(bot.data.spool.path(filed["id"])) == opened["ref"]
    (shown,) = await bot.ask("show", ref=opened["ref"])
    assert "invoice 4471" in shown["text"]


async def test_what_is_cut_out_of_a_sealed_message_is_gone_and_the_words_stay(bot: Bot):
    ref = await sent_and_checked(bot)
    (spool_id,) = bot.only_case.papers_due
    assert b"ann-passport.png" in bot.data.spool.read(spool_id).raw
    await bot.ask("delete_papers", ref=ref)
    for copy in bot.data.spool.places():
        raw = bot.data.spool.read(copy).raw
        assert b"ann-passport.png" not in raw
        assert b"my passport" in raw or ACCESS.encode() in raw
    assert check_entry(bot.data.spool.path(spool_id)) == ref


async def test_two_bots_with_one_keyring_show_what_came_to_the_other(start: Start, tmp_path: Path):
    url, keyring = shared_server().schema(), make_keyring(tmp_path / "keys").folder
    async with AsyncExitStack() as stack:
        one, two = [
            await stack.enter_async_context(
                start(
                    data={
                        "casebook": url,
                        "dir": str(tmp_path / name),
                        "keyring": str(keyring),
                    },
                    staff=[US],
                )
            )
            for name in ("one", "two")
        ]
        await one.send(mail(ACCESS))
        await two.send(mail(ACCESS, sender="Bo Beech <bo@mail.example>"), sender="bo@mail.example")
        refs = {case["ref"] for case in await one.ask("cases")}
        assert refs == {case["ref"] for case in await two.ask("cases")}
        for bot in (one, two):
            for ref in refs:
                (shown,) = await bot.ask("show", ref=ref)
                assert shown["text"].strip() == ACCESS
            assert (await bot.ask("reconcile"))[0]["adds_up"]
        with psycopg.connect(url) as connection:
            sealed = {k for (k,) in connection.execute("SELECT envelope->>'key' FROM messages")}
            looked_up = {t for (t,) in connection.execute("SELECT trait FROM traits")}
        assert sealed == refs
        guesses = {hashlib.sha256(t.encode()).hexdigest() for t in traits("", "ann@mail.example")}
        assert not guesses & looked_up
