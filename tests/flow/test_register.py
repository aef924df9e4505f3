"""The register: out as rows, and in again with the same dates."""

from pathlib import Path

import pytest

from bot.office import CommandError
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, BOTH, mail

BACKLOG = [
    {
        "ref": "",
        "received_at": "2026-11-02T09:00:00+00:00",
        "name": "Old Case",
        "address": "old@mail.example",
        "right": "access",
        "pauses": "2026-11-06/2026-11-10",
        "extended_on": "2026-11-20",
    },
    {
        "ref": "DP-2025-000007",
        "received_at": "2025-03-03T09:00:00+00:00",
        "name": "Older",
        "right": "erasure",
        "outcome": "fulfilled",
        "closed_on": "2025-03-20",
    },
]


async def test_what_one_desk_writes_another_takes_over_with_the_same_dates(
    start: Start, tmp_path: Path
):
    async with start() as bot:
        await bot.send(mail(BOTH, subject="Two things"))
        await bot.ask("register_take_in", taken=BACKLOG)
        written = await bot.ask("register")
    assert len(written) == 4
    async with start(data={"dir": str(tmp_path / "another")}) as other:
        await other.ask("register_take_in", taken=written)
        again = await other.ask("register")
    same = (
        "ref",
        "received_at",
        "right",
        "due_on",
        "pauses",
        "extended_on",
        "outcome",
        "closed_on",
    )
    assert [[r[c] for c in same] for r in again] == [[r[c] for c in same] for r in written]


async def test_a_backlog_keeps_its_pauses_and_extensions(bot: Bot):
    paused, closed = await bot.ask("register_take_in", taken=BACKLOG)
    assert paused["requests"][0]["due_on"] == "2027-02-08"  # 2 February, five days, off the weekend
    assert paused["requests"][0]["paused_days"] == 5
    assert (closed["ref"], closed["state"]) == ("DP-2025-000007", "closed")
    assert bot.sink.letters == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"right": "everything"}, "row 2: 'everything' is no right"),
        ({"received_at": "long ago"}, "row 2: 'long ago' is no instant"),
        ({"pauses": "a/b"}, "row 2: 'a' is no date"),
        ({"outcome": "done"}, "row 2: 'done' is no outcome"),
        ({"right": "erasure"}, "row 2: request 1 of .* is no access request"),
    ],
    ids=str,
)
async def test_a_row_that_cannot_be_is_refused_with_its_number(
    bot: Bot, wrong: dict[str, str], sentence: str
):
    with pytest.raises(CommandError, match=sentence):
        await bot.ask("register_take_in", taken=[BACKLOG[0] | wrong])
    assert bot.cases == []


async def test_a_reference_is_never_used_twice(bot: Bot):
    await bot.send(mail(ACCESS))
    taken = [BACKLOG[0] | {"ref": bot.only_case.ref}]
    with pytest.raises(CommandError, match="row 2"):
        await bot.ask("register_take_in", taken=taken)
    assert bot.only_case.opened.requester_name == "Ann Example"
