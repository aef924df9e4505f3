"""The mailbox door: fetches what arrives in an existing mailbox, for those who cannot route mail to us.

A message is durable in the spool before it is marked or moved there. How far we are is kept in
the casebook; a crash, or a folder numbered anew (UIDVALIDITY), means that messages are fetched
again, and intake knows a copy. What is too large stays where it is, and somebody is told. A server
that can tells us what comes (IDLE); since what it tells may get lost, we look now and then anyway.
"""

import asyncio
import imaplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

import structlog

from bot.acceptance import Acceptance
from bot.finishing import to_the_end
from bot.journal import place_of
from bot.mail.heads import head_of, recipients_of, return_path_of
from bot.mail.imap_config import ImapConfig
from bot.mail.mailbox import Listed, Mailbox, MailboxError
from bot.room import Room
from store.casebook import Casebook
from store.refused import RefusedError
from store.spool import Envelope

log = structlog.get_logger()

AT_ONCE = 25  # messages between two notes of how far we are
A_MOMENT = 0.5  # seconds between looks, however much the server says
FIRST_WAIT = 2.0
LONGEST_WAIT = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far the folder was read, and what of it was left for a person."""

    validity: int = 0
    uid: int = 0
    left: tuple[int, ...] = ()


class MailboxDoor:
    def __init__(
        self,
        config: ImapConfig,
        max_bytes: int,
        acceptance: Acceptance,
        casebook: Casebook,
        room: Room,
        now: Callable[[], datetime],
    ) -> None:
        self._config = config
        self._max_bytes = max_bytes
        self._acceptance = acceptance
        self._casebook = casebook
        self._room = room
        self._now = now
        self._name = f"imap {config.user} {config.host} {config.folder}"
        self._tries = 0
        self.reached_at = now()
        """When the mailbox was last looked into, or we began to try."""
        self.left = 0
        """How many messages there a person must see to."""

    async def work(self) -> None:
        """Look into the mailbox for ever; when that fails, again after a rest that grows."""
        while True:
            try:
                await self._visit()
            except (OSError, imaplib.IMAP4.error, RefusedError, ValueError) as error:
                said = str(error) if isinstance(error, RefusedError) else place_of(error)
                log.warning("looking into the mailbox failed", error=said, tries=self._tries)
            await asyncio.sleep(min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._tries, 12)))
            self._tries += 1

    async def _visit(self) -> None:
        box = await asyncio.to_thread(Mailbox, self._config)
        try:
            while True:
                await self._take_all(box)
                self.reached_at, self._tries = self._now(), 0
                await self._rest(box)
        finally:
            box.hang_up()

    async def _rest(self, box: Mailbox) -> None:
        """Wait until the server says that something came; look anyway when it has said nothing for long."""
        if not box.can_listen:
            await asyncio.sleep(self._config.poll_seconds)
            return
        if await asyncio.to_thread(box.begin_to_listen):
            await readable(box.wakes, self._config.poll_seconds)
        await asyncio.to_thread(box.end_listening)
        await asyncio.sleep(min(A_MOMENT, self._config.poll_seconds))

    async def _take_all(self, box: Mailbox) -> None:
        validity = await asyncio.to_thread(box.enter)
        cursor = self._cursor(validity)
        uids = await asyncio.to_thread(box.after, cursor.uid)
        for some in pieces(uids):
            cursor = await self._take(box, some, cursor)
        if cursor.left:
            still = tuple(await asyncio.to_thread(box.unread, cursor.left))
            if still != cursor.left:
                await self._keep(Cursor(validity, cursor.uid, still))
        self.left = len(self._cursor(validity).left)

    async def _take(self, box: Mailbox, uids: Sequence[int], cursor: Cursor) -> Cursor:
        """Take messages over; return how far we are. What was taken before a failure stays taken."""
        found = sorted(await asyncio.to_thread(box.listed, uids), key=attrgetter("uid"))
        left = {*cursor.left, *uids} - {listed.uid for listed in found}  # gone, or not told of
        cursor = replace(cursor, left=tuple(sorted(left)))
        try:
            for listed in found:
                more = () if await self._take_one(box, listed) else (listed.uid,)
                cursor = replace(cursor, uid=listed.uid, left=(*cursor.left, *more))
            cursor = replace(cursor, uid=uids[-1])
        finally:
            await self._keep(cursor)
        return cursor

    async def _take_one(self, box: Mailbox, listed: Listed) -> bool:
        """Take a message over, unless a person must see to it."""
        raw = None
        if listed.size <= self._max_bytes:
            if not self._room.has(listed.size):
                raise MailboxError("the disk is nearly full: mail stays in the mailbox")
            raw = await asyncio.to_thread(box.raw, listed.uid)
        if raw is None or len(raw) > self._max_bytes:
            log.error("left in the mailbox", uid=listed.uid, size=listed.size)
            return False
        await self._accept(listed, raw)
        await self._set_aside(box, listed.uid)
        return True

    async def _accept(self, listed: Listed, raw: bytes) -> None:
        head, now = head_of(raw), self._now()
        envelope = Envelope(
            accepted_at=now,
            mail_from=return_path_of(head),
            rcpt_tos=recipients_of(head),
            peer=self._config.host,
            door="imap",
            received_at=min(now, listed.received_at),
        )
        spool_id = await self._acceptance.accept(envelope, raw, sender=id(self))
        log.info("accepted", spool_id=spool_id, size=len(raw), uid=listed.uid)

    async def _set_aside(self, box: Mailbox, uid: int) -> None:
        try:
            await asyncio.to_thread(box.set_aside, uid)
        except MailboxError as error:  # it is ours all the same, and is not fetched again
            log.error("cannot set aside in the mailbox", uid=uid, error=str(error))

    def _cursor(self, validity: int) -> Cursor:
        kept = self._casebook.kept(self._name)
        if kept is None or int(kept["validity"]) != validity:
            return Cursor(validity)
        left = tuple(int(uid) for uid in kept["left"].split())
        return Cursor(validity, int(kept["uid"]), left)

    async def _keep(self, cursor: Cursor) -> None:
        kept = {
            "validity": str(cursor.validity),
            "uid": str(cursor.uid),
            "left": " ".join(map(str, cursor.left)),
        }
        await to_the_end(self._casebook.keep, self._name, kept)


async def readable(fd: int, seconds: float) -> None:
    """Wait until there is something to read, or that long."""
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(fd, heard.set)
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), seconds)
    finally:
        loop.remove_reader(fd)


def pieces(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), AT_ONCE):
        yield uids[start : start + AT_ONCE]
