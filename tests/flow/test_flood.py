"""A flood of forged mail buries nobody: over the first so many in a day there is one line for all, and each keeps its clock."""

import asyncio
import json
import os
import time
from email import message_from_bytes
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import add_desk_commands, app
from bot.control import own_login
from bot.office import CommandError
from tests.conftest import DESK, Bot, Start
from tests.flow.letters import ACCESS, ERASURE, mail
from tests.flow.test_watch import at, look, morning
from tests.flow.test_who_wrote import FAILED, MX, PASSED
from tests.processes import BotProcess, wait_for
from tests.relays import RelayProcess

US = {"name": "Us", "login": own_login(), "email": "us@acme.example", "roles": ["lead"]}
THREE = {"trusted_authserv_id": MX, "limits": {"failed_senders_per_day": 3}}
LIFE = f"{ACCESS} If you do not answer I will kill myself tonight."


def forged(number: int, domain: str = "mail.example", text: str = ACCESS) -> str:
    failed = FAILED.replace("mail.example", domain)
    return mail(text, sender=f"p{number}@{domain}", Authentication_Results=failed)


async def one_by_one(bot: Bot, *mails: str) -> None:
    """Send mails so that they are taken in in this order: of several at once either may be read first."""
    for raw in mails:
        await bot.send(raw)


def subjects(bot: Bot) -> list[str]:
    return [str(letter["Subject"]) for letter in bot.sink.to("us@acme.example")]


def waiting(bot: Bot, *words: str) -> str:
    """Return what `cases` prints, or another command."""
    add_desk_commands()
    settings = bot.data.root.parent / "ask.toml"
    settings.write_text(f'[data]\ndir = "{bot.data.root}"\n')
    done = CliRunner().invoke(app, [*(words or ("cases",)), "--config", str(settings)])
    assert done.exit_code == 0, done.output
    return done.output


async def test_over_the_first_of_a_day_staff_hear_once_and_have_one_line(start: Start):
    async with start(staff=[US], mail=THREE) as bot:
        await bot.send(*(forged(number) for number in range(5)))
        await bot.send(mail(ACCESS, Authentication_Results=PASSED))
        await bot.send(forged(5))
        await look(bot)
        refs = [case.ref for case in bot.cases]
        assert len(refs) == 7
        assert {c["requests"][0]["due_on"] for c in await bot.ask("cases")} == {"2026-12-29"}
        told = subjects(bot)
        assert sorted(s for s in told if "case" in s) == [
            f"New case {refs[i]}" for i in (0, 1, 2, 5)
        ]
        assert len([s for s in told if s.startswith("Trouble: a flood")]) == 1
        printed = await asyncio.to_thread(waiting, bot)
        assert "and 3 of senders who failed authentication: privacy-intake flood" in printed
        assert [ref in printed for ref in refs] == [True] * 3 + [False] * 2 + [True, False]
        at(bot, 22)
        (list_of,) = morning(await look(bot))
        assert "flood  3 cases of senders who failed authentication" in list_of.get_content()
        assert "`privacy-intake flood`, Tue 29 Dec" in list_of.get_content()
        assert refs[3] not in list_of.get_content()
        assert len(bot.sink.to("p3@mail.example")) == 0


async def test_whoever_is_claimed_stands_for_themselves_and_so_does_a_threat_to_life(start: Start):
    async with start(staff=[US], mail=THREE) as bot:
        await one_by_one(bot, *(forged(number) for number in range(5)), forged(5, text=LIFE))
        assert [c["in_flood"] for c in await bot.ask("cases")] == [False] * 3 + [True, True, False]
        await bot.ask("claim", ref=bot.cases[3].ref)
        assert [row["ref"] for row in await bot.ask("flood")] == [bot.cases[4].ref]


async def test_a_restart_forgets_no_flood_and_the_next_day_begins_anew(start: Start):
    async with start(staff=[US], mail=THREE) as bot:
        await bot.send(*(forged(number) for number in range(3)))
    async with start(staff=[US], mail=THREE) as bot:
        await bot.send(forged(3))
        bot.clock.turn(days=1)
        await bot.send(forged(4))
        assert [c["in_flood"] for c in await bot.ask("cases")] == [False] * 3 + [True, False]


async def test_all_of_a_domain_are_closed_or_erased_by_one_command(start: Start):
    async with start(staff=[US], mail=THREE) as bot:
        await one_by_one(bot, *(forged(number) for number in range(4)))
        await one_by_one(bot, *(forged(n, "else.example", ERASURE) for n in range(4, 6)))
        closed = await bot.ask(
            "flood_close", why="forged, all of one minute", domain="@else.example"
        )
        assert [row["address"] for row in closed] == ["p4@else.example", "p5@else.example"]
        assert {row["state"] for row in closed} == {"closed"}
        assert [row["address"] for row in await bot.ask("flood")] == ["p3@mail.example"]
        erased = await asyncio.to_thread(
            waiting, bot, "flood", "--erase", "--why", "forged", "--json"
        )
        assert len([json.loads(line) for line in erased.splitlines()]) == 3
        bot.clock.turn(days=8)
        await bot.ask("retain_now")
        assert [case.requester_address for case in bot.cases] == [
            f"p{number}@mail.example" for number in range(3)
        ]


async def test_an_auditor_looks_and_closes_nothing(start: Start):
    async with start(staff=[US | {"roles": ["auditor"]}], mail=THREE) as bot:
        await bot.send(*(forged(number) for number in range(4)))
        assert len(await bot.ask("flood")) == 1
        with pytest.raises(CommandError, match="no handler or lead"):
            await bot.ask("flood_close", why="forged")


MANY, GENUINE, CONNECTIONS, SHOWN = 10_000, 5_000, 8, 50
STAFF = f"""\
[[staff]]
name = "Us"
login = "{own_login()}"
email = "us@acme.example"
roles = ["lead"]
"""


def one_of_many(number: int) -> tuple[str, bytes]:
    """Write the `number`th mail of the flood; one of them is honest."""
    domain = "honest.example" if number == GENUINE else f"d{number % 500}.forged.example"
    found = "pass" if number == GENUINE else "fail"
    sender = f"p{number}@{domain}"
    raw = (
        f"Authentication-Results: {MX}; dmarc={found} header.from={domain}\r\n"
        f"From: {sender}\r\nTo: {DESK}\r\nSubject: My data\r\nMessage-ID: <{number}@{domain}>\r\n"
        "\r\nPlease send me a copy of all the data you hold about me.\r\n.\r\n"
    )
    return sender, raw.encode()


async def hand_in(port: int, numbers: "count[int]") -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(line: str | bytes) -> None:
        writer.write(line.encode() if isinstance(line, str) else line)
        while (answer := await reader.readline())[3:4] == b"-":
            pass
        assert answer[:1] in {b"2", b"3"}, answer

    await reader.readline()
    await say("EHLO load\r\n")
    while (number := next(numbers)) < MANY:
        sender, raw = one_of_many(number)
        for line in (f"MAIL FROM:<{sender}>\r\n", f"RCPT TO:<{DESK}>\r\n", "DATA\r\n", raw):
            await say(line)
    writer.close()


async def flood_it(port: int) -> None:
    numbers = count()
    await asyncio.gather(*(hand_in(port, numbers) for _ in range(CONNECTIONS)))


@pytest.mark.slow
def test_ten_thousand_forged_senders_bury_neither_others_nor_staff(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PRIVACY_INTAKE_MAIL__TRUSTED_AUTHSERV_ID", MX)
    with RelayProcess(tmp_path / "letters") as relay:
        where = f"smtp://127.0.0.1:{relay.port}"
        parsed = "tests.bench.parsed"
        with BotProcess(tmp_path, relay=where, more=STAFF, module=parsed) as bot:
            bot.start()
            asyncio.run(flood_it(bot.port))
            wait_for(lambda: idle(bot), 240)
            bot.ask("watch")
            (account,) = bot.ask("reconcile")
            assert account["adds_up"]
            assert account["ends"]["opened"] == MANY
            flood = bot.ask("flood")
            assert len(flood) == MANY - SHOWN - 1
            assert all(row["due_on"] for row in flood)
            printed = bot.command("cases").stdout
            assert f"and {len(flood)} of senders who failed authentication" in printed
            assert len(printed.splitlines()) < SHOWN + 10
            assert len(bot.ask("flood", "--close", "--why", "forged")) == len(flood)
            assert bot.ask("flood") == []
            assert bot.stop() == 0
        written = [message_from_bytes(letter) for letter in relay.letters()]
        told = [letter for letter in written if letter["To"] == "us@acme.example"]
        assert [x["To"] for x in written if x not in told] == [f"p{GENUINE}@honest.example"]
        assert len(told) <= SHOWN + 4  # each of the first, the honest one, the flood, the lists


def idle(bot: BotProcess) -> bool:
    """Whether nothing waits to be taken in; seldom asked, since that takes its time too."""
    time.sleep(0.2)
    with os.scandir(bot.data / "spool" / "incoming") as waiting:
        return next(waiting, None) is None
