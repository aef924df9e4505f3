"""What a person should know before answering: shown in the case, told to staff, and no due date follows from it."""

from email.message import EmailMessage

from bot.control import own_login
from store.events import Unanswered
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, mail, reply_to

US = {"name": "Us", "login": own_login(), "email": "us@acme.example", "roles": ["lead"]}
AT_RISK = "Since your letter came I want to die. I cannot go on like this."
READ_IT = "it may speak of a threat to somebody's life"


async def told(bot: Bot) -> list[EmailMessage]:
    before = len(bot.sink.letters)
    await bot.ask("watch")
    await bot.settled()
    return bot.sink.letters[before:]


async def test_a_threat_to_life_reaches_a_person_at_once_and_no_machine_answers(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(mail(f"{ACCESS} {AT_RISK}"))
        assert bot.sink.to("ann@mail.example") == []
        (why,) = [e.why for e in bot.only_case.events if isinstance(e, Unanswered)]
        assert why == READ_IT
        (notice,) = await told(bot)
        assert str(notice["Subject"]) == f"Read it now: new case {bot.only_case.ref}"
        assert READ_IT in notice.get_content()
        assert "die" not in notice.get_content().split()


async def test_a_threat_to_life_in_a_running_case_opens_one_that_staff_hear_of(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(mail(ACCESS))
        (letter,) = bot.sink.to("ann@mail.example")
        await told(bot)
        await bot.send(reply_to(letter, AT_RISK))
        first, second = bot.cases
        assert {e.ref for e in second.events if e.kind == "link_proposed"} == {first.ref}
        (notice,) = await told(bot)
        assert "Read it now" in str(notice["Subject"])
        assert len(bot.sink.to("ann@mail.example")) == 1


async def test_a_mail_that_asks_nothing_else_is_not_filed_with_a_threat_to_life_in_it(bot: Bot):
    await bot.send(mail("Your invoice 4471 is wrong again and I am going to kill myself over it."))
    assert "life_at_risk" in bot.only_case.opened.facets


async def test_what_the_writer_needs_and_wants_stands_in_the_case_and_moves_no_date(bot: Bot):
    await bot.send(mail(ACCESS))
    text = f"{ACCESS}\nPlease write to me in large print. I expect your answer within 14 days."
    await bot.send(mail(text, sender="Bea Example <bea@mail.example>"))
    plain, wanting = [(await bot.ask("cases", ref=case.ref))[0] for case in bot.cases]
    (message,) = wanting["messages"]
    assert message["flags"] == [
        'another form of answer is asked for ("me in large print")',
        'the writer wants an answer "within 14 days", which is Friday 11 December 2026; the due dates are the law\'s',
    ]
    assert wanting["requests"][0]["due_on"] == plain["requests"][0]["due_on"]
    assert bot.sink.to("bea@mail.example")
