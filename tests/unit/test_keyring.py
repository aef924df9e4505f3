"""The keyring: a key is made once, stays while it is needed, and is gone when it is destroyed."""

import random
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.files import partial_of
from store.key_care import back_up, rotate, stale, status
from store.key_places import place_of
from store.keyring import Keyring, make_keyring, open_keyring
from store.sealing import HOUSE, SealError, Sealing
from store.wrapping import KeyringError
from tests.processes import ROOT

REF = "DP-2026-000001"
NOW = datetime(2026, 11, 27, 16, 40, tzinfo=UTC)

MAKING_KEYS = """
import sys
import time
from itertools import count
from pathlib import Path
from store.keyring import Keyring
keyring = Keyring(Path(sys.argv[1]))
for number in count(int(sys.argv[2])):
    keyring.for_sealing(f"made-{number}")
    print(number, flush=True)
    time.sleep(0.02)
"""
ROTATING = """
import sys
from pathlib import Path
from store.key_care import rotate
from store.keyring import Keyring
while True:
    rotate(Keyring(Path(sys.argv[1])), lambda done, of: print(done, flush=True))
"""


def ignore(_done: int, _of: int) -> None:
    pass


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return make_keyring(tmp_path / "keys")


def again(keyring: Keyring) -> Keyring:
    """Open the same folder as another bot does."""
    return Keyring(keyring.folder)


def record_of(keyring: Keyring, ref: str) -> bytes:
    return keyring._record(ref)


def change(keyring: Keyring, ref: str, record: bytes) -> None:
    """Write over the beginning of a key."""
    place = place_of(keyring.folder, ref)
    with place.path.open("r+b") as file:
        file.seek(place.at)
        file.write(record)


def letter(keyring: Keyring, ref: str = REF) -> tuple[str, bytes]:
    return Sealing(keyring).sealed(ref, "cases/x", b"Dear Ann Other")


def test_without_a_master_key_it_is_the_folder_of_the_block_list_alone(tmp_path: Path):
    (tmp_path / "block-list.key").write_text("known\n")
    assert open_keyring(tmp_path) is None
    assert open_keyring(tmp_path / "nowhere") is None
    assert open_keyring(None) is None


def test_what_one_bot_seals_another_opens(keyring: Keyring):
    name, data = letter(keyring)
    assert b"Ann" not in data
    assert Sealing(again(keyring)).opened(name, "cases/x", data) == b"Dear Ann Other"
    assert again(keyring).id == keyring.id


def test_bots_that_need_a_key_at_the_same_moment_have_the_same(keyring: Keyring):
    bots = [again(keyring) for _ in range(8)]
    with ThreadPoolExecutor(8) as at_once:
        sealed = list(at_once.map(letter, bots))
    assert all(
        Sealing(bot).opened(name, "cases/x", data) == b"Dear Ann Other"
        for bot in bots
        for name, data in sealed
    )


def test_it_opens_only_in_its_own_place_and_unchanged(keyring: Keyring):
    sealing = Sealing(keyring)
    name, data = letter(keyring)
    with pytest.raises(SealError, match="cases/y is not what was sealed"):
        sealing.opened(name, "cases/y", data)
    with pytest.raises(SealError):
        sealing.opened(HOUSE, "cases/x", data)
    for at in range(len(data)):
        changed = bytes([*data[:at], data[at] ^ 1, *data[at + 1 :]])
        with pytest.raises(SealError):
            sealing.opened(name, "cases/x", changed)


def test_a_destroyed_key_opens_nothing_for_anybody_and_is_not_made_again(keyring: Keyring):
    name, data = letter(keyring)
    other = letter(keyring, "DP-2026-000002")
    wrapped = record_of(keyring, REF)
    keyring.destroy(REF)
    keyring.destroy(REF)
    for sealing in (Sealing(keyring), Sealing(again(keyring))):
        assert sealing.opened(name, "cases/x", data) is None
        assert sealing.opened(other[0], "cases/x", other[1]) is not None
        assert sealing.gone() == [REF]
        assert letter(keyring)[0] == HOUSE
    assert all(wrapped not in p.read_bytes() for p in keyring.folder.rglob("*") if p.is_file())


def test_what_stays_of_a_case_is_saved_between_retiring_its_key_and_destroying_it(keyring: Keyring):
    before = letter(keyring)
    keyring.retire(REF)
    stays = letter(keyring)
    assert Sealing(keyring).opened(before[0], "cases/x", before[1]) == b"Dear Ann Other"
    keyring.destroy(REF)
    assert Sealing(again(keyring)).opened(stays[0], "cases/x", stays[1]) == b"Dear Ann Other"


def test_a_destruction_that_was_broken_off_is_one_all_the_same(keyring: Keyring):
    name, data = letter(keyring)
    keyring.retire(REF)
    change(keyring, REF, b"half overwritt")
    assert Sealing(again(keyring)).opened(name, "cases/x", data) is None


def test_a_lost_or_damaged_key_is_named_with_its_case(keyring: Keyring):
    name, data = letter(keyring)
    change(keyring, REF, b"?")
    with pytest.raises(KeyringError, match=f"the key of {REF} is damaged"):
        Sealing(again(keyring)).opened(name, "cases/x", data)
    assert status(again(keyring)).faults == (
        f"the key of {REF} is damaged: put it back from a backup of the keyring",
    )
    place_of(keyring.folder, REF).path.unlink()
    with pytest.raises(KeyringError, match=f"the key of {REF} is missing"):
        Sealing(again(keyring)).opened(name, "cases/x", data)


def test_keys_of_two_cases_that_are_exchanged_are_noticed(keyring: Keyring):
    name, data = letter(keyring)
    letter(keyring, "DP-2026-000002")
    change(keyring, REF, record_of(keyring, "DP-2026-000002"))
    with pytest.raises(KeyringError, match=REF):
        Sealing(again(keyring)).opened(name, "cases/x", data)


def test_a_missing_or_damaged_or_other_master_key_is_said_in_a_sentence(
    keyring: Keyring, tmp_path: Path
):
    master = keyring.folder / "masters" / "000001.master"
    whole = master.read_bytes()
    other = make_keyring(tmp_path / "other").folder / "masters" / "000001.master"
    for wrong, said in (
        (other.read_bytes(), "was not made with the master key"),
        (whole[:-5] + (b"1" if whole[-5:-4] == b"0" else b"0") + whole[-4:], "is damaged"),
    ):
        master.write_bytes(wrong)
        with pytest.raises(KeyringError, match=said):
            again(keyring)
    master.unlink()
    with pytest.raises(KeyringError, match="no master key"):
        open_keyring(keyring.folder)
    with pytest.raises(KeyringError, match="is a keyring already"):
        make_keyring(keyring.folder)


def test_making_one_that_was_broken_off_is_done_again(tmp_path: Path):
    made = make_keyring(tmp_path / "keys")
    for name in ("look-ups", "spool"):
        (made.folder / "own" / f"{name}.keys").unlink()
    with pytest.raises(KeyringError, match="put it back"):
        Keyring(made.folder)
    assert make_keyring(made.folder).fault_of(HOUSE) == ""


def test_after_a_change_of_the_master_key_everything_opens_and_the_old_one_is_gone(
    keyring: Keyring,
):
    sealed = [letter(keyring, f"DP-2026-{n:06}") for n in range(50)]
    bystander = again(keyring)
    old = (keyring.folder / "masters" / "000001.master").read_bytes()
    rotate(keyring, ignore)
    assert keyring.masters.numbers == [2]
    assert not any(old in p.read_bytes() for p in keyring.folder.rglob("*") if p.is_file())
    for opener in (keyring, bystander, again(keyring)):
        for name, data in sealed:
            assert Sealing(opener).opened(name, "cases/x", data) == b"Dear Ann Other"
    name, data = letter(bystander, "DP-2026-000999")
    assert Sealing(again(keyring)).opened(name, "cases/x", data) == b"Dear Ann Other"


def test_a_key_destroyed_during_the_change_does_not_come_back(keyring: Keyring):
    letter(keyring)
    other = again(keyring)
    name, data = letter(keyring)
    rotate(keyring, lambda _done, _of: other.destroy(REF))
    rotate(keyring, ignore)
    assert Sealing(again(keyring)).opened(name, "cases/x", data) is None


@pytest.mark.crash
def test_changes_of_the_master_key_and_making_of_keys_are_killed_at_any_moment(keyring: Keyring):
    chance, made = random.Random(20261122), 0
    refs = [f"DP-{year}-000001" for year in range(2020, 2024)] + [f"other {n}" for n in range(20)]
    sealed = [letter(keyring, ref) for ref in refs]
    for _ in range(20):
        programs = [[ROTATING, str(keyring.folder)], [MAKING_KEYS, str(keyring.folder), str(made)]]
        running = [
            subprocess.Popen(
                [sys.executable, "-c", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
            )
            for words in programs
        ]
        for process in running:
            assert process.stdout is not None
            process.stdout.readline()
        time.sleep(chance.uniform(0, 0.6))
        for process in running:
            process.kill()
        told = running[1].communicate()[0].split()
        running[0].communicate()
        made = max(made, *map(int, told), 0) + 1 if told else made + 1
        found = status(again(keyring))
        assert found.faults == ()
        assert found.keys >= made
        for name, data in sealed:
            assert Sealing(again(keyring)).opened(name, "cases/x", data) == b"Dear Ann Other"
    rotate(again(keyring), ignore)
    assert len(again(keyring).masters.numbers) == 1
    assert max(again(keyring).masters.numbers) > 2, "hardly a change came to its end"


def test_a_backup_names_its_date_and_is_told_of_when_it_is_old(keyring: Keyring, tmp_path: Path):
    name, data = letter(keyring)
    place = back_up(keyring, tmp_path / "away", NOW)
    assert place.name == "keyring-20261127T164000Z"
    assert list(stale(keyring.folder, NOW + timedelta(days=30))) == []
    (said,) = stale(keyring.folder, NOW + timedelta(days=31))
    assert str(place) in said
    assert "27 November 2026" in said
    keyring.destroy(REF)
    assert Sealing(Keyring(place)).opened(name, "cases/x", data) == b"Dear Ann Other"
    shutil.rmtree(place)
    assert list(stale(keyring.folder, NOW + timedelta(days=31))) == []


def test_what_a_crash_left_of_a_change_of_the_master_key_goes_with_the_key(keyring: Keyring):
    letter(keyring)
    path = place_of(keyring.folder, REF).path
    left = partial_of(path)
    shutil.copy(path, left)
    path.with_name(f".{path.name}.0a0a0a0a").write_bytes(b"torn")
    assert status(again(keyring)).faults == ()
    keyring.destroy(REF)
    assert not left.exists()


def test_whatever_a_case_is_called_it_has_a_key_of_its_own(keyring: Keyring):
    names = ["..", "a/b", "\0", "\ud800", "DP-2026-0000001", "DP-1-1", "*", "DP-2026-1000001", REF]
    sealed = [letter(keyring, name) for name in names]
    assert [name for name, _ in sealed] == names
    keyring.destroy("..")
    bot = Sealing(again(keyring))
    opened = [bot.opened(name, "cases/x", data) for name, data in sealed]
    assert opened == [None, *[b"Dear Ann Other"] * (len(names) - 1)]
    assert bot.gone() == [".."]
    assert status(again(keyring)).faults == ()
