"""The audit trail: what is done to stored cases behind the bot's back is named, with the event."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.control import own_login
from store.embedded import EmbeddedCasebook
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, COMPLAINT, mail
from tests.processes import BotProcess

US = {
    "name": "Us",
    "login": own_login(),
    "email": "us@acme.example",
    "roles": ["lead", "handler", "auditor"],
}

Change = Callable[[dict[str, Any]], None]


def tamper(bot: Bot, ref: str, change: Change) -> None:
    """Change a stored case as somebody would who has the file: past all rules."""
    casebook = bot.data.casebook
    assert isinstance(casebook, EmbeddedCasebook)
    table = casebook._cases
    document = json.loads(json.dumps(table.fetch(ref)))
    change(document)
    table.put(ref, document)


async def proof(bot: Bot) -> dict[str, Any]:
    (found,) = await bot.ask("verify")
    return found


async def next_heads(bot: Bot) -> None:
    bot.clock.turn(days=3)
    await bot.ask("watch")


async def with_heads(bot: Bot) -> tuple[str, str]:
    """Let two cases come in, and the next working day's heads be taken; return the references."""
    await bot.send(mail(ACCESS, sender="one@mail.example"))
    await bot.send(mail(COMPLAINT, sender="two@mail.example"))
    await next_heads(bot)
    one, two = (case.ref for case in bot.cases)
    return one, two


async def test_what_nobody_touched_is_proved(bot: Bot):
    await with_heads(bot)
    found = await proof(bot)
    assert found["whole"]
    assert found["cases"] == 2
    assert found["events"] == sum(len(case.events) for case in bot.cases)
    assert found["unchained"] == 0
    assert found["days"] == 2  # that of the start, when there was nothing


async def test_work_after_the_heads_were_taken_is_no_fault(bot: Bot):
    one, _ = await with_heads(bot)
    await bot.ask("note", ref=one, text="rang back")
    await next_heads(bot)
    found = await proof(bot)
    assert found["whole"], found["faults"]
    assert found["days"] == 3


def reword(document: dict[str, Any]) -> None:
    document["events"][1]["sender"] = "somebody@else.example"


def swap(document: dict[str, Any]) -> None:
    for kept in (document["events"], document["chain"]):
        kept[1], kept[2] = kept[2], kept[1]


def drop_second(document: dict[str, Any]) -> None:
    for kept in (document["events"], document["chain"]):
        del kept[1]


@pytest.mark.parametrize("change", [reword, swap, drop_second])
async def test_a_case_changed_in_the_middle_is_named_with_the_event(bot: Bot, change: Change):
    one, two = await with_heads(bot)
    tamper(bot, one, change)
    found = await proof(bot)
    assert not found["whole"]
    assert any(f.startswith(f"{one}: event 2 (") for f in found["faults"])
    assert not any(two in fault for fault in found["faults"])


async def test_a_last_event_cut_off_with_its_link_shows_against_the_days_head(bot: Bot):
    one, _ = await with_heads(bot)
    last = len(bot.data.casebook.get(one).events)  # type: ignore[union-attr]  # it is there

    def cut(document: dict[str, Any]) -> None:
        document["events"].pop()
        document["chain"].pop()

    tamper(bot, one, cut)
    (fault,) = (await proof(bot))["faults"]
    assert fault.startswith(f"{one}: event {last} of {last} was removed")


async def test_a_case_chained_anew_shows_against_the_days_head(bot: Bot):
    one, _ = await with_heads(bot)

    def rewrite(document: dict[str, Any]) -> None:
        reword(document)
        del document["chain"]

    tamper(bot, one, rewrite)
    await bot.ask("note", ref=one, text="this save chains everything again")
    (fault,) = (await proof(bot))["faults"]
    assert fault.startswith(f"{one} was rewritten since")


async def test_an_entry_of_the_house_log_that_is_gone_is_missed(bot: Bot):
    await bot.send(mail(ACCESS))
    await bot.ask("register")
    await next_heads(bot)
    casebook = bot.data.casebook
    assert isinstance(casebook, EmbeddedCasebook)
    (name,) = casebook.kept_names("log:")
    casebook._kept.remove(doc_ids=[name])  # type: ignore[list-item]  # ids are text here
    (fault,) = (await proof(bot))["faults"]
    assert "house log" in fault
    assert "was removed" in fault


async def test_a_days_file_that_was_changed_or_taken_away_is_named(bot: Bot):
    await with_heads(bot)
    await next_heads(bot)
    files = sorted((bot.data.root / "heads").iterdir())
    assert len(files) == 3
    kept = files[1].read_bytes()
    files[1].unlink()
    assert any("does not follow" in fault for fault in (await proof(bot))["faults"])
    files[1].write_bytes(kept.replace(b'"root": "', b'"root": "x'))
    assert any(files[1].name in fault for fault in (await proof(bot))["faults"])
    files[1].write_bytes(kept)
    assert (await proof(bot))["whole"]


async def test_the_morning_list_carries_the_head_away_from_this_machine(start: Start):
    async with start(staff=[US]) as bot:
        await with_heads(bot)
        await bot.settled()
        list_of_today = [
            m for m in bot.sink.letters if str(m["Subject"]).startswith("Privacy desk")
        ][-1]
        last = (await proof(bot))["last"]
        assert f"{last['root']} (" in list_of_today.get_content()


async def test_who_takes_data_out_is_put_down_and_only_some_may_read_it(bot: Bot):
    await bot.send(mail(ACCESS))
    await bot.ask("register")
    await bot.ask("person", asked="ann@mail.example")
    found = await bot.ask("audit")
    assert [(e["by"], e["what"]) for e in found] == [
        (own_login(), "register"),
        (own_login(), "person"),
    ]
    assert "ann" not in json.dumps([e["what"] for e in found])


@pytest.mark.slow
def test_the_commands_say_so_and_by_their_exit_code(tmp_path: Path):
    with BotProcess(tmp_path) as process:
        process.write_settings()
        done = process.command("verify")
        assert done.returncode == 0
        assert "all is as it was chained" in done.stdout
        assert process.command("export", str(tmp_path / "out.jsonl")).returncode == 0
        (entry,) = process.ask("audit")
        assert entry["what"] == "export"
        heads = process.data / "heads"
        heads.mkdir()
        (heads / "2026-11-27.json").write_text("{}")
        done = process.command("verify")
        assert done.returncode == 1
        assert "heads/2026-11-27.json is damaged" in done.stdout
