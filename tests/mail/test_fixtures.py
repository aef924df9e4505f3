"""Each mail of this folder is read as the Message that is written down beside it."""

import json
from pathlib import Path

import pytest

from bot.mail.parse import parse
from tests.mail.reading import FOLDER, as_sent, told

MAILS = sorted(FOLDER.glob("*.eml"))


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_mail_is_read_as_it_was_approved(path: Path):
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert told(parse(as_sent(path))) == expected


def test_every_expectation_has_its_mail():
    assert {path.stem for path in FOLDER.glob("*.json")} == {path.stem for path in MAILS}


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_line_ends_and_a_second_look_change_nothing(path: Path):
    assert told(parse(path.read_bytes())) | {"attachments": []} == told(parse(as_sent(path))) | {
        "attachments": []
    }
    assert parse(as_sent(path)) == parse(as_sent(path))
