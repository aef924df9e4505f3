"""The power cut at every sync: what was promised is there, though only what was synced is left."""

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from shutil import rmtree

import pytest

from tests.crash.checks import (
    Check,
    an_open_folder_with_all_of_it,
    as_it_was_or_one_further,
    each_save_whole_or_not_at_all,
    every_entry_whole_and_in_its_place,
    fill,
    nothing,
    the_old_file_or_the_new,
)
from tests.crash.platter import Platter
from tests.crash.steps import STEPS


def power_cut_everywhere(
    steps: str, tmp_path: Path, check: Check, prepare: Callable[[Path], None] = nothing
) -> int:
    """Cut the power before each sync and after each promise; return how often that was."""
    folder = tmp_path / "folder"
    folder.mkdir()
    prepare(folder)
    platter = Platter(folder)
    for path in folder.iterdir():
        with path.open("rb") as file:
            platter.sync(file.fileno())
    promises: list[str] = []
    cuts = count()

    def cut() -> None:
        number = next(cuts)
        for names_too in (True, False):
            left = platter.left(tmp_path / f"{number}{names_too}", names_too=names_too)
            with pytest.MonkeyPatch.context() as unwatched:
                unwatched.setattr(os, "fsync", lambda _: None)
                unwatched.setattr(os, "fdatasync", lambda _: None)
                check(left, promises)
            rmtree(left)

    def promise(what: str) -> None:
        promises.append(what)
        cut()

    def watched(real: Callable[[int], None]) -> Callable[[int], None]:
        def sync(fd: int) -> None:
            cut()
            real(fd)
            platter.sync(fd)

        return sync

    with pytest.MonkeyPatch.context() as watching:
        watching.setattr(os, "fsync", watched(os.fsync))
        watching.setattr(os, "fdatasync", watched(os.fdatasync))
        STEPS[steps](folder, promise)
    return next(cuts)


def test_a_journal_holds_what_it_promised_on_a_disk_that_keeps_only_what_was_synced(tmp_path: Path):
    check = as_it_was_or_one_further("journal", tmp_path / "live", nothing)
    assert power_cut_everywhere("journal", tmp_path, check) == 2 + 8 + 8


def test_a_journal_is_rewritten_safely_on_such_a_disk(tmp_path: Path):
    check = as_it_was_or_one_further("compaction", tmp_path / "live", fill)
    assert power_cut_everywhere("compaction", tmp_path, check, fill) == 3 + 6 + 6


def test_a_casebook_has_each_save_whole_or_not_at_all_on_such_a_disk(tmp_path: Path):
    check = each_save_whole_or_not_at_all(tmp_path / "live")
    assert power_cut_everywhere("casebook", tmp_path, check) == 2 + 6 + 6


def test_a_spool_has_every_entry_it_promised_on_such_a_disk(tmp_path: Path):
    """Where an entry lies is not promised: a move that is undone is done again."""
    cuts = power_cut_everywhere("spool", tmp_path, every_entry_whole_and_in_its_place)
    assert cuts == 4 + 4 + 2 + 5


def test_a_new_data_folder_has_what_it_promised_on_such_a_disk(tmp_path: Path):
    cuts = power_cut_everywhere("folder", tmp_path, an_open_folder_with_all_of_it)
    assert cuts == 6 + 2 + 2 + 1 + 2


def test_a_file_is_the_old_or_the_new_on_such_a_disk(tmp_path: Path):
    assert power_cut_everywhere("letter", tmp_path, the_old_file_or_the_new) == 6 + 3
