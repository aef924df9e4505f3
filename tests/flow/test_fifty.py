"""Fifty mails over ten connections, sent by a client in a process of its own."""

import subprocess
import sys
import textwrap
import time
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

from tests.processes import DESK, ROOT, BotProcess, wait_for
from tests.relays import RelayProcess

CLIENT = textwrap.dedent(
    f"""
    import smtplib, sys
    from concurrent.futures import ThreadPoolExecutor
    from tests.flow.letters import ACCESS, mail

    def talk(connection):
        codes = []
        with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as wire:
            wire.ehlo()
            for number in range(5):
                sender = f"p{{connection}}.{{number}}@mail.example"
                raw = mail(ACCESS, sender=sender, message_id=f"<{{connection}}.{{number}}@mail.example>")
                wire.mail(sender)
                wire.rcpt("{DESK}")
                codes.append(wire.data(raw.encode())[0])
        return codes

    with ThreadPoolExecutor(10) as pool:
        print(sum(pool.map(talk, range(10)), []))
    """
)


def test_fifty_mails_over_ten_connections_are_answered_within_five_seconds(tmp_path: Path):
    with RelayProcess(tmp_path / "relay") as relay, BotProcess(tmp_path / "bot") as bot:
        bot.relay = f"smtp://127.0.0.1:{relay.port}"
        bot.start()
        sent = subprocess.run(
            [sys.executable, "-c", CLIENT, str(bot.port)], cwd=ROOT, capture_output=True, text=True, check=True
        )  # fmt: skip
        last = time.monotonic()
        assert sent.stdout.strip() == str([250] * 50)
        wait_for(lambda: len(list(relay.letters())) >= 50, seconds=15)
        took = time.monotonic() - last
        cases = bot.ask("cases")
        assert bot.stop() == 0
    assert len(cases) == 50
    letters = [message_from_bytes(raw, policy=policy.default) for raw in relay.letters()]
    assert Counter(str(letter["To"]) for letter in letters).most_common(1)[0][1] == 1
    for letter in letters:
        number = str(letter["To"]).partition("@")[0].removeprefix("p")
        assert letter["In-Reply-To"] == f"<{number}@mail.example>"
    assert took < 5
