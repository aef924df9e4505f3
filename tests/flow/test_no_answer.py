"""Who is never written to by a machine, and what is filed without a case."""

import pytest

from store.casebook import End
from store.events import Unanswered
from store.law import Label
from tests.conftest import DESK, Bot, Start
from tests.flow.letters import ACCESS, INVOICE, mail

NEWS = "This week in our newsletter: five tips on office plants, and our spring offers."


@pytest.mark.parametrize(
    ("headers", "end"),
    [
        ({"Auto_Submitted": "auto-replied"}, End.AUTOMATIC),
        ({"List_Id": "News <news.example>", "Precedence": "bulk"}, End.AUTOMATIC),
        ({"X_Spam_Flag": "YES"}, End.SPAM),
        ({"X_Privacy_Intake": "DP-2026-000001-1"}, End.AUTOMATIC),
    ],
    ids=["absence note", "newsletter", "spam", "our own letter come back"],
)
async def test_what_a_machine_wrote_is_filed_and_not_answered(
    bot: Bot, headers: dict[str, str], end: End
):
    await bot.send(mail(NEWS, subject="News", **headers))
    assert bot.cases == []
    assert bot.sink.letters == []
    (disposition,) = bot.data.casebook.dispositions()
    assert disposition.end is end


@pytest.mark.parametrize(
    ("address", "path", "headers"),
    [
        ("robot@deletion.example", "robot@deletion.example", {"Auto_Submitted": "auto-generated"}),
        ("caseworker@ico.org.uk", "caseworker@ico.org.uk", {}),
        ("ann@mail.example", "", {}),
        (DESK, DESK, {}),
    ],
    ids=["a robot's request", "the regulator", "null return path", "our own address"],
)
async def test_a_request_that_no_machine_may_answer_still_opens_a_case(
    bot: Bot, address: str, path: str, headers: dict[str, str]
):
    await bot.send(mail(ACCESS, sender=address, **headers), sender=path)
    case = bot.only_case
    assert [request.label for request in case.requests] == [Label.ACCESS]
    assert any(isinstance(event, Unanswered) for event in case.events)
    assert bot.sink.letters == []


async def test_a_mail_that_names_no_single_sender_is_a_case_without_an_answer(bot: Bot):
    await bot.send(mail(ACCESS, sender="Ann <ann@mail.example>, Bob <bob@mail.example>"))
    assert bot.only_case.opened.requester_address == ""
    assert bot.sink.letters == []


async def test_what_is_not_ours_is_filed_and_listed_for_staff_the_next_morning(start: Start):
    staff = [{"name": "Sam", "email": "sam@acme.example"}]
    async with start(staff=staff) as bot:
        await bot.send(mail(INVOICE, subject="Invoice 4471"))
        assert bot.cases == []
        bot.clock.turn(days=1)
        assert await bot.ask("watch") == [{"owed": "filed-2026-11-27-1"}]
        assert await bot.ask("watch") == []
        await bot.settled()
        (notice,) = [n for n in bot.sink.letters if str(n["Subject"]).startswith("Filed")]
        (filed,) = await bot.ask("filed")
        assert notice["To"] == "sam@acme.example"
        assert filed["id"] in notice.get_content()
        assert "Invoice" not in notice.as_string()
        assert "ann@" not in notice.as_string()


async def test_a_filed_message_becomes_a_case_with_its_first_receipt(bot: Bot):
    await bot.send(mail(INVOICE, subject="Invoice 4471"))
    (filed,) = await bot.ask("filed")
    bot.clock.turn(days=3)
    await bot.ask("open_filed", spool_id=filed["id"], rights=["access"])
    await bot.settled()
    (view,) = await bot.ask("cases")
    assert view["received_on"] == "2026-11-27"
    assert view["requests"][0]["due_on"] == "2026-12-29"
    assert len(bot.sink.letters) == 1
    assert await bot.ask("filed") == []
    (account,) = await bot.ask("reconcile")
    assert account["ends"]["opened"] == 1
