"""Deliveries by HTTP: each signed and posted to the app, events again up to three times unless a 200 comes in time."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.slack.socket import MOST_RETRIES, Envelope
from tests.slack.workspace import Workspace, wall

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
OK = 200


def body_of(kind: str, payload: dict[str, Any]) -> tuple[str, str]:
    """Return a body as Slack encodes it, and its type."""
    form = "application/x-www-form-urlencoded"
    if kind == "slash_commands":
        return urlencode(payload), form
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}), form
    return json.dumps(payload), "application/json"


def signed(body: str, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    """Return the headers by which a body shows that it is Slack's."""
    at = str(int(wall().timestamp()) - age)
    mac = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256)
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={mac.hexdigest()}"}


class ByHttp:
    """Takes the place of the sockets."""

    def __init__(self, workspace: Workspace, url: str, *, ack_within: float = 3.0) -> None:
        self._workspace = workspace
        self._url = url
        self._patience = aiohttp.ClientTimeout(total=ack_within)
        self._jobs: set[asyncio.Task[None]] = set()
        self.doubling = 0

    def deliver(self, kind: str, payload: dict[str, Any]) -> Envelope:
        envelope = Envelope(self._workspace.new_id("E"), kind, payload)
        job = asyncio.create_task(self._delivering(envelope))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        return envelope

    async def post(self, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        async with aiohttp.ClientSession(timeout=self._patience) as session:
            answer = await session.post(self._url, data=body, headers=dict(headers))
            return answer.status, await answer.text()

    async def _delivering(self, envelope: Envelope) -> None:
        for attempt in range(1 + (MOST_RETRIES if envelope.kind == "events_api" else 0)):
            status = await self._try(envelope, attempt)
            if status == OK and attempt >= self.doubling:
                return

    async def _try(self, envelope: Envelope, attempt: int) -> int:
        body, kind = body_of(envelope.kind, envelope.payload)
        retried = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        headers = {"Content-Type": kind, **signed(body), **(retried if attempt else {})}
        envelope.deliveries += 1
        begun = asyncio.get_running_loop().time()
        try:
            status, said = await self.post(body, headers)
        except (TimeoutError, aiohttp.ClientError):
            return 0
        if status == OK:
            envelope.seconds.append(asyncio.get_running_loop().time() - begun)
            envelope.answers.append({"payload": json.loads(said) if said else None})
            envelope.acked.set()
        return status
