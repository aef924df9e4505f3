"""The other way in: Slack brings everything by HTTP, signed, to a port of ours behind a server with TLS.

What comes by this way takes the same road through the app: durable before the 200, refused with 401
where the signature is wrong or older than five minutes, a 500 where the disk refuses, so that Slack
comes again.
"""

import asyncio
from collections.abc import Callable

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

log = structlog.get_logger()

PATH = "/slack/events"
LARGEST = 1 << 20  # bytes; Slack's own payloads stay far below
LOOK_EVERY = 300.0  # seconds; nobody says when Slack could not reach us
DRAIN = 10.0


class Entrance:
    """A port for one app."""

    def __init__(self, app: AsyncApp, listen: str, connected: Callable[[], None]) -> None:
        """Deal with what comes by `app`; tell `connected` at the start, and now and then."""
        self._app = app
        self._host, _, self._port = listen.rpartition(":")
        self._connected = connected
        self.refused = ""
        """Why the port cannot be opened; empty while it is."""

    async def stay(self) -> None:
        """Serve until cancelled; what is being dealt with then gets its answer."""
        site = web.Application(client_max_size=LARGEST)
        site.router.add_post(PATH, self._deal)
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=DRAIN)
        await runner.setup()
        try:
            await self._open(runner)
            while True:
                self._connected()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            await runner.cleanup()

    async def _open(self, runner: web.AppRunner) -> None:
        while True:
            try:
                await web.TCPSite(runner, self._host, int(self._port)).start()
            except OSError as error:
                if not self.refused:
                    log.error("slack.listen: cannot listen there", why=error.strerror)
                self.refused = "cannot listen"
                await asyncio.sleep(LOOK_EVERY / 10)
            else:
                self.refused = ""
                return

    async def _deal(self, request: web.Request) -> web.Response:
        answer = await self._app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)
