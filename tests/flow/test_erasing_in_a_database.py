"""Erasing where two bots share PostgreSQL: one carries it out, and neither table nor folder tells whose it was."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.conftest import Bot, Start
from tests.flow.erased import (
    KIM,
    NAMES,
    US,
    confirm_as_kim,
    from_zebedee,
    places_that_tell,
    raw,
    readings,
)
from tests.flow.letters import ACCESS, mail
from tests.postgres import shared_server


@pytest.fixture
def url() -> str:
    return shared_server().schema()


@pytest.fixture
async def bots(url: str, start: Start, tmp_path: Path) -> AsyncIterator[tuple[Bot, Bot]]:
    keys = str(tmp_path / "keys")
    async with AsyncExitStack() as stack:
        one, two = [
            await stack.enter_async_context(
                start(
                    data={"casebook": url, "dir": str(tmp_path / name), "keyring": keys},
                    staff=[US, KIM],
                )
            )
            for name in ("one", "two")
        ]
        yield one, two


def everything_in(url: str) -> Iterator[bytes]:
    """Yield every value of every row of every table."""
    with psycopg.connect(url) as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        for (table,) in connection.execute(query).fetchall():
            rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
            for row in rows:
                yield from (v if isinstance(v, bytes) else str(v).encode() for v in row)


def told_in(url: str) -> set[bytes]:
    texts = (text.lower() for value in everything_in(url) for text in readings(value))
    return {name for text in texts for name in NAMES if name.lower() in text}


async def test_no_table_and_no_folder_tells_whose_it_was(
    bots: tuple[Bot, Bot], url: str, tmp_path: Path
):
    one, two = bots
    await one.send(mail(ACCESS, sender="Bob Other <bob@else.example>"))
    other = one.only_case
    await one.send(raw(from_zebedee(ACCESS)), raw(from_zebedee(ACCESS)))
    ref = one.cases[-1].ref
    await two.ask("note", ref=ref, text="Zebedee Quillfeather rang")
    await two.ask("sort", ref=ref, rights=["rectification"])
    await two.ask("close", ref=ref, outcome="fulfilled")
    assert told_in(url) == set(NAMES), "the search finds what is there"
    await two.ask("erase", ref=ref, reason="mistake")
    confirm_as_kim(one, ref)
    two.clock.turn(days=8)
    assert await two.ask("retain_now") == [{"erased": ref}]
    assert told_in(url) == set()
    assert places_that_tell(tmp_path) == []
    (receipt,) = await one.ask("cases", ref=ref)
    assert (receipt["state"], receipt["places"]["messages"]) == ("erased", 2)
    assert one.only_case == other
    for bot in bots:
        (account,) = await bot.ask("reconcile")
        assert (account["adds_up"], account["accepted"]) == (True, 1)
