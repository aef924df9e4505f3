"""Opening a case by hand in Slack: from any message, from nowhere, or for the case that a message opened already."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.bench import Doing
from bot.people import Person
from bot.slack.blocks import modal, small
from bot.slack.desk import OUR_FAULT, Parts, SlackDesk, message
from bot.slack.fields import filled_in
from bot.slack.forms import NEW, opened_by_hand
from bot.slack.once import Answer, Once, key_of
from bot.slack.parse import instant
from bot.slack.place import Place, place_of_message
from bot.slack.staff import Body
from bot.slack.text import words_of
from bot.slack.wire import LaterError, link_to
from intents.reading import Reading
from store.casebook import Casebook
from store.law import Label
from store.refused import RefusedError

log = structlog.get_logger()

OPEN_CASE = "open_case"
NEW_CASE = "new_case"
SOON = 0.8  # seconds; the form must open within three of the click

ReadWords = Callable[[str], Awaitable[Reading | None]]


@dataclass(frozen=True, slots=True)
class Opening:
    parts: Parts
    desk: SlackDesk
    casebook: Casebook
    read_words: ReadWords
    """Reads what a text asks; None where that takes too long."""
    once: Once = field(default_factory=Once)

    async def from_message(self, ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        """Answer the message shortcut: the form of the message's case, or that of a new one."""
        await ack()
        try:
            who = await self.parts.staff.who(body)
            said = await self._form_for(body, who)
        except RefusedError as error:
            said = {"text": str(error)}
        await self.desk.tell(said, body, respond)

    async def from_nowhere(self, ack: AsyncAck, body: Body) -> None:
        """Answer the global shortcut."""
        await ack()
        try:
            who = await self.parts.staff.who(body)
            await self.open_new(body, who)
        except RefusedError as error:
            await self.desk.open_view(body, message("Not done", str(error)))

    async def open_new(self, body: Body, who: Person, said: str = "", link: str = "") -> Answer:
        who.must_be("handler", "lead")
        found: tuple[Label, ...] = ()
        if said:
            reading = await self.read_words(said)
            found = reading.labels if reading and not reading.unsure else ()
        here = self.parts.actions.here
        at = instant(body["message"]["ts"]) if "message" in body else self.parts.now()
        labels = [str(label) for label in found if label is not Label.OTHER]
        blocks = [one.block() for one in opened_by_hand(labels, said, here.date_of(at))]
        if link:
            there = f"<{link}|this message>" if link.startswith("http") else f"a message: {link}"
            blocks.insert(0, small(f"From {there}"))
        view = modal(NEW_CASE, NEW.title, blocks, submit="Open the case", about=link)
        return await self.desk.open_view(body, view)

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        async def act() -> Answer:
            who = await self.parts.staff.who(body)
            form = f"slack form {body['view'].get('id', '')}"  # pressed again after a crash too
            return await self._open(body["view"], Doing(who, self.parts.now(), once=form))

        try:
            said = await self.once.do(key_of(body), act)
        except RefusedError as error:
            said = {"text": str(error)}
        except OSError as error:
            log.error("slack form not carried out", error=type(error).__name__)
            said = {"text": OUR_FAULT}
        if said.get("text"):
            said = {"response_action": "update", "view": message("Not done", said["text"])}
        await ack(**said)

    async def _open(self, view: dict[str, Any], doing: Doing) -> Answer:
        link = view["private_metadata"]
        fixed: dict[str, list[str]] = {"rights": []} if "rights" not in filled_in(view) else {}
        if link:
            said = filled_in(view).get("words", "")
            view = with_words(view, f"{said}\n\nIn Slack: {link}".strip())
        return await self.desk.record(NEW, doing, view, **fixed)

    async def _form_for(self, body: Body, who: Person) -> Answer:
        channel, written = body["channel"]["id"], body["message"]
        place = place_of_message(channel, written)
        refs = [known.ref for known in self.casebook.alike(place.key) if known.ref]
        if refs:
            return await self.desk.open_form("requester", refs[0], who, body)
        link = await self._link(place)
        return await self.open_new(body, who, words_of(written), link)

    async def _link(self, place: Place) -> str:
        """Return the message's address, or its place where Slack does not tell that in time."""
        try:
            async with asyncio.timeout(SOON):
                link = await link_to(self.parts.web, place.channel, place.ts)
        except (LaterError, TimeoutError):
            link = ""
        return link or f"channel {place.channel}, message {place.ts}"


def with_words(view: dict[str, Any], words: str) -> dict[str, Any]:
    """Return the view as if these words had been filled in."""
    values = {**view["state"]["values"]}
    values["words"] = {"words": {"type": "plain_text_input", "value": words}}
    return {**view, "state": {"values": values}}
