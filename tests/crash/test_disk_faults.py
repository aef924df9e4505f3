"""The disk refuses under a running bot, call by call: the sender hears 451 or 452, and 250 once it is well."""

import shutil
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.folder import DataFolder
from tests.flow.letters import ACCESS, mail
from tests.processes import DESK, BotProcess, wait_for

pytestmark = [
    pytest.mark.crash,
    pytest.mark.elsewhere,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not at hand"),
]


@contextmanager
def failing(pid: int, call: str, error: str) -> Iterator[None]:
    """Make every such call of the process fail."""
    command = ["strace", "-f", "-p", str(pid), "-e", f"trace={call}", "-o", "/dev/null"]
    with subprocess.Popen(
        [*command, "-e", f"inject={call}:error={error}"], stderr=subprocess.PIPE, text=True
    ) as strace:
        assert strace.stderr is not None
        if "attached" not in (said := strace.stderr.readline()):
            pytest.skip(f"strace cannot attach: {said}")
        try:
            yield
        finally:
            strace.terminate()


def hand_in(bot: BotProcess, raw: str) -> tuple[int, bytes]:
    with smtplib.SMTP("127.0.0.1", bot.port, timeout=20) as wire:
        wire.ehlo()
        wire.mail("ann@mail.example")
        wire.rcpt(DESK)
        return wire.data(raw.replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    ("call", "error", "code"),
    [
        ("fsync", "EIO", 451),
        ("fsync", "ENOSPC", 452),
        ("fsync", "EDQUOT", 452),
        ("write", "ENOSPC", 452),
        ("write", "EIO", 451),
        ("openat", "ENOSPC", 452),
        ("openat", "EMFILE", 451),
    ],
)
def test_no_250_while_a_call_fails_and_nothing_is_kept_of_what_was_refused(
    tmp_path: Path, call: str, error: str, code: int
):
    raw = mail(ACCESS)
    with BotProcess(tmp_path) as bot:
        bot.start()
        wait_for(lambda: '"at work"' in (tmp_path / "bot.log").read_text())
        assert hand_in(bot, mail("Thank you."))[0] == 250  # all that is needed is loaded
        assert bot.process is not None
        with failing(bot.process.pid, call, error):
            refused = [hand_in(bot, raw) for _ in range(3)]
        assert {said[0] for said in refused} == {code}
        assert not any(error.encode() in text or b"rror" in text for _, text in refused)
        assert hand_in(bot, raw)[0] == 250
        assert bot.stop() == 0
    with DataFolder(bot.data) as folder:
        spool = folder.spool
        kept = [i for name in ("incoming", "done") for i in spool.ids(name)]
        assert len(kept) == 2
