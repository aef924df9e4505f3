"""The watch: looks at the clock and owes staff what is due to them. Safe to run at any moment, twice too.

Each morning it owes staff the list of what was filed without a case, so that no message
disappears unseen. The list carries ids and reasons, nothing of the messages.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog

from bot.config import Config
from store.case import Letter
from store.casebook import Casebook, Disposition, Notice
from store.events import LetterOwed
from store.jurisdiction import Jurisdiction

log = structlog.get_logger()

LOOK_BACK = timedelta(days=14)  # days that may still be owed, after a holiday with the bot off


class Watch:
    def __init__(self, casebook: Casebook, here: Jurisdiction, config: Config) -> None:
        self._casebook = casebook
        self._here = here
        self._hour = config.policy.digest_hour
        self._domain = config.mail.from_.rpartition("@")[2]
        self._addresses = [person.email for person in config.staff if person.email]

    def look(self, now: datetime) -> list[str]:
        """Owe what is due at `now`; return the ids of the notices newly owed."""
        if now.astimezone(self._here.zone).hour < self._hour:
            return []
        today = self._here.date_of(now)
        owed = []
        for day, items in self._filed_by_day().items():
            if today - LOOK_BACK <= day < today:
                owed += self._owe_list(day, items, now)
        return owed

    def _filed_by_day(self) -> dict[date, list[Disposition]]:
        days: dict[date, list[Disposition]] = {}
        for disposition in self._casebook.dispositions():
            if disposition.filed:
                days.setdefault(self._here.date_of(disposition.at), []).append(disposition)
        return days

    def _owe_list(self, day: date, items: Sequence[Disposition], now: datetime) -> list[str]:
        owed = []
        for number, address in enumerate(self._addresses, start=1):
            notice_id = f"filed-{day.isoformat()}-{number}"
            if self._casebook.notice(notice_id) is None:
                letter = self._filed_list(notice_id, address, day, items, now)
                self._casebook.put_notice(Notice(notice_id=notice_id, letter=Letter(letter)))
                log.info("list owed", notice=notice_id, items=len(items))
                owed.append(notice_id)
        return owed

    def _filed_list(
        self, notice_id: str, to: str, day: date, items: Sequence[Disposition], now: datetime
    ) -> LetterOwed:
        lines = [f"{i.spool_id}  {i.end:<9}  {i.why}" for i in items]
        text = FILED_LIST.format(
            day=f"{day:%A} {day.day} {day:%B %Y}", count=len(items), lines="\n".join(lines)
        )
        return LetterOwed(
            at=now,
            letter_id=notice_id,
            letter_kind="filed_list",
            to=to,
            subject=f"Filed without a case on {day.day} {day:%B %Y}: {len(items)}",
            text=text,
            html="",
            version="",
            message_id=f"<{notice_id}@{self._domain}>",
        )


FILED_LIST = """\
These messages came on {day} and opened no case ({count}).
Please look through them: a request among them has a statutory clock running.

{lines}

To read one:             privacy-intake spool show ID
To make a case of one:   privacy-intake open --filed ID
"""
