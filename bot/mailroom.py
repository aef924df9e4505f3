"""The commands about messages themselves: what waits, what a person must see to, what a case's messages say.

Content leaves the desk only here, and only after the look is recorded on its case.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.auditing import Audit
from bot.bench import Doing
from bot.command import Command, CommandError, Read
from bot.desk import Desk
from bot.people import Person
from bot.reader import Unreadable
from bot.reading_room import ReadMail
from bot.views import View, disposition_view
from store.case import Case
from store.casebook import Casebook
from store.events import MessageReceived
from store.law import Label
from store.spool import (
    DamagedEntryError,
    Entry,
    Envelope,
    Spool,
    TornEntryError,
    accepted_at,
)

NO_LETTERS = "it was taken in from existing mail, without letters"
DAMAGED = Unreadable("its bytes are not the ones accepted")


QUARANTINED = "what is attached may be another person's: it is quarantined"


@dataclass(frozen=True, slots=True)
class Mailroom:
    spool: Spool
    casebook: Casebook
    desk: Desk
    audit: Audit
    read: Read
    now: Callable[[], datetime]
    hand_over: Callable[[str], None]

    def named(self) -> dict[str, Command]:
        return {
            "fates": self._fates,
            "ingest": self._ingest,
            "show": self._show,
            "spool": self._spool,
            "spool_release": self._spool_release,
            "spool_retry": self._spool_retry,
            "spool_show": self._spool_show,
        }

    def _show(
        self, who: Person, ref: str, *, save: bool = False, because: str = ""
    ) -> Iterator[View]:
        what = "messages"
        if save:
            must_say_why(self.desk.find(ref, who), because)
            what = f"messages, saved as files{because and f': {because}'}"
        case = self.desk.looked(ref, what, Doing(who, self.now()))
        for message in case.messages:
            yield {
                "ref": case.ref,
                "id": message.spool_id,
                "received_at": message.received_at.isoformat(),
                "sender": message.sender,
                "flags": [*message.flags, *quarantine(case, message)],
            } | self._words(message.spool_id)

    def _words(self, spool_id: str) -> View:
        """Tell what a message says, and where it lies: the caller may read that file, or asked in vain."""
        try:
            _, read = self._opened(spool_id)
        except KeyError:
            return {"path": None, "subject": "", "text": "", "attachments": []}
        path = self.place(spool_id)
        if isinstance(read, Unreadable):
            return {"path": path, "subject": "", "text": f"[{read.why}]", "attachments": []}
        message = read.message
        files = [asdict(file) for file in message.attachments]
        return {
            "path": path,
            "subject": message.subject,
            "text": message.text,
            "attachments": files,
        }

    def place(self, spool_id: str) -> str | None:
        """Return where the entry lies as a file; on PostgreSQL it does not."""
        try:
            return str(self.spool.path(spool_id).absolute())
        except KeyError:
            return None

    def _opened(self, spool_id: str) -> tuple[Entry, ReadMail | Unreadable]:
        """Read an entry, whatever has become of its bytes. Raises KeyError when it is gone."""
        try:
            entry = self.spool.read(spool_id)
        except (DamagedEntryError, TornEntryError):
            return Entry(spool_id, Envelope(accepted_at(spool_id), "", ()), b""), DAMAGED
        with self.spool.lent(spool_id) as path:
            return entry, self.read(path)

    def _ingest(
        self, who: Person, messages: Sequence[Mapping[str, Any]], *, no_letters: bool
    ) -> Iterator[View]:
        who.must_be("lead")
        now = self.now()
        arrivals = [
            (
                Envelope(
                    accepted_at=now,
                    mail_from=message["mail_from"],
                    rcpt_tos=tuple(message["rcpt_tos"]),
                    door="ingest",
                    received_at=min(now, datetime.fromisoformat(message["received_at"])),
                    unanswered=NO_LETTERS if no_letters else "",
                ),
                b64decode(message["raw"]),
            )
            for message in messages
        ]
        for spool_id in self.spool.accept(arrivals):
            self.hand_over(spool_id)
            yield {"id": spool_id}

    def _fates(self, _who: Person, ids: Sequence[str]) -> Iterator[View]:
        """Tell where messages ended, as far as they have."""
        for spool_id in ids:
            known = self.casebook.disposition(spool_id)
            if known is not None:
                yield disposition_view(known)
            elif self.spool.folder_of(spool_id) == "quarantine":
                yield {"id": spool_id, "end": "quarantined", "ref": None, "why": ""}

    def _spool(self, _who: Person) -> Iterator[View]:
        for folder in ("incoming", "quarantine"):
            for spool_id in self.spool.ids(folder):
                try:
                    tries = self.spool.tries(spool_id)
                except KeyError:  # taken in meanwhile
                    continue
                at = accepted_at(spool_id)  # not read from the entry: a damaged one is listed too
                yield {
                    "id": spool_id,
                    "state": "waiting" if folder == "incoming" else "quarantined",
                    "accepted_at": at.isoformat(),
                    "age_seconds": round((self.now() - at).total_seconds()),
                    "tries": tries,
                }

    def _spool_release(
        self, who: Person, spool_id: str, *, rights: Sequence[str] = (), why: str = ""
    ) -> Iterator[View]:
        """Give a quarantined message its place by hand: a case, or among what is filed if `why` is said."""
        self._must_be_aside(spool_id)
        if self.casebook.disposition(spool_id) is None:
            entry, read = self._opened(spool_id)
            doing = Doing(who, self.now())
            if why:
                self.desk.file_set_aside(entry, read, why, doing)
            else:
                labels = tuple(Label(right) for right in rights)
                self.desk.open_set_aside(entry, read, labels, doing)
        known = self.casebook.disposition(spool_id)
        self.spool.finish(spool_id, known.ref if known else "")
        yield from self._fates(who, [spool_id])

    def _spool_retry(self, _who: Person, spool_id: str) -> Iterator[View]:
        self._must_be_aside(spool_id)
        self.spool.retry(spool_id)
        self.hand_over(spool_id)
        yield {"id": spool_id, "state": "waiting"}

    def _must_be_aside(self, spool_id: str) -> None:
        if self.spool.folder_of(spool_id) != "quarantine":
            raise CommandError(f"{spool_id} is not in quarantine")

    def _spool_show(self, who: Person, spool_id: str, *, because: str = "") -> Iterator[View]:
        known = self.casebook.disposition(spool_id)
        if known is not None and known.ref:  # it is a case's, and hidden from whom the case is
            must_say_why(self.desk.find(known.ref, who), because)
            what = f"message {spool_id}{because and f': {because}'}"
            self.desk.looked(known.ref, what, Doing(who, self.now()))
        else:
            self.audit.note(who, f"spool show {spool_id}", self.now())
        entry = self.spool.read(spool_id)
        yield {"id": spool_id, "raw": entry.raw.decode("utf-8", errors="replace")}


def quarantine(case: Case, message: MessageReceived) -> list[str]:
    """Say that what came with the report of a breach is nobody's to look at without need."""
    return [QUARANTINED] if Label.BREACH in case.kinds and message.attachments else []


def must_say_why(case: Case, because: str) -> None:
    """Raise CommandError where files would leave their quarantine without a reason on record."""
    if not because.strip() and any(quarantine(case, message) for message in case.messages):
        raise CommandError(
            f"{case.ref} reports a breach, and {QUARANTINED}; `--because TEXT` takes it out, on record"
        )
