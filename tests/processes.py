"""The bot as a process of its own: started, asked, stopped and killed from outside."""

import json
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0
DESK = "dataprotection@acme.example"

UNLIMITED = """\
[mail.limits]
answers_per_domain_hour = 1000000
answers_per_hour = 1000000
"""
"""For more mail of one domain than anybody gets in an hour."""


@dataclass
class BotProcess:
    """One data folder with a configuration, and the bot that may run on it."""

    folder: Path
    relay: str = "maildir:outgoing"
    more: str = ""
    casebook: str = "tinydb"
    keyring: Path | None = None
    module: str = "bot"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Path:
        return self.folder / "privacy-intake.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def write_settings(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.settings.write_text(
            f'[data]\ndir = "{self.data}"\ncasebook = "{self.casebook}"\nkeyring = "{self.keyring or self.data}"\n[mail]\nlisten = "127.0.0.1:{self.port}"\n'
            f'addresses = ["{DESK}"]\nfrom = "{DESK}"\nrelay = "{self.relay}"\n'
            f'[web]\nlisten = ""\n{self.more}'
        )

    def start(self) -> None:
        """Start the bot and wait until its mail door is open."""
        self.write_settings()
        command = [sys.executable, "-m", self.module, "run", "--config", str(self.settings)]
        with (self.folder / "bot.log").open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, cwd=ROOT, start_new_session=True)
        wait_for(self.is_open)

    def is_open(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "bot.log").read_text()
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=5):
                return True
        except OSError:
            return False

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)

    def kill(self) -> None:
        """kill -9 the bot and every process it started."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=PATIENCE)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *words, "--config", str(self.settings)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip

    def wait_until_quiet(self, cases: int) -> None:
        """Wait until that many cases are there, and every letter is sent."""
        wait_for(lambda: len(self.ask("cases")) >= cases)
        wait_for(
            lambda: all(x["status"] == "sent" for c in self.ask("cases") for x in c["letters"])
        )

    def ask(self, *words: str) -> list[dict[str, Any]]:
        """Give a command with --json and return its values."""
        done = self.command(*words, "--json")
        assert done.stdout or not done.stderr, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


def wait_for(happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"it did not happen within {seconds} seconds"
        time.sleep(0.01)
