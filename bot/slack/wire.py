"""Calls to Slack's Web API, each ending as done, to be tried later, or refused.

One session for all calls: without it the library opens one for each. The library's own retries are
off: after a broken connection it would post again what may stand in the channel already.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.slack_config import SlackConfig

Answer = dict[str, Any]

PATIENCE = aiohttp.ClientTimeout(total=20, connect=5)
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
TRIES = 3  # of what somebody waits for
OK = 200
TOO_MANY = 429
OUR_FAULT = 500
PASSING = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"}


class LaterError(Exception):
    """Slack did not do it now; it may in `seconds`."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.seconds = seconds


class DoubtfulError(LaterError):
    """Nobody knows whether Slack did it: look before trying again."""


class RefusedBySlackError(Exception):
    """Slack will not do it. The text is Slack's own code for why."""

    @property
    def code(self) -> str:
        return str(self.args[0])


def quiet_logger() -> logging.Logger:
    """Return a logger for Slack's libraries, which write what they carry: it says nothing."""
    logger = logging.getLogger("privacy-intake.slack")
    logger.disabled = True
    logger.setLevel(logging.CRITICAL)
    for library in ("slack_bolt", "slack_sdk"):
        logging.getLogger(library).disabled = True
    return logger


def client(config: SlackConfig) -> AsyncWebClient:
    """Return a client with a session of its own, which the caller closes."""
    return AsyncWebClient(
        token=config.bot_token,
        base_url=config.api_url,
        session=aiohttp.ClientSession(timeout=PATIENCE),
        logger=quiet_logger(),
        retry_handlers=[],
    )


async def done(call: Awaitable[Any]) -> Answer:
    """Return what Slack answered. Raises LaterError, DoubtfulError or RefusedBySlackError."""
    try:
        answer = await call
    except SlackApiError as error:
        raise meaning(error) from None
    except aiohttp.ClientConnectorError as error:
        raise LaterError(type(error).__name__) from None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise DoubtfulError(type(error).__name__) from None
    return dict(answer.data)


async def patiently(call: Callable[[], Awaitable[Any]]) -> Answer:
    """Make a call that changes nothing, again if Slack asks for a moment."""
    for attempt in range(1, TRIES + 1):
        try:
            return await done(call())
        except LaterError as error:
            if attempt == TRIES:
                raise
            await asyncio.sleep(error.seconds or FIRST_WAIT * attempt)
    raise AssertionError


async def pages(
    call: Callable[..., Awaitable[Any]], of: str = "messages"
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield what each page of an answer has of what is asked for, as Slack orders it."""
    cursor: str | None = None
    while cursor != "":
        page = await patiently(partial(call, cursor=cursor))
        yield page[of]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""


async def link_to(web: AsyncWebClient, channel: str, ts: str) -> str:
    """Return the address of a message; empty where Slack does not tell it. Raises LaterError."""
    try:
        told = await done(web.chat_getPermalink(channel=channel, message_ts=ts))
    except RefusedBySlackError:
        return ""
    return str(told["permalink"])


def meaning(error: SlackApiError) -> Exception:
    response: Any = error.response
    status = getattr(response, "status_code", getattr(response, "status", OUR_FAULT))
    said = getattr(response, "data", None)
    code = str(said.get("error", "")) if isinstance(said, dict) else ""
    if status == TOO_MANY:
        return LaterError("ratelimited", seconds_in(response.headers))
    if status >= OUR_FAULT or code in PASSING or not code:
        return DoubtfulError(code or f"status {status}")
    return RefusedBySlackError(code)


def seconds_in(headers: Mapping[str, str]) -> float:
    """Read Retry-After, in whole seconds."""
    told = str(headers.get("Retry-After", ""))
    return float(told) if told.isdigit() else FIRST_WAIT


def next_wait(tries: int) -> float:
    return min(LONGEST_WAIT, FIRST_WAIT * float(2 ** min(tries, 10)))
