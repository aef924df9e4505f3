"""The demo: starts the real bot, sends it sample mail over SMTP, and shows what became of it."""

import contextlib
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

from rich.progress import Progress

from bot import control
from bot.terminal import console, show_account, show_cases
from store.refused import RefusedError

SAMPLES = Path(__file__).parent / "samples"
SETTINGS = "privacy-intake.toml"
HOST = "127.0.0.1"
DESK = "dataprotection@localhost"
PATIENCE = 60  # seconds for the bot to start, and for all mail to be answered


class DemoError(RefusedError):
    """The demo cannot be shown; the text says why."""


def show(folder: Path, *, end: bool) -> None:
    """Run the whole demo in `folder`, which is emptied first if a demo made it."""
    prepare(folder)
    port = free_port(8025)
    settings = write_settings(folder, port, free_port(8080))
    with running_bot(settings, folder / "bot.log") as bot:
        mails = sorted(SAMPLES.glob("*.eml"))
        with Progress(console=console, transient=True) as progress:
            starting = progress.add_task("starting the bot", total=None)
            wait_for(lambda: answers(port), "the bot did not start")
            progress.remove_task(starting)
            bar = progress.add_task(f"sending {len(mails)} mails", total=len(mails))
            for path in mails:
                send(port, path)
                progress.advance(bar)
            progress.update(bar, description="reading, deciding, answering", total=None)
            wait_for(lambda: settled(folder, len(mails)), "not all mail was dealt with")
        report(folder, port, len(mails))
        if not end:
            console.print("\nThe bot stays up. Ctrl-C ends it.")
            wait_for_ctrl_c(bot)


def prepare(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / SETTINGS).exists():
        raise DemoError(
            f"{folder} is there already and no demo made it: name another with --folder"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def free_port(wanted: int) -> int:
    """Return `wanted` if it is free, else some port that is."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DemoError("no port is free on this machine")


def write_settings(folder: Path, mail_port: int, web_port: int) -> Path:
    """Set where the demo lies and listens; everything else is the default."""
    path = folder / SETTINGS
    path.write_text(
        f'[data]\ndir = "{folder}"\n\n[mail]\nlisten = "{HOST}:{mail_port}"\n\n'
        f'[web]\nlisten = "{HOST}:{web_port}"\n',
        encoding="utf-8",
    )
    return path


@contextlib.contextmanager
def running_bot(settings: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-P", "-m", "bot", "run", "--config", str(settings)]
    with log.open("wb") as sink:
        bot = subprocess.Popen(command, stderr=sink, start_new_session=True)  # noqa: S603  (our own command)
    try:
        yield bot
    finally:
        bot.terminate()
        bot.wait(timeout=PATIENCE)


def answers(port: int) -> bool:
    try:
        with smtplib.SMTP(HOST, port, timeout=5):
            return True
    except OSError:
        return False


def send(port: int, path: Path) -> None:
    raw = path.read_bytes()
    message = message_from_bytes(raw, policy=policy.compat32)
    null_sender = message["Return-Path"] == "<>"
    sender = "" if null_sender else str(message["From"]).rpartition("<")[2].rstrip(">")
    with smtplib.SMTP(HOST, port, timeout=30) as wire:
        wire.sendmail(sender, [DESK], raw.replace(b"\n", b"\r\n"))


def say(port: int, words: str) -> str:
    """Send one mail with these words to a running bot; return the Message-ID."""
    mail = EmailMessage()
    mail["From"] = "you@mail.example"
    mail["To"] = DESK
    mail["Subject"] = "A message"
    mail["Message-ID"] = f"<{uuid4()}@mail.example>"
    mail.set_content(words)
    try:
        with smtplib.SMTP(HOST, port, timeout=30) as wire:
            wire.send_message(mail)
    except OSError:
        raise DemoError(f"nothing listens on {HOST}:{port}: start the demo first") from None
    return str(mail["Message-ID"])


def settled(folder: Path, sent: int) -> bool:
    """Whether every mail has its place and every letter is on its way."""
    account = next(control.call(folder, "reconcile", {}))
    waiting = account["ends"]["waiting"] + account["accepted"] - sent
    letters = [
        letter["status"] for case in control.call(folder, "cases", {}) for letter in case["letters"]
    ]
    return waiting == 0 and "queued" not in letters


def wait_for(happened: Callable[[], bool], fault: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError, RefusedError):  # not up yet: that is what we wait for
            if happened():
                return
        time.sleep(0.05)
    raise DemoError(f"{fault} within {PATIENCE} seconds")


def report(folder: Path, port: int, sent: int) -> None:
    console.print(f"{sent} mails were sent. These cases they opened:\n")
    cases = list(control.call(folder, "cases", {}))
    show_cases(cases, as_json=False)
    console.print("\nWhere each of the mails is:\n")
    show_account(next(control.call(folder, "reconcile", {})), as_json=False)
    letter = min((folder / "outgoing" / "new").iterdir())
    console.print("\nOne acknowledgement, as the requester gets it:\n")
    console.print(readable(letter.read_bytes()))
    console.print(WHERE.format(folder=folder, port=port))


def readable(raw: bytes) -> str:
    """Return a letter's headers and its text part, as a mail program shows them."""
    mail = message_from_bytes(raw, policy=policy.default)
    shown = ("From", "To", "Subject", "Date", "In-Reply-To", "Auto-Submitted")
    head = "\n".join(f"{name}: {mail[name]}" for name in shown if mail[name])
    text = mail.get_body(("plain",))
    return f"{head}\n\n{text.get_content() if text else ''}"


def wait_for_ctrl_c(bot: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        bot.wait()


WHERE = """\
Where everything lies:
  {folder}/spool/done        every mail as it came, byte for byte
  {folder}/casebook.journal  the cases
  {folder}/outgoing/new      the letters; with [mail] relay they would go out by SMTP
  {folder}/bot.log           the log

Send one more mail, and look:
  .venv/bin/privacy-intake demo --say "Please delete my account" --port {port}
  .venv/bin/privacy-intake cases --config {folder}/privacy-intake.toml
"""
