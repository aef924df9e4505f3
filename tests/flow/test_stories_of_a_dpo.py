"""Stories: a complaint that names a handler, and a breach that arrives on a Sunday night."""

from datetime import UTC, datetime
from email import message_from_string, policy

import pytest

from bot.control import own_login
from bot.office import CommandError
from store.deeds import Looked
from store.law import Label
from tests.conftest import Start
from tests.flow.letters import ACCESS, BOTH, COMPLAINT, mail, reply_to

US = {"name": "Us", "login": own_login(), "email": "us@acme.example", "roles": ["lead"]}
SAM = {"name": "Sam", "login": "sam", "email": "sam@acme.example"}
BREACH = (
    "You sent me another customer's contract. Her name, bank details and signature are in the "
    "attachment, so I think it went to the wrong person."
)
OWN = (
    "I am reporting a data breach. You sent my bank details and my home address to another "
    "customer by mistake, she rang me about it."
)
CONTRACT = (
    "You are in breach of contract: the kitchen should have been fitted in October. I expect a "
    "refund of my deposit within 14 days."
)


async def test_one_mail_three_wishes(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(mail(ACCESS))
        await bot.send(mail(f"{BOTH}\n\n{COMPLAINT}", subject="Third time of asking"))
        first, second = bot.cases
        asked = {request.label for request in second.requests}
        assert asked >= {Label.ACCESS, Label.ERASURE, Label.COMPLAINT}
        assert len(bot.sink.to("ann@mail.example")) == 2, "one acknowledgement for each case"
        numbers = {request.label: request.number for request in second.requests}
        with pytest.raises(CommandError, match="waits for the access request"):
            await bot.ask(
                "close", ref=second.ref, outcome="fulfilled", request=numbers[Label.ERASURE]
            )
        await bot.ask("close", ref=second.ref, outcome="fulfilled", request=numbers[Label.ACCESS])
        assert bot.cases[1].state == "open", "closing one strand does not close the case"
        assert first.ref in [e.ref for e in second.events if e.kind == "link_proposed"]


async def test_a_complaint_about_sam_is_nobodys_business_of_sams(start: Start):
    async with start(staff=[US, SAM]) as bot:
        await bot.send(mail(f"{COMPLAINT} It was Sam who did it."))
        ref = bot.only_case.ref
        await bot.ask("restrict", ref=ref, hidden_from=["sam"], why="the complaint is about Sam")
        bot.clock.at = datetime(2026, 12, 11, 9, tzinfo=UTC)
        await bot.ask("watch")
        await bot.settled()
        mornings = [
            m for m in bot.sink.to("sam@acme.example") if "Privacy desk" in str(m["Subject"])
        ]
        assert mornings
        assert all(ref not in m.get_content() for m in mornings[-1:])
        (view,) = await bot.ask("cases")
        (request,) = view["requests"]
        assert request["due_kind"] == "policy", "acknowledged: only the own target is left"


async def test_a_breach_on_a_sunday_night(start: Start):
    async with start(staff=[US]) as bot:
        bot.clock.at = datetime(2026, 11, 29, 22, 10, tzinfo=UTC)
        await bot.send(mail(BREACH, subject="Wrong person"))
        case = bot.only_case
        number = next(r.number for r in case.requests if r.label is Label.BREACH)
        await bot.ask("watch")
        await bot.settled()
        (told,) = [m for m in bot.sink.to("us@acme.example") if "new case" in str(m["Subject"])]
        assert case.ref in told.get_content()
        (letter,) = bot.sink.to("ann@mail.example")
        plain = letter.get_body(("plain",))
        assert plain is not None
        words = plain.get_content()
        assert "72" not in words
        assert "keep it" in words.lower()

        async def due_at() -> str:
            (view,) = await bot.ask("cases")
            return str(next(r["due_at"] for r in view["requests"] if r["number"] == number))

        assert (await due_at()).startswith("2026-12-02T22:10")
        bot.clock.at = datetime(2026, 11, 30, 9, tzinfo=UTC)
        aware = {"at": "2026-11-29T20:00+00:00", "why": "a colleague was told at eight"}
        await bot.ask("aware", ref=case.ref, request=number, **aware)
        assert (await due_at()).startswith("2026-12-02T20:00")
        reasons = "bank details of one person went to a stranger"
        await bot.ask("breach", ref=case.ref, request=number, notify=True, reasons=reasons)
        assert bot.only_case.request(number).decided is not None


async def test_the_receipt_asks_to_keep_what_came_and_admits_nothing(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(with_file(BREACH))
        (letter,) = bot.sink.to("ann@mail.example")
        for kind in ("plain", "html"):
            part = letter.get_body((kind,))
            assert part is not None
            words = " ".join(part.get_content().split()).lower()
            assert "do not open, copy or forward it" in words
            assert "keep it until we contact you, and do not delete it before then" in words
            admissions = ("sorry", "apologi", "mistake", "breach", "our fault")
            assert not [said for said in admissions if said in words]


async def test_what_came_with_the_report_is_quarantined_until_somebody_says_why(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(with_file(BREACH))
        ref = bot.only_case.ref
        (shown,) = await bot.ask("show", ref=ref)
        assert any("quarantined" in flag for flag in shown["flags"])
        with pytest.raises(CommandError, match="--because TEXT"):
            await bot.ask("show", ref=ref, save=True)
        with pytest.raises(CommandError, match="--because TEXT"):
            await bot.ask("spool_show", spool_id=shown["id"])
        await bot.ask("show", ref=ref, save=True, because="to see whose contract it is")
        assert [e.what for e in bot.only_case.events if isinstance(e, Looked)] == [
            "messages", "messages, saved as files: to see whose contract it is",
        ]  # fmt: skip
        await bot.send(mail(ACCESS, sender="bea@mail.example"), sender="bea@mail.example")
        await bot.ask("show", ref=bot.cases[-1].ref, save=True)


async def test_a_breach_reported_in_a_running_case_reaches_staff_at_once_with_its_own_clock(
    start: Start,
):
    async with start(staff=[US]) as bot:
        await bot.send(mail(ACCESS))
        await bot.ask("watch")
        await bot.settled()
        bot.clock.at = datetime(2026, 12, 6, 22, 10, tzinfo=UTC)
        (letter,) = bot.sink.to("ann@mail.example")
        await bot.send(reply_to(letter, BREACH))
        (case,) = await bot.ask("cases")
        assert [(r["right"], r["due_on"]) for r in case["requests"]] == [
            ("access", "2026-12-29"), ("breach", "2026-12-09"),
        ]  # fmt: skip
        (told,) = [m for m in bot.sink.to("us@acme.example") if "breach" in str(m["Subject"])]
        assert str(told["Subject"]) == f"Read it now: a possible breach, {case['ref']}"
        assert "22:10 on Wednesday 9 December 2026" in told.get_content()
        assert "contract" not in told.get_content()


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("aware", {"at": "2026-11-27T09:00+00:00", "why": " "}),
        ("breach", {"notify": False, "reasons": ""}),
    ],
    ids=["awareness", "the decision"],
)
async def test_nothing_of_a_breach_is_recorded_without_a_reason(
    start: Start, command: str, given: dict[str, object]
):
    async with start(staff=[US]) as bot:
        await bot.send(mail(BREACH))
        number = next(r.number for r in bot.only_case.requests if r.label is Label.BREACH)
        with pytest.raises(CommandError, match="say why"):
            await bot.ask(command, ref=bot.only_case.ref, request=number, **given)


def with_file(text: str) -> bytes:
    written = message_from_string(mail(text, subject="Wrong person"), policy=policy.SMTP)
    written.add_attachment(
        b"%PDF-1.7 a contract", maintype="application", subtype="pdf", filename="contract.pdf"
    )
    return written.as_bytes()


async def test_a_breach_of_the_reporters_own_data_is_a_complaint_too(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(mail(OWN, subject="Data breach"))
        case = bot.only_case
        assert {request.label for request in case.requests} == {Label.BREACH, Label.COMPLAINT}


async def test_a_breach_of_contract_is_none(start: Start):
    async with start() as bot:
        await bot.send(mail(CONTRACT, subject="Breach of contract"))
        assert all(Label.BREACH not in case.asked for case in bot.cases)
