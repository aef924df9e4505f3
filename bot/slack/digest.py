"""The working morning's figures in the staff channel: how much is pressing, and of no case which."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime

import structlog

from bot.alarms import Why, alarms
from bot.config import PolicyConfig
from bot.flood import apart, in_a_line
from bot.people import Person
from bot.slack.looking import visible
from bot.slack.posting import Post, Poster
from bot.slack.words import count, may_be_shown
from store.case import Case, State
from store.casebook import Casebook
from store.due import long
from store.jurisdiction import Jurisdiction

log = structlog.get_logger()

NAME = "digest"
EVERYBODY = Person("", "the channel", frozenset())


class Digest:
    def __init__(
        self,
        poster: Poster,
        casebook: Casebook,
        here: Jurisdiction,
        staff: list[Person],
        *,
        policy: PolicyConfig,
        now: Callable[[], datetime],
    ) -> None:
        self._poster = poster
        self._casebook = casebook
        self._here = here
        self._staff = staff
        self._hour = policy.digest_hour
        self._warn_days = policy.warn_days_before
        self._now = now

    def is_morning(self, at: datetime) -> bool:
        """Whether the hour has come on a working day."""
        resting = self._here.calendar.is_rest_day(self._here.date_of(at))
        return not resting and at.astimezone(self._here.zone).hour >= self._hour

    async def tend(self) -> None:
        """Post today's figures, once; while nothing is open there is nothing to say."""
        at = self._now()
        today = self._here.date_of(at)
        record = await asyncio.to_thread(self._poster.record, NAME)
        if not self.is_morning(at) or record.get("day") == today.isoformat():
            return
        head = f"The privacy desk on {long(today)}"
        figures = await asyncio.to_thread(self._figures, at)
        if not figures:
            return
        text = f"*{head}*\n{figures}"
        await self._poster.post(NAME, record, today.isoformat(), Post(text), f"*{head}*")
        await asyncio.to_thread(self._poster.keep, NAME, {"day": today.isoformat()})

    def _figures(self, at: datetime) -> str:
        shown = (c for c in visible(self._casebook, EVERYBODY) if may_be_shown(c, self._staff))
        cases, flood = apart(shown)
        if not (cases or flood):
            return ""
        found = Counter(
            alarm.why for c in cases for alarm in alarms(c, self._here, at, self._warn_days)
        )
        lines = [f"• {why}: {found[why]}" for why in Why if found[why]]
        lines += [f"• {line}" for line in in_a_line(flood)]
        waiting = sum(case.state is State.WAITING for case in cases)
        nobodys = sum(not case.owner for case in cases)
        ends = f"Open: {count(len(cases), 'case')}, {waiting} waiting for the requester, {nobodys} nobody's."
        return "\n".join([ends, *lines])


def pressing(case: Case, here: Jurisdiction, at: datetime, warn_days: Collection[int]) -> list[str]:
    """Return what the thread of a case is reminded of today."""
    mornings = {Why.OVERDUE, Why.DUE_TODAY, Why.DUE_SOON, Why.TOO_LATE, Why.PRESS, Why.PROGRESS}
    return [
        f"{alarm.what}: {alarm.why}{f', {long(alarm.on)}' if alarm.on else ''}"
        for alarm in alarms(case, here, at, warn_days)
        if alarm.why in mornings
    ]
