"""The bot put together and running. Only this module reads the wall clock.

The order of the start is a promise: data folder, then the mail door, so that mail is safe
within a second; the rest (the model takes longest) comes behind it.
"""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.acceptance import Acceptance
from bot.config import Config, ConfigError
from bot.mail.doors import Doors, ListenError, open_doors
from bot.mail.keys import key_faults
from bot.mail.login import imap_faults
from bot.room import Room
from store.casebook import CasebookAwayError
from store.folder import DataFolder

if TYPE_CHECKING:
    from bot.backroom import Backroom
    from bot.setting import Setting

log = structlog.get_logger()

AGAIN = 2.0  # seconds between tries to begin work while the casebook is away


def wall_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  (the one place)


async def run(
    config: Config,
    folder: DataFolder,
    stop: asyncio.Event,
    *,
    now: Callable[[], datetime] = wall_clock,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Run the bot until `stop` is set. Raises RefusedError before anything is accepted.

    `ready` is called when all its parts are at work.
    """
    faults = [*key_faults(config.mail), *imap_faults(config.imap)]
    if faults:
        raise ConfigError("\n".join(faults))
    todo = leftovers(folder)
    wire = listen_on("web.listen", config.web.listen)
    doors = await open_mail_doors(config, folder, todo, now)
    parts = await when_there(lambda: import_setting()(config, folder), stop)
    if parts is None:
        await doors.close()
        return
    backroom = import_backroom(config)(config, folder, parts, todo, doors, now)
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(job) for job in await backroom.jobs(wire)]
            log.info("at work", mail=config.mail.listen, health=config.web.listen or "off")
            ready()
            await stop.wait()
            log.info("stopping")
            await doors.close()
            await end(running)
    finally:
        await backroom.close()
    log.info("stopped")


async def when_there(make: Callable[[], "Setting"], stop: asyncio.Event) -> "Setting | None":
    """Make the parts, in a thread, as soon as the casebook is there; None if `stop` is set before."""
    away = False
    while not stop.is_set():
        try:
            return await asyncio.to_thread(make)
        except CasebookAwayError as error:
            if not away:
                why = type(error.__cause__).__name__
                log.error("the casebook is away: mail is taken and waits", why=why)
            away = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(AGAIN):
                await stop.wait()
    return None


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel until it has taken: before Python 3.12 a `wait_for` in a library may swallow it once."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=1.0)


def import_setting() -> "Callable[[Config, DataFolder], Setting]":
    """Import what stands behind the door: in a thread, so that mail is taken meanwhile."""
    import bot.backroom  # noqa: F401, PLC0415
    from bot.setting import setting  # noqa: PLC0415

    return setting


def import_backroom(config: Config) -> "type[Backroom]":
    from bot.backroom import Backroom  # noqa: PLC0415

    if config.slack.enabled:
        import bot.slack.running  # noqa: F401, PLC0415

    return Backroom


async def run_until_signal(config: Config, folder: DataFolder) -> None:
    """Run the bot until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # What is there by then stays: without this each collection walks through the indexes of every
    # case, which at 100,000 costs half as much again as all else that a mail needs.
    await run(config, folder, stop, ready=gc.freeze)


def leftovers(folder: DataFolder) -> asyncio.Queue[str]:
    """Return the queue of messages to take in, begun with what an earlier run left behind."""
    torn = folder.spool.recover()
    todo: asyncio.Queue[str] = asyncio.Queue()
    for spool_id in folder.spool.pending():
        todo.put_nowait(spool_id)
    log.info("started", waiting=todo.qsize(), torn=len(torn), dropped=folder.dropped)
    if folder.erased:
        log.warning("cases without a key are left out: they were erased", cases=folder.erased)
    return todo


async def open_mail_doors(
    config: Config, folder: DataFolder, todo: asyncio.Queue[str], now: Callable[[], datetime]
) -> Doors:
    acceptance = Acceptance(folder.spool, todo.put_nowait)
    room = Room(folder.root, config.data.least_free_mb << 20)
    return await open_doors(config.mail, acceptance, room, now)


def listen_on(key: str, address: str) -> socket.socket | None:
    if not address:
        return None
    host, _, port = address.rpartition(":")
    try:
        return socket.create_server((host, int(port)))
    except OSError as error:
        raise ListenError(f"{key}: cannot listen on {address}: {error.strerror}") from None
