"""A case is erased: what the bot itself posted about it goes from every channel, whatever Slack does meanwhile."""

import json
from typing import Any

import pytest
from aiohttp import web

from bot.slack.removal import removed
from tests.conftest import Bot, Start, until
from tests.flow.erased import KIM, US, confirm_as_kim
from tests.flow.letters import ACCESS, mail
from tests.flow.test_stories_of_a_dpo import BREACH
from tests.slack.conftest import STAFF_LIST, answers, cards, told
from tests.slack.fake import INTAKE, JO, SAM, STAFF, FakeSlack, acked
from tests.slack.test_relays import RELAY
from tests.slack.test_trouble import failing

pytestmark = pytest.mark.slow

CHANNELS = (INTAKE, STAFF, f"D{SAM}", f"D{JO}")


def begin(bot: Bot, ref: str) -> None:
    """Do what erasing a case does: hand over the records of its posts, and forget them."""
    casebook = bot.data.casebook
    names = [name for name in casebook.kept_names("slack ") if name.endswith(f" {ref}")]
    posted = {name: json.dumps(casebook.kept(name)) for name in names}
    casebook.keep(f"slack-erase:{ref}", posted)
    for name in names:
        casebook.keep(name, {})


def about(slack: FakeSlack, ref: str) -> list[dict[str, Any]]:
    """Return what stands about a case in any channel."""
    channels = [c for c in CHANNELS if c in slack.workspace.channels]
    posts = [post for channel in channels for post in slack.workspace.posts(channel)]
    parents = {post["ts"] for post in posts if ref in post["text"]}
    return [p for p in posts if ref in p["text"] or p.get("thread_ts") in parents]


async def test_card_thread_answer_and_calls_are_deleted_and_counted(desk: Bot, slack: FakeSlack):
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)))
    await desk.send(mail(ACCESS, sender="b@mail.example"))
    await until(lambda: len(cards(slack)) == 2)
    ref, other = (case.ref for case in desk.cases)
    await acked(slack.press("claim", ref, user=SAM))
    await until(lambda: "sam has it now" in told(slack, cards(slack)[0]))
    kept = len(about(slack, other))
    begin(desk, ref)
    await until(lambda: removed(desk.data.casebook, ref) == (3, 0))
    assert about(slack, ref) == []
    assert answers(slack, ts) == []
    assert len(about(slack, other)) == kept
    assert ts in slack.workspace.channels[INTAKE].messages, "what a colleague wrote is his"


async def test_nothing_more_is_posted_about_it(desk: Bot, slack: FakeSlack):
    await desk.send(mail(ACCESS), mail(ACCESS, sender="b@mail.example"))
    await until(lambda: len(cards(slack)) == 2)
    ref, other = (case.ref for case in desk.cases)
    begin(desk, ref)
    await desk.ask("note", ref=ref, text="too late")
    await desk.ask("note", ref=other, text="in time")
    await until(lambda: "wrote a note" in told(slack, cards(slack)[-1]))
    await until(lambda: removed(desk.data.casebook, ref) == (1, 0))
    assert about(slack, ref) == []


async def test_it_waits_for_slack_and_goes_on_after_a_restart(start_both: Start, slack: FakeSlack):
    async with start_both() as bot:
        await bot.send(mail(BREACH))
        await until(lambda: bool(cards(slack)) and len(about(slack, bot.only_case.ref)) == 3)
        ref = bot.only_case.ref
        slack.workspace.channels[STAFF].messages.pop(cards(slack)[0]["ts"])  # somebody was quicker
        slack.api.trouble["chat.delete"] = [failing(503) for _ in range(99)]
        begin(bot, ref)
        await until(lambda: len(slack.api.trouble["chat.delete"]) < 99)
        await until(lambda: removed(bot.data.casebook, ref) == (0, 3))
    too_many = {"ok": False, "error": "ratelimited"}
    slack.api.trouble["chat.delete"] = [
        lambda: web.json_response(too_many, status=429, headers={"Retry-After": "1"})
    ]
    async with start_both() as bot:
        await until(lambda: removed(bot.data.casebook, ref) == (2, 0))
        assert about(slack, ref) == []


async def test_a_case_that_two_people_erase_is_gone_from_slack_too(
    start_both: Start, slack: FakeSlack
):
    staff = [*STAFF_LIST, US, KIM]
    async with start_both(staff=staff) as bot:
        await bot.send(mail(ACCESS), mail(ACCESS, sender="b@mail.example"))
        await until(lambda: len(cards(slack)) == 2)
        ref, other = (case.ref for case in bot.cases)
        await bot.ask("close", ref=ref, outcome="fulfilled")
        await bot.ask("erase", ref=ref, reason="mistake")
        confirm_as_kim(bot, ref)
        bot.clock.turn(days=8)
        assert await bot.ask("retain_now") == [{"erased": ref}]
        await until(lambda: removed(bot.data.casebook, ref) is not None)
        await until(lambda: (removed(bot.data.casebook, ref) or (0, 1))[1] == 0)
        assert about(slack, ref) == []
        assert [card["text"][: len(other)] for card in cards(slack)] == [other]
        assert bot.data.casebook.get(ref) is None
