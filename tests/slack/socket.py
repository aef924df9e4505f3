"""Socket Mode: envelopes over web sockets, each acked within its time or delivered again, three times at most."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.slack.workspace import Workspace

MOST_RETRIES = 3


@dataclass
class Envelope:
    """One thing delivered: how often, and what the app answered."""

    envelope_id: str
    kind: str
    payload: dict[str, Any]
    deliveries: int = 0
    answers: list[dict[str, Any]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """From delivery to ack."""
    acked: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def answer(self) -> dict[str, Any]:
        """Return the payload of the first ack."""
        return dict(self.answers[0].get("payload") or {})


class Sockets:
    def __init__(self, workspace: Workspace, *, ack_within: float) -> None:
        self._workspace = workspace
        self._ack_within = ack_within
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._envelopes: dict[str, Envelope] = {}
        self._sent_at: dict[str, float] = {}
        self._sent_by: dict[str, list[web.WebSocketResponse]] = {}
        self._turn = 0
        self._jobs: set[asyncio.Task[None]] = set()
        self.connected = asyncio.Event()
        self.connections = 0
        self.refusing = False
        self.doubling = 0
        """How often each envelope is delivered again although it was acked."""
        self.dropped: list[Envelope] = []
        """What came while nobody was connected, or was never acked."""

    def ticket(self) -> str:
        ticket = self._workspace.new_id("ticket")
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.refusing or ticket not in self._tickets:
            return web.Response(status=408 if self.refusing else 401)
        self._tickets.discard(ticket)  # good for one connection
        wire = web.WebSocketResponse(autoping=True)
        await wire.prepare(request)
        hello = {"type": "hello", "num_connections": len(self._open) + 1}
        await wire.send_str(json.dumps(hello))
        self._open.append(wire)
        self.connections += 1
        self.connected.set()
        try:
            async for message in wire:
                if message.type is WSMsgType.TEXT:
                    self._heard(wire, json.loads(message.data))
        finally:
            self._open.remove(wire)
            if not self._open:
                self.connected.clear()
        return wire

    def _heard(self, wire: web.WebSocketResponse, said: dict[str, Any]) -> None:
        """Take an ack; one that comes by another connection than its envelope went is for nobody."""
        envelope = self._envelopes.get(said.get("envelope_id", ""))
        if envelope is not None and wire in self._sent_by.get(envelope.envelope_id, []):
            now = asyncio.get_running_loop().time()
            envelope.seconds.append(now - self._sent_at[envelope.envelope_id])
            envelope.answers.append(said)
            envelope.acked.set()

    def deliver(self, kind: str, payload: dict[str, Any]) -> Envelope:
        """Begin to deliver something; the envelope tells what became of it."""
        envelope = Envelope(self._workspace.new_id("E"), kind, payload)
        self._envelopes[envelope.envelope_id] = envelope
        self._spawn(self._delivering(envelope))
        return envelope

    async def _delivering(self, envelope: Envelope) -> None:
        again = MOST_RETRIES if envelope.kind == "events_api" else 0  # clicks are not repeated
        for attempt in range(1 + again):
            if await self._send(envelope, attempt) and await happened(
                envelope.acked, self._ack_within
            ):
                break
        else:
            self.dropped.append(envelope)
        for _ in range(self.doubling):
            await self._send(envelope, 1)

    async def _send(self, envelope: Envelope, attempt: int) -> bool:
        if not self._open:
            return False
        envelope.deliveries += 1
        self._sent_at[envelope.envelope_id] = asyncio.get_running_loop().time()
        frame = {
            "type": envelope.kind, "envelope_id": envelope.envelope_id, "payload": envelope.payload,
            "accepts_response_payload": envelope.kind != "events_api",
        }  # fmt: skip
        if attempt:
            frame |= {"retry_attempt": attempt, "retry_reason": "timeout"}
        try:
            self._turn += 1  # any connection may get it
            wire = self._open[self._turn % len(self._open)]
            self._sent_by.setdefault(envelope.envelope_id, []).append(wire)
            await wire.send_str(json.dumps(frame))
        except ConnectionError:
            return False
        return True

    async def refresh(self) -> None:
        """Ask the app to connect anew, as Slack does every few hours."""
        for reason in ("warning", "refresh_requested"):
            for wire in list(self._open):
                await wire.send_str(json.dumps({"type": "disconnect", "reason": reason}))

    def cut(self) -> None:
        """Break every connection off, without a word."""
        for wire in list(self._open):
            assert wire._req is not None
            transport = wire._req.transport
            if transport is not None:
                transport.abort()

    async def close(self) -> None:
        for job in list(self._jobs):
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        for wire in list(self._open):
            await wire.close()

    def _spawn(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)


async def happened(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
