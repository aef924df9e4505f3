"""A bot running in this process on ports of its own, a relay to receive its letters, a clock one can turn."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import HealthCheck, settings

from bot import control
from bot.app import run
from bot.config import Config
from store.case import Case
from store.folder import DataFolder
from tests.ports import free_port

DESK = "dataprotection@acme.example"
PATIENCE = 60.0

# How long an example takes to make says something about the machine alone.
settings.register_profile(
    "any machine", suppress_health_check=[HealthCheck.too_slow], deadline=None
)
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--gate", action="store_true", help="every skip is a failure; slow and crash suites run"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--gate"):
        return
    left_out = [
        item for item in items if {"slow", "crash", "quiet"} & {m.name for m in item.iter_markers()}
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    # What a test measures by may be somewhere else; a part of the system must be here.
    if report.skipped and item.config.getoption("--gate") and "elsewhere" not in item.keywords:
        report.outcome = "failed"
        report.longrepr = f"skipped in the gate: {report.longrepr}"
    return report


@dataclass
class Clock:
    """Time all but stands still until it is turned: a microsecond a look keeps things in order."""

    at: datetime = datetime(2026, 11, 27, 16, 40, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Sink:
    """A mail relay that keeps what it takes, and answers as it is told."""

    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    """Return paths of the letters that were taken."""
    replies: list[str] = field(default_factory=list)
    """Answers to the next messages; then 250."""
    tried: list[str] = field(default_factory=list)
    """Message-IDs in the order they were offered."""
    port: int = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.tried.append(str(letter["Message-ID"]))
        reply = self.replies.pop(0) if self.replies else "250 OK"
        if reply.startswith("250"):
            self.letters.append(letter)
            self.raw.append(envelope.content)
            self.paths.append(envelope.mail_from)
        return reply

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if str(letter["To"]) == address]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    sink = Sink()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="sink", loop=loop), "127.0.0.1", 0
    )
    sink.port = server.sockets[0].getsockname()[1]
    yield sink
    server.close()


@dataclass
class Bot:
    """A running bot, seen from outside."""

    config: Config
    data: DataFolder
    sink: Sink
    clock: Clock

    async def send(
        self, *mails: bytes | str, sender: str = "ann@mail.example", to: str = DESK
    ) -> None:
        """Hand mails over at the mail door and wait until each is dealt with and answered."""
        for mail in mails:
            await asyncio.to_thread(self.hand_in, mail, sender, to)
        await self.settled()

    def hand_in(self, mail: bytes | str, sender: str, to: str) -> None:
        raw = mail.encode() if isinstance(mail, str) else mail
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        host, _, port = self.config.mail.listen.rpartition(":")
        with smtplib.SMTP(host, int(port), timeout=PATIENCE) as wire:
            wire.sendmail(sender, [to], raw)

    async def settled(self) -> None:
        """Wait until no message waits and no letter is queued."""
        await until(lambda: not self.data.spool.pending() and not self.data.casebook.owed())

    async def ask(self, command: str, **arguments: Any) -> list[dict[str, Any]]:
        """Give a command through the control socket."""
        return await asyncio.to_thread(
            lambda: list(control.call(self.data.root, command, arguments))
        )

    @property
    def cases(self) -> list[Case]:
        return list(self.data.casebook.cases())

    @property
    def only_case(self) -> Case:
        (case,) = self.cases
        return case


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something that the bot does by itself; fail when it does not."""
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110  (seen from outside: there is no event to wait on)
            await asyncio.sleep(0.005)


Start = Callable[..., Any]


@pytest.fixture
def start(tmp_path: Path, sink: Sink, clock: Clock) -> Start:
    """Return a context manager that runs a bot; keyword arguments are sections of the configuration."""

    @asynccontextmanager
    async def starting(**sections: dict[str, Any]) -> AsyncIterator[Bot]:
        config = configured(tmp_path, sink, sections)
        stop, ready = asyncio.Event(), asyncio.Event()
        data = config.data
        with DataFolder(data.dir, data.casebook, keyring=data.keyring) as folder:
            running = asyncio.create_task(run(config, folder, stop, now=clock.now, ready=ready.set))
            ready_or_dead = asyncio.create_task(ready.wait())
            await asyncio.wait({running, ready_or_dead}, return_when=asyncio.FIRST_COMPLETED)
            ready_or_dead.cancel()
            if running.done():
                await running
            try:
                yield Bot(config, folder, sink, clock)
            finally:
                stop.set()
                await running

    return starting


def configured(root: Path, sink: Sink, sections: dict[str, dict[str, Any]]) -> Config:
    defaults: dict[str, dict[str, Any]] = {
        "controller": {"name": "Acme Limited", "contact": DESK},
        "data": {"dir": str(root / "data")},
        "mail": {
            "listen": f"127.0.0.1:{free_port()}",
            "addresses": [DESK],
            "relay": f"smtp://127.0.0.1:{sink.port}",
            "from": DESK,
        },
        "web": {"listen": ""},
        "classify": {"workers": 1},
    }
    for name, section in sections.items():
        defaults[name] = (
            {**defaults.get(name, {}), **section} if isinstance(section, dict) else section
        )
    return Config.model_validate(defaults)


@pytest.fixture
async def bot(start: Start) -> AsyncIterator[Bot]:
    async with start() as running:
        yield running
