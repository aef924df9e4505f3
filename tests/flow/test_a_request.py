"""A request comes in by mail; a case opens and one acknowledgement goes out."""

from datetime import date

from store.case import LetterStatus, State
from store.law import Label
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, BOTH, VAGUE, mail


async def test_a_plain_request_opens_a_case_and_is_acknowledged_once(bot: Bot):
    await bot.send(mail(ACCESS, message_id="<one@mail.example>"))
    case = bot.only_case
    assert [request.label for request in case.requests] == [Label.ACCESS]
    assert case.state is State.OPEN
    (letter,) = bot.sink.letters
    assert letter["To"] == "ann@mail.example"
    assert letter["In-Reply-To"] == "<one@mail.example>"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert case.ref in letter["Subject"]
    for kind in ("plain", "html"):
        part = letter.get_body((kind,))
        assert part is not None
        assert "Tuesday 29 December 2026" in " ".join(part.get_content().split())


async def test_the_due_date_shows_its_working(bot: Bot):
    await bot.send(mail(ACCESS))
    (view,) = await bot.ask("cases")
    (request,) = view["requests"]
    assert (request["received_on"], request["due_on"]) == ("2026-11-27", "2026-12-29")
    working = " ".join(request["working"])
    assert "Sunday 27 December 2026" in working
    assert "12A" in working


async def test_two_things_asked_are_one_case_one_letter_and_two_clocks(bot: Bot):
    await bot.send(mail(BOTH, subject="Two things"))
    asked = {request.label for request in bot.only_case.requests}
    assert asked == {Label.ACCESS, Label.ERASURE}
    (letter,) = bot.sink.letters
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().count("29 December 2026") == 2


async def test_an_unclear_message_gets_a_running_clock_and_a_neutral_receipt(bot: Bot):
    await bot.send(mail(VAGUE, subject="hello"))
    case = bot.only_case
    assert case.state is State.TRIAGE
    (view,) = await bot.ask("cases")
    assert view["requests"][0]["right"] is None
    assert view["requests"][0]["guess"]
    assert view["requests"][0]["due_on"] == "2026-12-29"
    (letter,) = bot.sink.letters
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert "copy of your personal data" not in plain.get_content()


async def test_what_arrives_late_at_night_is_received_on_the_controllers_day(bot: Bot):
    bot.clock.at = bot.clock.at.replace(year=2026, month=6, day=30, hour=23, minute=30)
    await bot.send(mail(ACCESS))
    (view,) = await bot.ask("cases")
    assert view["received_on"] == date(2026, 7, 1).isoformat()


async def test_the_letter_is_recorded_as_sent_with_its_own_message_id(bot: Bot):
    await bot.send(mail(ACCESS))
    (letter,) = bot.only_case.letters
    assert letter.status is LetterStatus.SENT
    assert bot.sink.letters[0]["Message-ID"] == letter.owed.message_id


async def test_a_trusted_hosts_stamp_dates_the_receipt(start: Start):
    stamped = (
        "Received: from outside by mx.acme.example; Fri, 20 Nov 2026 08:00:00 +0000\n"
        "Received: from liar by mx.acme.example.invalid; Sun, 1 Nov 2026 08:00:00 +0000\n"
    )
    async with start(mail={"trusted_hosts": ["mx.acme.example"]}) as bot:
        await bot.send(stamped + mail(ACCESS))
        (view,) = await bot.ask("cases")
    assert view["received_at"] == "2026-11-20T08:00:00+00:00"
