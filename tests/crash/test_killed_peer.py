"""Two bots share a PostgreSQL and mail flows into both; one of them, at random, is killed again and again.

What got its 250 must be exactly one message of exactly one case, with one acknowledgement under
one Message-ID; a sender whose bot died tries the other one. The last to die comes back only when
everything it was carrying has been sent by the other.
"""

import random
import smtplib
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from store.folder import DataFolder
from tests.flow.letters import ACCESS, mail
from tests.postgres import shared_server
from tests.processes import DESK, BotProcess, wait_for
from tests.relays import RelayProcess

KILLS = 14
MAILS = 500
SENDERS = 3


@dataclass
class Flow:
    """Senders that hand in mail after mail, each until some bot gives its 250."""

    bots: tuple[BotProcess, BotProcess]
    promised: list[str] = field(default_factory=list)
    repeated: int = 0
    """How often a mail was offered again although a bot may have taken it."""
    numbers: Any = field(default_factory=lambda: count(1))

    def run(self) -> None:
        while (number := next(self.numbers)) <= MAILS:
            message_id, sender = f"<{number}@mail.example>", f"p{number}@mail.example"
            raw = mail(ACCESS, sender=sender, message_id=message_id).replace("\n", "\r\n")
            for tries in count(number):
                if self.offer(self.bots[tries % 2], sender, raw):
                    self.promised.append(message_id)
                    break
                time.sleep(0.02)

    def offer(self, bot: BotProcess, sender: str, raw: str) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", bot.port, timeout=10) as wire:
                return wire.sendmail(sender, [DESK], raw) == {}
        except smtplib.SMTPServerDisconnected:
            self.repeated += 1
        except (OSError, smtplib.SMTPException):
            pass
        return False


def all_sent(bot: BotProcess) -> bool:
    with DataFolder(bot.data, bot.casebook, locked=False) as folder:
        return not folder.casebook.owed()


def nothing_waits(bots: tuple[BotProcess, BotProcess]) -> bool:
    return all(not list((bot.data / "spool" / "incoming").iterdir()) for bot in bots)


@pytest.mark.crash
def test_two_bots_of_which_one_is_killed_lose_nothing_and_double_nothing(tmp_path: Path):
    chance, url = random.Random(20261122), shared_server().schema()
    one, two = (
        BotProcess(tmp_path / name, casebook=url, keyring=tmp_path / "keys")
        for name in ("one", "two")
    )
    with RelayProcess(tmp_path / "relay") as relay, one, two:
        flow = Flow((one, two))
        for bot in flow.bots:
            bot.relay = f"smtp://127.0.0.1:{relay.port}"
            bot.start()
        senders = [threading.Thread(target=flow.run) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        in_flight = 0
        for kill in range(KILLS):
            time.sleep(chance.uniform(0.1, 1.5))
            dead = chance.choice(flow.bots)
            dead.kill()
            in_flight += claimed_or_waiting(dead)
            if kill < KILLS - 1:
                dead.start()
        other = two if dead is one else one
        wait_for(lambda: all_sent(other))
        dead.start()
        for sender in senders:
            sender.join()
        wait_for(lambda: nothing_waits(flow.bots) and all_sent(one))
        assert one.ask("reconcile")[0]["adds_up"]
        assert [bot.stop() for bot in flow.bots] == [0, 0]
        check(one, flow, relay)
    print(f"{in_flight} of {KILLS} kills hit work under way; {flow.repeated} mails offered again")
    assert in_flight


def claimed_or_waiting(bot: BotProcess) -> bool:
    """Say whether the bot died over something: a message in its spool, or letters that are owed."""
    return bool(list((bot.data / "spool" / "incoming").iterdir())) or not all_sent(bot)


def check(bot: BotProcess, flow: Flow, relay: RelayProcess) -> None:
    received: Counter[str] = Counter()
    with DataFolder(bot.data, bot.casebook, locked=False) as folder:
        for case in folder.casebook.cases():
            received.update(message.message_id for message in case.messages)
            assert len(case.letters) == 1, "one acknowledgement for each case"
    assert len(flow.promised) == MAILS
    assert received == Counter(flow.promised)
    ids_by_person: dict[str, set[str]] = defaultdict(set)
    for raw in relay.letters():
        letter = message_from_bytes(raw, policy=policy.default)
        ids_by_person[str(letter["To"])].add(str(letter["Message-ID"]))
    assert len(ids_by_person) == MAILS
    assert {len(ids) for ids in ids_by_person.values()} == {1}, (
        "never two Message-IDs for one letter"
    )
