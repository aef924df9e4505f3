"""Split, merge, link and review: what happens between two cases happens in both or in neither."""

from datetime import UTC, datetime

import pytest

from bot.control import own_login
from bot.office import CommandError
from store.law import Label
from store.refused import RefusedError
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, BOTH, COMPLAINT, ERASURE, mail, reply_to
from tests.flow.test_the_clock_of_a_case import COMPLEX, QUESTION

SAM = {"name": "Sam", "login": "sam", "roles": ["handler"]}
TOLD = {
    "medium": "phone",
    "received": "2026-11-23T11:00",
    "rights": ["erasure"],
    "name": "ann EXAMPLE",
    "address": "ann@work.example",
    "confirmed": True,
}
US = {"name": "Us", "login": own_login(), "roles": ["lead"]}


async def both_wishes(bot: Bot) -> tuple[str, int, int]:
    await bot.send(mail(BOTH, subject="Two things"))
    numbers = {request.label: request.number for request in bot.only_case.requests}
    return bot.only_case.ref, numbers[Label.ACCESS], numbers[Label.ERASURE]


async def asked_and_answered(bot: Bot, ref: str, number: int) -> None:
    bot.clock.at = datetime(2026, 12, 4, 10, tzinfo=UTC)
    await bot.ask("ask", ref=ref, request=number, **QUESTION)
    await bot.settled()
    bot.clock.at = datetime(2026, 12, 14, 10, tzinfo=UTC)
    await bot.ask("supplied", ref=ref, wanted="clarification")


async def test_a_request_that_is_split_off_keeps_its_clock_with_its_pauses(bot: Bot):
    ref, access, _ = await both_wishes(bot)
    await asked_and_answered(bot, ref, access)
    (new,) = await bot.ask("split", ref=ref, requests=[access])
    (request,) = new["requests"]
    assert (request["right"], request["due_on"], request["paused_days"]) == (
        "access", "2027-01-07", 11,
    )  # fmt: skip
    assert request["received_on"] == "2026-11-27"
    assert new["links"] == [ref]
    assert [m["id"] for m in new["messages"]] == [m.spool_id for m in bot.cases[0].messages]
    (old,) = await bot.ask("cases", ref=ref)
    assert old["links"] == [new["ref"]]
    moved = next(r for r in old["requests"] if r["number"] == access)
    assert (moved["state"], moved["moved_to"]) == ("closed", new["ref"])
    register = await bot.ask("register")
    assert sorted((row["ref"], row["right"]) for row in register) == [
        (ref, "erasure"), (new["ref"], "access"),
    ]  # fmt: skip


async def test_an_extension_goes_along(bot: Bot):
    ref, access, _ = await both_wishes(bot)
    await bot.ask("extend", ref=ref, request=access, **COMPLEX)
    letter_id = bot.only_case.letters[-1].owed.letter_id
    with pytest.raises(CommandError, match="has not gone yet"):
        await bot.ask("split", ref=ref, requests=[access])
    await bot.ask("release", ref=ref, letter=letter_id)
    bot.clock.turn(minutes=11)
    await bot.ask("cases")
    await bot.settled()
    (new,) = await bot.ask("split", ref=ref, requests=[access])
    assert new["requests"][0]["due_on"] == "2027-03-01"  # 27 February is a Saturday
    with pytest.raises(CommandError, match="extended already"):
        await bot.ask("extend", ref=new["ref"], **COMPLEX)


async def test_what_is_split_off_for_somebody_else_is_theirs(bot: Bot):
    ref, _, erasure = await both_wishes(bot)
    (new,) = await bot.ask(
        "split", ref=ref, requests=[erasure], name="Bob Example", address="bob@mail.example"
    )
    assert new["requester"]["name"] == "Bob Example"
    await bot.settled()
    assert bot.sink.to("bob@mail.example") == [], "nobody has confirmed that address"


@pytest.mark.parametrize(
    ("requests", "sentence"),
    [([], "name the requests"), ([1, 2], "nothing would be left"), ([7], "has no request 7")],
    ids=str,
)
async def test_a_split_that_makes_no_sense_is_refused(bot: Bot, requests: list[int], sentence: str):
    ref, *_ = await both_wishes(bot)
    with pytest.raises(CommandError, match=sentence):
        await bot.ask("split", ref=ref, requests=requests)
    assert len(bot.cases) == 1


async def test_a_merged_case_goes_on_in_the_other_and_so_does_what_comes(bot: Bot):
    await bot.send(mail(ACCESS))
    await bot.ask("open_told", **TOLD)
    await bot.settled()
    first, second = bot.cases
    assert [e.why for e in second.events if e.kind == "link_proposed"] == [
        "somebody of the same name wrote before"
    ]
    (merged,) = await bot.ask("merge", ref=first.ref, other=second.ref)
    assert [r["right"] for r in merged["requests"]] == ["access", "erasure"]
    assert [r["due_on"] for r in merged["requests"]] == ["2026-12-29", "2026-12-23"]
    (over,) = await bot.ask("cases", ref=second.ref)
    assert (over["state"], over["merged_into"]) == ("closed", first.ref)
    (letter,) = bot.sink.to("ann@work.example")
    await bot.send(
        reply_to(letter, "Thank you.", sender="Ann Example <ann@work.example>"),
        sender="ann@work.example",
    )
    assert len(bot.cases) == 2
    assert len(bot.cases[0].messages) == 2, "a reply to the merged case's letter comes here"
    with pytest.raises(CommandError, match=f"goes on in {first.ref}"):
        await bot.ask("claim", ref=second.ref)
    with pytest.raises(CommandError, match="nothing is open"):
        await bot.ask("merge", ref=first.ref, other=second.ref)


async def test_a_moved_request_is_worked_where_it_went(bot: Bot):
    await bot.send(mail(ACCESS))
    await bot.send(mail(ERASURE, sender="ann@work.example"), sender="ann@work.example")
    first, second = (case.ref for case in bot.cases)
    await bot.ask("merge", ref=first, other=second)
    for command, more in (
        ("close", {"outcome": "fulfilled"}),
        ("reopen", {"why": "?"}),
        ("sort", {"rights": ["access"]}),
    ):
        with pytest.raises(CommandError, match=f"goes on in {first}"):
            await bot.ask(command, ref=second, request=1, **more)


async def test_whoever_may_not_see_a_case_does_not_see_what_it_becomes(start: Start):
    async with start(staff=[US, SAM]) as bot:
        ref, access, _ = await both_wishes(bot)
        await bot.ask("restrict", ref=ref, hidden_from=["sam"], why="it is about Sam")
        (new,) = await bot.ask("split", ref=ref, requests=[access])
        await bot.send(mail(ERASURE, sender="ann@work.example"), sender="ann@work.example")
        third = bot.cases[-1].ref
        await bot.ask("merge", ref=third, other=ref)
        hidden = {case.ref for case in bot.cases if "sam" in case.hidden_from}
        assert hidden == {ref, new["ref"], third}


async def test_an_acknowledged_complaint_stays_acknowledged_where_it_goes(bot: Bot):
    await bot.send(mail(f"{ACCESS}\n\n{COMPLAINT}"))
    case = bot.only_case
    number = next(r.number for r in case.requests if r.label is Label.COMPLAINT)
    (new,) = await bot.ask("split", ref=case.ref, requests=[number])
    assert new["requests"][0]["due_kind"] == "policy"


async def test_a_review_is_a_case_of_its_own_that_somebody_else_decides(start: Start):
    async with start(staff=[US, SAM]) as bot:
        await bot.send(mail(COMPLAINT))
        ref = bot.only_case.ref
        await bot.ask("close", ref=ref, outcome="not_upheld", finding="nothing found")
        bot.clock.turn(days=10)
        (review,) = await bot.ask("review", ref=ref, request=1)
        await bot.settled()
        (request,) = review["requests"]
        assert request["right"] == "review"
        assert request["reviews"] == {
            "ref": ref, "request": 1, "outcome": "not_upheld", "decided_by": own_login(),
        }  # fmt: skip
        assert review["links"] == [ref]
        assert bot.cases[0].links == {review["ref"]}
        first, second = bot.sink.to("ann@mail.example")
        assert second["In-Reply-To"] == first["Message-ID"]
        with pytest.raises(RefusedError, match="somebody else must review it"):
            await bot.ask("close", ref=review["ref"], outcome="upheld")
        assert [case.state for case in bot.cases] == ["closed", "open"]


async def test_a_review_that_a_message_asked_for_is_tied_to_the_decision(start: Start):
    async with start(staff=[US]) as bot:
        await bot.send(mail(ACCESS))
        ref = bot.only_case.ref
        await bot.ask("close", ref=ref, outcome="exempt", exemption="legal privilege")
        (letter,) = bot.sink.letters
        await bot.send(reply_to(letter, "Please look at that decision again."))
        other = bot.cases[-1].ref
        assert other != ref, "what is asked after closing opens a case"
        await bot.ask("sort", ref=other, request=1, rights=["access"])
        with pytest.raises(CommandError, match="no review is asked for"):
            await bot.ask("review", ref=ref, request=1, asked_in=other)
        await bot.ask("sort", ref=other, request=1, rights=["review"])
        (view,) = await bot.ask("review", ref=ref, request=1, asked_in=other)
        assert view["ref"] == other
        assert view["requests"][0]["reviews"]["outcome"] == "exempt"
        with pytest.raises(RefusedError, match="somebody else must review it"):
            await bot.ask("close", ref=other, outcome="not_upheld")
        with pytest.raises(CommandError, match="no review is asked for"):
            await bot.ask("review", ref=ref, request=1, asked_in=other)
