"""People are not taken for machines, whatever they write about them or quote of them."""

import json
from pathlib import Path
from time import process_time

import pytest

import intents
from bot.mail.look import OPENING, own_words
from bot.mail.machine import machine_of
from bot.mail.parse import Headers, parse
from bot.mail.tree import grow
from bot.message import Machine
from tests.mail.reading import written

CORPUS = Path(intents.__file__).parent / "corpus"


def machine(text: str = "hello", **headers: str | None) -> Machine | None:
    return parse(written(text, **headers)).machine


class TestPeople:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Auto_Submitted": "no"},
            {"Precedence": "first-class"},
            {"X_Loop": "x"},
            {"Feedback_ID": "1:2:3:qq"},
            {"X_Auto_Response_Suppress": "DR, RN, NRN"},
            {"X_Mailer": "PHPMailer"},
            {"Return_Path": "<ann@mail.example>"},
            {"Return_Path": "<SRS0=x=y=mail.example=ann@forwarder.example>"},
            {"From": "Abbot <talbot.newsome@mail.example>"},
            {"From": "newsome@mail.example"},
            {"From": "returns@mail.example"},
            {"From": "info@small-shop.example"},
            {"Subject": "Re: Automatic reply: your request"},
            {"Subject": "Fwd: Undeliverable: my request"},
            {"Subject": "Automatic decision about my loan"},
            {"Subject": "Delivery"},
            {"Subject": "Read this please"},
            {"Subject": "Acknowledge my complaint"},
        ],
    )
    def test_a_person_is_not_taken_for_a_machine(self, headers: dict[str, str]):
        assert machine(**headers) is None

    @pytest.mark.parametrize(
        "text",
        [
            "My request was automatically rejected, and I object to that decision.",
            "Please do not reply to my husband.",
            "Unsubscribe me from this list.",
            "Your site says the mailbox was unavailable.",
            "Stop.\n\n> This is an automated message. Do not reply to this email.",
            "Stop.\n\nOn Monday Acme wrote:\nThis is an automated message.",
            "Stop.\n\n-----Original Message-----\nThis is an automated message.",
            "Stop.\n\n________________________________\nFrom: Acme\nThis is an automated message.",
            "Stop.\n\n*From:* Acme\n\nThis is an automated message.",
        ],
    )
    def test_what_people_write_about_machines_or_quote_of_them_is_no_sign(self, text: str):
        assert machine(text) is None

    def test_of_those_who_ask_for_something_hardly_any_sounds_like_a_machine(self):
        texts = [path.read_text(encoding="utf-8") for path in CORPUS.glob("*.jsonl")]
        rows = [json.loads(line) for text in texts for line in text.split("\n") if line]
        asking = [row for row in rows if row["labels"] != ["other"]]
        headers = Headers(grow(b"")[0])
        taken = [
            row["id"]
            for row in asking
            if machine_of(headers, "", "", row.get("subject") or "", (), row["text"])[0]
        ]
        assert len(asking) > 500
        assert len(taken) <= len(asking) / 300, taken


def test_own_words_are_the_start_and_the_end_of_what_is_not_quoted():
    assert own_words("A  B\nc\n> d") == "a b c"
    assert own_words("I\u2019m\n") == "i'm"
    long = own_words("start " + "x" * 10_000 + " end\n> quote")
    assert long.startswith("start")
    assert long.endswith("x end")
    assert len(long) < 2 * OPENING


@pytest.mark.parametrize(
    "text", ["\n" * 20_000, " " * 20_000, "-" * 20_000, "- x" * 7_000, "_" * 20_000, "> " * 9_000]
)
def test_no_text_takes_long_to_look_through(text: str):
    started = process_time()
    own_words(text)
    assert process_time() - started < 0.2
