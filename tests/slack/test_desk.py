"""Staff work cases by clicking; each click is the desk's own action, once, and only for those who may."""

from typing import Any

import pytest

from store.case import Case
from store.deeds import Assigned, Looked, Noted
from tests.conftest import Bot, Start, until
from tests.flow.letters import ACCESS, VAGUE, mail, reply_to
from tests.flow.test_who_wrote import BELIEVED, FAILED
from tests.slack.conftest import STAFF_LIST, answers, cards, told
from tests.slack.fake import (
    FOREIGN,
    GONE,
    GROUP,
    GUEST,
    INTAKE,
    JO,
    LEE,
    ROBOT,
    SAM,
    STAFF,
    FakeSlack,
    acked,
)
from tests.slack.test_relays import RELAY
from tests.slack.workspace import TEAM, User

PERSONAL = ("Ann", "ann@mail.example", "My data", "personal data you hold")


@pytest.fixture
async def one(desk: Bot, slack: FakeSlack) -> Case:
    """A case that came by mail, with its card."""
    await desk.send(mail(ACCESS))
    await until(lambda: bool(cards(slack)))
    return desk.only_case


def card(slack: FakeSlack) -> dict[str, Any]:
    return cards(slack)[0]


async def choose(slack: FakeSlack, form: str, ref: str, user: str = SAM) -> dict[str, Any]:
    """Choose a deed from the card's menu and return the modal that opens."""
    option = {"selected_option": {"value": f"{form} {ref}"}, "type": "static_select"}
    await acked(slack.click({"action_id": "do", **option}, user=user, channel=STAFF, ts=card(slack)["ts"]))  # fmt: skip
    return slack.last_view()


def text(value: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


def pick(*values: str) -> dict[str, Any]:
    if len(values) == 1:
        return {"type": "static_select", "selected_option": {"value": values[0]}}
    return picks(*values)


def picks(*values: str) -> dict[str, Any]:
    chosen = [{"value": value} for value in values]
    return {"type": "multi_static_select", "selected_options": chosen}


def day(value: str) -> dict[str, Any]:
    return {"type": "datepicker", "selected_date": value}


async def test_the_card_names_the_case_and_nobody(one: Case, slack: FakeSlack):
    said = str(card(slack))
    for part in (one.ref, "access", "Tuesday 29 December 2026", "32 days left", "nobody has it"):
        assert part in said
    for secret in PERSONAL:
        assert secret not in slack.public()


async def test_the_card_tells_how_far_to_believe_the_sender(start_both: Start, slack: FakeSlack):
    async with start_both(mail=BELIEVED) as bot:
        await bot.send(mail(ACCESS, Authentication_Results=FAILED))
        await until(lambda: bool(cards(slack)))
        assert "trust: failed" in str(card(slack))
        assert "letters that wait for a person: 1" in str(card(slack))
        view = await choose(slack, "letters", bot.only_case.ref)
        letter = bot.only_case.letters[0].owed.letter_id
        release = {"letter": pick(letter), "what": pick("release")}
        assert await acked(slack.submit(view, release, user=SAM)) == {}
        await until(lambda: bool(bot.sink.to("ann@mail.example")))


@pytest.mark.slow
async def test_whoever_may_be_forged_is_asked_once_or_called_and_then_in_no_doubt(
    start_both: Start, slack: FakeSlack
):
    async with start_both(mail=BELIEVED) as bot:
        await bot.send(mail(ACCESS, Authentication_Results=FAILED))
        await until(lambda: bool(cards(slack)))
        ref = bot.only_case.ref
        assert f"check_back {ref}" in str(card(slack))
        view = await choose(slack, "check_back", ref)
        assert await acked(slack.submit(view, {}, user=SAM)) == {}
        await until(lambda: len(bot.sink.letters) == 1)
        said = await acked(slack.submit(await choose(slack, "check_back", ref), {}, user=SAM))
        assert "it is sent once" in str(said["view"])
        view = await choose(slack, "supplied", ref)
        called = {"wanted": pick("identity"), "how": text("rang her back"), "on": day("2026-11-27")}
        assert await acked(slack.submit(view, called, user=SAM)) == {}
        await until(lambda: "failed, made sure of since" in str(card(slack)))
        assert f"check_back {ref}" not in str(card(slack))


async def test_claiming_updates_the_card_and_is_told_in_its_thread(
    desk: Bot, slack: FakeSlack, one: Case
):
    envelope = slack.press("claim", one.ref, user=SAM)
    await acked(envelope)
    assert desk.only_case.owner == "sam", "committed before the ack"
    await until(lambda: "sam has it now" in told(slack, card(slack)))
    assert "open, sam" in str(card(slack))
    assert '"claim"' not in str(card(slack)).replace("'", '"'), "a stale button disappears"
    assert len(cards(slack)) == 1


async def test_of_two_who_click_at_once_the_second_hears_who_was_first(
    desk: Bot, slack: FakeSlack, one: Case
):
    first, second = slack.press("claim", one.ref, user=SAM), slack.press("claim", one.ref, user=JO)
    await acked(first)
    await acked(second)
    await until(lambda: bool(slack.responses))
    (said,) = slack.responses
    owner, other = desk.only_case.owner, {"sam": JO, "jo": SAM}
    assert said["user"] == other[owner]
    assert f"claimed already, by {owner}" in said["text"]
    assert said["response_type"] == "ephemeral"
    assert sum(isinstance(e, Assigned) for e in desk.only_case.events) == 1


async def test_the_same_click_delivered_again_is_one_event(desk: Bot, slack: FakeSlack, one: Case):
    slack.sockets.doubling = 3
    view = await choose(slack, "note", one.ref)
    envelope = slack.submit(view, {"text": text("rang back")}, user=SAM)
    await until(lambda: len(envelope.answers) == 4)
    assert [e.text for e in desk.only_case.events if isinstance(e, Noted)] == ["rang back"]
    assert len({str(answer.get("payload")) for answer in envelope.answers}) == 1


async def test_showing_is_for_one_person_and_on_record(desk: Bot, slack: FakeSlack, one: Case):
    await acked(slack.press("show", one.ref, user=JO))
    view = slack.last_view()
    assert "copy of all the personal data" in str(view)
    assert "ann@mail.example" in str(view)
    (shown,) = [e for e in desk.only_case.events if isinstance(e, Looked)]
    assert (shown.by, shown.what) == ("jo", "messages, in Slack")
    for secret in PERSONAL:
        assert secret not in slack.public()


async def test_a_long_and_hostile_message_is_shown_word_for_word(desk: Bot, slack: FakeSlack):
    words = "<!channel> <@U0SAM> {{ 7*7 }} `x` " + "please send me a copy of all my data. " * 320
    await desk.send(mail(words, subject="<!here> & co"))
    await until(lambda: bool(cards(slack)))
    await acked(slack.press("show", desk.only_case.ref, user=SAM))
    shown = [b for b in slack.last_view()["blocks"] if b["type"] == "section"]
    said = "".join(b["text"]["text"] for b in shown if b["text"]["type"] == "plain_text")
    assert "<!channel> <@U0SAM> {{ 7*7 }}" in said
    assert len(said) > 12_000
    assert "<!channel>" not in slack.public()
    assert all(b["text"]["type"] == "plain_text" for b in shown if "<!" in b["text"]["text"])


@pytest.mark.parametrize("who", [GUEST, FOREIGN, LEE, GONE, ROBOT])
async def test_whoever_may_not_is_refused_politely_and_sees_nothing(
    desk: Bot, slack: FakeSlack, one: Case, who: str
):
    events = len(desk.only_case.events)
    if who in {GONE, ROBOT}:  # of the desk once, or in name
        slack.workspace.usergroups[GROUP].append(who)
    for press in ("claim", "show"):
        await acked(slack.press(press, one.ref, user=who))
    said = await acked(slack.command("list", user=who))
    await acked(slack.global_shortcut("new_case", user=who))
    await until(lambda: len(slack.responses) == 2 and bool(slack.workspace.views))
    assert "privacy desk" in said["text"] or "workspace" in said["text"]
    assert one.ref not in said["text"]
    assert len(desk.only_case.events) == events
    assert slack.last_view()["callback_id"] == "message"
    rows = await desk.ask("refused")
    assert {row["slack_id"] for row in rows} == {who}
    assert sum(row["times"] for row in rows) == 4
    tried = ", ".join(row["tried"] for row in rows)
    for what in (f"claim {one.ref}", f"show {one.ref}", "/privacy", "new_case"):
        assert what in tried


async def test_who_leaves_is_refused_at_the_next_click(desk: Bot, slack: FakeSlack, one: Case):
    view = await choose(slack, "note", one.ref)
    slack.workspace.users[SAM].deleted = True
    said = await acked(slack.submit(view, {"text": text("bye")}, user=SAM))
    assert "Only the privacy desk" in str(said["view"])
    slack.workspace.users[FOREIGN].hidden = True
    await acked(slack.press("show", one.ref, user=FOREIGN))
    await until(lambda: bool(slack.responses))
    assert "Only members of this workspace" in slack.responses[-1]["text"]
    assert {row["slack_id"] for row in await desk.ask("refused")} == {SAM, FOREIGN}
    assert not [e for e in desk.only_case.events if isinstance(e, Noted)]


async def test_a_colleague_of_an_enterprise_is_one_of_ours(desk: Bot, slack: FakeSlack, one: Case):
    slack.workspace.add(User(SAM, team_id="T0HEAD", enterprise_teams=("T0HEAD", TEAM)))
    await acked(slack.press("claim", one.ref, user=SAM))
    assert desk.only_case.owner == "sam"


async def test_nobody_acts_in_a_channel_shared_with_others(desk: Bot, slack: FakeSlack, one: Case):
    await acked(slack.press("claim", one.ref, user=SAM, channel="C0SHARED"))
    await until(lambda: bool(slack.responses))
    assert "shared with another organisation" in slack.responses[0]["text"]
    assert not desk.only_case.owner


async def test_an_expired_trigger_is_said_and_nothing_breaks(slack: FakeSlack, one: Case):
    envelope = slack.press("show", one.ref, user=SAM)
    slack.api.triggers[envelope.payload["trigger_id"]] -= 10
    await acked(envelope)
    await until(lambda: bool(slack.responses))
    assert "click once more" in slack.responses[0]["text"]


@pytest.mark.slow
async def test_sorting_a_vague_mail(desk: Bot, slack: FakeSlack):
    await desk.send(mail(VAGUE))
    await until(lambda: bool(cards(slack)))
    ref = desk.only_case.ref
    view = await choose(slack, "sort", ref)
    assert await acked(slack.submit(view, {"request": pick("1"), "rights": picks("rectification", "access")}, user=SAM)) == {}  # fmt: skip
    assert [str(r.label) for r in desk.only_case.requests] == ["rectification", "access"]
    await until(lambda: "sorted request 1: rectification" in told(slack, card(slack)))


async def test_a_form_that_somebody_overtook_is_refused_with_who_it_was(
    desk: Bot, slack: FakeSlack, one: Case
):
    sams, jos = await choose(slack, "note", one.ref), await choose(slack, "note", one.ref, JO)
    assert await acked(slack.submit(jos, {"text": text("mine")}, user=JO)) == {}
    said = await acked(slack.submit(sams, {"text": text("mine too")}, user=SAM))
    assert said["response_action"] == "errors"
    assert "changed meanwhile by jo" in said["errors"]["text"]
    assert [e.by for e in desk.only_case.events if isinstance(e, Noted)] == ["jo"]


async def test_a_wrong_day_is_said_beside_the_day(slack: FakeSlack, one: Case):
    view = await choose(slack, "answered", one.ref)
    values = {"request": pick("1"), "on": day("2027-03-01"), "how": text("by post")}
    said = await acked(slack.submit(view, values, user=SAM))
    assert list(said["errors"]) == ["on"]
    assert "future" in said["errors"]["on"]


async def test_asking_shows_what_it_does_to_the_date_and_sends_the_letter(
    desk: Bot, slack: FakeSlack, one: Case
):
    view = await choose(slack, "ask_clarification", one.ref)
    assert "due Tuesday 29 December 2026" in str(view)
    assert "If the answer came on 04 Dec 2026" in str(view)
    values = {"request": pick("1"), "question": text("Which account?"), "reasons": text("You have two.")}  # fmt: skip
    assert list((await acked(slack.submit(view, values, user=SAM)))["errors"]) == ["meanwhile"]
    values["meanwhile"] = text("We are searching already.")
    assert await acked(slack.submit(view, values, user=SAM)) == {}
    await until(lambda: len(desk.sink.letters) == 2)
    await until(lambda: str(desk.only_case.state) == "waiting")
    await until(lambda: "Which account" not in slack.public() and "asks for clarification" in told(slack, card(slack)))  # fmt: skip


async def test_a_letter_of_legal_effect_is_read_before_it_is_sent(
    desk: Bot, slack: FakeSlack, one: Case
):
    view = await choose(slack, "extend", one.ref)
    values = {"request": pick("1"), "ground": pick("complexity"), "reasons": text("Four archives.")}
    assert await acked(slack.submit(view, values, user=SAM)) == {}
    draft = desk.only_case.letters[-1]
    view = await choose(slack, "letters", one.ref)
    assert "Four archives." in str(view)
    holding = {"letter": pick(draft.owed.letter_id), "what": pick("hold")}
    assert list((await acked(slack.submit(view, holding, user=SAM)))["errors"]) == ["why"]
    sending = {"letter": pick(draft.owed.letter_id), "what": pick("release")}
    assert await acked(slack.submit(view, sending, user=SAM)) == {}
    assert desk.only_case.letters[-1].not_before is not None


async def test_closing_takes_the_buttons_away(slack: FakeSlack, one: Case):
    said = await acked(slack.command(f"close {one.ref[-3:]}", user=SAM))
    assert said == {}
    view = slack.last_view()
    assert await acked(slack.submit(view, {"request": pick("1"), "outcome": pick("fulfilled"), "reasons": text("sent")}, user=SAM)) == {}  # fmt: skip
    await until(lambda: "closed" in card(slack)["text"])
    assert not [b for b in card(slack)["blocks"] if b["type"] == "actions"]


async def test_naming_the_requester_confirms_the_receipt_and_sends_the_acknowledgement(
    desk: Bot, slack: FakeSlack
):
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)) and bool(cards(slack)))
    await acked(slack.shortcut("open_case", user=SAM, channel=INTAKE, ts=ts))
    await until(lambda: bool(slack.workspace.views))
    view = slack.last_view()
    assert view["callback_id"] == "requester"
    wrong = {"name": text("Priya Nair"), "address": text("nonsense"), "received": day("2026-11-26")}
    said = await acked(slack.submit(view, wrong, user=SAM))
    assert list(said["errors"]) == ["address"]
    tick = {"type": "checkboxes", "selected_options": [{"value": "yes"}]}
    right = {**wrong, "address": text("priya@mail.example"), "confirmed": tick}
    assert await acked(slack.submit(view, right, user=SAM)) == {}
    await until(lambda: bool(desk.sink.to("priya@mail.example")))
    case = desk.only_case
    assert not case.provisional(case.requests[0])
    await until(lambda: "received Thursday 26 November 2026" in str(card(slack)))
    assert "Priya" not in slack.public()
    assert "priya" not in slack.public()


@pytest.mark.parametrize("linked", [True, False])
async def test_any_message_opens_a_case_prefilled_with_what_was_read(
    desk: Bot, slack: FakeSlack, *, linked: bool
):
    written = slack.workspace.put("C0OTHER", user=LEE, text="Bob wants us to delete all his data")
    slack.workspace.channels["C0OTHER"].has_bot = linked
    await acked(slack.shortcut("open_case", user=SAM, channel="C0OTHER", ts=written["ts"]))
    await until(lambda: bool(slack.workspace.views))
    view = slack.last_view()
    (rights,) = [b for b in view["blocks"] if b.get("block_id") == "rights"]
    assert [o["value"] for o in rights["element"]["initial_options"]] == ["erasure"]
    values = {
        "name": text("Bob Jones"), "medium": pick("slack"), "received": day("2026-11-27"),
        "rights": picks("erasure"), "words": text("Bob wants us to delete all his data"),
    }  # fmt: skip
    assert await acked(slack.submit(view, values, user=SAM)) == {}
    assert desk.only_case.requester_name == "Bob Jones"
    link = f"https://acme.slack.test/archives/C0OTHER/p{written['ts'].replace('.', '')}"
    assert (link in str(view)) == linked
    (note,) = [e.text for e in desk.only_case.events if isinstance(e, Noted)]
    assert (link if linked else f"channel C0OTHER, message {written['ts']}") in note
    await until(lambda: bool(cards(slack)))
    assert "Bob" not in slack.public()


async def test_card_and_show_lead_back_to_the_message(desk: Bot, slack: FakeSlack):
    ts = slack.say(RELAY)
    await until(lambda: bool(cards(slack)))
    link = f"https://acme.slack.test/archives/{INTAKE}/p{ts.replace('.', '')}"
    assert link in str(card(slack))
    await acked(slack.press("show", desk.only_case.ref, user=SAM))
    assert link in str(slack.last_view())


async def test_what_is_typed_in_a_cards_thread_stays_there(desk: Bot, slack: FakeSlack, one: Case):
    assert card(slack)["text"].startswith(one.ref)
    letters = len(desk.sink.letters)
    await acked(slack.event(type="message", channel=STAFF, user=SAM, text="tell her it is lost",
                            ts="1.2", thread_ts=card(slack)["ts"], channel_type="group"))  # fmt: skip
    await desk.settled()
    assert len(desk.only_case.messages) == 1
    assert len(desk.sink.letters) == letters


async def test_of_two_who_sort_at_once_the_second_hears_who_was_first(desk: Bot, slack: FakeSlack):
    await desk.send(mail(VAGUE))
    await until(lambda: bool(cards(slack)))
    ref = desk.only_case.ref
    sams, jos = await choose(slack, "sort", ref), await choose(slack, "sort", ref, JO)
    values = {"request": pick("1"), "rights": picks("rectification")}
    assert await acked(slack.submit(jos, values, user=JO)) == {}
    values["rights"] = picks("erasure")
    said = await acked(slack.submit(sams, values, user=SAM))
    assert "changed meanwhile by jo (sorted)" in str(said["errors"])
    assert [str(r.label) for r in desk.only_case.requests] == ["rectification"]


async def test_that_somebody_looks_makes_no_form_stale(desk: Bot, slack: FakeSlack, one: Case):
    view = await choose(slack, "note", one.ref)
    await acked(slack.press("show", one.ref, user=JO))
    assert await acked(slack.submit(view, {"text": text("mine")}, user=SAM)) == {}
    assert [e.by for e in desk.only_case.events if isinstance(e, Noted)] == ["sam"]


async def test_a_complaint_about_jo_does_not_exist_for_jo(desk: Bot, slack: FakeSlack, one: Case):
    await desk.ask("restrict", ref=one.ref, hidden_from=["jo"], why="the complaint is about Jo")
    await until(lambda: one.ref not in str(slack.workspace.posts(STAFF)))
    assert one.ref not in (await acked(slack.command("list", user=JO)))["text"]
    await acked(slack.press("show", one.ref, user=JO))
    await until(lambda: bool(slack.responses))
    assert "there is no case" in slack.responses[-1]["text"]
    assert one.ref in (await acked(slack.command("list", user=SAM)))["text"]


async def test_commands_forgive_how_a_reference_is_written(desk: Bot, slack: FakeSlack, one: Case):
    for written in ("1", "dp 2026 1", "DP-2026-000001", "`dp-2026-1`"):
        said = await acked(slack.command(f"due {written}", user=SAM))
        assert "Tuesday 29 December 2026" in said["text"]
    listed = await acked(slack.command("list", user=SAM))
    assert one.ref in listed["text"]
    assert "privacy list" in (await acked(slack.command("", user=SAM)))["text"]
    assert "no case 77" in (await acked(slack.command("claim 77", user=SAM)))["text"]
    assert "jo has" in (await acked(slack.command(f"assign 1 <@{JO}|jo>", user=SAM)))["text"]
    assert desk.only_case.owner == "jo"
    reckoned = await acked(slack.command("due access 2026-11-27", user=SAM))
    assert "Tuesday 29 December 2026" in reckoned["text"]


@pytest.mark.slow
async def test_a_case_hidden_from_somebody_is_in_no_channel_and_no_list(
    start_both: Start, slack: FakeSlack
):
    staff = [dict(person) for person in STAFF_LIST]
    staff[1]["excluded_from"] = ["erasure"]
    async with start_both(staff=staff) as bot:
        await bot.send(mail(ACCESS))
        await until(lambda: bool(cards(slack)))
        ref = bot.only_case.ref
        view = await choose(slack, "sort", ref)
        values = {"request": pick("1"), "rights": picks("erasure", "access")}
        await acked(slack.submit(view, values, user=SAM))
        await until(lambda: ref not in str(slack.workspace.posts(STAFF)))
        assert ref not in (await acked(slack.command("list", user=JO)))["text"]
        assert "no case" in (await acked(slack.command("due 1", user=JO)))["text"]
        assert ref in (await acked(slack.command("list", user=SAM)))["text"]


async def test_a_link_button_and_an_unknown_view_are_acked(slack: FakeSlack, one: Case):
    assert one.ref
    await acked(slack.click({"type": "button", "action_id": "link-1", "url": "https://x.example"}, user=LEE, channel=STAFF, ts="1.1"))  # fmt: skip
    await acked(slack.submit({"callback_id": "unknown", "blocks": [], "type": "modal"}, {}, user=LEE))  # fmt: skip


async def test_a_refusal_on_the_home_tab_comes_in_a_modal(slack: FakeSlack, one: Case):
    """There is no channel there that could show it."""
    envelope = slack._interact("block_actions", LEE, {
        "container": {"type": "view"}, "view": {"id": "V1", "type": "home"},
        "actions": [{"action_id": "show", "value": one.ref, "type": "button", "block_id": "b"}],
    })  # fmt: skip
    await acked(envelope)
    await until(lambda: bool(slack.workspace.views))
    assert "Only the privacy desk" in str(slack.last_view())


@pytest.mark.slow
async def test_a_reply_to_the_named_requesters_letter_joins_the_relayed_case(
    desk: Bot, slack: FakeSlack
):
    ts = slack.say(RELAY)
    await until(lambda: bool(answers(slack, ts)) and bool(cards(slack)))
    view = await choose(slack, "requester", desk.only_case.ref)
    tick = {"type": "checkboxes", "selected_options": [{"value": "yes"}]}
    values = {"name": text("Priya Nair"), "address": text("priya@mail.example"), "confirmed": tick, "received": day("2026-11-27")}  # fmt: skip
    await acked(slack.submit(view, values, user=SAM))
    await until(lambda: bool(desk.sink.letters))
    letter = desk.sink.letters[0]
    await desk.send(reply_to(letter, "Thank you.", sender="Priya <priya@mail.example>"))
    assert len(desk.only_case.messages) == 2
    await until(lambda: "A message came" in told(slack, card(slack)))


@pytest.mark.slow
async def test_a_flood_of_failed_senders_has_no_card_until_somebody_takes_one_out(
    start_both: Start, slack: FakeSlack
):
    few = BELIEVED | {"limits": {"failed_senders_per_day": 1}}
    async with start_both(mail=few) as bot:
        await bot.send(*(mail(ACCESS, Authentication_Results=FAILED) for _ in range(4)))
        await bot.send(mail(ACCESS, sender="bob@else.example"), sender="bob@else.example")
        first, *_, last, bobs = (case.ref for case in bot.cases)
        await until(lambda: any(bobs in str(card) for card in cards(slack)))
        assert [card["text"].partition(":")[0] for card in cards(slack)] == [first, bobs]
        said = await acked(slack.command("list", user=SAM))
        assert "3 cases of senders who failed authentication" in str(said)
        assert last not in str(said)
        await bot.ask("claim", ref=last)
        await until(lambda: any(last in str(card) for card in cards(slack)))
