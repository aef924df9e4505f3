"""Two bots share one workspace and one casebook: whatever is owed in a channel is posted once, by whichever bot."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from store.deeds import Assigned
from tests.conftest import Bot, Clock, Start, until
from tests.flow.letters import ACCESS, mail
from tests.flow.test_two_bots import data_of
from tests.postgres import shared_server
from tests.slack.conftest import answers, cards, digests, told
from tests.slack.fake import SAM, FakeSlack, acked
from tests.slack.test_relays import RELAY

MESSAGES = 6
BREACH = "I emailed the wrong person a customer's file by mistake"


@pytest.fixture
def url() -> str:
    return shared_server().schema()


@pytest.fixture
async def bots(
    url: str, start_both: Start, slack: FakeSlack, tmp_path: Path
) -> AsyncIterator[tuple[Bot, Bot]]:
    async with AsyncExitStack() as stack:
        one, two = [
            await stack.enter_async_context(start_both(data=data_of(url, tmp_path, name)))
            for name in ("one", "two")
        ]
        await until(lambda: slack.sockets.connections == 2)
        yield one, two


@pytest.mark.slow
async def test_every_message_is_one_case_with_one_answer_and_one_card(
    bots: tuple[Bot, Bot], slack: FakeSlack
):
    slack.sockets.doubling = 1  # the other bot gets it too
    written = [slack.say(f"{RELAY}, caller {n}") for n in range(MESSAGES)]
    await until(lambda: all(answers(slack, ts) for ts in written) and len(cards(slack)) >= MESSAGES)
    await asyncio.sleep(2.5)  # a second post would come after Slack's pace, or the other bot's look
    assert len(bots[0].cases) == MESSAGES
    assert Counter(len(answers(slack, ts)) for ts in written) == {1: MESSAGES}
    assert sorted(card["text"][:14] for card in cards(slack)) == [c.ref for c in bots[1].cases]
    assert slack.api.rate_limited == 0, "one bot at a time posts in a channel"


@pytest.mark.slow
async def test_what_one_bot_does_lands_on_the_card_the_other_posted(
    bots: tuple[Bot, Bot], slack: FakeSlack
):
    one, two = bots
    await one.send(mail(ACCESS))
    await until(lambda: bool(cards(slack)))
    ref = one.only_case.ref
    clicks = [slack.press("claim", ref, user=SAM) for _ in range(2)]  # one to each bot
    for click in clicks:
        await acked(click)
    assert sum(isinstance(e, Assigned) for e in two.only_case.events) == 1
    await until(lambda: "sam has it now" in told(slack, cards(slack)[0]))
    await until(lambda: "open, sam" in str(cards(slack)[0]))
    await asyncio.sleep(2.5)
    assert len(cards(slack)) == 1
    assert told(slack, cards(slack)[0]).count("sam has it now") == 1


@pytest.mark.slow
async def test_digest_and_call_come_once(bots: tuple[Bot, Bot], slack: FakeSlack, clock: Clock):
    slack.say(BREACH)
    await until(lambda: len(slack.workspace.posts(slack.workspace.direct(SAM))) == 1)
    clock.turn(days=3)
    await until(lambda: any("Monday 30" in post["text"] for post in digests(slack)))
    await asyncio.sleep(2.5)
    assert len({post["text"] for post in digests(slack)}) == len(digests(slack))
    assert len(slack.workspace.posts(slack.workspace.direct(SAM))) == 1
    assert bots[0].only_case.kinds == {"breach"}


@pytest.mark.slow
async def test_when_one_bot_stops_the_other_goes_on(
    url: str, start_both: Start, slack: FakeSlack, tmp_path: Path
):
    async with start_both(data=data_of(url, tmp_path, "one")):
        first = slack.say(RELAY)
        await until(lambda: bool(answers(slack, first)))
        async with start_both(data=data_of(url, tmp_path, "two")) as two:
            await until(lambda: slack.sockets.connections == 2)
    second = slack.say(f"{RELAY} again")  # missed by both
    async with start_both(data=data_of(url, tmp_path, "two")) as two:
        await until(lambda: bool(answers(slack, second)) and len(cards(slack)) == 2)
        assert len(two.cases) == 2
    assert len(answers(slack, first)) == len(answers(slack, second)) == 1
