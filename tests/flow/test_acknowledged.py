"""Each way of saying that a message has come, from the mail door to the relay."""

from email.message import EmailMessage
from typing import Any

import pytest

from bot.office import CommandError
from replies.facts.signed import DATED
from store.law import Label
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, COMPLAINT, VAGUE, mail, reply_to

DUE = "without undue delay, and by Tuesday 29 December 2026 at the latest"
ASKED = {
    Label.ACCESS: ACCESS,
    Label.RECTIFICATION: "My address in your records is wrong. Please correct it to 12 Mill Lane.",
    Label.ERASURE: "Please erase my account and everything you know about me.",
    Label.RESTRICTION: "Please restrict the processing of my data until you have checked that it is right.",
    Label.PORTABILITY: (
        "Under my right to data portability, please transfer my data to my new provider in a "
        "machine-readable format."
    ),
    Label.OBJECTION: "I object to your processing of my personal data on the basis of legitimate interests.",
    Label.UNSUBSCRIBE: "Please unsubscribe me from your newsletter and send me no more marketing.",
    Label.AUTOMATED_DECISION: (
        "My loan was refused by your computer. I want a person to review this automated decision."
    ),
    Label.COMPLAINT: COMPLAINT,
    Label.REVIEW: (
        "I do not accept your decision on my request. Please review your decision and look at it again."
    ),
    Label.QUERY: "How long do you keep the recordings of calls, and on what legal basis?",
    Label.BREACH: (
        "You sent me another customer's contract. Her name, bank details and signature are in the "
        "attachment, so I think it went to the wrong person."
    ),
}
OWN_WORDS = {
    Label.UNSUBSCRIBE: "short delay",
    Label.COMPLAINT: "We have received the complaint and we will look into it.",
    Label.REVIEW: "somebody who did not make",
    Label.QUERY: "our own target",
    Label.BREACH: "keep it until we contact you",
    Label.AUTOMATED_DECISION: "A person, not a computer, will look into this",
}


def text(letter: EmailMessage) -> str:
    plain = letter.get_body(("plain",))
    assert plain is not None
    return " ".join(plain.get_content().split())


@pytest.mark.parametrize("label", ASKED)
async def test_each_thing_asked_is_acknowledged_in_its_own_words(bot: Bot, label: Label):
    await bot.send(mail(ASKED[label]))
    case = bot.only_case
    assert label in case.asked
    (letter,) = bot.sink.letters
    said = text(letter)
    assert f"our reference {case.ref}" in str(letter["Subject"])
    assert OWN_WORDS.get(label, DUE).lower() in said.lower()
    assert (DUE in said) is bool(case.asked & DATED)


async def test_several_things_are_told_apart_each_with_its_own_date(bot: Bot):
    await bot.send(mail(f"{ASKED[Label.ERASURE]}\n\n{COMPLAINT}\n\n{ASKED[Label.UNSUBSCRIBE]}"))
    case = bot.only_case
    assert case.asked >= {Label.ERASURE, Label.COMPLAINT, Label.UNSUBSCRIBE}
    (letter,) = bot.sink.letters
    said = text(letter)
    assert "as several things at once" in said
    assert said.count(DUE) == len(case.asked & DATED)
    assert "we will look into it" in said


async def test_what_is_unclear_is_told_the_date_that_any_right_would_have(bot: Bot):
    await bot.send(mail(VAGUE, subject=""))
    (letter,) = bot.sink.letters
    assert "not yet sure what you ask" in text(letter)
    assert DUE in text(letter)


async def test_an_agent_is_told_what_shows_authority_and_no_date(bot: Bot):
    acting = (
        "We are solicitors and act for our client Mr John Smith. Please send us a copy of all "
        "the personal data you hold about our client."
    )
    await bot.send(mail(acting, sender="law@firm.example"), sender="law@firm.example")
    (letter,) = bot.sink.letters
    said = text(letter)
    assert "you write on behalf of another person" in said
    assert "one month from that day" in said
    assert "December" not in said
    assert "Smith" not in letter.as_string()


class TestAskedAgain:
    AGAIN = "Could you let me have a copy of everything you know about me, please?"

    async def test_in_a_new_mail_the_first_month_goes_on_under_the_first_reference(self, bot: Bot):
        await bot.send(mail(ACCESS))
        bot.clock.turn(days=5)
        await bot.send(mail(self.AGAIN, sender="Ann <ANN@mail.example>"))
        first, second = bot.cases
        letter = bot.sink.letters[-1]
        assert second.letters[-1].owed.letter_kind == "duplicate"
        assert f"our reference {second.ref}" in str(letter["Subject"])
        assert first.ref in text(letter)
        assert DUE in text(letter), "the date of the first request"
        assert second.running, "a person decides whether it is the same"

    async def test_a_third_time_still_names_the_first(self, bot: Bot):
        await bot.send(*(mail(f"{ACCESS} {n}") for n in range(3)))
        first = bot.cases[0].ref
        assert all(first in text(letter) for letter in bot.sink.letters)

    async def test_after_closing_it_is_a_request_like_any_other(self, bot: Bot):
        await bot.send(mail(ACCESS))
        await bot.ask("close", ref=bot.only_case.ref, outcome="fulfilled")
        await bot.send(mail(self.AGAIN))
        assert bot.cases[1].letters[0].owed.letter_kind == "acknowledgement"

    async def test_while_the_first_stands_still_the_second_is_told_its_own_date(self, bot: Bot):
        await bot.send(mail(ACCESS))
        asked = {"wanted": "identity", "reasons": "It is a new address.", "checks": ["Ring us."]}
        await bot.ask("ask", ref=bot.only_case.ref, **asked)
        await bot.settled()
        await bot.send(mail(self.AGAIN))
        assert bot.cases[1].letters[0].owed.letter_kind == "acknowledgement"

    @pytest.mark.parametrize("label", [Label.COMPLAINT, Label.QUERY, Label.BREACH])
    async def test_what_may_be_about_something_else_is_acknowledged_by_itself(
        self, bot: Bot, label: Label
    ):
        await bot.send(mail(ASKED[label]), mail(f"{ASKED[label]} I asked before."))
        assert [case.letters[0].owed.letter_kind for case in bot.cases] == ["acknowledgement"] * 2

    async def test_somebody_else_is_told_nothing_of_it(self, bot: Bot):
        await bot.send(mail(ACCESS))
        await bot.send(mail(ACCESS, sender="bob@mail.example"), sender="bob@mail.example")
        (letter,) = bot.sink.to("bob@mail.example")
        assert bot.cases[0].ref not in letter.as_string()

    async def test_in_the_thread_it_is_not_acknowledged_again(self, bot: Bot):
        await bot.send(mail(ACCESS))
        await bot.send(reply_to(bot.sink.letters[0], f"Any news? {ACCESS}"))
        assert len(bot.only_case.requests) == 1
        assert len(bot.sink.letters) == 1

    async def test_a_new_right_in_the_thread_gets_its_own_letter_and_date(self, bot: Bot):
        await bot.send(mail(ACCESS))
        bot.clock.turn(days=7)
        await bot.send(reply_to(bot.sink.letters[0], ASKED[Label.RECTIFICATION]))
        assert len(bot.cases) == 1
        said = text(bot.sink.letters[1])
        assert "by Monday 4 January 2027 at the latest" in said
        assert "29 December" not in said


async def test_once_a_system_is_ticked_off_the_end_of_marketing_is_confirmed(start: Start):
    async with start(policy={"sending_systems": ["newsletter"]}) as bot:
        await bot.send(mail(ASKED[Label.UNSUBSCRIBE]))
        written: dict[str, Any] = {"ref": bot.only_case.ref, "kind": "marketing_stopped"}
        written["facts"] = {"done_on": "2026-11-27"}
        with pytest.raises(CommandError, match=r"newsletter of .* is left"):
            await bot.ask("write", **written)
        await bot.ask("ticked", ref=bot.only_case.ref, system="newsletter")
        await bot.ask("write", **written)
        await bot.settled()
        first, second = bot.sink.letters
        assert "stopped" not in text(first)
        assert "stopped" in text(second)
