"""The staff channel: a card for each case, always as it is now, and what happens to it in the card's thread."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Collection
from datetime import date, datetime

from bot.flood import in_flood
from bot.hints import said_of
from bot.people import Person
from bot.slack.blocks import Block, actions, button, link_button, menu, section, small
from bot.slack.place import Place, is_direct
from bot.slack.posting import Post, Poster, Record, places_in
from bot.slack.words import asked, days_left, due_in_words, happened, may_be_shown, sure_of_receipt
from store.case import Case, Request, State
from store.due import long
from store.jurisdiction import Jurisdiction
from store.letters import LetterStatus

CLAIM, SHOW, DO = "claim", "show", "do"
MOST_LINES = 12  # of one post in a thread
MOST_REQUESTS = 20

DEEDS = (
    ("sort", "Sort: say what is asked"),
    ("requester", "Say who asked, and confirm the receipt"),
    ("check_back", "Ask once whether they wrote"),
    ("ask_identity", "Ask who they are"),
    ("ask_clarification", "Ask what they mean"),
    ("supplied", "Record what came"),
    ("answered", "Record the answer"),
    ("extend", "Extend"),
    ("note", "Write a note"),
    ("letters", "Letters: hold, release, take back"),
    ("close", "Close a request"),
    ("review", "Have a decision reviewed"),
    ("reopen", "Reopen a request"),
    ("link", "Link with another case"),
)
"""What a card's menu offers; each opens the form of that name."""


class Cards:
    def __init__(
        self,
        poster: Poster,
        here: Jurisdiction,
        staff: list[Person],
        now: Callable[[], datetime],
        remind: Callable[[Case], str],
    ) -> None:
        """Remind in the thread of what `remind` says this morning; an empty text is nothing."""
        self._poster = poster
        self._here = here
        self._staff = staff
        self._now = now
        self._remind_of = remind

    async def tend(self, case: Case) -> None:
        """Bring the card and its thread to where the case is. What waits in the flood has none."""
        if in_flood(case):
            return
        record = await asyncio.to_thread(self._poster.record, case.ref)
        if not may_be_shown(case, self._staff):
            await self._take_down(case, record)
        elif "card" in record:
            if await self._update(case, record):
                await self._tell(case, record)
                await self._remind(case, record)
        elif case.state is not State.CLOSED:
            await self._put_up(case, record)

    async def _put_up(self, case: Case, record: Record) -> None:
        await self._find_link(case, record)
        post = self._card(case, record.get("link", ""))
        ts = await self._poster.post(case.ref, record, "card", post, f"{case.ref}:")
        record |= {"card": ts, "face": face(post), "told": str(len(case.events))}
        await self._keep(case, record)

    async def _update(self, case: Case, record: Record) -> bool:
        """Bring the card to where the case is; False if it is gone for good."""
        post = self._card(case, record.get("link", ""))
        if face(post) == record.get("face"):
            return True
        if not await self._poster.update(record["card"], post):  # Slack keeps nothing for ever
            if case.state is State.CLOSED:
                return False
            await self._put_up(case, record)
            return True
        record["face"] = face(post)
        await self._keep(case, record)
        return True

    async def _tell(self, case: Case, record: Record) -> None:
        """Say in the thread what happened since it was told last."""
        upto = len(case.events)
        if record.get("trying", "").isdigit():  # tell what was being told, to find it again
            upto = min(upto, int(record["trying"]))
        new = case.events[int(record["told"]) : upto]
        lines = list(happened(new, self._here))
        if lines:
            text = "\n".join(lines[:MOST_LINES])
            post = Post(text, thread=record["card"])
            await self._poster.post(case.ref, record, str(upto), post, text)
        if new:
            record["told"] = str(upto)
            await self._keep(case, record)
        if upto < len(case.events):
            await self._tell(case, record)

    async def _remind(self, case: Case, record: Record) -> None:
        today = self._here.date_of(self._now()).isoformat()
        text = self._remind_of(case) if record.get("reminded") != today else ""
        if text:
            post = Post(text, thread=record["card"])
            await self._poster.post(case.ref, record, f"reminder {today}", post, text)
            record["reminded"] = today
            await self._keep(case, record)

    async def _take_down(self, case: Case, record: Record) -> None:
        """Delete what stands in the channel: not everybody there may know of the case any more."""
        for place in reversed(places_in(record)):
            await self._poster.delete(place)
        if record:
            await asyncio.to_thread(self._poster.keep, case.ref, {})

    async def _keep(self, case: Case, record: Record) -> None:
        await asyncio.to_thread(self._poster.keep, case.ref, record)

    async def _find_link(self, case: Case, record: Record) -> None:
        """Note the address of the message in a channel that opened the case, if one did."""
        place = Place.of(case.messages[0].message_id) if case.messages else None
        if "link" not in record and place is not None and not is_direct(place.channel):
            record["link"] = await self._poster.link_to(place.channel, place.ts)

    def _card(self, case: Case, link: str = "") -> Post:
        today = self._here.date_of(self._now())
        lines = [self._line(case, request, today) for request in case.requests]
        heads = [f"*{case.ref}*  {case.state}, {case.owner or 'nobody has it'}", *lines]
        blocks: list[Block] = [
            section("\n".join(heads[: MOST_REQUESTS + 1])),
            *(small(said) for said in said_of(case)),
            small(f"Came by {case.opened.channel} · trust: {trust_of(case)} · {letters_of(case)}"),
        ]
        if case.state is not State.CLOSED:
            blocks.append(buttons(case, link))
        return Post(f"{case.ref}: {case.state}. " + " ".join(lines)[:3_000], tuple(blocks))

    def _line(self, case: Case, request: Request, today: date) -> str:
        received = long(self._here.date_of(request.received_at))
        sure = " (provisional)" if "provisional" in sure_of_receipt(case, request) else ""
        head = f"{request.number}. {asked(request)}, received {received}{sure}"
        if request.over:
            ended = request.closed.outcome if request.closed else "goes on in another case"
            return f"{head}: {ended.replace('_', ' ')}"
        due = case.due(request, self._here)
        day = due.due_on or due.provisional_due
        left = f", {days_left(day, today)}" if day else ""
        state = request.state(case.letters_by_id).replace("_", " for ", 1)
        return f"{head}: *{due_in_words(due)}*{left} ({state})"


def buttons(case: Case, link: str = "") -> Block:
    claim = [] if case.owner else [button(CLAIM, "Claim", case.ref, "primary")]
    there = [link_button("The message", link)] if link else []
    show = button(SHOW, "Show", case.ref)
    return actions(*claim, show, *there, menu(DO, "Do …", deeds(case)))


def deeds(case: Case) -> Collection[tuple[str, str]]:
    offered = (d for d in DEEDS if case.in_doubt or d[0] != "check_back")
    return [(f"{name} {case.ref}", label) for name, label in offered]


def trust_of(case: Case) -> str:
    return f"{case.trust}, made sure of since" if case.verified else str(case.trust)


def letters_of(case: Case) -> str:
    """Say how the letters stand: one that waits for a person matters most."""
    waiting = [letter for letter in case.letters if letter.waits_for_a_person]
    if waiting:
        return f"letters that wait for a person: {len(waiting)}"
    lost = {LetterStatus.FAILED, LetterStatus.BOUNCED}
    if any(letter.status in lost for letter in case.letters):
        return "a letter did not arrive"
    return "letters: " + (", ".join(sorted({letter.status for letter in case.letters})) or "none")


def face(post: Post) -> str:
    """Return a fingerprint of what a card shows."""
    said = json.dumps([post.text, post.blocks], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
