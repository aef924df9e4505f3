"""The watch: staff hear of each new case at once, and of what is pressing every working morning."""

from datetime import UTC, datetime
from email.message import EmailMessage

from bot.control import own_login
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, COMPLAINT, mail

SAM = {"name": "Sam", "login": "sam", "email": "sam@acme.example"}
US = {"name": "Us", "login": own_login(), "email": "us@acme.example", "roles": ["lead"]}
BREACH = (
    "You emailed me another customer's contract by mistake: her name and bank details are in "
    "the attachment. I think you should know that it went to the wrong person."
)


def at(bot: Bot, day: int, hour: int = 9, month: int = 12, year: int = 2026) -> None:
    bot.clock.at = datetime(year, month, day, hour, 30, tzinfo=UTC)


async def look(bot: Bot) -> list[EmailMessage]:
    """Let the watch look, and return the mails that staff get for it."""
    before = len(bot.sink.letters)
    await bot.ask("watch")
    await bot.settled()
    return bot.sink.letters[before:]


def morning(mails: list[EmailMessage]) -> list[EmailMessage]:
    return [m for m in mails if str(m["Subject"]).startswith("Privacy desk")]


async def test_staff_hear_of_a_new_case_at_once_and_of_nobodys_data(start: Start):
    async with start(staff=[US]) as bot:
        at(bot, 6, hour=3)  # a Sunday night
        await bot.send(mail(ACCESS))
        (told,) = await look(bot)
        text = told.get_content()
        assert bot.only_case.ref in text
        assert "access: due Wednesday 6 January 2027" in text
        assert "Ann" not in told.as_string()
        assert "ann@" not in told.as_string()
        assert await look(bot) == []


async def test_a_morning_tells_what_is_late_due_and_soon_due(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(mail(ACCESS))  # due on Tuesday 29 December
        ref = bot.only_case.ref
        for day, word in ((22, "Due soon:"), (29, "Due today:"), (30, "Overdue:")):
            at(bot, day)
            (told,) = morning(await look(bot))
            assert word in told.get_content()
            assert ref in told.get_content()
        at(bot, 23)
        (quiet,) = morning(await look(bot))
        assert "Nothing is pressing today." in quiet.get_content()


async def test_a_friday_looks_ahead_to_the_weekend(start: Start):
    async with start(staff=[US], policy={"warn_days_before": [2]}) as bot:
        for day in (8, 9):  # due on Tuesday 8 and on Wednesday 9 December
            at(bot, day, month=11)
            await bot.send(mail(ACCESS, sender=f"p{day}@mail.example"))
        sunday, monday = (case.ref for case in bot.cases)
        at(bot, 4)
        (friday,) = morning(await look(bot))
        assert sunday in friday.get_content()
        assert monday not in friday.get_content()


async def test_a_weekend_is_quiet_but_for_a_breach(start: Start):
    async with start(staff=[US]) as bot:
        at(bot, 4)
        await bot.send(mail(ACCESS))
        at(bot, 5)  # Saturday
        assert morning(await look(bot)) == []
        await bot.send(mail(BREACH, subject="Wrong person"))
        at(bot, 6)
        (told,) = morning(await look(bot))
        assert "breach" in told.get_content()


async def test_an_owner_hears_of_their_own_cases_and_of_nobodys(start: Start):
    async with start(staff=[SAM, US]) as bot:
        await bot.send(mail(ACCESS))
        await bot.ask("claim", ref=bot.only_case.ref)
        at(bot, 29)
        told = {str(m["To"]): m.get_content() for m in morning(await look(bot))}
        assert bot.only_case.ref in told["us@acme.example"]
        assert bot.only_case.ref not in told["sam@acme.example"]


async def test_who_may_not_see_a_case_does_not_hear_of_it(start: Start):
    async with start(staff=[SAM | {"excluded_from": ["breach"]}, US]) as bot:
        await bot.send(mail(BREACH, subject="Wrong person"))
        await look(bot)
        ref = bot.only_case.ref
        assert all(ref not in m.as_string() for m in bot.sink.to("sam@acme.example"))
        assert any(ref in m.as_string() for m in bot.sink.to("us@acme.example"))


async def test_a_complaint_gone_quiet_for_a_fortnight_is_named(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(mail(COMPLAINT))
        at(bot, 11)  # a fortnight after its acknowledgement
        (told,) = morning(await look(bot))
        assert "A progress note is due:" in told.get_content()


async def test_the_draft_of_an_extension_is_pressed_three_working_days_before(start: Start):
    async with start(staff=[SAM, US]) as bot:
        await bot.send(mail(ACCESS))
        reasons = "Your records lie in several archives and mention many third parties."
        await bot.ask("extend", ref=bot.only_case.ref, ground="complexity", reasons=reasons)
        at(bot, 21)
        (early, _) = morning(await look(bot))
        assert "A letter waits for a person:" in early.get_content()
        at(bot, 23)  # 24, 29 and 30 December are the next working days
        (pressed, _) = morning(await look(bot))
        assert "A draft must be sent in time:" in pressed.get_content()


async def test_watch_at_an_instant_tells_what_would_be_owed_then(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(mail(ACCESS))
        owed = await bot.ask("watch", at="2026-12-29T09:00:00+00:00")
        assert {"owed": "morning-2026-12-29-1"} in owed
