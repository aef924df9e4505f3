"""What a message asks, from the command line: a text, a mail, a mailbox, a Maildir."""

from pathlib import Path

import pytest

from bot.mail_readings import LARGE
from tests.flow.letters import ACCESS, ERASURE, INVOICE, mail
from tests.processes import BotProcess


@pytest.fixture
def bot(tmp_path: Path) -> BotProcess:
    process = BotProcess(tmp_path / "home")
    process.write_settings()
    return process


def mbox(path: Path, *mails: str) -> Path:
    path.write_text("".join(f"From a@b.example Mon Nov  2 09:30:00 2026\n{m}\n" for m in mails))
    return path


def maildir(folder: Path, *mails: str) -> Path:
    for place in ("cur", "new", "tmp"):
        (folder / place).mkdir(parents=True)
    for number, each in enumerate(mails):
        (folder / "new" / f"176000000{number}.a.host").write_text(each)
    return folder


@pytest.mark.slow
def test_each_mail_of_a_mailbox_is_one_line(bot: BotProcess, tmp_path: Path):
    mails = [mail(ACCESS, subject="File"), mail(INVOICE, subject="Plants")]
    mails.append(mail("Please delete my account, all of it.", subject="Delete me"))
    for path in (mbox(tmp_path / "box", *mails), maildir(tmp_path / "Mail", *mails)):
        lines = bot.command("classify", "--file", str(path)).stdout.splitlines()
        assert [line.partition(":")[0] for line in lines] == ["access", "other", "erasure"]
        assert "Plants" in lines[1]
        read = bot.ask("classify", "--file", str(path))
        assert [each["labels"] for each in read] == [["access"], ["other"], ["erasure"]]
        assert all(each["id"].endswith(".test@mail.example>") for each in read)


@pytest.mark.slow
def test_explained_it_says_why_and_what_else_was_read(bot: BotProcess, tmp_path: Path):
    eml = tmp_path / "one.eml"
    eml.write_text(
        mail(f"I write on behalf of my mother, Jean Sallow. {ACCESS} Reply within 9 days.")
    )
    said = bot.command("classify", "--explain", "--file", str(eml)).stdout
    for part in ("agent", "on behalf of: Jean Sallow", "because: access", "answer: within 9 days"):
        assert part in said
    assert "because" not in bot.command("classify", "--file", str(eml)).stdout
    assert "because: access" in bot.command("classify", ACCESS, "--explain").stdout


@pytest.mark.slow
def test_a_text_is_a_text_and_what_is_not_there_is_refused(bot: BotProcess, tmp_path: Path):
    text = tmp_path / "words.txt"
    text.write_text(ERASURE)
    assert "erasure" in bot.command("classify", "--file", str(text)).stdout
    refused = bot.command("classify", "--file", str(tmp_path / "gone"))
    assert (refused.returncode, "no such file" in refused.stderr) == (1, True)


@pytest.mark.slow
def test_a_large_mailbox_is_read_to_its_end(bot: BotProcess, tmp_path: Path):
    long = mail(f"{ACCESS}\n" + "and so on " * (LARGE // 40))
    lines = bot.command("classify", "--file", str(mbox(tmp_path / "large", *[long] * 5))).stdout
    assert len(lines.splitlines()) == 5
