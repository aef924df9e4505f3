"""Slack breaks, refuses and forgets; what colleagues wrote is not lost, and what the bot posts is not doubled."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web

from bot.control import own_login
from tests.conftest import DESK, Bot, Clock, Start, until
from tests.flow.letters import ACCESS, ERASURE, mail
from tests.flow.test_two_bots import data_of
from tests.postgres import new_server
from tests.slack.conftest import STAFF_LIST, answers, cards, told
from tests.slack.fake import INTAKE, SAM, STAFF, FakeSlack, acked
from tests.slack.test_relays import RELAY

pytestmark = pytest.mark.slow

SLACK_OF_A_BUSY_MACHINE = 3


async def test_what_was_written_while_nobody_was_connected_is_read_afterwards(
    start_both: Start, slack: FakeSlack
):
    async with start_both() as bot:
        slack.say(RELAY)
        await until(lambda: len(bot.cases) == 1)
    missed = slack.say("a caller wants us to delete all his personal data")
    slack.say("he rang twice", thread_ts=missed)
    async with start_both() as bot:
        await until(lambda: len(bot.cases) == 2 and len(bot.cases[1].messages) == 2)
        await until(lambda: bool(answers(slack, missed)))
        assert len(bot.cases[0].messages) == 1


async def test_a_reply_and_an_edit_that_were_missed_in_an_old_thread_are_read(
    start_both: Start, slack: FakeSlack
):
    async with start_both() as bot:
        ts = slack.say(RELAY)
        await until(lambda: len(bot.cases) == 1)
    async with start_both() as bot:
        await until(lambda: bool(answers(slack, ts)))
    slack.say("she rang again", thread_ts=ts)
    async with start_both() as bot:
        await until(lambda: len(bot.only_case.messages) == 2)


async def test_a_reply_that_was_missed_after_the_case_was_closed_is_read(
    start_both: Start, slack: FakeSlack
):
    async with start_both() as bot:
        ts = slack.say(RELAY)
        await until(lambda: bool(answers(slack, ts)))
        lunch = slack.say("lunch at 12?")
        ref = bot.only_case.ref
        await bot.ask("close", ref=ref, outcome="withdrawn", request=1, reasons="rang")
    async with start_both() as bot:  # reads on, past the thread's first message
        await until(lambda: (bot.data.casebook.kept("slack history") or {}).get("ts") == lunch)
    slack.say("she wants all her data deleted instead", thread_ts=ts)
    async with start_both() as bot:
        await until(lambda: len(bot.cases) == 2)
        assert [str(request.label) for request in bot.cases[1].requests] == ["erasure"]


async def test_what_was_said_before_the_bot_first_came_is_not_taken_in(
    start_both: Start, slack: FakeSlack
):
    slack.workspace.put(INTAKE, user="U0LEE", text=RELAY)
    async with start_both() as bot:
        slack.say("lunch at 12?")
        await until(lambda: len(list(bot.data.casebook.dispositions())) == 1)
        assert not bot.cases


async def test_many_threads_are_read_again_at_the_pace_slack_allows(
    start_both: Start, slack: FakeSlack
):
    async with start_both() as bot:
        written = [slack.say(f"{RELAY}, caller {n}") for n in range(9)]
        await until(lambda: len(bot.cases) == 9)
    async with start_both() as bot:
        await until(lambda: bool(bot.data.casebook.kept("slack history")))
    for ts in written:
        slack.say("she rang again", thread_ts=ts)
    slack.api.allowed["conversations.replies"] = 4
    calls = len(slack.api.calls)
    async with start_both() as bot:
        await until(lambda: [len(case.messages) for case in bot.cases] == [2] * 9)
    read = sum(method == "conversations.replies" for method, _ in slack.api.calls[calls:])
    assert slack.api.rate_limited
    assert read < 9 + slack.api.rate_limited + 9, "what was read is not read again and again"


@pytest.mark.parametrize("how", ["refresh", "cut"])
async def test_it_connects_again_and_reads_what_it_missed(desk: Bot, slack: FakeSlack, how: str):
    before = slack.sockets.connections
    if how == "cut":
        slack.sockets.cut()
        slack.say(RELAY)
    else:
        await slack.sockets.refresh()
    await until(lambda: slack.sockets.connections > before)
    if how == "refresh":
        slack.say(RELAY)
    await until(lambda: len(desk.cases) == 1)


async def test_no_ack_while_the_disk_refuses(
    desk: Bot, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
):
    def refuse(_arrivals: object) -> list[str]:
        raise OSError(28, "No space left on device")

    whole = desk.data.spool.accept
    monkeypatch.setattr(desk.data.spool, "accept", refuse)
    slack.say(RELAY)
    await until(lambda: any(e.deliveries == 2 for e in slack.sockets._envelopes.values()))
    monkeypatch.setattr(desk.data.spool, "accept", whole)
    await until(lambda: len(desk.cases) == 1)


async def test_a_revoked_token_is_no_reason_to_ack_what_is_not_owned(desk: Bot, slack: FakeSlack):
    """The library acks an event when it cannot authorise; by then it is in the spool."""
    slack.api.trouble["auth.test"] = [failing(500) for _ in range(9)]
    slack.say(RELAY)
    await until(lambda: len(desk.cases) == 1)


def failing(status: int, **headers: str) -> Callable[[], web.Response]:
    return lambda: web.Response(status=status, text="no", headers=headers)


@pytest.mark.usefixtures("desk")
async def test_ratelimited_the_answer_comes_when_slack_said_it_may(slack: FakeSlack):
    slack.api.trouble["chat.postMessage"] = [
        lambda: web.json_response(
            {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"}
        )
    ]
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)) and bool(cards(slack)))
    assert len(answers(slack, ts)) == 1
    assert len(cards(slack)) == 1


@pytest.mark.parametrize("trouble", ["cut off", 500])
async def test_a_post_that_may_have_arrived_is_looked_for_before_it_goes_again(
    desk: Bot, slack: FakeSlack, trouble: str | int
):
    """Slack takes the message and the answer to it is lost."""

    def lose(request: web.Request) -> None:
        if trouble == "cut off":
            assert request.transport is not None
            request.transport.abort()
        else:
            raise web.HTTPInternalServerError

    slack.api.after["chat.postMessage"] = [lose, lose]
    ts = slack.say(RELAY)
    await until(lambda: slack.api.after["chat.postMessage"] == [])
    await until(lambda: bool(desk.data.casebook.kept(f"slack answer {desk.only_case.ref}")))
    kept = desk.data.casebook.kept
    ref = desk.only_case.ref
    await until(lambda: "answered" in (kept(f"slack answer {ref}") or {}))
    await until(lambda: "card" in (kept(f"slack card {ref}") or {}))
    assert len(answers(slack, ts)) == 1
    assert len(cards(slack)) == 1


async def test_a_lost_post_is_not_taken_for_one_that_says_the_same(desk: Bot, slack: FakeSlack):
    await desk.send(mail(ACCESS))
    await until(lambda: bool(cards(slack)))
    ref, kept = desk.only_case.ref, desk.data.casebook.kept
    await desk.ask("note", ref=ref, text="one")
    await until(lambda: told(slack, cards(slack)[0]).count("wrote a note") == 1)
    await until(lambda: "trying" not in (kept(f"slack card {ref}") or {}))
    slack.api.trouble["chat.postMessage"] = [failing(500)]  # it did not arrive, and nobody knows
    await desk.ask("note", ref=ref, text="two")
    await until(lambda: told(slack, cards(slack)[0]).count("wrote a note") == 2)


async def test_slack_is_away_for_hours_and_cards_catch_up_once_in_order(
    desk: Bot, slack: FakeSlack, clock: Clock
):
    """Everything fails, the sockets too; mail, clock and commands go on."""
    away = [failing(503) for _ in range(9_999)]
    slack.api.trouble["*"] = away
    slack.sockets.refusing = True
    slack.sockets.cut()
    await desk.send(mail(ACCESS), mail(ERASURE, sender="b@mail.example"))
    assert len(desk.sink.letters) == 2
    for number in range(2):
        clock.turn(hours=1)
        await desk.send(mail(ACCESS, sender=f"c{number}@mail.example"))
        await desk.ask("note", ref=desk.cases[0].ref, text=f"hour {number}")
    missed = slack.workspace.put(INTAKE, user="U0LEE", text=RELAY)
    slack.sockets.refusing = False
    slack.api.trouble.clear()
    await until(lambda: len(cards(slack)) == 5 and bool(answers(slack, missed["ts"])))
    assert [card["text"][:14] for card in cards(slack)] == [case.ref for case in desk.cases]
    await asyncio.sleep(2.5)
    assert len(cards(slack)) == 5
    assert len(answers(slack, missed["ts"])) == 1
    assert told(slack, cards(slack)[0]) == "", "the card shows what happened before it"


async def test_a_token_revoked_at_work_is_one_alarm_and_mail_goes_on(
    start: Start, slack: FakeSlack, capsys: pytest.CaptureFixture[str]
):
    staff = [{**STAFF_LIST[2], "login": own_login(), "email": "root@acme.example"}]
    async with start(slack=slack.settings(), staff=staff) as bot:
        await until(slack.sockets.connected.is_set)
        ts = slack.say(RELAY)
        await until(lambda: bool(answers(slack, ts)) and bool(cards(slack)))
        slack.api.tokens.clear()
        slack.sockets.cut()
        await bot.send(mail(ACCESS), mail(ERASURE, sender="b@mail.example"))
        assert len(bot.sink.to("ann@mail.example")) == len(bot.sink.to("b@mail.example")) == 1
        await asyncio.sleep(4)
        assert len(bot.cases) == 3
    said = capsys.readouterr().out
    assert said.count("[error") == said.count("slack refuses the app's token") == 1


async def test_a_channel_rests_as_long_as_slack_says(desk: Bot, slack: FakeSlack):
    at: list[float] = []

    def later() -> web.Response:
        at.append(asyncio.get_running_loop().time())
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers={"Retry-After": "3"})

    slack.api.trouble["chat.postMessage"] = [later]
    await desk.send(mail(ACCESS))
    await until(lambda: bool(cards(slack)))
    assert asyncio.get_running_loop().time() - at[0] >= 3


async def test_a_card_that_somebody_deleted_comes_back_with_what_happens_next(
    desk: Bot, slack: FakeSlack
):
    await desk.send(mail(ACCESS))
    await until(lambda: bool(cards(slack)))
    slack.workspace.channels[STAFF].messages.clear()
    await acked(slack.press("claim", desk.only_case.ref, user=SAM))
    await until(lambda: len(cards(slack)) == 1)
    assert "open, sam" in str(cards(slack)[0])


async def test_while_the_casebook_is_away_slack_waits_and_goes_on(
    start_both: Start, slack: FakeSlack, tmp_path: Path
):
    server = new_server()
    data = data_of(server.schema(), tmp_path, "one")
    async with start_both(data=data) as bot:
        server.stop()
        ts = slack.say(RELAY)
        await until(lambda: bool(bot.data.spool.pending()))
        said = await acked(slack.command("list", user=SAM), 20)
        assert "longer than Slack waits" in said["text"]
        server.start()
        await until(lambda: bool(answers(slack, ts)))


async def test_a_channel_the_bot_is_not_in_stops_only_the_posts_there(
    start_both: Start, slack: FakeSlack
):
    slack.workspace.channels[STAFF].has_bot = False
    async with start_both(web={"listen": ""}) as bot:
        ts = slack.say(RELAY)
        await until(lambda: bool(answers(slack, ts)))
        assert not cards(slack)
        slack.workspace.channels[STAFF].has_bot = True
        await until(lambda: bool(cards(slack)))
        assert bot.only_case.ref in cards(slack)[0]["text"]


async def test_a_refused_token_is_said_once_and_mail_goes_on(
    start: Start, slack: FakeSlack, capsys: pytest.CaptureFixture[str]
):
    slack.api.tokens.clear()
    async with start(slack=slack.settings()) as bot:
        await bot.send(mail(ACCESS))
        assert len(bot.sink.letters) == 1
        await until(lambda: any(method == "apps.connections.open" for method, _ in slack.api.calls))
        await bot.send(mail(ERASURE))
    assert capsys.readouterr().out.count("slack refuses the app's token") == 1


async def test_acks_come_quickly_while_mail_pours_in(desk: Bot, slack: FakeSlack):
    """Readings run in processes of their own, so the loop is free to ack."""
    waits, answered = await acks_while_mail_pours_in(desk, slack, mails=60)
    assert waits[int(len(waits) * 0.99)] < 0.2 * SLACK_OF_A_BUSY_MACHINE
    assert answered < 2 * SLACK_OF_A_BUSY_MACHINE


@pytest.mark.quiet
async def test_acks_come_within_their_budget(desk: Bot, slack: FakeSlack):
    """20 mails a second for a quarter of a minute, on a machine that has nothing else to do."""
    waits, answered = await acks_while_mail_pours_in(desk, slack, mails=300)
    assert waits[int(len(waits) * 0.99)] < 0.2
    assert answered < 2


async def acks_while_mail_pours_in(
    desk: Bot, slack: FakeSlack, mails: int
) -> tuple[list[float], float]:
    """Return how long acks took, the longest last, and how long it was from a message to its answer."""

    async def pour() -> None:
        for number in range(mails):
            letter = mail(ACCESS, sender=f"p{number}@mail.example")
            await asyncio.to_thread(desk.hand_in, letter, f"p{number}@mail.example", DESK)
            await asyncio.sleep(0.05)

    pouring = asyncio.create_task(pour())
    envelopes = []
    while not pouring.done():
        slack.say("is the printer broken again")
        envelopes.append(list(slack.sockets._envelopes.values())[-1])
        await asyncio.sleep(0.1)
    await pouring
    for envelope in envelopes:
        await acked(envelope)
    waits = sorted(envelope.seconds[0] for envelope in envelopes)
    print(f"{len(waits)} acks: median {waits[len(waits) // 2]:.3f} s, p99 {waits[int(len(waits) * 0.99)]:.3f} s")  # fmt: skip
    begun = asyncio.get_running_loop().time()
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)))
    return waits, asyncio.get_running_loop().time() - begun
