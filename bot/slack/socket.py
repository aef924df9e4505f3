"""The connection to Slack: kept up for ever, and honest about when it is not.

Two traps of the library are closed here: a link address is good for one connection, and it would
be dialled for ever; a refused token would be offered every few seconds.
"""

import asyncio
from collections.abc import Callable

import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from typing_extensions import override

from bot.slack.lanes import Alarm
from bot.slack.wire import RefusedBySlackError, meaning, quiet_logger

log = structlog.get_logger()

PING_EVERY = 4.0  # seconds; a half-open socket is found after four of them
REFUSED_REST = 60.0
DRAIN = 10.0


class Link(SocketModeClient):
    """One socket to Slack, for one app."""

    def __init__(
        self, app: AsyncApp, app_token: str, alarm: Alarm, connected: Callable[[], None]
    ) -> None:
        """Deal with what comes by `app`; tell `connected` after every connect."""
        super().__init__(app_token, quiet_logger(), app.client, ping_interval=PING_EVERY)
        self._app = app
        self._alarm = alarm
        self._connected = connected
        self._running: set[asyncio.Task[None] | None] = set()
        self.refused = ""
        """Why Slack does not let us in; empty while it does."""
        self.message_listeners.append(self._hear)
        self.socket_mode_request_listeners.append(self._deal)

    async def stay(self) -> None:
        """Connect, and stay connected until cancelled."""
        connecting = asyncio.create_task(self.connect())  # type: ignore[no-untyped-call]  # the library's
        try:
            while True:
                await asyncio.sleep(PING_EVERY)
                if self.current_session is None or self.current_session.closed:
                    self.wss_uri = None  # used up: the next try asks for another
        finally:
            connecting.cancel()
            await self._end()

    @override
    async def issue_new_wss_url(self) -> str:
        try:
            link = await super().issue_new_wss_url()
        except SlackApiError as error:
            await self._note(meaning(error))
            raise
        self._alarm.over(self.refused, "socket")
        self.refused = ""
        return link

    async def _note(self, why: Exception) -> None:
        """Say once that we are refused, and do not knock every few seconds."""
        if not isinstance(why, RefusedBySlackError):
            return
        self._alarm.raise_it(why.code, "socket")
        self.refused = why.code
        await asyncio.sleep(REFUSED_REST)

    async def _hear(
        self, _client: AsyncBaseSocketModeClient, message: dict[str, object], _raw: str | None
    ) -> None:
        if message.get("type") == "hello":
            log.info("slack connected")
            self._connected()

    async def _deal(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Let the app deal with one envelope; unless it says 200, there is no ack and it comes again."""
        this = asyncio.current_task()
        self._running.add(this)
        try:
            answer = await run_async_bolt_app(self._app, request)
            await send_async_response(client, request, answer, 0.0)
        finally:
            self._running.discard(this)

    async def _end(self) -> None:
        """Close, after what is being dealt with has got its ack."""
        running = {task for task in self._running if task is not None}
        if running:
            await asyncio.wait(running, timeout=DRAIN)
        await self.close()  # type: ignore[no-untyped-call]  # the library's
