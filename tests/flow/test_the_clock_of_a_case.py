"""Story: a request is paused for a question, answered, and extended; each date is right and explained."""

from datetime import UTC, datetime

import pytest

from bot.control import own_login
from bot.office import CommandError
from store.case import Case, LetterStatus
from store.deeds import Extended
from tests.conftest import Bot, Start, until
from tests.flow.letters import ACCESS, BOTH, mail

QUESTION = {
    "wanted": "clarification",
    "question": "Which of your accounts do you mean?",
    "reasons": "There are several accounts under similar names.",
    "meanwhile": "We are collecting what does not depend on the answer.",
}
COMPLEX = {
    "ground": "complexity",
    "reasons": "Your records lie in several archives and mention many third parties.",
}


def at(bot: Bot, day: int, month: int = 12) -> None:
    bot.clock.at = datetime(2026, month, day, 10, 0, tzinfo=UTC)


async def due(bot: Bot, number: int = 0) -> tuple[str | None, int]:
    (view,) = await bot.ask("cases")
    request = view["requests"][number]
    return request["due_on"], request["paused_days"]


async def paused_and_answered(bot: Bot) -> str:
    """Priya asks on 27 November, is asked back on 4 December and answers on the 14th."""
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    at(bot, 4)
    await bot.ask("ask", ref=ref, **QUESTION)
    await bot.settled()
    at(bot, 14)
    await bot.ask("supplied", ref=ref, wanted="clarification")
    return ref


async def test_a_pause_counts_both_its_days_and_moves_the_unrolled_date(bot: Bot):
    await paused_and_answered(bot)
    assert await due(bot) == ("2027-01-07", 11)
    assert bot.sink.letters[-1]["In-Reply-To"] == bot.sink.letters[0]["Message-ID"]


async def test_while_the_question_is_open_there_is_no_date_but_an_alarm(bot: Bot):
    await bot.send(mail(ACCESS))
    at(bot, 4)
    await bot.ask("ask", ref=bot.only_case.ref, **QUESTION)
    await bot.settled()
    (view,) = await bot.ask("cases")
    (request,) = view["requests"]
    assert view["state"] == "waiting"
    assert request["state"] == "waiting_clarification"
    assert request["due_on"] is None
    assert request["provisional_due"] == "2026-12-29"


async def test_a_question_the_relay_has_not_taken_stops_nothing(bot: Bot):
    await bot.send(mail(ACCESS))
    bot.sink.replies = ["550 no such person"]
    at(bot, 4)
    await bot.ask("ask", ref=bot.only_case.ref, **QUESTION)
    await bot.settled()
    assert await due(bot) == ("2026-12-29", 0)


async def test_a_question_asked_by_phone_counts_from_the_day_it_was_asked(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    at(bot, 8)
    await bot.ask("ask", ref=ref, **(QUESTION | {"medium": "phone", "on": "2026-12-04"}))
    at(bot, 14)
    await bot.ask("supplied", ref=ref, wanted="clarification")
    assert await due(bot) == ("2027-01-07", 11)
    assert len(bot.sink.letters) == 1


async def test_an_extension_counts_once_a_person_has_sent_its_notice(bot: Bot):
    ref = await paused_and_answered(bot)
    at(bot, 18)
    await bot.ask("extend", ref=ref, **COMPLEX)
    assert await due(bot) == ("2027-01-07", 11)
    draft = bot.only_case.letters[-1]
    assert draft.status is LetterStatus.DRAFT
    await bot.ask("release", ref=ref, letter=draft.owed.letter_id)
    assert len(bot.sink.letters) == 2, "its undo window is open"
    bot.clock.turn(minutes=11)
    await bot.ask("cases")
    await bot.settled()
    assert await due(bot) == ("2027-03-10", 11)
    plain = bot.sink.letters[-1].get_body(("plain",))
    assert plain is not None
    assert "10 March 2027" in plain.get_content()


async def test_a_letter_can_be_taken_back_while_its_undo_window_is_open(bot: Bot):
    ref = await paused_and_answered(bot)
    at(bot, 18)
    await bot.ask("extend", ref=ref, **COMPLEX)
    letter_id = bot.only_case.letters[-1].owed.letter_id
    await bot.ask("release", ref=ref, letter=letter_id)
    await bot.ask("take_back", ref=ref, letter=letter_id)
    bot.clock.turn(minutes=11)
    await bot.ask("cases")
    await bot.settled()
    assert len(bot.sink.letters) == 2
    assert await due(bot) == ("2027-01-07", 11)
    await bot.ask("extend", ref=ref, **COMPLEX)  # the first one never took effect


async def test_an_undo_window_survives_a_restart(start: Start):
    async with start() as bot:
        ref = await paused_and_answered(bot)
        at(bot, 18)
        await bot.ask("extend", ref=ref, **COMPLEX)
        letter_id = bot.only_case.letters[-1].owed.letter_id
        await bot.ask("release", ref=ref, letter=letter_id)
    async with start() as again:
        await again.ask("cases")
        assert len(again.sink.letters) == 2
        again.clock.turn(minutes=11)
        await again.ask("cases")
        await again.settled()
        assert len(again.sink.letters) == 3


@pytest.mark.parametrize(
    ("command", "arguments", "sentence"),
    [
        ("supplied", {"wanted": "clarification"}, "nobody waits for clarification"),
        ("ask", QUESTION | {"medium": "phone", "on": "2027-06-01"}, "is in the future"),
        ("ask", QUESTION | {"medium": "phone", "on": "2026-11-01"}, "is before"),
        ("reopen", {"request": 1, "why": "?"}, "is open"),
        ("review", {"request": 1}, "is not decided yet"),
        ("aware", {"at": "2026-11-27T10:00:00+00:00", "why": "?"}, "is not a breach report"),
        ("extend", {"ground": "weather", "reasons": "?"}, "not a valid"),
        ("link", {"other": "DP-1999-000001"}, "there is no case"),
    ],
    ids=str,
)
async def test_an_impossible_history_is_refused_with_a_sentence(
    bot: Bot, command: str, arguments: dict[str, str], sentence: str
):
    await bot.send(mail(ACCESS))
    before = bot.only_case
    with pytest.raises(CommandError, match=sentence):
        await bot.ask(command, ref=before.ref, **arguments)
    assert bot.only_case == before


async def test_a_second_extension_is_refused(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    await bot.ask("extend", ref=ref, **COMPLEX)
    with pytest.raises(CommandError, match="extended already"):
        await bot.ask("extend", ref=ref, **COMPLEX)
    assert sum(isinstance(event, Extended) for event in bot.only_case.events) == 1


async def test_identity_stops_the_date_and_its_proof_starts_the_month_anew(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    at(bot, 1)
    await bot.ask(
        "ask",
        ref=ref,
        wanted="identity",
        reasons="The address is new to us.",
        checks=["Write to us from the address we already have.", "Tell us a recent order number."],
    )
    await bot.settled()
    assert (await due(bot))[0] is None
    at(bot, 9)
    await bot.ask("supplied", ref=ref, wanted="identity", how="by a call back")
    assert (await due(bot))[0] == "2027-01-11"


async def test_what_if_tells_the_new_date_and_changes_nothing(bot: Bot):
    await bot.send(mail(ACCESS))
    before = bot.only_case
    (found,) = await bot.ask(
        "what_if", ref=before.ref, paused_from="2026-12-04", until="2026-12-14"
    )
    assert found["due"] == "2027-01-07"
    assert bot.only_case == before


async def test_sorting_counts_from_receipt_and_not_from_sorting(bot: Bot):
    await bot.send(mail("It is about the thing from last year. Please sort it out.", subject=""))
    at(bot, 10)
    await bot.ask("sort", ref=bot.only_case.ref, rights=["rectification", "complaint"])
    (view,) = await bot.ask("cases")
    assert [request["right"] for request in view["requests"]] == ["rectification", "complaint"]
    assert {request["received_on"] for request in view["requests"]} == {"2026-11-27"}
    assert view["state"] == "open"


async def test_erasure_waits_for_access_unless_a_person_says_why_not(bot: Bot):
    await bot.send(mail(BOTH, subject="Two things"))
    ref = bot.only_case.ref
    (view,) = await bot.ask("cases")
    erasure = next(r["number"] for r in view["requests"] if r["right"] == "erasure")
    with pytest.raises(CommandError, match="waits for the access request"):
        await bot.ask("close", ref=ref, outcome="fulfilled", request=erasure)
    await bot.ask(
        "close", ref=ref, outcome="fulfilled", request=erasure, override="she asked again"
    )
    assert len(bot.only_case.running) == len(view["requests"]) - 1


async def test_an_answer_is_not_older_than_its_question(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    at(bot, 4)
    await bot.ask("ask", ref=ref, **QUESTION)
    await bot.settled()
    at(bot, 14)
    with pytest.raises(CommandError, match="before it was asked for, on 04 Dec 2026"):
        await bot.ask("supplied", ref=ref, wanted="clarification", on="2026-12-03")
    await bot.ask("supplied", ref=ref, wanted="clarification", on="2026-12-04")
    assert await due(bot) == ("2026-12-29", 1)  # 28 December is a bank holiday in any case


async def released(bot: Bot) -> str:
    """The notice of an extension is on its way, its undo window open."""
    await bot.ask("extend", ref=bot.only_case.ref, **COMPLEX)
    letter_id = bot.only_case.letters[-1].owed.letter_id
    await bot.ask("release", ref=bot.only_case.ref, letter=letter_id)
    return letter_id


async def test_an_undo_window_that_crosses_the_last_day_is_warned_of(bot: Bot):
    await bot.send(mail(ACCESS))
    bot.clock.at = datetime(2026, 12, 29, 23, 55, tzinfo=UTC)  # the last day for its notice
    letter_id = await released(bot)
    (view,) = await bot.ask("cases")
    (warning,) = view["warnings"]
    assert letter_id in warning
    assert "can be taken back until after that day" in warning
    bot.clock.turn(minutes=11)
    await bot.ask("cases")
    await bot.settled()
    assert await due(bot) == ("2026-12-29", 0), "given too late, it changes nothing"
    (view,) = await bot.ask("cases")
    assert any("no effect" in line for line in view["requests"][0]["working"])


async def test_staff_are_told_of_a_notice_that_the_relay_does_not_take(start: Start):
    us = {"name": "Us", "login": own_login(), "email": "us@acme.example", "roles": ["lead"]}
    async with start(staff=[us]) as bot:
        await bot.send(mail(ACCESS))
        at(bot, 28)
        letter_id = await released(bot)
        bot.sink.replies = ["450 later"]
        bot.clock.turn(minutes=11)
        await bot.ask("cases")
        await until(lambda: not bot.sink.replies)
        bot.clock.turn(minutes=40)
        await bot.ask("watch")
        await until(lambda: any("too late" in str(m["Subject"]) for m in bot.sink.letters))
        told = [m for m in bot.sink.to("us@acme.example") if "too late" in str(m["Subject"])]
        words = told[0].get_content()
        assert letter_id in words
        assert "29 December 2026" in words
        assert "ann" not in words.lower()


async def test_replaying_the_events_gives_the_same_case(bot: Bot):
    await paused_and_answered(bot)
    case = bot.only_case
    replayed = Case(case.ref, case.events[:1]).record(*case.events[1:])
    assert replayed == case
    assert replayed.requests == case.requests
    assert replayed.letters == case.letters
