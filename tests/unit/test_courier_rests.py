"""The courier rests while the relay is away, also when a letter's own waiting time is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from typing_extensions import override

from bot.courier import Courier, From
from bot.mail.relay import Parcel, Relay, Sent
from store.casebook import Notice
from store.embedded import EmbeddedCasebook
from store.events import LetterOwed
from store.fleet import Alone
from store.letters import Letter

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


class Failing(Relay):
    """Puts a letter off once, then cannot be had; says when it was asked."""

    def __init__(self) -> None:
        self.asked = asyncio.Queue[None]()
        self._first = True

    @override
    async def carry(self, parcel: Parcel) -> tuple[Sent, str]:
        self.asked.put_nowait(None)
        first, self._first = self._first, False
        return (Sent.LATER, "451") if first else (Sent.DOWN, "refused")

    @override
    async def close(self) -> None:
        pass


async def test_a_letter_whose_time_has_come_does_not_keep_the_courier_turning(tmp_path: Path):
    clock = {"at": NOON, "looks": 0}

    def now() -> datetime:
        clock["looks"] += 1
        return clock["at"]

    casebook, relay = EmbeddedCasebook(tmp_path / "casebook.journal"), Failing()
    casebook.put_notice(Notice(notice_id="filed-2026-11-26-1", letter=Letter(owed())))
    courier = Courier(
        casebook,
        Alone(),
        relay,
        From("Acme", "desk@acme.example"),
        now=now,
        tell_undelivered=lambda *_: None,
    )
    working = asyncio.create_task(courier.work())
    await relay.asked.get()
    clock["at"] += timedelta(seconds=6)
    courier.wake.set()
    await relay.asked.get()
    clock["looks"] = 0
    await asyncio.wait({working}, timeout=0.3)
    working.cancel()
    await asyncio.wait({working})
    casebook.close()
    assert clock["looks"] < 50


def owed() -> LetterOwed:
    return LetterOwed(
        at=NOON,
        letter_id="filed-2026-11-26-1",
        letter_kind="filed_list",
        to="sam@acme.example",
        subject="Filed",
        text="One message.",
        html="",
        version="",
        message_id="<filed-2026-11-26-1@acme.example>",
    )
