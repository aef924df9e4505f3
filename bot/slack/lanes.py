"""A lane for each channel: what cases owe there is posted in order, by one bot at a time.

What is owed is not written down: it follows from the case, which is durable, and from the record of
what was posted for it.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.journal import place_of
from bot.slack.removal import begin_removal, is_erased
from bot.slack.wire import DoubtfulError, LaterError, RefusedBySlackError, next_wait
from store.case import Case
from store.casebook import Casebook, CasebookAwayError
from store.fleet import Fleet

log = structlog.get_logger()

LOOK_EVERY = 2.0
TOKEN_IS_WRONG = {
    "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed",
}  # fmt: skip
CHANNEL_IS_WRONG = TOKEN_IS_WRONG | {
    "not_in_channel", "channel_not_found", "is_archived", "missing_scope", "restricted_action",
}  # fmt: skip


class Alarm:
    """Says once what is wrong, for all that suffer from it."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def raise_it(self, code: str, where: str) -> None:
        what = key_of(code, where)
        if what in self._said:
            return
        self._said.add(what)
        if code in TOKEN_IS_WRONG:
            log.error("slack refuses the app's token: mail goes on without it", why=code)
        else:
            log.error("slack refuses all posts", lane=where, why=code)

    def over(self, code: str, where: str) -> None:
        self._said.discard(key_of(code, where))


def key_of(code: str, where: str) -> str:
    return "token" if code in TOKEN_IS_WRONG else f"{code} {where}"


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to do what one bot at a time does; it ends by itself when the bot's heart stops."""

    name: str
    fleet: Fleet

    def taken(self) -> bool:
        """Take it, or keep it; False while another bot has it."""
        return self.fleet.turn(self.name)

    def give_up(self) -> None:
        self.fleet.release(self.name)


class Lane:
    """Tends the cases of one channel, one after another, in the order of their references."""

    def __init__(
        self,
        turn: Turn,
        alarm: Alarm,
        casebook: Casebook,
        tend: Callable[[Case], Awaitable[None]] | None = None,
        first: Callable[[], Awaitable[None]] | None = None,
        *,
        only_running: bool = False,
    ) -> None:
        """Tend each case by `tend`, after what belongs to no case by `first`."""
        self._only_running = only_running
        self._turn = turn
        self._alarm = alarm
        self._name = turn.name.removeprefix("slack ")
        self._casebook = casebook
        self._tend = tend
        self._first = first
        self._seen: dict[str, int] = {}
        self._tries = 0
        self.wake = asyncio.Event()
        self.trouble = ""
        """Slack's code for why nothing can be posted; empty while all is well."""

    async def work(self) -> None:
        """Tend for ever: when woken, and every few seconds."""
        while True:
            self.wake.clear()
            await self.round()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self.wake.wait()

    def look_again(self) -> None:
        """Look at every case again: it is another day."""
        self._seen.clear()

    async def round(self) -> None:
        """Tend each case that has changed; stop at the first that must wait, to keep the order."""
        try:
            if await asyncio.to_thread(self._turn.taken):
                await self._tend_all(await asyncio.to_thread(self._versions))
        except (LaterError, OSError) as error:
            await self._rest(error)
        except RefusedBySlackError as error:
            await self._stand_still(error.code)

    def _versions(self) -> Mapping[str, int]:
        """Return the cases to look at, each with its version."""
        if self._tend is None:
            return {}
        versions = self._casebook.versions()
        if not self._only_running:
            return versions
        return {ref: versions[ref] for ref in self._casebook.running() if ref in versions}

    async def _tend_all(self, versions: Mapping[str, int]) -> None:
        for ref in ["", *changed(versions, self._seen)]:
            try:
                await self._tend_one(ref)
            except (LaterError, OSError):
                raise
            except RefusedBySlackError as error:
                if error.code in CHANNEL_IS_WRONG:
                    raise
                log.error("slack refuses a post", ref=ref, lane=self._name, why=error.code)
            except Exception as error:  # noqa: BLE001  (one case must not stop the others)
                log.error("cannot post", ref=ref, lane=self._name, error=place_of(error))
            else:
                if ref or self._tend is None:
                    self._well()
            self._seen[ref] = versions.get(ref, 0)

    async def _tend_one(self, ref: str) -> None:
        case = await asyncio.to_thread(self._casebook.get, ref) if ref else None
        if case is not None and self._tend is not None:
            if not await asyncio.to_thread(is_erased, self._casebook, ref):
                await self._tend(case)
                await asyncio.to_thread(self._take_back, ref)
        elif not ref and self._first is not None:
            await self._first()

    def _take_back(self, ref: str) -> None:
        """Take back what was posted about a case that was erased meanwhile."""
        if self._casebook.get(ref) is None:
            begin_removal(self._casebook, ref)

    async def _rest(self, error: LaterError | OSError) -> None:
        self._tries += 1
        told = error.seconds if isinstance(error, LaterError) else 0.0
        log.warning("slack put off", lane=self._name, why=str(error), doubtful=isinstance(error, DoubtfulError))  # fmt: skip
        await self._let_others_try()
        await asyncio.sleep(told or next_wait(self._tries - 1))

    async def _stand_still(self, code: str) -> None:
        self.trouble = code
        self._alarm.raise_it(code, self._name)
        self._tries += 1
        await self._let_others_try()
        await asyncio.sleep(next_wait(self._tries))

    def _well(self) -> None:
        self._alarm.over(self.trouble, self._name)
        self._tries, self.trouble = 0, ""

    async def _let_others_try(self) -> None:
        with contextlib.suppress(CasebookAwayError):
            await asyncio.to_thread(self._turn.give_up)


def changed(versions: Mapping[str, int], seen: Mapping[str, int]) -> list[str]:
    return sorted(ref for ref, version in versions.items() if seen.get(ref) != version)
