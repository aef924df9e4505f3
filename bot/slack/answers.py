"""The answer in the intake channel's thread: one for each case a colleague's message opened, and for what it grew by."""

import asyncio

from bot.people import Person
from bot.slack.place import Place, is_direct
from bot.slack.posting import Post, Poster
from bot.slack.words import BETWEEN_US, DISCREET, OF_YOURSELF, answer, may_be_shown
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
        text = self._text(case, read[answered:], direct=is_direct(place.channel))
        post = Post(text, thread=place.ts, channel=place.channel)
        if not (answered and post.text.startswith(DISCREET)):
            starts = post.text.partition(", ")[0]
            await self._poster.post(case.ref, record, str(len(read)), post, starts)
        record["answered"] = str(len(read))
        await asyncio.to_thread(self._poster.keep, case.ref, record)

    def _thread(self, case: Case) -> Place | None:
        """Return where the case came up, if that was in this channel or to the bot alone."""
        first = case.messages[0] if case.messages else None
        place = Place.of(first.message_id) if first else None
        ours = place is not None and (place.channel == self._channel or is_direct(place.channel))
        return place.parent if place and ours else None

    def _text(self, case: Case, numbers: list[int], *, direct: bool = False) -> str:
        requests = [case.request(number) for number in numbers]
        if "breach" in case.kinds:
            return DISCREET
        if direct:  # whoever reads it has asked it
            return answer(case, requests, self._here, BETWEEN_US)
        if "employee" in case.kinds:
            return OF_YOURSELF
        return answer(case, requests, self._here) if may_be_shown(case, self._staff) else DISCREET
