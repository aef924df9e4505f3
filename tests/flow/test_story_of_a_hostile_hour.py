"""Story: a hostile hour. Of 500 mails the 50 that ask something are answered in time, and every other one is accounted for."""

import io
import smtplib
import socket
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from random import Random
from typing import Any

import pytest

from bot.control import own_login
from tests.bench import processes as seen
from tests.flow.letters import ACCESS, ERASURE, mail, reply_to
from tests.flow.test_a_thread import bounce_of
from tests.flow.test_bad_input import BAD
from tests.fuzz.bombs import LIGHT
from tests.processes import DESK, BotProcess, wait_for
from tests.relays import RelayProcess

pytestmark = pytest.mark.slow

ROBOT = "orders@shop.example"
TEMPLATE = "{{ 7*7 }}"
LARGE = 40_000_000
REFUSED = 10
IN_TIME = 300.0  # seconds
MOST_MEGABYTES = 1_500  # of the desk and its two readers
MOST_DISK = 4  # times what was accepted
END = b"\r\n.\r\n"
STAFF = f'[[staff]]\nname = "Kim"\nemail = "kim@acme.example"\nlogin = "{own_login()}"\n'

Offered = tuple[str, bytes]
"""The return path, and the mail."""


def offered(text: str, sender: str = "") -> Offered:
    return sender, text.encode()


def newsletters() -> Iterator[Offered]:
    """Yield newsletters of four makes; the last has no header that says what it is."""
    makes: list[dict[str, str]] = [
        {"List_Id": "<news.example>", "List_Unsubscribe": "<https://news.example/u>"},
        {"Precedence": "bulk"},
        {"Auto_Submitted": "auto-generated", "Feedback_ID": "1:2:3:news"},
        {},
    ]
    foot = "You get this newsletter because you subscribed. Unsubscribe: https://news.example/u"
    for number in range(200):
        words = f"Issue {number}: five tips on office plants, and our spring offers.\n\n{foot}"
        headers, sender = makes[number % 4], f"newsletter{number}@news.example"
        yield offered(mail(words, sender=sender, subject="News", **headers), sender)


def robots_answers() -> Iterator[Offered]:
    for number in range(100):
        words = f"Thank you for your message. We will look into it. Your number is {number}."
        yield offered(mail(words, sender=ROBOT, subject=f"Re: your mail {number}"), ROBOT)


def broken() -> Iterator[Offered]:
    made_to_hurt = [raw for raw in LIGHT.values() if raw][: 20 - len(BAD)]
    for number, raw in enumerate([*BAD.values(), *made_to_hurt]):
        yield f"a{number}@broken.example", raw


def zip_bombs() -> Iterator[Offered]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.csv", bytes(10_000_000))
    for number in range(5):
        bomb = EmailMessage()
        bomb["From"], bomb["Subject"] = f"bomb{number}@odd.example", "My data"
        bomb["Message-ID"] = f"<bomb{number}@mail.example>"
        bomb.set_content(ACCESS)
        bomb.add_attachment(
            packed.getvalue(), maintype="application", subtype="zip", filename="my data.zip"
        )
        yield f"bomb{number}@odd.example", bomb.as_bytes()


def scripts(listener: int) -> Iterator[Offered]:
    there = f"http://127.0.0.1:{listener}"
    for number in range(5):
        page = (
            f'<html><head><script src="{there}/a.js">steal()</script></head><body onload="steal()">'
            f'<p>{ACCESS}</p><img src="{there}/seen.png?{number}"><script>steal()</script>'
            f'<link rel="stylesheet" href="{there}/a.css"></body></html>'
        )
        sender = f"html{number}@odd.example"
        text = mail(page, sender=sender).replace("text/plain", "text/html")
        yield offered(text, sender)


def templates() -> Iterator[Offered]:
    for number in range(10):
        sender = f"template{number}@odd.example"
        name = f'"{TEMPLATE}" <{sender}>'
        yield offered(mail(f"{ACCESS} {TEMPLATE}", sender=name, subject=TEMPLATE), sender)


def requests() -> Iterator[Offered]:
    for number in range(50):
        sender = f"p{number}@person.example"
        yield offered(mail((ACCESS, ERASURE)[number % 2], sender=sender), sender)


def answers_of_machines(letters: list[EmailMessage]) -> Iterator[Offered]:
    """Yield an absence note and a bounce for each acknowledgement."""
    for letter in letters:
        away = reply_to(
            letter, "I am away.", sender=str(letter["To"]), Auto_Submitted="auto-replied"
        )
        yield offered(away)
        bounce = bounce_of(str(letter["Message-ID"])).replace("ann@mail.example", str(letter["To"]))
        yield offered(bounce.replace("<report@", f"<report.{str(letter['To']).partition('@')[0]}@"))


def hand_in(port: int, mails: list[Offered]) -> list[int]:
    """Hand mails in over eight connections at a time; return the answers."""

    def one(given: Offered) -> int:
        sender, raw = given
        with smtplib.SMTP("127.0.0.1", port, timeout=120) as client:
            client.ehlo()
            client.mail(sender)
            client.rcpt(DESK)
            client.docmd("DATA")
            whole = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").replace(b"\r\n.", b"\r\n..")
            client.send(whole + END)
            return client.getreply()[0]

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, mails))


def refusal(port: int, *, declared: bool) -> int:
    """Return what is said of a mail of 40 MB, whether it tells its size or only has it."""
    if not declared:
        return hand_in(port, [("big@mail.example", (b"x" * 998 + b"\n") * (LARGE // 999))])[0]
    with smtplib.SMTP("127.0.0.1", port, timeout=120) as client:
        client.ehlo()
        return client.mail("big@mail.example", [f"SIZE={LARGE}"])[0]


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A place that nobody should come to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


class Hour:
    """What was sent in that hour, and what the bot took of the machine meanwhile."""

    def __init__(self, bot: BotProcess, relay: RelayProcess, nobody: socket.socket) -> None:
        self.bot, self.relay, self.nobody = bot, relay, nobody
        self.people: list[str] = []
        self.refusals: list[int] = []
        self.cases: list[dict[str, Any]] = []
        self.sent = 0
        self.took = self.megabytes = 0.0

    def pass_by(self) -> None:
        asked = list(requests())
        self.people = [sender for sender, _ in asked]
        noise = [*newsletters(), *robots_answers(), *broken(), *zip_bombs(), *templates()]
        noise += scripts(self.nobody.getsockname()[1])
        mixed = [*noise, *asked]
        Random(8).shuffle(mixed)
        begun = time.monotonic()
        self.send(mixed)
        self.took = time.monotonic() - begun
        self.send(list(answers_of_machines(self.to("@person.example"))))
        self.refusals = [
            refusal(self.bot.port, declared=number % 2 == 0) for number in range(REFUSED)
        ]

    def send(self, mails: list[Offered]) -> None:
        assert set(hand_in(self.bot.port, mails)) == {250}
        self.sent += sum(len(raw) for _, raw in mails)
        wait_for(self.at_rest, seconds=IN_TIME)

    def at_rest(self) -> bool:
        assert self.bot.process is not None
        try:
            used = seen.pss_megabytes(seen.session(self.bot.process.pid))
        except OSError:  # a reader may end while it is looked at
            used = 0.0
        self.megabytes = max(self.megabytes, used)
        time.sleep(0.2)
        if any((self.bot.data / "spool" / "incoming").iterdir()):
            return False
        self.cases = self.bot.ask("cases")
        letters = [letter for case in self.cases for letter in case["letters"]]
        return all(letter["status"] != "queued" for letter in letters)

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.relay.letters()]

    def to(self, domain: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if str(letter["To"]).endswith(domain)]

    @property
    def disk(self) -> int:
        return sum(path.stat().st_size for path in self.bot.data.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hour]:
    """An hour in which 500 mails were handed in, and have come to rest."""
    folder = tmp_path_factory.mktemp("hour")
    with (
        listening() as nobody,
        RelayProcess(folder / "relay") as relay,
        BotProcess(folder / "bot", more=STAFF) as bot,
    ):
        bot.relay = f"smtp://127.0.0.1:{relay.port}"
        bot.start()
        hour = Hour(bot, relay, nobody)
        hour.pass_by()
        yield hour
        assert bot.stop() == 0


def test_whoever_asks_has_one_case_and_one_acknowledgement_in_time(hour: Hour):
    assert Counter(str(letter["To"]) for letter in hour.to("@person.example")) == dict.fromkeys(
        hour.people, 1
    )
    of = Counter(case["requester"]["address"] for case in hour.cases)
    assert all(of[address] == 1 for address in hour.people)
    assert hour.took < IN_TIME


def test_nothing_automatic_is_answered_and_the_robot_once_at_most(hour: Hour):
    assert hour.to("@news.example") == []
    assert len(hour.to(ROBOT)) <= 1
    assert len(hour.to("@person.example")) == len(hour.people), "no more to whom nothing reached"


def test_a_bounced_acknowledgement_is_marked_and_a_person_is_told_once(hour: Hour):
    letters = {
        case["requester"]["address"]: [letter["status"] for letter in case["letters"]]
        for case in hour.cases
    }
    assert [letters[address] for address in hour.people] == [["bounced"]] * len(hour.people)
    wait_for(lambda: len(told_undelivered(hour)) >= len(hour.people))
    assert len(set(told_undelivered(hour))) == len(told_undelivered(hour)) == len(hour.people)


def test_what_is_too_large_is_refused_and_the_rest_adds_up_to_500(hour: Hour):
    assert hour.refusals == [552] * REFUSED
    (account,) = hour.bot.ask("reconcile")
    print(f"\n{account['ends']}")
    assert account["adds_up"]
    assert account["accepted"] == sum(account["ends"].values()) == 500 - REFUSED
    assert account["ends"]["waiting"] == account["ends"]["quarantined"] == 0
    assert account["ends"]["bounce"] == len(hour.people)


def test_template_syntax_is_shown_as_it_stands_and_never_carried_out(hour: Hour):
    by_template = [case for case in hour.cases if case["requester"]["name"] == TEMPLATE]
    assert len(by_template) == 10
    (shown,) = hour.bot.ask("show", by_template[0]["ref"])
    assert shown["subject"] == TEMPLATE
    assert TEMPLATE in shown["text"]
    assert len(hour.to("@odd.example")) == 20
    for letter in hour.to("@odd.example"):
        assert "49" not in str(letter["Subject"]) + plain(letter)


def test_no_script_goes_any_further_and_nothing_remote_is_loaded(hour: Hour):
    (case,) = (c for c in hour.cases if c["requester"]["address"] == "html0@odd.example")
    assert "script" not in hour.bot.command("show", case["ref"]).stdout
    for letter in hour.letters:
        assert "<script" not in letter.as_string()
        assert "<img" not in letter.as_string()
    with pytest.raises(BlockingIOError):
        hour.nobody.accept()


def test_memory_and_disk_are_bounded(hour: Hour):
    print(
        f"\n{hour.took:.0f} s, {hour.megabytes:.0f} MB, {hour.disk / hour.sent:.1f} times the mail"
    )
    assert hour.megabytes < MOST_MEGABYTES
    assert hour.disk < MOST_DISK * hour.sent


def told_undelivered(hour: Hour) -> list[str]:
    subjects = [str(letter["Subject"]) for letter in hour.to("kim@acme.example")]
    return [subject for subject in subjects if subject.startswith("Not delivered")]


def plain(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
