"""Readings from worker processes that can be killed: hostile mail costs a worker, never the desk.

Workers are forked from one server that has loaded the model, so they share its memory. What
cannot be read within the limits of time and memory is Unreadable, which is an answer.
"""

import asyncio
import multiprocessing
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from pathlib import Path

import structlog
from pebble import ProcessExpired, ProcessPool

from bot.journal import place_of
from bot.mail.home import Home
from bot.reading_room import ReadMail, enter, read

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A mail that could not be read; `why` is for a person."""

    why: str


class ReadingDownError(Exception):
    """No mail can be read now, whatever it says: the workers do not start."""


class Reader:
    def __init__(
        self,
        *,
        workers: int,
        seconds: float,
        memory_bytes: int,
        model: str = "",
        home: Home = Home(),  # noqa: B008  (a frozen value)
    ) -> None:
        """Read with `workers` processes, each reading limited in `seconds` and `memory_bytes`."""
        self._home = home
        self.workers = workers
        self.busy = 0
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._model = model
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bot.preloaded"])
        self._pool = self._new_pool()
        self._begun = False
        self._free = asyncio.Semaphore(workers)

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.workers,
            context=self._context,
            initializer=enter,
            initargs=(self._model, self._memory_bytes),
        )

    def begin(self) -> None:
        """Start the workers; it takes a second or two, so not on the loop."""
        self._begun = self._pool.active  # asked, a pool starts

    async def read(self, path: Path) -> ReadMail | Unreadable:
        """Read one spooled mail. Whatever is wrong with the mail is an Unreadable.

        Raises ReadingDownError when it is not the mail's fault.
        """
        async with self._free:  # the limit of time counts from when a worker is free
            self.busy += 1
            try:
                return await self._try(path, last=False)
            finally:
                self.busy -= 1

    async def _try(self, path: Path, *, last: bool) -> ReadMail | Unreadable:
        try:
            return await asyncio.wrap_future(await self._schedule(path))
        except TimeoutError:
            return Unreadable(f"it could not be read within {self._seconds:g} seconds")
        except ProcessExpired:
            # Once may be an accident (the machine ran out of memory); twice is the mail.
            if last:
                return Unreadable("reading it ended the worker")
            return await self._try(path, last=True)
        except BrokenExecutor as error:
            await asyncio.to_thread(self._begin_anew)
            raise ReadingDownError from error
        except ReadingDownError:
            raise
        except Exception as error:  # whatever hostile bytes make a parser raise
            log.warning("unreadable", spool_id=name_of(path), error=place_of(error))
            return Unreadable("it could not be taken apart")

    async def _schedule(self, path: Path) -> Future[ReadMail]:
        if not self._begun:
            await asyncio.to_thread(self.begin)
        try:
            args = [str(path), self._model, self._home]
            return self._pool.schedule(read, args=args, timeout=self._seconds)
        except RuntimeError as error:  # the pool is no more
            await asyncio.to_thread(self._begin_anew)
            raise ReadingDownError from error

    def _begin_anew(self) -> None:
        self.close()
        self._pool = self._new_pool()
        self.begin()

    def close(self) -> None:
        """Stop the workers at once; what they were reading is still in the spool."""
        self._pool.stop()
        self._pool.join()


def name_of(path: Path) -> str:
    """Return the name of a file, of one that lies in memory too."""
    return path.resolve().name
