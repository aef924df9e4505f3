"""Colleagues relay what somebody asked; a case opens, and the thread hears of it; chatter opens nothing."""

import asyncio
import sys

import pytest

from bot.slack.parse import parse
from store.events import LinkProposed
from tests.conftest import Bot, Start, until
from tests.flow.letters import ACCESS, mail
from tests.processes import ROOT
from tests.slack.conftest import answers, cards
from tests.slack.fake import INTAKE, LEE, FakeSlack, acked

RELAY = "a customer on the phone wants everything we hold on her"


async def test_a_relayed_request_opens_a_case_and_is_answered_in_the_thread(
    desk: Bot, slack: FakeSlack
):
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)))
    case = desk.only_case
    assert case.opened.channel == "slack"
    (answer,) = answers(slack, ts)
    assert case.ref in answer["text"]
    assert "access" in answer["text"]
    assert "due Tuesday 29 December 2026" in answer["text"]
    assert "provisional" in answer["text"]
    assert "Open privacy case" in answer["text"]
    assert not desk.sink.letters
    await until(lambda: bool(cards(slack)))


async def settled(bot: Bot, messages: int) -> None:
    """Wait until so many spooled events have their place."""
    await until(lambda: len(list(bot.data.casebook.dispositions())) >= messages)


async def test_chatter_opens_nothing_and_is_filed_for_a_person_to_see(desk: Bot, slack: FakeSlack):
    slack.say("is the printer broken again")
    slack.say("good morning all")
    await settled(desk, 2)
    assert not desk.cases
    assert len(await desk.ask("filed")) == 2


async def test_an_event_delivered_four_times_is_one_case_and_one_answer(
    desk: Bot, slack: FakeSlack
):
    slack.sockets.doubling = 3
    ts = slack.say(RELAY)
    await settled(desk, 4)
    await until(lambda: bool(answers(slack, ts)))
    assert len(desk.cases) == 1
    await asyncio.sleep(1.2)  # a second answer would come after Slack's pace
    assert len(answers(slack, ts)) == 1
    assert all(await reconciled(desk))


async def test_a_mention_arrives_twice_and_is_one_message(desk: Bot, slack: FakeSlack):
    ts = slack.say(f"<@U0BOT> {RELAY}")
    await settled(desk, 2)
    await until(lambda: bool(answers(slack, ts)))
    assert len(desk.only_case.messages) == 1


async def reconciled(bot: Bot) -> list[bool]:
    return [account["adds_up"] for account in await bot.ask("reconcile")]


async def test_replies_edits_deletions_and_files_are_recorded_on_the_case(
    desk: Bot, slack: FakeSlack
):
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)))
    slack.say("she rang again this morning", thread_ts=ts)
    slack.say("here", thread_ts=ts, subtype="file_share", files=[{"name": "a.pdf", "size": 3}])
    await until(lambda: len(desk.only_case.messages) == 3)
    slack.edit(ts, RELAY + " and quickly")
    await until(lambda: len(desk.only_case.messages) == 4)
    slack.delete(ts)
    await until(lambda: len(desk.only_case.messages) == 5)
    messages = desk.only_case.messages
    assert sorted(message.attachments for message in messages[:3]) == [0, 0, 1]
    assert "edited" in messages[3].flags[0]
    assert "deleted" in messages[4].flags[0]


async def test_what_follows_in_the_same_moment_joins_the_case(start_both: Start, slack: FakeSlack):
    """A reply is read sooner than the long message it belongs to."""
    async with start_both(classify={"workers": 2}) as bot:
        long = f"{RELAY}. " + "She told me a very long story about her kitchen. " * 700
        written = [slack.say(f"{long} Caller {n}.") for n in range(3)]
        for ts in written:
            slack.say("she wants us to delete her account and all her data too", thread_ts=ts)
        await settled(bot, 6)
        assert [len(case.messages) for case in bot.cases] == [2, 2, 2]


@pytest.mark.slow
async def test_a_reply_that_is_shown_in_the_channel_too_is_one_reply(desk: Bot, slack: FakeSlack):
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)))
    slack.say("she rang again", thread_ts=ts, subtype="thread_broadcast")
    slack.sockets.cut()  # and the history has it once more
    await until(lambda: len(desk.only_case.messages) == 2)
    await until(lambda: slack.sockets.connections == 2)
    slack.unfurl(ts)
    slack.say("is the printer broken again")
    await until(lambda: any(d.filed for d in desk.data.casebook.dispositions()))
    assert len(desk.only_case.messages) == 2
    assert len(desk.only_case.requests) == 1


async def test_what_a_reply_asks_besides_is_a_request_of_its_own(desk: Bot, slack: FakeSlack):
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)))
    slack.say("she also wants us to delete her account and all her data", thread_ts=ts)
    await until(lambda: len(answers(slack, ts)) == 2)
    assert [str(r.label) for r in desk.only_case.requests] == ["access", "erasure"]
    assert "Request 2: read as *erasure*" in answers(slack, ts)[1]["text"]


async def test_a_file_without_a_word_and_a_workflows_form_are_not_dropped(
    desk: Bot, slack: FakeSlack
):
    slack.say("", subtype="file_share", files=[{"name": "letter.jpg", "mimetype": "image/jpeg"}])
    form = [{"type": "section", "text": {"type": "mrkdwn", "text": f"*What?* {RELAY}"}}]
    slack.say("", user="", subtype="bot_message", bot_id="B0FLOW", blocks=form)
    await until(lambda: len(desk.cases) == 2)
    states = [str(case.state) for case in desk.cases]
    assert sorted(states) == ["open", "triage"]


async def test_what_slack_and_the_bot_itself_write_is_not_taken_in(desk: Bot, slack: FakeSlack):
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)))
    (own,) = answers(slack, ts)
    own_event = slack.event(**own, channel=INTAKE)
    joined = slack.event(type="message", subtype="channel_join", user=LEE, channel=INTAKE, ts="1.1", text="<@U0LEE> has joined")  # fmt: skip
    preview = dict(slack.workspace.channels[INTAKE].messages[ts])
    slack.event(
        type="message", subtype="message_changed", channel=INTAKE, ts="1.2", message=preview,
        previous_message=preview,
    )  # fmt: skip
    elsewhere = slack.event(type="message", user=LEE, channel="C0SHARED", ts="1.3", text=RELAY)
    unknown = slack.event(type="emoji_changed", subtype="add")
    for envelope in (own_event, joined, elsewhere, unknown):
        await acked(envelope)
    assert len(list(desk.data.casebook.dispositions())) == 1
    assert not desk.data.spool.pending()


async def test_text_is_unescaped_and_unwrapped_once(desk: Bot, slack: FakeSlack):
    said = (
        "<!channel> &lt;b&gt; &amp;amp; <mailto:ann@mail.example|ann@mail.example> wants a copy of "
        "all her data, see <https://x.example/a|the form>, says <@U0SAM>"
    )
    slack.say(said)
    await settled(desk, 1)
    await desk.settled()
    message = parse(desk.data.spool.read(desk.only_case.messages[0].spool_id).raw)
    assert message.text == (
        "@channel <b> &amp; ann@mail.example wants a copy of all her data, "
        "see the form (https://x.example/a), says @somebody"
    )


@pytest.mark.usefixtures("desk")
async def test_the_answer_repeats_no_word_of_the_message(slack: FakeSlack):
    ts = slack.say("Priya Nair (priya@mail.example, 07700 900123) wants a copy of all her data")
    await until(lambda: bool(answers(slack, ts)) and bool(cards(slack)))
    for secret in ("Priya", "Nair", "priya", "900123", "all her data"):
        assert secret not in slack.public()


async def test_a_request_by_mail_and_in_slack_is_proposed_as_a_link(desk: Bot, slack: FakeSlack):
    await desk.send(mail(ACCESS, sender="Priya <priya@mail.example>"))
    slack.say("priya@mail.example wants a copy of all her personal data, she rang just now")
    await until(lambda: len(desk.cases) == 2)
    by_mail, relayed = desk.cases
    (proposed,) = [e for e in relayed.events if isinstance(e, LinkProposed)]
    assert proposed.ref == by_mail.ref


async def test_a_breach_is_not_described_in_the_channel(desk: Bot, slack: FakeSlack):
    ts = slack.say("I emailed the wrong person a customer's file by mistake")
    await until(lambda: bool(answers(slack, ts)))
    (answer,) = answers(slack, ts)
    assert "breach" in desk.only_case.kinds
    assert "breach" not in answer["text"]
    assert desk.only_case.ref not in answer["text"]


async def test_with_slack_off_its_libraries_are_not_loaded():
    code = "import sys, bot.app, bot.backroom, bot.slack.parse; print('slack_bolt' in sys.modules, 'aiohttp' in sys.modules)"
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    said, _ = await done.communicate()
    assert said.split() == [b"False", b"False"]
