"""What the controller's policy says of acknowledgements: sent, kept for a person, or never; in which language."""

from email.message import EmailMessage
from typing import Any

import pytest

from store.case import LetterStatus, State
from store.events import Unanswered
from store.law import Label
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, COMPLAINT, VAGUE, mail, reply_to

WELSH = (
    "Rwy'n ysgrifennu atoch i ofyn am gopi o'r holl ddata personol sydd gennych amdanaf i. "
    "Hoffwn gael mynediad at y wybodaeth yn fy nghyfrif, os gwelwch yn dda."
)


def text(letter: EmailMessage) -> str:
    plain = letter.get_body(("plain",))
    assert plain is not None
    return " ".join(plain.get_content().split())


async def released(bot: Bot) -> None:
    """Send the last letter as a member of staff, and wait out its undo window."""
    case = bot.only_case
    await bot.ask("release", ref=case.ref, letter=case.letters[-1].owed.letter_id)
    bot.clock.turn(minutes=11)
    await bot.ask("cases")
    await bot.settled()


async def test_in_the_first_week_every_letter_waits_for_a_person(start: Start):
    async with start(policy={"mode": "draft"}) as bot:
        await bot.send(mail(ACCESS))
        await bot.ask("reply", ref=bot.only_case.ref, text="We are on it.")
        assert [letter.status for letter in bot.only_case.letters] == [LetterStatus.DRAFT] * 2
        assert bot.sink.letters == []
        await released(bot)
        assert [text(letter).count("We are on it.") for letter in bot.sink.letters] == [1]


async def test_a_question_that_waits_as_a_draft_stops_no_clock(start: Start):
    async with start(policy={"mode": "draft"}) as bot:
        await bot.send(mail(ACCESS))
        await bot.ask(
            "ask",
            ref=bot.only_case.ref,
            wanted="identity",
            reasons="The address is new to us.",
            checks=["Write to us from the address that we have."],
        )
        (view,) = await bot.ask("cases")
        assert view["requests"][0]["due_on"] == "2026-12-29"
        await released(bot)
        (view,) = await bot.ask("cases")
        assert view["requests"][0]["due_on"] is None


async def test_an_acknowledgement_can_wait_for_a_person_by_its_label(start: Start):
    async with start(policy={"acknowledge": {"complaint": "draft"}}) as bot:
        await bot.send(mail(COMPLAINT))
        assert bot.sink.letters == []
        (view,) = await bot.ask("cases")
        assert view["letters"][0]["status"] == "draft"
        assert view["requests"][0]["due_kind"] == "acknowledgement", "its clock still runs"
        await released(bot)
        assert "we will look into it" in text(bot.sink.letters[0])


async def test_what_is_never_acknowledged_opens_a_case_that_says_why(start: Start):
    async with start(policy={"acknowledge": {"access": "never"}}) as bot:
        await bot.send(mail(ACCESS))
        case = bot.only_case
        assert bot.sink.letters == []
        assert (case.state, case.letters) == (State.OPEN, ())
        (unanswered,) = [event for event in case.events if isinstance(event, Unanswered)]
        assert "policy" in unanswered.why
        await bot.ask("write", ref=case.ref, kind="acknowledgement")
        await bot.settled()
        assert "Tuesday 29 December 2026" in text(bot.sink.letters[0])


@pytest.mark.parametrize(
    ("acknowledge", "letters"),
    [
        ({"access": "send", "complaint": "draft"}, ["draft"]),
        ({"access": "draft", "complaint": "never"}, []),
        ({"erasure": "never"}, ["sent"]),
    ],
    ids=str,
)
async def test_of_several_labels_the_most_careful_decides(
    start: Start, acknowledge: dict[str, str], letters: list[str]
):
    async with start(policy={"acknowledge": acknowledge}) as bot:
        await bot.send(mail(f"{ACCESS}\n\n{COMPLAINT}"))
        assert {Label.ACCESS, Label.COMPLAINT} <= bot.only_case.asked
        assert [letter.status for letter in bot.only_case.letters] == letters


async def test_what_nobody_has_sorted_goes_by_its_guesses(start: Start):
    every = {str(label): "never" for label in Label}
    async with start(policy={"acknowledge": every}) as bot:
        await bot.send(mail(VAGUE, subject=""))
        assert bot.only_case.state is State.TRIAGE
        assert bot.sink.letters == []


@pytest.mark.parametrize(
    ("replies", "language", "words"),
    [
        ({"languages": ["en", "cy"]}, "cy", "Rydym wedi derbyn eich neges"),
        ({}, "en", "We have received your message"),
    ],
    ids=["somebody reads Welsh", "nobody reads Welsh"],
)
async def test_welsh_is_answered_in_welsh_where_somebody_can_deal_with_the_reply(
    start: Start, replies: dict[str, Any], language: str, words: str
):
    async with start(replies=replies) as bot:
        await bot.send(mail(WELSH, subject="Fy nata personol"))
        (letter,) = bot.sink.letters
        assert words in text(letter)
        page = letter.get_body(("html",))
        assert page is not None
        assert f'<html lang="{language}">' in page.get_content()


async def test_a_complaint_in_a_welsh_thread_is_answered_in_welsh(start: Start):
    async with start(replies={"languages": ["en", "cy"]}) as bot:
        await bot.send(mail(WELSH, subject="Fy nata personol"))
        await bot.send(reply_to(bot.sink.letters[0], COMPLAINT))
        assert len(bot.cases) == 1
        assert "Rydym wedi derbyn y gŵyn" in text(bot.sink.letters[1])


async def test_what_is_not_translated_comes_in_english_and_the_log_says_so(
    start: Start, capsys: pytest.CaptureFixture[str]
):
    async with start(replies={"languages": ["en", "cy"]}) as bot:
        await bot.send(mail(WELSH, subject="Fy nata personol"))
        await bot.ask("reply", ref=bot.only_case.ref, text="Diolch am eich neges.")
        await bot.settled()
        assert "This is about what we received" in text(bot.sink.letters[1])
    logged = capsys.readouterr().out
    (warning,) = [line for line in logged.splitlines() if "not translated" in line]
    assert "letter=reply" in warning
    assert "ann" not in warning.lower()


async def test_the_working_stands_in_one_line_only_where_the_controller_wants_it(start: Start):
    line = "one month from Friday 27 November 2026, then on to the next working day."
    async with start(replies={"show_working": True}) as bot:
        await bot.send(mail(ACCESS))
        assert f"How we worked out this date: {line}" in text(bot.sink.letters[0])


async def test_no_working_is_shown_unless_it_is_wanted(bot: Bot):
    await bot.send(mail(ACCESS))
    assert "worked out" not in text(bot.sink.letters[0])


async def test_a_policy_that_is_no_policy_is_refused(start: Start):
    with pytest.raises(ValueError, match="'send', 'draft' or 'never'"):
        async with start(policy={"acknowledge": {"access": "sometimes"}}):
            pass
    with pytest.raises(ValueError, match="code of a language"):
        async with start(replies={"languages": ["Welsh"]}):
            pass


async def test_a_new_right_in_a_thread_goes_by_the_policy_too(start: Start):
    async with start(policy={"acknowledge": {"complaint": "draft"}}) as bot:
        await bot.send(mail(ACCESS))
        await bot.send(reply_to(bot.sink.letters[0], COMPLAINT))
        assert [letter.status for letter in bot.only_case.letters] == ["sent", "draft"]
