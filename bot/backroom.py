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
from bot.config import Config
from bot.courier import Courier, From
from bot.finishing import to_the_end
from bot.heart import Heart
from bot.journal import place_of
from bot.learning import Learning
from bot.mail.doors import Doors
from bot.mail.mailbox_door import MailboxDoor
from bot.mail.relay import relay_for
from bot.notices import Notices
from bot.outcry import Outcry
from bot.reader import Unreadable
from bot.reading_room import ReadMail
from bot.setting import Setting, intake_of, office, reader_for
from bot.vitals import Inside, Vitals, troubles, vitals
from bot.worker import Worker
from store.case import Case
from store.casebook import CasebookAwayError
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
        parts: Setting,
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
        self._parts = parts
        self._mailbox = self._open_mailbox(config) if config.imap.host else None
        self._longest = control.longest_request(config.mail.max_bytes)
        self._reader = reader_for(config)
        self._relay = relay_for(config.mail, folder.root)
        sender = From(
            config.controller.name,
            config.mail.from_,
            own_paths=config.mail.reply_address == "plus",
        )
        self._courier = Courier(
            folder.casebook,
            folder.fleet,
            self._relay,
            sender,
            now=now,
            tell_undelivered=parts.watch.undelivered,
        )
        self._heart = Heart(folder.fleet, folder.spool, back=self._courier.try_again)
        self._outcry = self._open_outcry(config, sender)
        intake = intake_of(parts, folder, self._reader, now)
        self._slack = self._open_slack(config) if config.slack.enabled else None
        self._worker = Worker(
            folder.spool,
            intake,
            todo,
            doors.acceptance,
            hands=4 * config.classify.workers,  # those read, and those written down
            taken_in=self._wake,
            away=self._heart.doubt.set,
        )

    def _open_mailbox(self, config: Config) -> MailboxDoor:
        return MailboxDoor(
            config.imap,
            config.mail.max_bytes,
            self._doors.acceptance,
            self._folder.casebook,
            self._doors.room,
            self._now,
        )

    def _open_outcry(self, config: Config, sender: From) -> Outcry:
        return Outcry(
            [person.email for person in config.staff if person.email],
            Notices(config.mail.from_.rpartition("@")[2], self._parts.here),
            relay_for(config.mail, self._folder.root),
            sender,
            is_away=lambda: self._heart.away,
            now=self._now,
        )

    def _open_slack(self, config: Config) -> "Slack":
        from bot.slack.running import Slack, Surroundings  # noqa: PLC0415  (off, it costs nothing)

        return Slack(
            Surroundings(
                config,
                self._folder,
                self._parts,
                self._doors.acceptance,
                reader=self._reader,
                now=self._now,
                changed=self._wake,
                learn=self._learn_later,
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
        self._control = await control.serve(self._folder.root, commands, self._longest)
        self._folder.fleet.listen(lambda: self._from_thread(self._wake))
        work = [*self._worker.hands(), self._courier.work(), self._watch(), self._heart.beat()]
        work += [asyncio.to_thread(self._reader.begin), self._outcry.listen()]
        if self._mailbox is not None:
            work.append(self._mailbox.work())
        if self._slack is not None:
            work += self._slack.jobs()
        return [*work, health.serve(wire, self._look)] if wire else work

    async def close(self) -> None:
        if self._control is not None:
            self._control.close()
        await self._relay.close()
        await self._outcry.close()
        if self._slack is not None:
            await self._slack.close()
        await self._heart.rest()
        await asyncio.to_thread(self._folder.fleet.close)
        await asyncio.to_thread(self._reader.close)

    async def _watch(self) -> None:
        while True:
            parts = self._parts  # the heads first: the morning list names them
            looks = (parts.canary.fly, parts.audit.look, parts.watch.look, parts.erasures.look)
            for look in (*looks, self._look_inwards):
                await self._try(look)
            await asyncio.sleep(WATCH_EVERY)

    async def _try(self, look: Callable[[datetime], list[str]]) -> None:
        try:
            if await to_the_end(look, self._now()):
                self._wake()
        except CasebookAwayError:
            pass  # the heart says so
        except Exception as error:  # a date that cannot be reckoned, a full disk: look again
            log.error("the watch failed", error=place_of(error))

    def _look_inwards(self, now: datetime) -> list[str]:
        """Owe staff a mail about what the bot itself suffers from."""
        return self._parts.watch.trouble(troubles(self._look()), now)

    def _learn_later(self, case: Case) -> None:
        """Keep what a person corrected, but let nobody wait for it."""
        asyncio.run_coroutine_threadsafe(self._learn(case), self._loop)

    async def _learn(self, case: Case) -> None:
        learning = Learning(self._folder.casebook, self._folder.spool, self._read_from_thread)
        try:
            await asyncio.to_thread(learning.note, case)
        except Exception as error:  # one example less
            log.error("cannot learn from a correction", ref=case.ref, error=place_of(error))

    def _read_from_thread(self, path: Path) -> ReadMail | Unreadable:
        return asyncio.run_coroutine_threadsafe(self._reader.read(path), self._loop).result()

    def _from_thread(self, do: Callable[..., None], *what: object) -> None:
        self._loop.call_soon_threadsafe(do, *what)

    def _look(self) -> Vitals:
        now = self._now()
        inside = Inside(
            self._folder,
            self._doors,
            self._reader,
            self._parts.here,
            self._mailbox,
            away=self._heart.away,
            slack=self._slack.state if self._slack else "off",
            relay_down_since=self._courier.down_since,
        )
        missing = None if inside.away else self._parts.canary.missing_since(now)
        return vitals(inside, now, canary=missing)
