"""All that is held about somebody, found by an address, a name or a number; and nothing hidden from whoever asks."""

from typing import Any

import pytest

from bot.control import own_login
from bot.office import CommandError
from replies.page import Page
from replies.render.pages import person_page
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, ERASURE, INVOICE, mail
from tests.flow.test_block_list import STOP

US: dict[str, Any] = {"name": "Us", "login": own_login(), "roles": ["lead"]}
HOSTILE = "<script>alert(1)</script> & <b>"


async def person(bot: Bot, asked: str) -> dict[str, Any]:
    (view,) = await bot.ask("person", asked=asked)
    return view


def refs(view: dict[str, Any]) -> list[str]:
    return [case["ref"] for case in view["cases"]]


async def everything(bot: Bot) -> tuple[str, str]:
    """Let Ann ask twice, and write an invoice; and let Bob's case name her."""
    await bot.send(mail(f"{ACCESS} {HOSTILE}"), mail(STOP), mail(INVOICE, subject="Invoice 4471"))
    first, second = (case.ref for case in bot.cases)
    await bot.ask("note", ref=first, text=f"She rang. {HOSTILE}")
    await bot.send(mail(ERASURE, sender="Bob Other <bob@mail.example>"), sender="bob@mail.example")
    await bot.ask("note", ref=bot.cases[-1].ref, text="Shares a flat with ANN@mail.example.")
    return first, second


async def test_all_that_is_held_is_found_by_any_spelling_of_the_address(bot: Bot):
    first, second = await everything(bot)
    view = await person(bot, "Ann+x@MAIL.example")
    assert refs(view) == [first, second]
    case = view["cases"][0]
    assert case["found_by"] == ["address"]
    assert HOSTILE in case["messages"][0]["text"]
    assert case["letters"][0]["text"] == bot.cases[0].letters[0].owed.text
    assert [note["text"] for note in case["notes"]] == [f"She rang. {HOSTILE}"]
    assert [entry["ref"] for entry in view["block_list"]] == [second]
    assert [(f["end"]) for f in view["filed"]] == ["other"]
    assert [(m["ref"], m["kind"]) for m in view["mentions"]] == [(bot.cases[-1].ref, "noted")]


async def test_a_name_or_a_number_finds_the_same_cases(bot: Bot):
    first, second = await everything(bot)
    assert refs(await person(bot, "ann EXAMPLE")) == [first, second]
    told = {"medium": "phone", "received": "2026-11-27T11:00", "rights": ["access"]}
    (view,) = await bot.ask("open_told", **told, identifiers=["AB-12 34"])
    found = await person(bot, "ab1234")
    assert refs(found) == [view["ref"]]
    assert found["cases"][0]["found_by"] == ["identifier"]


async def test_cases_that_people_linked_are_shown_with_the_reason(bot: Bot):
    await bot.send(mail(ACCESS))
    told = {"medium": "phone", "received": "2026-11-27T11:00", "rights": ["access"]}
    (other,) = await bot.ask("open_told", **told, name="A. E.")
    ref = bot.cases[0].ref
    await bot.ask("link", ref=ref, other=other["ref"])
    view = await person(bot, "ann@mail.example")
    assert [(c["ref"], c["found_by"]) for c in view["cases"]] == [
        (ref, ["address"]),
        (other["ref"], [f"tied to {ref}"]),
    ]
    assert view["also_known_by"] == ["name:a e", "name:ann example"]


async def test_of_somebody_unknown_nothing_is_held(bot: Bot):
    await everything(bot)
    view = await person(bot, "nobody@mail.example")
    assert not any(view[part] for part in ("cases", "block_list", "filed", "mentions"))
    assert "There is no case." in person_page(view)
    with pytest.raises(CommandError, match="name an address"):
        await person(bot, " ")


async def test_whoever_is_excluded_from_a_case_does_not_see_it_here(start: Start):
    async with start(staff=[US]) as bot:
        first, second = await everything(bot)
    async with start(staff=[{**US, "excluded_from": ["access", "erasure"]}]) as bot:
        view = await person(bot, "ann@mail.example")
        assert refs(view) == [second]
        assert view["mentions"] == []
        shown = {str(v) for case in view["cases"] for v in case["links"]}
        assert first not in shown


async def test_the_page_says_the_same_in_order_and_runs_nothing(bot: Bot):
    first, second = await everything(bot)
    html = person_page(await person(bot, "ann@mail.example"))
    page = Page(html)
    assert page.unsafe == []
    assert (page.title, page.language) == ("What is held about ann@mail.example", "en")
    assert (page.elements["h1"], page.elements["main"]) == (1, 1)
    assert page.elements["h2"] == 5
    assert page.elements["table"] == page.elements["caption"]
    assert page.elements["th"] == html.count('scope="col"')
    said = " ".join(page.words)
    for words in (first, second, HOSTILE, "She rang.", "27 Nov 2026 16:40 UTC", "Invoice"):
        assert (words in said) is (words != "Invoice")
    assert bot.cases[0].opened.token not in html
