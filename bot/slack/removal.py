"""Deleting what the bot itself posted about a case, in whatever channel: begun durably, carried out until all of it is gone.

Whoever erases a case keeps what `removal_of` returns in the same save. From then on nothing more is
posted about the case; what was posted goes as soon as Slack can be reached, after a restart too.
"""

import asyncio
from collections.abc import Iterator, Mapping

import structlog

from bot.slack.posting import Poster, Record, places_in
from bot.slack.wire import RefusedBySlackError
from store.casebook import Casebook

log = structlog.get_logger()

PREFIX = "slack-erase:"
RECORDS = ("card", "answer", "call")
"""Under these names posters keep what they posted for a case."""
OUT_OF_REACH = {"channel_not_found", "not_in_channel", "is_archived"}


def removal_of(casebook: Casebook, ref: str) -> Mapping[str, Mapping[str, str]]:
    """Return what is to be kept when a case is erased, so that its posts are deleted; it names nobody."""
    return {f"{PREFIX}{ref}": {"left": " ".join(places_of(casebook, ref)), "deleted": "0"}}


def is_erased(casebook: Casebook, ref: str) -> bool:
    """Whether nothing may be posted about a case any more."""
    return casebook.kept(f"{PREFIX}{ref}") is not None


def removed(casebook: Casebook, ref: str) -> tuple[int, int] | None:
    """Return how many posts were deleted and how many are left; None if no removal was begun."""
    order = casebook.kept(f"{PREFIX}{ref}")
    return (int(order["deleted"]), len(order["left"].split())) if order is not None else None


def places_of(casebook: Casebook, ref: str) -> list[str]:
    """Return where posts about a case stand: `CHANNEL/TS`, in the order they were made."""
    return list(dict.fromkeys(p for _, record in records(casebook, ref) for p in places_in(record)))


def records(casebook: Casebook, ref: str) -> Iterator[tuple[str, Record]]:
    for name in RECORDS:
        record = casebook.kept(f"slack {name} {ref}")
        if record:
            yield f"slack {name} {ref}", dict(record)


class Removal:
    def __init__(self, poster: Poster, casebook: Casebook) -> None:
        self._poster = poster
        self._casebook = casebook
        self._out_of_reach: set[str] = set()

    async def tend(self) -> None:
        """Delete what is left of every removal. Raises LaterError when Slack is to be asked later."""
        for name in await asyncio.to_thread(self._casebook.kept_names, PREFIX):
            order = await self._gathered(name)
            for place in reversed(
                order["left"].split()
            ):  # what stands in a thread before its first
                await self._delete(name, order, place)

    async def _gathered(self, name: str) -> Record:
        """Return a removal with what was posted while it was begun, too, or may have been."""
        ref = name.removeprefix(PREFIX)
        order = dict(await asyncio.to_thread(lambda: self._casebook.kept(name) or {}))
        for key, record in await asyncio.to_thread(lambda: list(records(self._casebook, ref))):
            found = [*places_in(record), *await self._in_doubt(record)]
            order["left"] = " ".join(dict.fromkeys([*order["left"].split(), *found]))
            await asyncio.to_thread(self._casebook.keep, name, order)
            await asyncio.to_thread(self._casebook.keep, key, {})
        return order

    async def _in_doubt(self, record: Record) -> list[str]:
        """Return where a post stands whose answer was lost, if it does."""
        if "doubt" not in record:
            return []
        channel, thread, starts = record["doubt"].split("/", 2)
        ts = await self._poster.find(channel, thread, starts)
        return [f"{channel}/{ts}"] if ts else []

    async def _delete(self, name: str, order: Record, place: str) -> None:
        try:
            was_there = await self._poster.delete(place)
        except RefusedBySlackError as error:
            if error.code not in OUT_OF_REACH:
                raise
            if place not in self._out_of_reach:
                log.error("slack does not let a post be deleted", place=place, why=error.code)
            self._out_of_reach.add(place)
            return
        order["left"] = " ".join(p for p in order["left"].split() if p != place)
        order["deleted"] = str(int(order["deleted"]) + was_there)
        await asyncio.to_thread(self._casebook.keep, name, order)
