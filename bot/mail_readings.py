"""What each message of existing mail asks: read as `ingest` would read it, and nothing kept.

A message that cannot be taken apart says so in its line; the others are read all the same.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog

from bot.ingesting import found_files
from bot.journal import place_of
from bot.mail.existing import Found, messages_in
from bot.mail.parse import parse
from bot.showing import progress
from bot.terminal import console, print_json
from bot.views import View
from intents.classifier import Classifier
from intents.reading import Reading

log = structlog.get_logger()

SUBJECT = 60  # characters that are shown
LARGE = 1_000_000  # bytes from which a bar shows how far it is


def is_mail(path: Path) -> bool:
    """Whether a path means mail rather than plain text: a folder, an .eml, a file in a Maildir, an mbox."""
    if path.is_dir() or path.suffix.lower() in {".eml", ".mbox"}:
        return True
    if path.parent.name in {"cur", "new"}:
        return True
    with path.open("rb") as file:
        return file.read(len(b"From ")) == b"From "


def read_mail(path: Path, classifier: Classifier) -> Iterator[tuple[View, Reading | None]]:
    """Yield each message below `path` with its reading; None where it could not be taken apart."""
    for found in all_in(found_files([path])):
        where = {"file": str(found.path)}
        try:
            message = parse(found.raw)
        except Exception as error:  # whatever hostile bytes make a parser raise
            log.warning("unreadable", file=str(found.path), error=place_of(error))
            yield where | {"id": "", "subject": ""}, None
        else:
            reading = classifier.read(message.text, message.subject)
            yield where | {"id": message.message_id, "subject": message.subject}, reading


def all_in(files: Sequence[Path]) -> Iterator[Found]:
    """Yield every message of the files; a bar shows how far it is where there is much to read."""
    total = sum(file.stat().st_size for file in files)
    if total < LARGE:
        yield from (found for file in files for found in messages_in(file))
        return
    with progress("Reading", total) as bar:
        for file in files:
            for found in messages_in(file):
                yield found
                bar.advance(bar.task_ids[0], len(found.raw))


def show(where: View, reading: Reading | None) -> None:
    """Print one line: what is asked, in which message."""
    subject = " ".join(where["subject"].split())[:SUBJECT] or "(no subject)"
    asked = " and ".join(reading.labels) if reading else "unreadable"
    unsure = " (unsure)" if reading and reading.unsure else ""
    console.print(f"{asked}{unsure}: {subject}  {where['id'] or where['file']}", soft_wrap=True)


def show_all(
    found: Iterator[tuple[View, Reading | None, View]], *, explain: bool, as_json: bool
) -> None:
    for where, reading, view in found:
        if as_json:
            print_json([where | view])
            continue
        show(where, reading)
        if explain and reading:
            for line in explained(reading):
                console.print(f"    {line}", soft_wrap=True)
        sys.stdout.flush()


def explained(reading: Reading) -> Iterator[str]:
    """Yield what decided, and what else was read: personal data too, for whoever asked."""
    yield f"who writes: {', '.join(sorted(reading.writers)).replace('_', ' ')}"
    for name in reading.on_behalf_of:
        yield f"on behalf of: {name}"
    for facet in sorted(reading.facets - reading.writers):
        yield f"also: {facet.replace('_', ' ')}"
    for claim in reading.claims:
        yield f"wants an answer: {claim.said}"
    for given in reading.identifiers:
        yield f"gives: {given}"
    yield f"language: {reading.language}"
    for reason in reading.reasons:
        yield f"because: {reason}"
