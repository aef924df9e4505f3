"""Deleting what the bot itself posted about a case that is erased: begun durably, carried out until all of it is gone.

Whoever erases a case keeps, in the same save and under `slack-erase:REF`, the records of what was
posted for it: under its old name each, as JSON. From then on nothing more is posted about the case;
what was posted goes as soon as Slack can be reached, after a restart too, by whichever bot.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping

import structlog

from bot.slack.posting import Poster, Record, places_in
from bot.slack.wire import RefusedBySlackError
from store.casebook import Casebook

log = structlog.get_logger()

PREFIX = "slack-erase:"
RECORDS = ("card", "answer", "call")
"""Under these names posters keep what they posted for a case."""
REST = 600.0  # seconds
OUT_OF_REACH = {"channel_not_found", "not_in_channel", "is_archived"}


def is_erased(casebook: Casebook, ref: str) -> bool:
    """Whether nothing may be posted about a case any more."""
    return casebook.kept(f"{PREFIX}{ref}") is not None


def removed(casebook: Casebook, ref: str) -> tuple[int, int] | None:
    """Return how many posts were deleted and how many are left; None if there is nothing to remove."""
    order = casebook.kept(f"{PREFIX}{ref}")
    return (int(order.get("deleted", 0)), len(left_in(order))) if order is not None else None


def begin_removal(casebook: Casebook, ref: str) -> None:
    """Begin to delete what was posted about a case that went while it was being posted."""
    if not is_erased(casebook, ref):
        casebook.keep(f"{PREFIX}{ref}", dict(handed_over(casebook, ref)))


def handed_over(casebook: Casebook, ref: str) -> Iterator[tuple[str, str]]:
    """Yield the records of what was posted for a case, as they are handed over."""
    for name in RECORDS:
        record = casebook.kept(f"slack {name} {ref}")
        if record:
            yield f"slack {name} {ref}", json.dumps(dict(record))


def records_in(order: Mapping[str, str]) -> list[Record]:
    return [json.loads(said) or {} for name, said in order.items() if name.startswith("slack ")]


def left_in(order: Mapping[str, str]) -> list[str]:
    """Return where posts stand that are still to be deleted, in the order they were made."""
    found = [*order.get("left", "").split()]
    for record in records_in(order):
        found += places_in(record)
    return list(dict.fromkeys(found))


class Removal:
    def __init__(self, poster: Poster, casebook: Casebook) -> None:
        self._poster = poster
        self._casebook = casebook
        self._rest_until: dict[str, float] = {}

    async def tend(self) -> None:
        """Delete what is left of every removal. Raises LaterError when Slack is to be asked later."""
        for name in await asyncio.to_thread(self._casebook.kept_names, PREFIX):
            order = await self._gathered(name)
            places = reversed(order["left"].split())  # what stands in a thread before its first
            for place in places:
                if not self._rests(place):
                    await self._delete(name, order, place)

    async def _gathered(self, name: str) -> Record:
        """Return a removal with what was posted while it was begun, too, or may have been."""
        ref = name.removeprefix(PREFIX)
        late = await asyncio.to_thread(lambda: dict(handed_over(self._casebook, ref)))
        order = await asyncio.to_thread(lambda: dict(self._casebook.kept(name) or {})) | late
        if not records_in(order):
            return {"left": "", "deleted": "0"} | order
        found = [place for r in records_in(order) for place in await self._in_doubt(r)]
        left = " ".join(dict.fromkeys([*left_in(order), *found]))
        order = {"left": left, "deleted": order.get("deleted", "0")}
        await asyncio.to_thread(self._casebook.keep, name, order)
        for record in late:
            await asyncio.to_thread(self._casebook.keep, record, {})
        return order

    async def _in_doubt(self, record: Record) -> list[str]:
        """Return where a post stands whose answer was lost, if it does."""
        if "doubt" not in record:
            return []
        channel, thread, starts = record["doubt"].split("/", 2)
        try:
            ts = await self._poster.find(channel, thread, starts)
        except RefusedBySlackError:  # the channel or the thread is gone
            return []
        return [f"{channel}/{ts}"] if ts else []

    def _rests(self, place: str) -> bool:
        """Whether a post is left alone for a while, because Slack does not let us reach it."""
        return asyncio.get_running_loop().time() < self._rest_until.get(place, 0.0)

    async def _delete(self, name: str, order: Record, place: str) -> None:
        try:
            was_there = await self._poster.delete(place)
        except RefusedBySlackError as error:
            if error.code not in OUT_OF_REACH:
                raise
            if place not in self._rest_until:
                log.error("slack does not let a post be deleted", place=place, why=error.code)
            self._rest_until[place] = asyncio.get_running_loop().time() + REST
            return
        order["left"] = " ".join(p for p in order["left"].split() if p != place)
        order["deleted"] = str(int(order["deleted"]) + was_there)
        await asyncio.to_thread(self._casebook.keep, name, order)
