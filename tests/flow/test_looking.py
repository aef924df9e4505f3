"""The messages of a case are shown and written out; who looked stands in the case, what they saw does not."""

import asyncio
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import pytest

from bot.command import CommandError
from bot.control import own_login
from bot.saving import save
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, mail

PICTURE = b"\x89PNG my passport"


@cache
def with_files() -> bytes:
    raw = EmailMessage()
    raw["From"] = "Ann Example <ann@mail.example>"
    raw["Subject"] = "My data"
    raw["Message-ID"] = "<files@mail.example>"
    raw.set_content(ACCESS)
    raw.add_attachment(
        PICTURE, maintype="image", subtype="png", filename="../../etc/pass\u202egnp.exe"
    )
    raw.add_attachment(PICTURE, maintype="image", subtype="png", filename="")
    inner = EmailMessage()
    inner["Subject"] = "An older letter"
    inner.set_content("What I wrote before.")
    raw.add_attachment(inner)
    return raw.as_bytes()


async def saved(bot: Bot, folder: Path) -> list[Path]:
    found = await bot.ask("show", ref=bot.only_case.ref, save=True)
    return await asyncio.to_thread(lambda: list(save(found, folder)))


async def test_what_a_case_says_is_shown_and_that_somebody_looked_is_recorded(bot: Bot):
    await bot.send(with_files())
    (shown,) = await bot.ask("show", ref=bot.only_case.ref)
    assert ACCESS in shown["text"]
    assert shown["subject"] == "My data"
    assert len(shown["attachments"]) == 3
    (view,) = await bot.ask("cases", ref=bot.only_case.ref)
    looked = view["events"][-1]
    assert (looked["kind"], looked["by"], looked["what"]) == ("looked", own_login(), "messages")
    assert "copy" not in str(looked)


async def test_files_are_written_under_safe_names_for_the_asker_alone(bot: Bot, tmp_path: Path):
    await bot.send(with_files())
    ref = bot.only_case.ref
    files = await saved(bot, tmp_path / "out")
    assert [f.name for f in files] == [
        f"{ref}-1.eml",
        f"{ref}-1-1-_.._etc_passgnp.exe",
        f"{ref}-1-2-attachment",
        f"{ref}-1-3-message.eml",
    ]
    assert {f.parent for f in files} == {tmp_path / "out"}
    assert {f.stat().st_mode & 0o777 for f in files} == {0o600}
    assert files[0].read_bytes() == with_files().replace(b"\n", b"\r\n")
    assert files[1].read_bytes() == files[2].read_bytes() == PICTURE
    assert b"What I wrote before." in files[3].read_bytes()
    assert bot.only_case.events[-1].what == "messages, saved as files"  # type: ignore[union-attr]
    with pytest.raises(CommandError, match="is there already"):
        await saved(bot, tmp_path / "out")


async def test_a_hidden_case_shows_nothing_and_an_auditor_may_look(start: Start):
    me = {"name": "Ada", "login": own_login(), "roles": ["auditor"]}
    async with start(staff=[{**me, "excluded_from": ["erasure"]}]) as bot:
        await bot.send(mail("Please delete all the personal data you have about me."))
        with pytest.raises(CommandError, match="there is no case"):
            await bot.ask("show", ref=bot.only_case.ref)
        with pytest.raises(CommandError, match="there is no case"):
            await bot.ask("spool_show", spool_id=bot.only_case.messages[0].spool_id)
        assert bot.only_case.events[-1].kind != "looked"
        await bot.send(mail(ACCESS, sender="bob@mail.example"), sender="bob@mail.example")
        other = bot.cases[1]
        assert len(await bot.ask("show", ref=other.ref)) == 1
        await bot.ask("spool_show", spool_id=other.messages[0].spool_id)
        assert [e.kind for e in bot.cases[1].events[-2:]] == ["looked", "looked"]


async def test_a_message_whose_bytes_are_damaged_is_shown_as_such_and_saved_as_it_lies(
    bot: Bot, tmp_path: Path
):
    await bot.send(mail(ACCESS))
    path = bot.data.spool.path(bot.only_case.messages[0].spool_id)
    path.write_bytes(path.read_bytes().replace(b"personal", b"persona1"))
    (shown,) = await bot.ask("show", ref=bot.only_case.ref)
    assert "not the ones accepted" in shown["text"]
    (file,) = await saved(bot, tmp_path / "out")
    assert file.name.endswith("-1-damaged.bin")
