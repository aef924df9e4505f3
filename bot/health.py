"""/health and /metrics: whether the bot is well, and its figures; nothing about anybody."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import asdict

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from typing_extensions import override

from bot.vitals import Vitals, metrics, troubles

WELL, UNWELL = 200, 503
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

Look = Callable[[], Vitals]
"""Raises OSError when the disk cannot be asked."""


async def serve(wire: socket.socket, look: Look) -> None:
    """Serve on a listening socket until cancelled."""

    async def health(_request: Request) -> Response:
        status, body = await asyncio.to_thread(verdict, look)
        return JSONResponse(body, status)

    async def figures(_request: Request) -> Response:
        return PlainTextResponse(metrics(await asyncio.to_thread(look)), media_type=PROMETHEUS)

    settings = uvicorn.Config(
        Starlette(routes=[Route("/health", health), Route("/metrics", figures)]),
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    with wire:
        await Quiet(settings).serve(sockets=[wire])


def verdict(look: Look) -> tuple[int, dict[str, object]]:
    try:
        found = look()
    except OSError:
        return UNWELL, {"status": "trouble", "reasons": ["the data folder cannot be read"]}
    reasons = list(troubles(found))
    status = "trouble" if reasons else "ok"
    return UNWELL if reasons else WELL, {"status": status, "reasons": reasons} | asdict(found)


class Quiet(uvicorn.Server):
    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the bot."""
        yield
