"""An unsubscribe by mail: blocked at once, in every spelling; open until each sending system has it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.control import own_login
from bot.office import CommandError
from store.law import Label
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, VAGUE, mail, reply_to

STOP = "Please unsubscribe me from your newsletter and send me no more marketing."
SAM = {"name": "Sam", "login": "sam", "roles": ["handler"]}
US = {"name": "Us", "login": own_login(), "roles": ["lead"]}
AUDITOR = {"name": "Us", "login": own_login(), "roles": ["auditor"]}
SYSTEMS = {"sending_systems": ["newsletter", "crm"]}
BY_PHONE = {"medium": "phone", "received": "2026-11-27T11:00", "rights": ["unsubscribe"]}


async def check(bot: Bot, address: str = "ann@mail.example", **more: Any) -> str:
    (view,) = await bot.ask("block_check", address=address, **more)
    return str(view["answer"])


async def unsubscribe(bot: Bot, sender: str = "ann@mail.example", text: str = STOP) -> str:
    await bot.send(mail(text, sender=sender, subject="Newsletter"), sender=sender)
    return bot.cases[-1].ref


@pytest.mark.parametrize(
    ("subject", "body", "sender"),
    [
        ("UNSUBSCRIBE", "unsubscribe", "ann@mail.example"),
        ("Re: unsubscribe me pls", "pls unsubscribe me from your mails", "ann@mail.example"),
        ("Unsubscribe", "", "ann@mail.example"),
        ("unsubscribe", STOP, "Ann.B+Shop@Mail.Example"),
    ],
)
async def test_whoever_unsubscribes_is_blocked_at_once_in_every_spelling(
    bot: Bot, subject: str, body: str, sender: str
):
    await bot.send(mail(body, subject=subject, sender=sender), sender=sender)
    said = f"blocked since Fri 27 Nov 2026 {bot.only_case.ref}"
    plain = "ann.b@mail.example" if "+" in sender else sender
    for spelling in (sender, plain, plain.upper(), plain.replace("@", "+other@")):
        assert await check(bot, spelling) == said
    assert await check(bot, "bob@mail.example") == "not listed"
    assert await check(bot, scope="research") == "not listed"
    (letter,) = bot.sink.letters
    assert "identity" not in letter.as_string()
    assert "short delay" in letter.as_string().replace("\n", " ")


async def test_who_asks_how_to_subscribe_is_not_unsubscribed(bot: Bot):
    await bot.send(mail("How do I subscribe?", subject="How do I subscribe?"))
    assert await check(bot) == "not listed"
    assert all(Label.UNSUBSCRIBE not in case.asked for case in bot.cases)


async def test_an_unclear_message_blocks_once_a_person_has_sorted_it_so(bot: Bot):
    await bot.send(mail(VAGUE))
    assert await check(bot) == "not listed"
    ref = bot.only_case.ref
    await bot.ask("sort", ref=ref, rights=["access", "unsubscribe"])
    assert (await check(bot)).endswith(ref)


async def test_an_unsubscribe_in_a_thread_blocks_too(bot: Bot):
    await bot.send(mail(ACCESS))
    await bot.send(reply_to(bot.sink.letters[0], STOP))
    assert (await check(bot)).endswith(bot.only_case.ref)


async def test_an_unsubscribe_by_phone_blocks_where_an_address_is_known(start: Start):
    async with start(policy=SYSTEMS) as bot:
        (known,) = await bot.ask("open_told", **BY_PHONE, address="ann@mail.example")
        assert (await check(bot)).endswith(known["ref"])
        (unknown,) = await bot.ask("open_told", **BY_PHONE, name="Bob")
        assert [e["listed"] for e in unknown["events"] if e["kind"] == "blocked"] == [False]
        assert unknown["requests"][0]["systems_left"] == ["newsletter", "crm"]
        await bot.ask("block_add", address="bob@x.example", ref=unknown["ref"], why="he rang again")
        assert (await check(bot, "bob@x.example")).endswith(unknown["ref"])


async def test_it_stays_open_until_each_sending_system_is_ticked_off(start: Start):
    async with start(policy=SYSTEMS) as bot:
        ref = await unsubscribe(bot)
        with pytest.raises(CommandError, match="newsletter, crm left"):
            await bot.ask("close", ref=ref, outcome="fulfilled")
        (view,) = await bot.ask("ticked", ref=ref, system="newsletter")
        assert view["requests"][0]["systems_left"] == ["crm"]
        with pytest.raises(CommandError, match=f"taken it in: crm left.*ticked {ref} SYSTEM"):
            await bot.ask("close", ref=ref, outcome="fulfilled")
        with pytest.raises(CommandError, match=r"ticked off .* already, by"):
            await bot.ask("ticked", ref=ref, system="newsletter")
        with pytest.raises(CommandError, match="'fax' is no sending system"):
            await bot.ask("ticked", ref=ref, system="fax")
        await bot.ask("ticked", ref=ref, system="crm")
        (view,) = await bot.ask("close", ref=ref, outcome="fulfilled")
        assert view["state"] == "closed"
        proof = [(e["system"], e["by"]) for e in view["events"] if e["kind"] == "ticked"]
        assert proof == [("newsletter", own_login()), ("crm", own_login())]


async def test_it_can_be_closed_otherwise_and_what_was_ticked_goes_along(start: Start):
    async with start(policy=SYSTEMS) as bot:
        ref = await unsubscribe(bot)
        await bot.ask("ticked", ref=ref, system="crm")
        await bot.send(mail(ACCESS, sender="ann@work.example"), sender="ann@work.example")
        (merged,) = await bot.ask("merge", ref=bot.cases[-1].ref, other=ref)
        assert [r["systems_left"] for r in merged["requests"]] == [[], ["newsletter"]]
        await bot.ask("close", ref=merged["ref"], request=2, outcome="duplicate")


async def test_without_sending_systems_nothing_is_to_be_ticked_off(bot: Bot):
    ref = await unsubscribe(bot)
    (view,) = await bot.ask("close", ref=ref, outcome="fulfilled")
    assert view["state"] == "closed"


async def test_a_second_unsubscribe_leaves_the_first_date(bot: Bot):
    ref = await unsubscribe(bot)
    bot.clock.turn(days=9)
    await unsubscribe(bot, "ANN+x@mail.example", f"{STOP} I have asked before.")
    assert await check(bot) == f"blocked since Fri 27 Nov 2026 {ref}"


async def test_a_person_adds_and_removes_with_a_reason(bot: Bot):
    added = {"address": "Bob@mail.example", "scope": "Research", "why": "told us at the desk"}
    (view,) = await bot.ask("block_add", **added)
    assert (view["scope"], view["by"], view["why"]) == ("research", own_login(), added["why"])
    assert "mail.example" not in str(view)
    assert await check(bot, "bob@mail.example") == "blocked since Fri 27 Nov 2026 (research)"
    assert await check(bot, "bob@mail.example", scope="marketing") == "not listed"
    gone = {"address": "bob+1@mail.example", "scope": "research", "why": "changed his mind"}
    (lifted,) = await bot.ask("block_remove", **gone)
    assert (lifted["lifted_by"], lifted["lifted_why"]) == (own_login(), "changed his mind")
    assert await check(bot, "bob@mail.example") == "not listed"
    with pytest.raises(CommandError, match="not on the block-list for research"):
        await bot.ask("block_remove", **gone)
    assert [e["digest"] for e in await bot.ask("block_list")] == [view["digest"]]


async def test_who_is_lifted_and_unsubscribes_again_is_blocked_from_then(bot: Bot):
    await unsubscribe(bot)
    await bot.ask("block_remove", address="ann@mail.example", why="subscribed anew")
    bot.clock.at = datetime(2026, 12, 9, 12, tzinfo=UTC)
    ref = await unsubscribe(bot, text=f"{STOP} Once more.")
    assert await check(bot) == f"blocked since Wed 9 Dec 2026 {ref}"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"address": "nobody", "why": "?"}, "is not a mail address"),
        ({"address": "a@b.example", "why": " "}, "say why"),
        ({"address": "a@b.example", "why": "a@b.example asked"}, "without anybody's address"),
        ({"address": "a@b.example", "why": "?", "scope": "a:b"}, "is no scope"),
        ({"address": "a@b.example", "why": "?", "ref": "DP-1999-000001"}, "there is no case"),
    ],
    ids=str,
)
async def test_what_cannot_be_added_is_refused(bot: Bot, given: dict[str, str], sentence: str):
    with pytest.raises(CommandError, match=sentence):
        await bot.ask("block_add", **given)
    assert await bot.ask("block_list") == []


async def test_an_auditor_checks_and_changes_nothing(start: Start):
    async with start(staff=[AUDITOR]) as bot:
        assert await check(bot) == "not listed"
        for command in ("block_add", "block_remove"):
            with pytest.raises(CommandError, match="no handler or lead"):
                await bot.ask(command, address="ann@mail.example", why="?")


async def test_every_check_is_counted_without_an_address(bot: Bot):
    ref = await unsubscribe(bot)
    await check(bot)
    addresses = ["ANN@mail.example", "bob@mail.example", "nobody", "ann@mail.example"]
    (screened,) = await bot.ask("block_screen", addresses=addresses)
    blocked = f"blocked since Fri 27 Nov 2026 {ref}"
    assert screened["answers"] == [blocked, "not listed", "no address", blocked]
    (counted,) = await bot.ask("block_checks")
    assert counted == {
        "on": "2026-11-27", "by": own_login(), "checks": "2", "addresses": "4", "blocked": "3",
    }  # fmt: skip


async def test_whoever_may_not_see_the_case_learns_that_it_is_blocked_and_no_more(start: Start):
    async with start(staff=[US]) as bot:
        ref = await unsubscribe(bot)
        assert await check(bot) == f"blocked since Fri 27 Nov 2026 {ref}"
    async with start(staff=[{**US, "excluded_from": ["unsubscribe"]}]) as bot:
        assert await check(bot) == "blocked since Fri 27 Nov 2026"
        (entry,) = await bot.ask("block_list")
        assert entry["ref"] == ""
