"""The bot is killed with all its workers, thirty times, while mail is being sent; nothing is lost or doubled.

What got its 250 must be exactly one message of exactly one case, with one acknowledgement
under one Message-ID, however often the bot died on the way.
"""

import random
import smtplib
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from store.folder import DataFolder
from store.keyring import make_keyring
from tests.flow.letters import ACCESS, mail
from tests.processes import DESK, UNLIMITED, BotProcess, wait_for
from tests.relays import RelayProcess

KILLS = 30


@dataclass
class Client:
    """Sends mail without end, each until it gets its 250; knows what was promised."""

    port: int
    promised: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, name: int) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            message_id = f"<{name}.{number}@mail.example>"
            sender = f"p{name}.{number}@mail.example"
            raw = mail(ACCESS, sender=sender, message_id=message_id).replace("\n", "\r\n")
            while not self.stop.is_set():
                if self.offer(sender, raw):
                    self.promised.append(message_id)
                    break
                time.sleep(0.02)  # the bot is down; a real client waits longer

    def offer(self, sender: str, raw: str) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as wire:
                return wire.sendmail(sender, [DESK], raw) == {}
        except (OSError, smtplib.SMTPException):
            return False


def stage_of(bot: BotProcess) -> Counter[str]:
    """Say at which stage messages were when the bot died."""
    with DataFolder(bot.data, keyring=bot.keyring) as folder:
        pending = folder.spool.pending()
        saved = sum(folder.casebook.disposition(i) is not None for i in pending)
        return Counter(accepted=len(pending) - saved, saved=saved, owed=len(folder.casebook.owed()))


@pytest.mark.crash
@pytest.mark.parametrize("kind", ["plain", "sealed"])
def test_what_was_promised_survives_thirty_kills(tmp_path: Path, kind: str):
    chance = random.Random(20261122)
    with (
        RelayProcess(tmp_path / "relay") as relay,
        BotProcess(tmp_path / "bot", more=UNLIMITED) as bot,
    ):
        if kind == "sealed":
            bot.keyring = make_keyring(tmp_path / "keys").folder
        bot.relay = f"smtp://127.0.0.1:{relay.port}"
        client = Client(bot.port)
        senders = [threading.Thread(target=client.run, args=(n,)) for n in range(3)]
        bot.start()
        for sender in senders:
            sender.start()
        hits: Counter[str] = Counter()
        in_flight = 0
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 2.2))
            bot.kill()
            stages = stage_of(bot)
            in_flight += bool(sum(stages.values()))
            hits.update({stage: 1 for stage, count in stages.items() if count})
            bot.start()
        client.stop.set()
        for sender in senders:
            sender.join()
        wait_for(lambda: bot.ask("reconcile")[0]["ends"]["waiting"] == 0)
        wait_for(lambda: all(x["status"] == "sent" for c in bot.ask("cases") for x in c["letters"]))
        assert bot.command("reconcile").returncode == 0
        assert bot.stop() == 0
        check(bot, client, relay)
    print(f"kills that hit between acceptance and finish: {in_flight} of {KILLS}; by stage {hits}")
    assert in_flight >= KILLS / 2


def check(bot: BotProcess, client: Client, relay: RelayProcess) -> None:
    received: Counter[str] = Counter()
    with DataFolder(bot.data, keyring=bot.keyring) as folder:
        for case in folder.casebook.cases():
            received.update(message.message_id for message in case.messages)
            assert len(case.letters) == 1, "one acknowledgement for each case"
    assert len(client.promised) > KILLS
    assert {received[promised] for promised in client.promised} == {1}
    assert max(received.values()) == 1
    ids_by_person: dict[str, set[str]] = defaultdict(set)
    for raw in relay.letters():
        letter = message_from_bytes(raw, policy=policy.default)
        ids_by_person[str(letter["To"])].add(str(letter["Message-ID"]))
    assert len(ids_by_person) == len(received)
    assert {len(ids) for ids in ids_by_person.values()} == {1}, (
        "never two Message-IDs for one letter"
    )
