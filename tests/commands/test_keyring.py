"""Encryption at rest as the person who runs the bot meets it: nobody is found in what lies on the disks."""

import hashlib
import shutil
import smtplib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from store.key_places import place_of
from store.keyring import Keyring, sealing_with
from store.same_person import traits
from tests.flow.letters import ACCESS, ERASURE, VAGUE, mail
from tests.postgres import shared_server
from tests.processes import DESK, BotProcess, wait_for

PEOPLE = {
    "Philippa Greenwood": "philippa.greenwood@mail.example",
    "Quentin Abernathy": "quentin@abernathy.example",
}
SUBJECT = "Concerning the Winchester matter"
WORDS = "My neighbour Mortimer told me about the bungalow."
TOLD = (*PEOPLE, *PEOPLE.values(), SUBJECT, "Mortimer", "bungalow", "Greenwood", "abernathy")

Opened = Callable[[BotProcess], BotProcess]


@pytest.fixture
def encrypted(tmp_path: Path) -> Callable[[str], BotProcess]:
    """Make a bot whose keyring has a master key."""

    def make(casebook: str = "tinydb") -> BotProcess:
        bot = BotProcess(tmp_path / "bot", casebook=casebook, keyring=tmp_path / "keys")
        bot.write_settings()
        done = bot.command("keyring", "init")
        assert done.returncode == 0, done.stderr
        return bot

    return make


def write_in(bot: BotProcess) -> None:
    """Two people write about their data, one of them twice, and a newsletter comes."""
    (name, address), (other, elsewhere) = PEOPLE.items()
    mails = [
        mail(f"{ACCESS} {WORDS}", sender=f"{name} <{address}>", subject=SUBJECT),
        mail(f"{ERASURE} {WORDS}", sender=f"{other} <{elsewhere}>", subject=SUBJECT),
        mail(f"{VAGUE} {WORDS}", sender=f"{name} <{address}>", subject=SUBJECT),
        mail(WORDS, sender=f"{other} <{elsewhere}>", subject=SUBJECT, Precedence="bulk"),
    ]
    for raw in mails:
        with smtplib.SMTP("127.0.0.1", bot.port, timeout=20) as wire:
            wire.sendmail(address, [DESK], raw.replace("\n", "\r\n"))
    wait_for(lambda: bot.ask("reconcile")[0]["accepted"] == len(mails))
    wait_for(lambda: bot.ask("reconcile")[0]["ends"]["waiting"] == 0)
    bot.wait_until_quiet(2)


def lying_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file, names included; the outgoing Maildir is what the relay takes away."""
    for path in folder.rglob("*"):
        if path.is_file() and "outgoing" not in path.parts:
            yield path.name, path.read_bytes()


def standing_in(url: str) -> Iterator[tuple[str, bytes]]:
    """Yield every row of every table, binary columns as they are."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                yield table, b" ".join(v if isinstance(v, bytes) else repr(v).encode() for v in row)


def find(told: str, where: Iterator[tuple[str, bytes]]) -> list[str]:
    return [name for name, data in where if told.lower().encode() in data.lower() or told in name]


@pytest.mark.slow
def test_nobody_who_wrote_is_found_in_the_data_folder(encrypted: Callable[[], BotProcess]):
    with encrypted() as bot:
        bot.start()
        write_in(bot)
        assert bot.process is not None
        assert {t: found for t in TOLD if (found := find(t, lying_in(bot.data)))} == {}
        shown = bot.command("show", bot.ask("cases")[0]["ref"]).stdout
        assert "bungalow" in shown, "whoever may look sees it all the same"
        assert bot.stop() == 0
    assert {t: found for t in TOLD if (found := find(t, lying_in(bot.data)))} == {}
    assert {case["requester"]["address"] for case in bot.ask("cases")} == {*PEOPLE.values()}
    assert bot.ask("reconcile")[0]["adds_up"]
    log = (bot.folder / "bot.log").read_text()
    assert [told for told in TOLD if told in log] == []


@pytest.mark.slow
def test_nobody_who_wrote_is_found_or_can_be_tried_out_in_the_database(
    encrypted: Callable[[str], BotProcess],
):
    url = shared_server().schema()
    with encrypted(url) as bot:
        bot.start()
        write_in(bot)
        assert bot.stop() == 0
    assert bot.ask("reconcile")[0]["adds_up"]
    guesses = [t for name, address in PEOPLE.items() for t in (*traits(name, address), address)]
    hashes = [hashlib.sha256(guess.encode()).hexdigest() for guess in guesses]
    for told in (*TOLD, *hashes):
        assert find(told, standing_in(url)) == []
        assert find(told, lying_in(bot.data)) == []
    held = bot.ask("person", "philippa.greenwood@mail.example")[0]
    assert "bungalow" in str(held["cases"][0]["messages"])


@pytest.mark.slow
def test_a_wrong_or_missing_keyring_stops_everything_with_one_sentence(
    encrypted: Callable[[], BotProcess], tmp_path: Path
):
    with encrypted() as bot:
        bot.start()
        assert bot.stop() == 0
    keys = tmp_path / "keys"
    other = BotProcess(tmp_path / "other", keyring=tmp_path / "other keys")
    other.write_settings()
    assert other.command("keyring", "init").returncode == 0
    hidden = tmp_path / "hidden"

    def says(sentence: str) -> None:
        bot.write_settings()
        for words in (["run"], ["cases"], ["check"], ["export", str(tmp_path / "out")]):
            done = bot.command(*words)
            assert done.returncode == 1, words
            (line,) = done.stderr.splitlines()
            assert sentence in line
            assert "Traceback" not in done.stderr

    bot.keyring = other.keyring
    says("the data folder is encrypted with another keyring")
    bot.keyring = None
    says("the data folder is encrypted: set data.keyring")
    bot.keyring = keys
    for part in ("masters/000001.master", "own/house.keys"):
        (keys / part).rename(hidden)
        says("put it back")
        hidden.rename(keys / part)
    shutil.copy(keys / "masters/000001.master", hidden)
    shutil.copy(tmp_path / "other keys/masters/000001.master", keys / "masters/000001.master")
    says("was not made with the master key")
    shutil.copy(hidden, keys / "masters/000001.master")
    assert bot.command("cases").returncode == 0


@pytest.fixture
def in_clear(tmp_path: Path) -> BotProcess:
    """Make a bot that has worked in clear, and then been given a keyring."""
    with BotProcess(tmp_path / "bot") as bot:
        bot.start()
        write_in(bot)
        assert bot.stop() == 0
    assert all(find(told, lying_in(bot.data)) for told in TOLD), "the search finds what is there"
    bot.keyring = tmp_path / "keys"
    bot.write_settings()
    assert bot.command("keyring", "init").returncode == 0
    return bot


def cases_in_clear(bot: BotProcess) -> list[dict[str, Any]]:
    clear = BotProcess(bot.folder, keyring=bot.data)
    clear.write_settings()
    found = clear.ask("cases")
    bot.write_settings()
    return found


@pytest.mark.slow
def test_a_data_folder_in_clear_is_not_mixed_with_a_sealed_one_which_is_made_of_it(
    in_clear: BotProcess, tmp_path: Path
):
    assert "is not encrypted: `keyring encrypt`" in in_clear.command("cases").stderr
    done = in_clear.command("keyring", "encrypt", str(tmp_path / "new"))
    assert done.returncode == 0, done.stderr
    sealed = BotProcess(tmp_path / "sealed", keyring=tmp_path / "keys")
    sealed.write_settings()
    (tmp_path / "new").rename(sealed.data)
    assert {t: found for t in TOLD if (found := find(t, lying_in(sealed.data)))} == {}
    assert (sealed.data / "outgoing").exists()
    assert not (sealed.data / "block-list.key").exists()
    assert sealed.ask("cases") == cases_in_clear(in_clear)
    assert sealed.ask("reconcile")[0]["adds_up"]


@pytest.mark.slow
def test_it_moves_into_encryption_and_out_of_it_by_a_file_in_clear(
    in_clear: BotProcess, tmp_path: Path
):
    plain, keys = cases_in_clear(in_clear), tmp_path / "keys"
    shutil.copy(in_clear.data / "block-list.key", keys)
    for number, (there, keyring) in enumerate([("sealed", keys), ("clear", None)]):
        file = tmp_path / f"everything {number}"
        if number == 0:
            in_clear.keyring = None
            in_clear.write_settings()
        done = in_clear.command("export", str(file))
        assert "personal data in clear" in done.stderr
        assert file.stat().st_mode & 0o777 == 0o600
        in_clear = BotProcess(tmp_path / there, keyring=keyring)
        in_clear.write_settings()
        if keyring is None:
            in_clear.data.mkdir()
            shutil.copy(keys / "block-list.key", in_clear.data)
        assert in_clear.command("import", str(file)).returncode == 0
        assert in_clear.ask("cases") == plain
        assert in_clear.ask("reconcile")[0]["adds_up"]


@pytest.mark.slow
def test_an_erased_case_does_not_come_back_with_a_backup_and_is_no_damage(
    encrypted: Callable[[], BotProcess], tmp_path: Path
):
    with encrypted() as bot:
        bot.start()
        write_in(bot)
        assert bot.command("backup", str(tmp_path / "backup")).returncode == 0
        assert bot.stop() == 0
    first, *others = [case["ref"] for case in bot.ask("cases")]
    assert bot.keyring is not None
    Keyring(bot.keyring).destroy(first)
    again = BotProcess(tmp_path / "again", keyring=bot.keyring)
    again.write_settings()
    done = bot.command("restore", str(tmp_path / "backup"), "--into", str(again.data))
    assert done.returncode == 0, done.stderr
    assert "1 cases were erased since" in done.stdout
    assert [case["ref"] for case in again.ask("cases")] == others
    assert again.ask("reconcile")[0]["adds_up"]
    assert again.ask("keyring", "status")[0]["retired"] == 1


@pytest.mark.slow
def test_a_case_key_that_is_damaged_names_its_case(encrypted: Callable[[], BotProcess]):
    with encrypted() as bot:
        bot.start()
        write_in(bot)
        assert bot.stop() == 0
    ref = bot.ask("cases")[0]["ref"]
    assert bot.keyring is not None
    place = place_of(bot.keyring, ref)
    with place.path.open("r+b") as file:
        file.seek(place.at)
        file.write(b"?")
    for words in (["run"], ["cases"]):
        done = bot.command(*words)
        assert done.stderr.splitlines() == [
            f"privacy-intake: the key of {ref} is damaged: put it back from a backup of the keyring"
        ]
    status = bot.command("keyring", "status")
    assert status.returncode == 1
    assert ref in status.stdout


def test_a_keyring_is_not_made_where_backups_of_the_data_would_hold_it(tmp_path: Path):
    bot = BotProcess(tmp_path / "bot", keyring=tmp_path / "bot" / "data" / "keys")
    bot.write_settings()
    done = bot.command("keyring", "init")
    assert done.returncode == 1
    assert "data.keyring lies in data.dir" in done.stderr
    assert sealing_with(bot.keyring).keyring_id == ""


@pytest.mark.slow
def test_the_master_key_is_changed_while_the_bot_works(encrypted: Callable[[], BotProcess]):
    with encrypted() as bot:
        bot.start()
        assert bot.command("keyring", "rotate").returncode == 0
        write_in(bot)
        assert bot.command("keyring", "rotate").returncode == 0
        assert bot.stop() == 0
    assert bot.ask("keyring", "status")[0]["masters"] == [3]
    assert len(bot.ask("cases")) == 3
