"""Existing mail taken in from the command line: through the running bot if there is one, else in this process."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bot import control
from bot.app import wall_clock
from bot.config import Config
from bot.ingesting import Ask, Ingest
from bot.reader import Reader, ReadingDownError, Unreadable
from bot.reading_room import ReadMail
from bot.setting import intake_of, office, reader_for, setting
from bot.showing import progress
from bot.views import View
from store.folder import DataFolder


def take_in(config: Config, files: Sequence[Path], *, no_letters: bool) -> View:
    """Take existing mail in, and wait until every message has its place."""
    with intake_at_hand(config) as ask_it:
        ingest = Ingest(ask_it, wall_clock, config.mail.max_bytes, no_letters=no_letters)
        total = sum(file.stat().st_size for file in files)
        with progress("Handing in", total) as bar:
            for size in ingest.hand_in(files):
                bar.advance(bar.task_ids[0], size)
        fates = []
        with progress("Taking in", ingest.accepted) as bar:
            for fate in ingest.follow():
                fates.append(fate)
                bar.advance(bar.task_ids[0])
        return ingest.summary(fates)


@contextmanager
def intake_at_hand(config: Config) -> Iterator[Ask]:
    """Yield what carries out commands and takes messages in: the running bot, else this process."""

    def through_the_bot(command: str, arguments: Mapping[str, Any]) -> Iterator[View]:
        return control.call(config.data.dir, command, arguments)

    try:
        list(through_the_bot("fates", {"ids": []}))
    except control.NOBODY_THERE:
        with (
            DataFolder(
                config.data.dir, config.data.casebook, keyring=config.data.keyring
            ) as folder,
            asyncio.Runner() as runner,
        ):
            reader = reader_for(config)
            try:
                yield partial(here, config, folder, reader, runner)
            finally:
                reader.close()
    else:
        yield through_the_bot


def here(
    config: Config,
    folder: DataFolder,
    reader: Reader,
    runner: asyncio.Runner,
    command: str,
    arguments: Mapping[str, Any],
) -> Iterator[View]:
    """Carry out a command, and take in what it handed over."""
    parts, todo = setting(config, folder), list[str]()

    def read_in_worker(path: Path) -> ReadMail | Unreadable:
        return runner.run(reader.read(path))

    commands = office(parts, folder, read=read_in_worker, now=wall_clock, hand_over=todo.append)
    yield from list(commands.answer(command, arguments, control.own_login()))
    intake = intake_of(parts, folder, reader, wall_clock)
    for spool_id in todo:
        try:
            runner.run(intake.take_in(spool_id))
        except (OSError, ReadingDownError):
            raise  # no message's fault: what waits is taken in when the bot starts
        except Exception:  # whatever it was, the message outlives it
            folder.spool.quarantine(spool_id)
