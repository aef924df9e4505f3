"""Readings from worker processes that can be killed: hostile mail costs a worker, never the desk.

Workers are forked from one server that has loaded the model, so they share its memory. What
cannot be read within the limits of time and memory is Unreadable, which is an answer.
"""

import asyncio
import multiprocessing
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

import structlog
from pebble import ProcessExpired, ProcessPool

from bot.reading_room import ReadMail, enter, read

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A mail that could not be read; `why` is for a person."""

    why: str


class Reader:
    def __init__(self, *, workers: int, seconds: float, memory_bytes: int, model: str = "") -> None:
        """`seconds` is the limit of one reading, `memory_bytes` what a worker may take for it."""
        self._seconds = seconds
        self._model = model
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["bot.preloaded"])
        self._pool = ProcessPool(
            max_workers=workers, context=context, initializer=enter, initargs=(model, memory_bytes)
        )
        self._free = asyncio.Semaphore(workers)

    async def read(self, path: Path) -> ReadMail | Unreadable:
        """Read one spooled mail. Whatever goes wrong with the mail is an Unreadable."""
        async with self._free:  # the limit of time counts from when a worker is free
            return await self._try(path, last=False)

    async def _try(self, path: Path, *, last: bool) -> ReadMail | Unreadable:
        future = self._pool.schedule(read, args=[str(path), self._model], timeout=self._seconds)
        try:
            found: ReadMail = await asyncio.wrap_future(future)
        except TimeoutError:
            return Unreadable(f"it could not be read within {self._seconds:g} seconds")
        except ProcessExpired:
            # Once may be an accident (the machine ran out of memory); twice is the mail.
            return (
                Unreadable("reading it ended the worker")
                if last
                else await self._try(path, last=True)
            )
        except (CancelledError, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001  (whatever hostile bytes make a parser raise)
            log.warning("unreadable", spool_id=path.name, error=type(error).__name__)
            return Unreadable("it could not be taken apart")
        return found

    def close(self) -> None:
        """Stop the workers at once; what they were reading is still in the spool."""
        self._pool.stop()
        self._pool.join()
