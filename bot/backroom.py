"""Everything behind the doors, put together: reading, intake, courier, watch, commands, health.

Imported once the mail door is open: its libraries take longer to load than mail may wait.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path

import structlog

from bot import control, health
from bot.config import Config
from bot.courier import Courier
from bot.finishing import to_the_end
from bot.journal import place_of
from bot.mail.doors import Doors
from bot.mail.mailbox_door import MailboxDoor
from bot.mail.relay import relay_for
from bot.reader import Unreadable, reader_for
from bot.reading_room import ReadMail
from bot.setting import intake_of, office, setting
from bot.vitals import Inside, Vitals, troubles, vitals
from bot.worker import Worker
from store.folder import DataFolder

log = structlog.get_logger()

WATCH_EVERY = 60.0  # seconds


class Backroom:
    def __init__(
        self,
        config: Config,
        folder: DataFolder,
        todo: asyncio.Queue[str],
        doors: Doors,
        now: Callable[[], datetime],
    ) -> None:
        self._folder = folder
        self._doors = doors
        self._now = now
        self._todo = todo
        self._loop = asyncio.get_running_loop()
        self._control: asyncio.Server | None = None
        self._parts = setting(config, folder)
        self._mailbox = (
            MailboxDoor(
                config.imap,
                config.mail.max_bytes,
                doors.acceptance,
                folder.casebook,
                doors.room,
                now,
            )
            if config.imap.host
            else None
        )
        self._longest = control.longest_request(config.mail.max_bytes)
        self._reader = reader_for(config.classify)
        self._relay = relay_for(config.mail, folder.root)
        self._courier = Courier(
            folder.casebook,
            self._relay,
            name=config.controller.name,
            address=config.mail.from_,
            now=now,
            tell_undelivered=self._parts.watch.undelivered,
            own_paths=config.mail.reply_address == "plus",
        )
        intake = intake_of(self._parts, folder, self._reader, now)
        self._worker = Worker(
            folder.spool,
            intake,
            todo,
            doors.acceptance,
            hands=2 * config.classify.workers,
            taken_in=self._courier.wake.set,
        )

    async def jobs(self, wire: socket.socket | None) -> list[Coroutine[None, None, None]]:
        """Open the control socket and return what is to run for ever."""
        commands = office(
            self._parts,
            self._folder,
            read=self._read_from_thread,
            now=self._now,
            changed=lambda: self._from_thread(self._courier.wake.set),
            hand_over=lambda spool_id: self._from_thread(self._todo.put_nowait, spool_id),
        )
        self._control = await control.serve(self._folder.root, commands, self._longest)
        work = [*self._worker.hands(), self._courier.work(), self._watch()]
        if self._mailbox is not None:
            work.append(self._mailbox.work())
        return [*work, health.serve(wire, self._look)] if wire else work

    async def close(self) -> None:
        if self._control is not None:
            self._control.close()
        await self._relay.close()
        await asyncio.to_thread(self._reader.close)

    async def _watch(self) -> None:
        while True:
            for look in (self._parts.canary.fly, self._parts.watch.look, self._look_inwards):
                await self._try(look)
            await asyncio.sleep(WATCH_EVERY)

    async def _try(self, look: Callable[[datetime], list[str]]) -> None:
        try:
            if await to_the_end(look, self._now()):
                self._courier.wake.set()
        except Exception as error:  # a date that cannot be reckoned, a full disk: look again
            log.error("the watch failed", error=place_of(error))

    def _look_inwards(self, now: datetime) -> list[str]:
        """Owe staff a mail about what the bot itself suffers from."""
        return self._parts.watch.trouble(troubles(self._look()), now)

    def _read_from_thread(self, path: Path) -> ReadMail | Unreadable:
        return asyncio.run_coroutine_threadsafe(self._reader.read(path), self._loop).result()

    def _from_thread(self, do: Callable[..., None], *what: object) -> None:
        self._loop.call_soon_threadsafe(do, *what)

    def _look(self) -> Vitals:
        now = self._now()
        missing = self._parts.canary.missing_since(now)
        inside = Inside(self._folder, self._doors, self._reader, self._parts.here, self._mailbox)
        return vitals(inside, now, canary=missing)
