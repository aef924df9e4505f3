"""Everything behind the doors, put together: reading, intake, courier, watch, commands, health.

Imported once the mail door is open: its libraries take longer to load than mail may wait.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot import control, health
from bot.acceptance import Acceptance
from bot.config import Config
from bot.courier import Courier
from bot.finishing import to_the_end
from bot.intake import Intake
from bot.journal import place_of
from bot.mail.relay import relay_for
from bot.reader import Reader, Unreadable
from bot.reading_room import ReadMail
from bot.setting import office, setting
from bot.worker import Worker
from store.folder import DataFolder

if TYPE_CHECKING:
    from bot.slack.running import Slack

log = structlog.get_logger()

WATCH_EVERY = 60.0  # seconds


class Backroom:
    def __init__(
        self,
        config: Config,
        folder: DataFolder,
        todo: asyncio.Queue[str],
        acceptance: Acceptance,
        now: Callable[[], datetime],
    ) -> None:
        self._folder = folder
        self._now = now
        self._todo = todo
        self._loop = asyncio.get_running_loop()
        self._control: asyncio.Server | None = None
        self._acceptance = acceptance
        self._parts = setting(config, folder)
        self._reader = Reader(
            workers=config.classify.workers,
            seconds=config.classify.seconds,
            memory_bytes=config.classify.memory_mb << 20,
            model=config.classify.model,
        )
        self._relay = relay_for(config.mail, folder.root)
        self._courier = Courier(
            folder.casebook,
            self._relay,
            name=config.controller.name,
            address=config.mail.from_,
            now=now,
        )
        intake = Intake(
            folder.spool,
            folder.casebook,
            self._reader,
            self._parts.casework,
            self._parts.rules,
            now,
        )
        self._slack = self._open_slack(config) if config.slack.enabled else None
        self._worker = Worker(
            folder.spool,
            intake,
            todo,
            acceptance,
            hands=2 * config.classify.workers,
            taken_in=self._wake,
        )

    def _open_slack(self, config: Config) -> "Slack":
        from bot.slack.running import Slack, Surroundings  # noqa: PLC0415  (off, it costs nothing)

        return Slack(
            Surroundings(
                config,
                self._folder,
                self._parts,
                self._acceptance,
                reader=self._reader,
                now=self._now,
                changed=self._wake,
            )
        )

    def _wake(self) -> None:
        """Let whoever carries something look: a case has changed."""
        self._courier.wake.set()
        if self._slack is not None:
            self._slack.wake()

    async def jobs(self, wire: socket.socket | None) -> list[Coroutine[None, None, None]]:
        """Open the control socket and return what is to run for ever."""
        commands = office(
            self._parts,
            self._folder,
            read=self._read_from_thread,
            now=self._now,
            changed=lambda: self._from_thread(self._wake),
            hand_over=lambda spool_id: self._from_thread(self._todo.put_nowait, spool_id),
        )
        self._control = await control.serve(self._folder.root, commands)
        work = [*self._worker.hands(), self._courier.work(), self._watch()]
        if self._slack is not None:
            work += self._slack.jobs()
        return [*work, health.serve(wire, self._figures)] if wire else work

    async def close(self) -> None:
        if self._control is not None:
            self._control.close()
        await self._relay.close()
        if self._slack is not None:
            await self._slack.close()
        await asyncio.to_thread(self._reader.close)

    async def _watch(self) -> None:
        while True:
            try:
                if await to_the_end(self._parts.watch.look, self._now()):
                    self._wake()
            except Exception as error:  # a date that cannot be reckoned, a full disk: look again
                log.error("the watch failed", error=place_of(error))
            await asyncio.sleep(WATCH_EVERY)

    def _read_from_thread(self, path: Path) -> ReadMail | Unreadable:
        return asyncio.run_coroutine_threadsafe(self._reader.read(path), self._loop).result()

    def _from_thread(self, do: Callable[..., None], *what: object) -> None:
        self._loop.call_soon_threadsafe(do, *what)

    def _figures(self) -> dict[str, object]:
        return {
            "waiting": len(self._folder.spool.ids("incoming")),
            "quarantined": len(self._folder.spool.ids("quarantine")),
            "owed": len(self._folder.casebook.owed()),
            "slack": self._slack.state if self._slack else "off",
        }
