"""Work in a thread that is waited for, whatever happens to whoever asked for it."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def to_the_end(do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `do` in a thread. If the caller is cancelled meanwhile, the cancellation waits for its end.

    A thread cannot be stopped: without this a save could still be under way when the casebook
    is closed.
    """
    working = asyncio.create_task(asyncio.to_thread(do, *args, **kwargs))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise
