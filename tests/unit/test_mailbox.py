"""What the mailbox door says to a server, and what it believes of it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.config import Config, ConfigError, load
from bot.mail.login import imap_faults
from bot.mail.mailbox import at, imap_date, quoted

GOOD = {"host": "imap.acme.example", "user": "desk", "password_file": "/nowhere/password"}


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("INBOX", '"INBOX"'),
        ("Taken & in", '"Taken &- in"'),
        ('a "b" \\c', '"a \\"b\\" \\\\c"'),
        ("Gelöscht", '"Gel&APY-scht"'),
        ("台北", '"&U,BTFw-"'),
    ],
)
def test_a_folder_is_named_as_the_server_knows_it(folder: str, said: str):
    """The last name is an example of RFC 3501 5.1.3."""
    assert quoted(folder) == said


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        (b" 2-Nov-2026 10:30:00 +0100", datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
        (b"31-Dec-2026 23:30:00 -0500", datetime(2027, 1, 1, 4, 30, tzinfo=UTC)),
    ],
)
def test_the_day_of_receipt_is_the_servers_own(text: bytes, instant: datetime):
    assert at(text) == instant
    assert imap_date(date(2026, 11, 2)) == "2-Nov-2026"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"user": ""}, "needs a user"),
        ({"password_file": None}, "needs a password_file, or oauth"),
        ({"tls": "none"}, "only a server on this machine"),
        ({"done": "delete"}, "must be flag or move:FOLDER"),
        ({"done": "move:"}, "must be flag or move:FOLDER"),
        ({"oauth": {"token_url": "http://login.example/token"}}, "must begin with https"),
        ({"poll_seconds": 0}, "greater than 0"),
    ],
)
def test_a_mailbox_that_cannot_be_or_would_tell_a_password_is_refused(
    given: dict[str, object], sentence: str
):
    with pytest.raises(ValueError, match=sentence):
        Config.model_validate({"imap": {**GOOD, **given}})
    assert Config.model_validate({"imap": GOOD}).imap.host == GOOD["host"]


def test_a_file_that_is_not_there_is_said_before_anything_starts():
    (fault,) = imap_faults(Config.model_validate({"imap": GOOD}).imap)
    assert fault == "imap.password_file: /nowhere/password: No such file or directory"


@pytest.mark.parametrize(
    "text",
    [
        '[imap]\npassword = "x"',
        '[imap.oauth]\nclient_secret = "x"',
        '[mail]\nrelay_password = "x"',
    ],
)
def test_no_secret_stands_in_the_settings_themselves(tmp_path: Path, text: str):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match="a secret does not belong in the file"):
        load(path, {})


def test_a_secret_is_not_shown(capsys: pytest.CaptureFixture[str]):
    config = load(None, {"PRIVACY_INTAKE_IMAP__PASSWORD": "a secret word"})
    print(config)
    assert "a secret word" not in capsys.readouterr().out
