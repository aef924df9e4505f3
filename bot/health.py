"""/health: figures that tell whether the bot is well, and nothing about anybody."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from typing_extensions import override

Figures = Callable[[], dict[str, object]]


async def serve(wire: socket.socket, figures: Figures) -> None:
    """Serve on a listening socket until cancelled."""

    async def health(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"} | await asyncio.to_thread(figures))

    settings = uvicorn.Config(
        Starlette(routes=[Route("/health", health)]),
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    with wire:
        await Quiet(settings).serve(sockets=[wire])


class Quiet(uvicorn.Server):
    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the bot."""
        yield
