"""What one person alone reads: the call when a breach comes, and the answer to a request of their own."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from tests.conftest import Bot, Clock, Start, until
from tests.flow.letters import mail
from tests.flow.test_stories_of_a_dpo import BREACH, CONTRACT
from tests.slack.conftest import STAFF_LIST, answers, cards
from tests.slack.fake import INTAKE, JO, LEE, SAM, STAFF, FakeSlack, acked
from tests.slack.workspace import User

OWN = "I would like a copy of all the data you hold about me, my personnel file above all"
SUNDAY_NIGHT = datetime(2026, 11, 29, 22, 10, tzinfo=UTC)


def told_alone(slack: FakeSlack, user: str) -> list[dict[str, Any]]:
    return slack.workspace.posts(slack.workspace.direct(user))


def staff(**of_jo: Any) -> list[dict[str, Any]]:
    return [person | (of_jo if person["login"] == "jo" else {}) for person in STAFF_LIST]


async def test_a_breach_on_a_sunday_night_calls_once_by_slack_and_by_mail(
    start_both: Start, slack: FakeSlack, clock: Clock
):
    clock.at = SUNDAY_NIGHT
    called = [person | {"email": f"{person['login']}@acme.example"} for person in STAFF_LIST]
    async with start_both(staff=called) as bot:
        await bot.send(mail(BREACH))
        await bot.ask("watch")
        await until(lambda: bool(cards(slack)))
        await until(lambda: bool(told_alone(slack, SAM)) and bool(told_alone(slack, JO)))
        ref = bot.only_case.ref
        assert bot.sink.to("sam@acme.example")
    async with start_both(staff=called):
        await asyncio.sleep(1.5)  # a second call would come after Slack's pace
    for user in (SAM, JO):
        (call,) = told_alone(slack, user)
        assert ref in call["text"]
        assert "72 hours end on Wednesday 02 December at 22:10" in call["text"]


@pytest.mark.slow
async def test_the_call_is_answered_by_a_click_and_survives_a_busy_slack(
    desk: Bot, slack: FakeSlack
):
    too_many = {"ok": False, "error": "ratelimited"}
    slack.api.trouble["chat.postMessage"] = [
        lambda: web.json_response(too_many, status=429, headers={"Retry-After": "1"})
        for _ in range(3)
    ]
    await desk.send(mail(BREACH))
    await until(lambda: bool(told_alone(slack, JO)) and bool(told_alone(slack, SAM)))
    channel = slack.workspace.direct(JO)
    await acked(slack.press("claim", desk.only_case.ref, user=JO, channel=channel))
    assert desk.only_case.owner == "jo"
    assert len(told_alone(slack, JO)) == len(told_alone(slack, SAM)) == 1


async def test_only_those_on_call_who_may_see_the_case_are_called(
    start_both: Start, slack: FakeSlack
):
    async with start_both(staff=staff(excluded_from=["breach"])) as bot:
        await bot.send(mail(BREACH))
        await until(lambda: bool(told_alone(slack, SAM)))
        assert not told_alone(slack, JO)
        assert bot.only_case.ref not in str(slack.workspace.posts(STAFF))


async def test_one_who_has_left_keeps_nobody_else_from_being_called(
    start_both: Start, slack: FakeSlack
):
    slack.workspace.add(User(SAM, deleted=True))
    async with start_both(slack={"on_call": [SAM, JO]}) as bot:
        await bot.send(mail(CONTRACT), mail(BREACH, sender="b@mail.example"))
        await until(lambda: bool(told_alone(slack, JO)))
        (call,) = told_alone(slack, JO)
        assert bot.cases[-1].ref in call["text"]


async def test_who_asks_for_himself_in_the_channel_is_pointed_to_a_direct_message(
    desk: Bot, slack: FakeSlack
):
    ts = slack.say(OWN)
    await until(lambda: bool(answers(slack, ts)))
    (answer,) = answers(slack, ts)
    assert "employee" in desk.only_case.kinds
    assert "direct message" in answer["text"]
    assert desk.only_case.ref not in answer["text"]
    assert "access" not in answer["text"]


async def test_a_direct_message_is_a_request_of_an_employee_and_answered_there(
    start_both: Start, slack: FakeSlack
):
    async with start_both(staff=staff(excluded_from=["employee"])) as bot:
        ts = slack.say_alone(OWN)
        await until(lambda: len(told_alone(slack, LEE)) == 1)
        case = bot.only_case
        (answer,) = told_alone(slack, LEE)
        assert answer["thread_ts"] == ts
        assert case.ref in answer["text"]
        assert "due Tuesday 29 December 2026" in answer["text"]
        assert "employee" in case.kinds
        slack.say_alone("and my sickness record, please", thread_ts=ts)
        await until(lambda: len(bot.only_case.messages) == 2)
        assert case.ref not in str(slack.workspace.posts(STAFF))
        assert case.ref not in str(slack.workspace.posts(INTAKE))
        assert case.ref not in (await acked(slack.command("list", user=JO)))["text"]
        assert case.ref in (await acked(slack.command("list", user=SAM)))["text"]


@pytest.mark.parametrize("before", [[], ["hello there"]])
async def test_a_direct_message_that_was_missed_is_read_afterwards(
    start_both: Start, slack: FakeSlack, before: list[str]
):
    async with start_both() as bot:
        for said in before:
            slack.say_alone(said)
            await until(lambda: len(list(bot.data.casebook.dispositions())) >= 1)
    slack.say_alone(OWN)
    async with start_both() as bot:
        await until(lambda: len(told_alone(slack, LEE)) == 1)
        assert "employee" in bot.only_case.kinds
