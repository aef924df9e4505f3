"""Stories: what somebody meets who asks in plain words what we hold, and somebody who wants no more marketing."""

import asyncio
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest

from bot.control import own_login
from bot.mail.markup import plain_of
from bot.office import CommandError
from store.law import Label
from tests.conftest import DESK, Bot, Start
from tests.flow.erased import NAMES, from_zebedee, places_that_tell, raw
from tests.flow.letters import ACCESS, mail
from tests.flow.test_erasing import SETTING, decided
from tests.flow.test_reply_addresses import CONTACT
from tests.flow.test_who_wrote import BELIEVED, PASSED
from tests.processes import BotProcess

ASKED = "Hi, I bought a lamp from you in May. What do you actually hold about me? Please send it all over. Priya"
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 a photo of a lamp"
PRIYA = "Priya Nair <priya@mail.example>"
SYSTEMS = ["newsletter", "crm"]
HERON = ["zq@heron.example", "ZQ@HERON.EXAMPLE", "Zq+Lamps@heron.example", "zq+other@Heron.example"]


def priyas(content: bytes = PHOTO, message_id: str = "<lamp@mail.example>") -> bytes:
    written = EmailMessage()
    written["From"], written["To"], written["Cc"] = PRIYA, DESK, CONTACT
    written["Subject"], written["Message-ID"] = "my lamp", message_id
    written["Authentication-Results"] = PASSED
    written.set_content(ASKED)
    written.add_attachment(content, maintype="image", subtype="jpeg", filename="lamp.jpg")
    return written.as_bytes()


PLUS = {**BELIEVED, "reply_address": "plus", "unsubscribe_addresses": [CONTACT]}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


async def test_what_do_you_hold_about_me(start: Start):
    async with start(mail=PLUS) as bot:
        await bot.send(priyas(), priyas(), sender="priya@mail.example")
        await bot.send(priyas(), sender="priya@mail.example", to=CONTACT)
        case = bot.only_case
        (request,) = case.requests
        assert request.label is Label.ACCESS
        assert request.score > 0.5
        assert request.because
        assert all(said in ASKED for said in request.because)

        (shown,) = await bot.ask("show", ref=case.ref)
        (photo,) = shown["attachments"]
        assert (photo["name"], photo["content_type"], photo["size"]) == (
            "lamp.jpg", "image/jpeg", len(PHOTO),
        )  # fmt: skip
        assert shown["flags"] == []

        (letter,) = bot.sink.letters
        address = parseaddr(str(letter["Reply-To"]))[1]
        assert parseaddr(str(letter["From"]))[1] == DESK
        assert address.startswith("dataprotection+")
        assert letter["Auto-Submitted"] == "auto-replied"
        assert letter["In-Reply-To"] == "<lamp@mail.example>"
        plain, page = said_by(letter)
        assert words(plain) == words(plain_of(page))
        said = " ".join(plain.split())
        for part in (
            case.ref,
            "a request for a copy of your personal data",
            "Tell us if we misread you",
            "by Tuesday 29 December 2026 at the latest",
            "What happens next",
            "complain to the regulator",
            "https://ico.org.uk/make-a-complaint/",
        ):
            assert part in said
        assert "password" not in said.lower()


def said_by(letter: EmailMessage) -> tuple[str, str]:
    plain, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert page is not None
    return plain.get_content(), page.get_content()


@pytest.mark.parametrize(
    ("received", "due_on", "told"),
    [
        (datetime(2027, 1, 31, 11, tzinfo=UTC), "2027-03-01", "Monday 1 March 2027"),
        (datetime(2026, 12, 1, 11, tzinfo=UTC), "2027-01-04", "Monday 4 January 2027"),
    ],
    ids=["the last day of a short month is a Sunday", "New Year's Day"],
)
async def test_the_month_ends_on_a_working_day(
    bot: Bot, received: datetime, due_on: str, told: str
):
    bot.clock.at = received
    await bot.send(mail(ACCESS))
    (view,) = await bot.ask("cases")
    assert view["requests"][0]["due_on"] == due_on
    assert f"by {told} at the latest" in " ".join(said_by(bot.sink.letters[0])[0].split())


@pytest.mark.parametrize(
    ("content", "doubt"),
    [
        (b"%PDF-1.7", "a file with it says that it is image/jpeg, and is application/pdf"),
        (b"<html>", "a file with it says that it is image/jpeg, and is something else"),
        (b"MZ\x90\x00", "a file with it is a program"),
    ],
    ids=["another kind", "no picture", "a program"],
)
async def test_a_file_that_is_not_what_it_says_is_told_and_still_a_request(
    start: Start, content: bytes, doubt: str
):
    async with start(mail=PLUS) as bot:
        await bot.send(priyas(content), sender="priya@mail.example")
        assert bot.only_case.messages[0].flags == (doubt,)
        assert len(bot.sink.letters) == 1


async def test_no_more_marketing_from_the_first_word_to_the_erasure(start: Start, tmp_path: Path):
    sections = {**SETTING, "policy": {**SETTING["policy"], "sending_systems": SYSTEMS}}
    sections["mail"] = {**SETTING["mail"], "unsubscribe_addresses": [CONTACT]}
    async with start(**sections) as bot:
        asking = raw(from_zebedee("UNSUBSCRIBE")).replace("zq@heron", "ZQ+Lamps@Heron")
        await bot.send(asking, sender="ZQ+Lamps@heron.example", to=CONTACT)
        ref = bot.only_case.ref
        blocked = f"blocked since Fri 27 Nov 2026 {ref}"
        assert await answers(bot) == [blocked] * len(HERON)
        written = [path.read_text() for path in (bot.data.root / "outgoing" / "new").iterdir()]
        (confirmation,) = (text for text in written if "heron.example" in text.lower())
        assert "short delay" in " ".join(confirmation.split())

        for system in SYSTEMS:
            with pytest.raises(CommandError, match="stays open until each sending system"):
                await bot.ask("close", ref=ref, outcome="fulfilled")
            await bot.ask("ticked", ref=ref, system=system)
        (closed,) = await bot.ask("close", ref=ref, outcome="fulfilled")
        assert closed["state"] == "closed"
        assert closed["events"][-1]["reasons"] == "; ".join(
            f"{system} took it in: {own_login()}, 27 Nov 2026" for system in SYSTEMS
        )

        await decided(bot, ref)
        bot.clock.turn(days=8)
        assert await bot.ask("retain_now") == [{"erased": ref}]
        assert places_that_tell(bot.data.root, (*NAMES, b"zq+")) == []
        assert all(
            answer.startswith("blocked since Fri 27 Nov 2026") for answer in await answers(bot)
        )
        await asked_by_command_and_by_list(tmp_path)
        assert places_that_tell(bot.data.root, (*NAMES, b"zq+")) == []
        counted = await bot.ask("block_checks")
        assert sum(int(day["checks"]) for day in counted) == 2 + len(HERON) + 1 + 1


async def asked_by_command_and_by_list(folder: Path) -> None:
    commands = BotProcess(folder)
    commands.write_settings()
    asked = ["blocklist", "check"]
    for spelling in HERON:
        said = await asyncio.to_thread(commands.command, *asked, spelling)
        assert said.stdout.startswith("blocked since Fri 27 Nov 2026")
    said = await asyncio.to_thread(commands.command, *asked, "bob@heron.example")
    assert said.stdout == "not listed\n"
    rows = folder / "list.csv"
    rows.write_text("\n".join(["email", *HERON, "bob@heron.example", ""]))
    said = await asyncio.to_thread(commands.command, *asked, "--file", str(rows))
    assert f"{len(HERON) + 1} rows: {len(HERON)} blocked, 1 not listed" in said.stdout


async def answers(bot: Bot) -> list[str]:
    """Ask for every spelling at once, as a list from a file is asked for."""
    (screened,) = await bot.ask("block_screen", addresses=HERON)
    return list(screened["answers"])


async def test_five_who_write_to_the_address_in_the_notice(start: Start):
    asked = {
        "UNSUBSCRIBE": "one@mail.example",
        "Re: unsubscribe me pls": "two@mail.example",
        "unsubscribe": "three@mail.example",
        "How do I subscribe?": "four@mail.example",
        "Unsubscribe": "Five.Six+News@Mail.Example",
    }
    async with start(mail={"unsubscribe_addresses": [CONTACT]}) as bot:
        for subject, sender in asked.items():
            text = "" if subject == "unsubscribe" else subject
            await bot.send(mail(text, subject=subject, sender=sender), sender=sender, to=CONTACT)
        (screened,) = await bot.ask(
            "block_screen",
            addresses=["ONE@mail.example", "two+x@mail.example", "three@mail.example", "four@mail.example", "five.six@mail.example"],
        )  # fmt: skip
        blocked = [f"blocked since Fri 27 Nov 2026 {bot.cases[n].ref}" for n in (0, 1, 2, 4)]
        assert screened["answers"] == [*blocked[:3], "not listed", blocked[3]]
        assert [case.state for case in bot.cases] == ["open", "open", "open", "triage", "open"]
        assert len(bot.sink.letters) == 5, "a confirmation each, and a neutral receipt"
        for letter in bot.sink.letters:
            assert "identity" not in said_by(letter)[0]
