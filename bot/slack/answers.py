"""The answer in the intake channel's thread: one for each case a colleague's message opened, and for what it grew by."""

import asyncio

from bot.people import Person
from bot.slack.lanes import Post, Poster
from bot.slack.place import Place
from bot.slack.words import DISCREET, OF_YOURSELF, answer, may_be_shown
from store.case import Case
from store.events import BOT, Requested
from store.jurisdiction import Jurisdiction


class Answers:
    def __init__(
        self, poster: Poster, channel: str, here: Jurisdiction, staff: list[Person]
    ) -> None:
        self._poster = poster
        self._channel = channel
        self._here = here
        self._staff = staff

    async def tend(self, case: Case) -> None:
        """Answer in the thread whatever was asked there and is not answered yet."""
        place = self._thread(case)
        if place is None:
            return
        read = [e.request for e in case.events if isinstance(e, Requested) and e.by == BOT]
        record = await asyncio.to_thread(self._poster.record, case.ref)
        answered = int(record.get("answered", 0))
        if len(read) <= answered:
            return
        post = Post(self._text(case, read[answered:]), thread=place.ts)
        if not (answered and post.text.startswith(DISCREET)):
            starts = post.text.partition(", ")[0]
            ts = await self._poster.post(case.ref, record, str(len(read)), post, starts)
            record[f"ts{len(read)}"] = ts
        record["answered"] = str(len(read))
        record.pop("trying", None)
        await asyncio.to_thread(self._poster.keep, case.ref, record)

    def _thread(self, case: Case) -> Place | None:
        """Return where the case came up, if that was in this channel."""
        first = case.messages[0] if case.messages else None
        place = Place.of(first.message_id) if first else None
        return place.parent if place and place.channel == self._channel else None

    def _text(self, case: Case, numbers: list[int]) -> str:
        if "employee" in case.kinds:
            return OF_YOURSELF
        if not may_be_shown(case, self._staff) or "breach" in case.kinds:
            return DISCREET
        return answer(case, [case.request(number) for number in numbers], self._here)
