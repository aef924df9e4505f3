"""The desk's commands as a person types them: each does what it says, in the words of the README."""

import csv
import smtplib
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from replies.preview import samples
from tests.flow.letters import ACCESS, mail
from tests.processes import DESK, BotProcess, wait_for


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with BotProcess(tmp_path_factory.mktemp("bot")) as running:
        running.start()
        with smtplib.SMTP("127.0.0.1", running.port) as wire:
            raw = mail(ACCESS).replace("\n", "\r\n")
            wire.sendmail("ann@mail.example", [DESK], raw)
        wait_for(lambda: len(running.ask("cases")) == 1)
        yield running
        assert running.stop() == 0


@pytest.fixture(scope="module")
def ref(bot: BotProcess) -> str:
    return str(bot.ask("cases")[0]["ref"])


@pytest.mark.slow
def test_a_case_is_claimed_noted_and_paused_by_hand(bot: BotProcess, ref: str):
    assert bot.ask("claim", ref)[0]["owner"]
    assert bot.ask("note", ref, "she will call on Monday")[0]["events"][-1]["kind"] == "noted"
    (asked,) = bot.ask("ask", ref, "clarification", "--by", "phone", "--question", "Which?")
    assert asked["state"] == "waiting"
    (supplied,) = bot.ask("supplied", ref, "clarification")
    assert supplied["state"] == "open"
    assert supplied["requests"][0]["paused_days"] == 0  # the day of receipt is not counted anyway


def test_the_clock_is_stopped_and_restarted_by_hand(bot: BotProcess, ref: str):
    (stopped,) = bot.ask("stop", ref, "--question", "Which account?")
    assert stopped["state"] == "waiting"
    assert bot.ask("restart", ref, "--how", "on the phone")[0]["state"] == "open"


@pytest.mark.slow
def test_a_request_is_split_off_and_merged_again(bot: BotProcess):
    words = ("--received", "2026-11-20", "--right", "erasure", "--right", "access")
    (two,) = bot.ask("open", *words, "--name", "Cy Twin", "--identifier", "AB-1234")
    (new,) = bot.ask("split", two["ref"], "--request", "1")
    assert [r["right"] for r in new["requests"]] == ["erasure"]
    (merged,) = bot.ask("merge", two["ref"], new["ref"])
    assert [r["right"] for r in merged["requests"]] == ["erasure", "access", "erasure"]
    shown = bot.command("cases", new["ref"]).stdout
    assert f"Goes on in {two['ref']}" in shown


def test_what_if_is_told_in_sentences(bot: BotProcess, ref: str):
    shown = bot.command("what-if", ref, "--if-extended")
    assert shown.returncode == 0
    assert "nothing was changed" in shown.stdout


def test_a_request_told_by_phone_is_opened(bot: BotProcess):
    words = ("--received", "2026-11-20", "--right", "erasure", "--name", "Bob", "--by", "phone")
    (view,) = bot.ask("open", *words)
    assert (view["channel"], view["received_on"]) == ("phone", "2026-11-20")
    assert view["letters"] == []


def test_open_wants_to_know_what(bot: BotProcess):
    assert bot.command("open").returncode == 2


def test_the_register_is_written_and_taken_in(bot: BotProcess, tmp_path: Path):
    out = tmp_path / "register.csv"
    assert bot.command("register", "--out", str(out)).returncode == 0
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["right"] for row in rows} >= {"access", "erasure"}
    out.write_text(out.read_text().replace("DP-", "DP-1"))
    with BotProcess(tmp_path / "other") as other:
        other.write_settings()
        taken = other.ask("register", "--take-in", str(out))
    assert len(taken) == len({row["ref"] for row in rows})


def test_a_register_without_its_columns_is_refused(bot: BotProcess, tmp_path: Path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    done = bot.command("register", "--take-in", str(wrong))
    assert done.returncode == 1
    assert "there is no column received_at or right" in done.stderr


@pytest.mark.slow
def test_a_requesters_text_is_no_formula_in_the_register(bot: BotProcess):
    words = ("--received", "2026-11-20", "--right", "access", "--name", "=HYPERLINK(1)")
    bot.ask("open", *words)
    assert "'=HYPERLINK" in bot.command("register").stdout


def test_the_calendar_is_the_one_in_force(bot: BotProcess):
    assert bot.command("calendar").stdout == "the holiday list is the one in force\n"


def test_a_draft_is_extended_taken_back_and_cannot_be_sent_then(bot: BotProcess, ref: str):
    words = ("--ground", "complexity", "--reasons", "The records lie in several old archives.")
    (view,) = bot.ask("extend", ref, *words)
    letter = view["letters"][-1]
    assert letter["status"] == "draft"
    assert bot.ask("take-back", ref, letter["id"])[0]["letters"][-1]["status"] == "failed"
    assert bot.command("release", ref, letter["id"]).returncode == 1


def test_letters_are_shown_word_for_word(bot: BotProcess, ref: str):
    listed = bot.ask("letters", ref)
    assert listed[0]["kind"] == "acknowledgement"
    assert "text" not in listed[0]
    (one,) = bot.ask("letters", ref, listed[0]["id"])
    assert ref in one["text"]
    assert one["version"]


def test_every_kind_of_letter_is_written_for_review(bot: BotProcess, tmp_path: Path):
    done = bot.command("letter", "--all", "--out", str(tmp_path / "letters"))
    assert done.returncode == 0
    written = {path.suffix for path in (tmp_path / "letters").iterdir()}
    assert written == {".eml", ".html"}
    mails = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "letters").glob("*.eml")]
    assert len(mails) == len(samples())
    assert all(mail["Subject"] and mail.is_multipart() for mail in mails)


def test_one_kind_of_letter_is_shown(bot: BotProcess):
    assert "Subject: " in bot.command("letter", "refusal").stdout
    unknown = bot.command("letter", "love")
    assert unknown.returncode == 1
    assert "there is no letter 'love'" in unknown.stderr


@pytest.mark.slow
def test_a_letter_is_looked_at_written_and_sent(bot: BotProcess, ref: str, tmp_path: Path):
    shown = bot.command("letter", "no_data_held", "--case", ref)
    assert shown.returncode == 0
    assert "still to be said: searched: where and for what was searched" in shown.stdout
    assert ref in shown.stdout
    assert bot.command("write", ref, "no_data_held").returncode == 1
    (view,) = bot.ask("write", ref, "no_data_held", "--field", "searched=Our orders = all of them.")
    assert view["letters"][-1]["status"] == "draft"
    facts = tmp_path / "facts.toml"
    facts.write_text('done_on = 2026-11-27\nsearched = "Our orders."\n')
    refused = bot.command("write", ref, "no_data_held", "--facts", str(facts))
    assert refused.returncode == 1
    assert "a no_data_held letter has no done_on" in refused.stderr
    facts.write_text('searched = "Our orders."\n')
    assert bot.command("write", ref, "no_data_held", "--facts", str(facts)).returncode == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--field", "searched"), "is not NAME=VALUE"),
        (("--facts", "{folder}/broken.json"), "Expecting"),
        (("--facts", "{folder}/list.json"), "does not name facts"),
    ],
    ids=str,
)
def test_facts_that_cannot_be_read_are_refused(
    bot: BotProcess, ref: str, tmp_path: Path, given: tuple[str, str], sentence: str
):
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "list.json").write_text("[]")
    words = [word.format(folder=tmp_path) for word in given]
    done = bot.command("write", ref, "no_data_held", *words)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.replace("│", "").split())


@pytest.mark.slow
def test_the_list_of_letters_names_the_version_and_what_became_of_each(bot: BotProcess, ref: str):
    listed = bot.ask("letters", ref)
    assert all(len(row["version"]) == 16 for row in listed)
    assert listed[0]["went_at"]
    every = bot.command("letters", ref).stdout
    assert f"in the words of version {listed[0]['version']}" in every
    assert "sent by bot" in every
    shown = bot.command("letters", ref, listed[0]["id"]).stdout
    assert shown.startswith(f"To: {listed[0]['to']}")


def test_own_words_that_leave_out_what_a_letter_owes_are_refused_by_check(tmp_path: Path):
    words = tmp_path / "words" / "en" / "acknowledgement"
    words.mkdir(parents=True)
    (words / "letter.txt").write_text("Subject: Thanks\n\n# Thanks\n\nWe have it.\n")
    bot = BotProcess(tmp_path, more=f'[replies]\noverrides = "{tmp_path / "words"}"\n')
    bot.write_settings()
    done = bot.command("check")
    assert done.returncode == 1
    assert "replies.overrides: en/acknowledgement/letter.txt:1:" in done.stderr


class TestTheBlockList:
    @pytest.mark.slow
    def test_an_address_is_blocked_answered_for_and_lifted(self, bot: BotProcess):
        words = ("Bob+x@mail.example", "--why", "rang us")
        (entry,) = bot.ask("blocklist", "add", *words)
        assert entry["scope"] == "marketing"
        assert "blocked since" in bot.command("blocklist", "check", "bob@MAIL.example").stdout
        assert "lifted" not in bot.command("blocklist", "list").stdout
        bot.ask("blocklist", "remove", "bob@mail.example", "--why", "rang again")
        assert bot.command("blocklist", "check", "bob@mail.example").stdout == "not listed\n"
        assert "lifted by" in bot.command("blocklist", "list").stdout
        exported = bot.command("blocklist", "export").stdout
        assert entry["digest"] in exported
        assert "mail.example" not in exported
        (counted,) = bot.ask("blocklist", "list", "--checks")
        assert counted["checks"] == "2"

    @pytest.mark.slow
    def test_a_list_is_screened_row_by_row(self, bot: BotProcess, tmp_path: Path):
        bot.ask("blocklist", "add", "cy@mail.example", "--why", "by post")
        path, out = tmp_path / "list.csv", tmp_path / "out.csv"
        path.write_text("name,email\nCy,CY@mail.example\nDi,di@mail.example\nEd,\nFay\n")
        done = bot.command("blocklist", "check", "--file", str(path), "--out", str(out))
        assert done.stdout == "4 rows: 1 blocked, 1 not listed, 2 no address\n"
        with out.open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["name"] for row in rows] == ["Cy", "Di", "Ed", "Fay"]
        assert rows[0]["block_list"].startswith("blocked since ")
        assert [r["block_list"] for r in rows[1:]] == ["not listed", "no address", "no address"]
        listed = bot.ask("blocklist", "check", "--file", str(path))
        assert [line.get("row") for line in listed] == [2, 4, 5, None]
        assert listed[-1] == {"rows": 4, "blocked": 1, "not listed": 1, "no address": 2}

    def test_a_list_that_is_none_is_refused(self, bot: BotProcess, tmp_path: Path):
        path = tmp_path / "list.csv"
        path.write_text("name,address\nCy,cy@mail.example\n")
        done = bot.command("blocklist", "check", "--file", str(path))
        assert done.returncode == 1
        assert "there is no column 'email'; there are name, address" in done.stderr
        path.write_bytes(b"email\n\xff\xfe\n")
        assert bot.command("blocklist", "check", "--file", str(path)).returncode == 1
        assert bot.command("blocklist", "check").returncode == 2


def test_what_is_held_about_somebody_is_shown_and_written_as_a_page(
    bot: BotProcess, ref: str, tmp_path: Path
):
    page = tmp_path / "page.html"
    shown = bot.command("person", "ANN@mail.example", "--out", str(page))
    assert f"{ref}  " in shown.stdout
    assert "1 messages" in shown.stdout
    assert ref in page.read_text()
    assert page.stat().st_mode & 0o777 == 0o600
    (view,) = bot.ask("person", "ann@mail.example")
    assert view["cases"][0]["ref"] == ref
    assert bot.command("person", "zoe@mail.example").stdout == "nothing is held\n"
