"""What staff correct, kept as examples to learn from, without names, addresses and numbers.

An example belongs to its case and is found by its reference: it is erased with it.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.reader import Unreadable
from bot.reading_room import ReadMail
from intents.masking import masked
from store.case import Case
from store.casebook import Casebook
from store.sealing import CORRECTION
from store.spool import Spool

Read = Callable[[Path], ReadMail | Unreadable]


class Learning:
    def __init__(self, casebook: Casebook, spool: Spool, read: Read) -> None:
        self._casebook = casebook
        self._spool = spool
        self._read = read

    def note(self, case: Case) -> None:
        """Keep what a person made of a case's first message, where the reading made something else of it."""
        first = [r for r in case.requests if r.received_at == case.opened.received_at]
        labels = {request.label for request in first}
        if not case.messages or None in labels:
            return
        with self._spool.lent(case.messages[0].spool_id) as path:
            read = self._read(path)
        if isinstance(read, Unreadable) or (
            set(read.reading.labels) == labels and not read.reading.unsure
        ):
            return
        names = [case.opened.requester_name]
        example = {
            "id": case.ref,
            "subject": masked(read.message.subject, names),
            "text": masked(read.message.text, names),
            "labels": " ".join(sorted(str(label) for label in labels)),
            "lang": read.reading.language,
            "channel": case.opened.channel,
        }
        self._casebook.keep(f"{CORRECTION}{case.ref}", example)

    def examples(self) -> Iterator[Mapping[str, str]]:
        """Yield what was corrected, by reference."""
        for name in self._casebook.kept_names(CORRECTION):
            example = self._casebook.kept(name)
            if example is not None:
                yield example
