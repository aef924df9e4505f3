"""A disk that fills up while the bot works: what was promised waits, and goes on by itself afterwards."""

import resource
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flow.letters import ACCESS, mail
from tests.processes import DESK, ROOT, BotProcess, wait_for

LIMITED = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the limit then fails with EFBIG
sys.argv = ["privacy-intake", "run", "--config", sys.argv[1]]
runpy.run_module("bot", run_name="__main__")
"""


@pytest.mark.slow
def test_a_casebook_that_cannot_grow_keeps_mail_waiting_and_goes_on_by_itself(tmp_path: Path):
    with BotProcess(tmp_path) as bot:
        bot.write_settings()
        command = [sys.executable, "-c", LIMITED, str(bot.settings)]
        with (tmp_path / "bot.log").open("wb") as log:
            bot.process = subprocess.Popen(command, stderr=log, cwd=ROOT, start_new_session=True)
        wait_for(bot.is_open)
        wait_for(lambda: bot.command("cases").returncode == 0)
        size = (bot.data / "casebook.journal").stat().st_size
        limit(bot, size + 100)
        with smtplib.SMTP("127.0.0.1", bot.port) as wire:
            raw = mail(ACCESS).replace("\n", "\r\n")
            refused = refuse_or_take(wire, raw)
        assert refused in {250, 451}
        limit(bot, resource.RLIM_INFINITY)
        with smtplib.SMTP("127.0.0.1", bot.port) as wire:
            wire.sendmail("bob@mail.example", [DESK], raw.replace("ann@", "bob@"))
        wanted = 2 if refused == 250 else 1
        wait_for(lambda: len(bot.ask("cases")) == wanted)
        wait_for(lambda: all(x["status"] == "sent" for c in bot.ask("cases") for x in c["letters"]))
        assert bot.command("reconcile").returncode == 0
        assert bot.stop() == 0


def limit(bot: BotProcess, size: int) -> None:
    """Let no file of the bot's grow beyond `size` bytes."""
    assert bot.process is not None
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def refuse_or_take(wire: smtplib.SMTP, raw: str) -> int:
    wire.ehlo()
    wire.mail("ann@mail.example")
    wire.rcpt(DESK)
    return wire.data(raw.encode())[0]
