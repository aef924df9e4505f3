"""Readings for the desk in Slack, in the same workers that read mail: of a case's messages, and of words not spooled."""

import asyncio
import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from bot.reader import Reader, ReadingDownError, Unreadable
from bot.reading_room import ReadMail
from bot.slack.looking import MOST_MESSAGES, Read
from intents.reading import Reading
from store.case import Case
from store.entries import Entry, Envelope, in_memory
from store.folder import DataFolder

SOON = 1.5  # seconds; the modal must open within three of the click


class Readings:
    def __init__(self, folder: DataFolder, reader: Reader, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._reader = reader
        self._now = now

    async def of_case(self, case: Case) -> list[Read]:
        """Read the first messages of a case anew, from the bytes that came; all in the time of one."""
        return await asyncio.gather(
            *(self._of_message(message.spool_id) for message in case.messages[:MOST_MESSAGES])
        )

    async def _of_message(self, spool_id: str) -> Read:
        try:
            async with asyncio.timeout(SOON):
                with ExitStack() as lent:
                    where = self._folder.spool.lent(spool_id)
                    path = await asyncio.to_thread(lent.enter_context, where)
                    return await self._reader.read(path)
        except (KeyError, TimeoutError, ReadingDownError):
            return Unreadable("it is not kept, or cannot be read at the moment")

    async def of_words(self, words: str) -> Reading | None:
        """Read what a text asks; it leaves nothing behind."""
        event = {"type": "message", "channel": "", "ts": "0", "text": words}
        raw = json.dumps({"event": event}).encode()
        envelope = Envelope(accepted_at=self._now(), mail_from="", rcpt_tos=(), door="slack")
        with in_memory(Entry("words", envelope, raw)) as path:
            try:
                async with asyncio.timeout(SOON):
                    read = await self._reader.read(path)
            except (TimeoutError, ReadingDownError):
                return None
        return read.reading if isinstance(read, ReadMail) else None
