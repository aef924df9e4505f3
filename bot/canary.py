"""The canary: a mail the bot sends itself through the server in front. If it comes home, others' mail does.

Recognised by its Message-ID, which nobody can guess, and by our own loop header; filed as
automatic, and left out of what a person is to look through.
"""

import secrets
from datetime import datetime, timedelta

from bot.config import MailConfig
from store.casebook import Casebook, Disposition, End, Notice
from store.events import LetterOwed
from store.letters import Letter

PLACES = ("canary-1", "canary-2")  # by turns: one may still be on its way when the next goes
HOME_WITHIN = timedelta(minutes=15)
OWN_ID = "<canary."
TEXT = "The bot sends itself this mail, to see whether mail arrives. It need not be answered.\n"


class Canary:
    def __init__(self, casebook: Casebook, config: MailConfig) -> None:
        self._casebook = casebook
        self._every = timedelta(minutes=config.canary_minutes)
        self._to = config.canary_address or way_home(config)
        self._domain = config.from_.rpartition("@")[2]

    def fly(self, now: datetime) -> list[str]:
        """Owe one if it is time; return its notice's id."""
        sent = self._sent()
        if not self._every or (sent and now - sent[0].owed.at < self._every):
            return []
        return [self.send(now).letter_id]

    def send(self, now: datetime) -> LetterOwed:
        """Owe one now."""
        sent = self._sent()
        used = sent[0].owed.letter_id if sent else PLACES[-1]
        notice_id = next(place for place in PLACES if place != used)
        letter = LetterOwed(
            at=now,
            letter_id=notice_id,
            letter_kind="canary",
            to=self._to,
            subject="A mail to myself",
            text=TEXT,
            html="",
            version="",
            message_id=f"{OWN_ID}{secrets.token_hex(12)}@{self._domain}>",
        )
        self._casebook.put_notice(Notice(notice_id=notice_id, letter=Letter(letter)))
        return letter

    def is_home(self, message_id: str) -> bool:
        return bool(self._casebook.alike(message_id))

    def missing_since(self, now: datetime) -> datetime | None:
        """Return when the last one that should be home by now set out, unless it is or a later one is."""
        if not self._every:
            return None
        for letter in self._sent():
            if self.is_home(letter.owed.message_id):
                return None
            if now - letter.owed.at > HOME_WITHIN:
                return letter.owed.at
        return None

    def _sent(self) -> list[Letter]:
        """Return the canaries of late, the last one first."""
        found = [notice.letter for p in PLACES if (notice := self._casebook.notice(p))]
        return sorted(found, key=lambda letter: letter.owed.at, reverse=True)


def way_home(config: MailConfig) -> str:
    """Return where the canary goes: with a tag, if answers come so."""
    tag = "+canary" if config.reply_address == "plus" else ""
    return config.from_.replace("@", f"{tag}@")


def is_canary(disposition: Disposition) -> bool:
    return disposition.end is End.AUTOMATIC and disposition.key.startswith(OWN_ID)
