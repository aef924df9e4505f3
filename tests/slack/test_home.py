"""The Home tab, the morning's digest and the reminders: figures and dates, for those who may see them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import Bot, Clock, Start, until
from tests.flow.letters import ACCESS, ERASURE, VAGUE, mail
from tests.slack.conftest import STAFF_LIST, cards, digests, told
from tests.slack.fake import GUEST, JO, LEE, SAM, STAFF, FakeSlack, acked
from tests.slack.limits import BreachError, check_view


async def look(slack: FakeSlack, user: str = SAM) -> dict[str, Any]:
    slack.workspace.homes.pop(user, None)
    slack.event(type="app_home_opened", user=user, tab="home", channel=f"D{user}")
    await until(lambda: user in slack.workspace.homes)
    return slack.workspace.homes[user]


async def turn(slack: FakeSlack, value: str, user: str = SAM) -> dict[str, Any]:
    slack.workspace.homes.pop(user, None)
    await acked(slack.press(f"home-{value.partition(' ')[0]}", value, user=user))
    await until(lambda: user in slack.workspace.homes)
    return slack.workspace.homes[user]


async def test_home_counts_and_lists_what_waits(desk: Bot, slack: FakeSlack):
    await desk.send(mail(ACCESS), mail(VAGUE, sender="b@mail.example"))
    await desk.ask("claim", ref=desk.cases[0].ref)
    home = str(await look(slack))
    assert "Mine: 0" in home
    assert "Triage: 1" in home
    assert "All: 2" in home
    assert desk.cases[1].ref in str(await turn(slack, "triage 0"))
    assert "ann@mail.example" not in home
    assert "23 Nov: 2" in home


async def test_three_hundred_open_cases_are_paged(desk: Bot, slack: FakeSlack):
    for number in range(300):
        await desk.ask("open_told", medium="phone", received="2026-11-20", rights=["access"], name=f"Person {number}")  # fmt: skip
    first = await look(slack)
    assert len(first["blocks"]) <= 100
    second = await turn(slack, "all 1")
    last = await turn(slack, "all 99")
    assert "page 2 of 15" in str(second)
    assert "page 15 of 15" in str(last)
    assert "DP-2026-000300" in str(last)
    assert "Person" not in str([first, second, last])


async def test_home_counts_nothing_that_its_reader_may_not_see(start_both: Start, slack: FakeSlack):
    staff = [dict(person) for person in STAFF_LIST]
    staff[1]["excluded_from"] = ["erasure"]
    async with start_both(staff=staff) as bot:
        await bot.send(mail(ACCESS), mail(ERASURE, sender="b@mail.example"))
        assert "All: 1" in str(await look(slack, JO))
        assert "All: 2" in str(await look(slack, SAM))
        for nobody in (LEE, GUEST):
            assert "All:" not in str(await look(slack, nobody))


async def test_where_slack_knows_no_charts_the_text_says_the_same(desk: Bot, slack: FakeSlack):
    whole = check_view

    def without_charts(view: dict[str, Any]) -> None:
        whole(view)
        if "data_visualization" in str(view):
            raise BreachError("invalid_arguments", "no such block")

    assert desk
    slack.api.check_view = without_charts
    assert "Requests received in the weeks of" in str(await look(slack))


@pytest.mark.slow
async def test_the_digest_has_figures_only_and_comes_once_on_a_working_morning(
    start_both: Start, slack: FakeSlack, clock: Clock
):
    clock.at = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)  # a Sunday
    async with start_both() as bot:
        await bot.send(mail(ACCESS))
        await until(lambda: len(cards(slack)) == 1)
    clock.at = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
    for _ in range(2):
        async with start_both():
            await until(lambda: bool(digests(slack)))
    (posted,) = digests(slack)
    digest = posted["text"]
    assert "Monday 30 November 2026" in digest
    assert "1 case, 0 waiting for the requester, 1 nobody's" in digest
    assert "DP-" not in digest


@pytest.mark.slow
async def test_an_owner_is_reminded_in_the_thread(
    start_both: Start, slack: FakeSlack, clock: Clock
):
    async with start_both() as bot:
        await bot.send(mail(ACCESS))
        await until(lambda: bool(cards(slack)))
        await acked(slack.press("claim", bot.only_case.ref, user=SAM))
        await until(lambda: "sam has it" in told(slack, cards(slack)[0]))
    clock.at = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)  # a Monday, after the due date
    async with start_both():
        await until(lambda: "overdue" in told(slack, cards(slack)[0]))
        reminder = [m for m in slack.workspace.posts(STAFF) if "<@U0SAM>" in m["text"]]
        assert len(reminder) == 1
        assert "6 days overdue" in str(cards(slack)[0])
