"""What staff do in Slack: clicks, menus, modals. Each is the desk's own action, committed before Slack hears ack.

Nothing is decided here. Whoever may not is refused in a message that only they see.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import Actions
from bot.bench import Doing
from bot.finishing import to_the_end
from bot.people import Person
from bot.slack.blocks import Block, modal, section
from bot.slack.cards import CLAIM, SHOW
from bot.slack.fields import filled_in
from bot.slack.forms import FORMS, Form, blocks_of
from bot.slack.looking import Read, shown
from bot.slack.once import Answer, Once, key_of
from bot.slack.previews import Seen
from bot.slack.staff import Body, Staff
from bot.slack.wire import LaterError, RefusedBySlackError, done
from store.case import Case
from store.refused import RefusedError

log = structlog.get_logger()

OUR_FAULT = "The bot could not do it; its log says more. Nothing was changed."
TOO_SLOW = "That took too long for Slack: please click once more."


@dataclass(frozen=True, slots=True)
class Parts:
    """What the desk in Slack stands on."""

    actions: Actions
    staff: Staff
    web: AsyncWebClient
    now: Callable[[], datetime]
    changed: Callable[[], None]
    read: Callable[[Case], Awaitable[list[Read]]]
    """Reads the messages of a case, for whoever may look."""
    link_of: Callable[[str], str]
    """Returns the address of the message that opened a case, if that is known."""


class SlackDesk:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._once = Once()

    async def clicked(self, ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        """Deal with a button or a menu; a link button needs its ack and nothing more."""
        action = body["actions"][0]
        name, value = action["action_id"], action.get("value", "")
        if chosen := action.get("selected_option"):
            name, _, value = chosen["value"].partition(" ")

        async def act() -> Answer:
            return await self._click(name, value, body) if value else {}

        said = await self._answered(body, act)
        await ack()
        await self.tell(said, body, respond)

    async def tell(self, said: Answer, body: Body, respond: AsyncRespond) -> None:
        """Say to one person what became of a click: beside it, or in a modal where there is no channel."""
        if not said.get("text"):
            return
        if body.get("response_url"):
            await respond(said["text"], response_type="ephemeral", replace_original=False)
        else:
            await self.open_view(body, message("Not done", said["text"]))

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        """Deal with a form: recorded, or refused beside the field that is wrong."""
        view = body["view"]

        async def act() -> Answer:
            return await self._submit(view, body)

        said = await self._answered(body, act)
        if said.get("text"):
            said = {"response_action": "update", "view": message("Not done", said["text"])}
        await ack(**said)

    async def _answered(self, body: Body, act: Callable[[], Awaitable[Answer]]) -> Answer:
        """Act once for each interaction; what is refused, or a fault of ours, is an answer too."""
        try:
            return await self._once.do(key_of(body), act)
        except RefusedError as error:
            return {"text": str(error)}
        except OSError as error:
            log.error("slack desk cannot record", error=type(error).__name__)
            return {"text": OUR_FAULT}

    async def _click(self, name: str, ref: str, body: Body) -> Answer:
        who = await self.parts.staff.who(body)
        if name == CLAIM:
            await self.do("claim", Doing(who, self.parts.now()), ref=ref)
        elif name == SHOW:
            return await self.show(ref, who, body)
        elif name in FORMS:
            return await self.open_form(name, ref, who, body)
        return {}

    async def do(self, action: str, doing: Doing, **arguments: object) -> Case:
        """Carry out one of the desk's actions, to its end."""
        act = self.parts.actions.named()[action]
        try:
            return await to_the_end(act, doing, **arguments)
        finally:
            self.parts.changed()

    async def show(self, ref: str, who: Person, body: Body) -> Answer:
        """Show the messages of a case to one person; that they looked is on record first."""
        desk = self.parts.actions.desk
        doing = Doing(who, self.parts.now())
        case = await to_the_end(desk.looked, ref, "messages, in Slack", doing)
        read = await self.parts.read(case)
        link = await asyncio.to_thread(self.parts.link_of, ref)
        return await self.open_view(body, shown(case, read, self.parts.actions.here, link))

    async def open_form(self, name: str, ref: str, who: Person, body: Body) -> Answer:
        who.must_be("handler", "lead")
        case = await asyncio.to_thread(self.parts.actions.desk.find, ref, who)
        form = FORMS[name]
        about = json.dumps({"ref": case.ref, "seen": len(case.events)})
        blocks = [section(f"*{case.ref}*"), *blocks_of(form, self._seen(case))]
        view = modal(name, form.title, blocks, submit=form.submit, about=about)
        return await self.open_view(body, view)

    async def open_view(self, body: Body, view: Block) -> Answer:
        """Open a modal, for which Slack gives three seconds from the click."""
        try:
            await done(self.parts.web.views_open(trigger_id=body["trigger_id"], view=view))
        except LaterError:
            return {"text": TOO_SLOW}
        except RefusedBySlackError as error:
            if "trigger" not in error.code:
                log.error("slack refuses a modal", why=error.code)
                return {"text": OUR_FAULT}
            return {"text": TOO_SLOW}
        return {}

    def _seen(self, case: Case) -> Seen:
        here = self.parts.actions.here
        return Seen(case, here, here.date_of(self.parts.now()))

    async def _submit(self, view: dict[str, Any], body: Body) -> Answer:
        who = await self.parts.staff.who(body)
        form = FORMS[view["callback_id"]]
        about = json.loads(view["private_metadata"])
        doing = Doing(who, self.parts.now(), seen=about["seen"])
        return await self.record(form, doing, view, ref=about["ref"])

    async def record(
        self, form: Form, doing: Doing, view: dict[str, Any], **more: object
    ) -> Answer:
        """Carry out what a form asks for; a refusal stands beside the field that is to blame."""
        try:
            action, values = form.filled(filled_in(view))
            await self.do(action, doing, **values, **more)
        except (RefusedError, ValueError, TypeError) as error:
            names = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
            if not names:  # nothing was to be filled in
                return {"text": sentence(error)}
            blamed = to_blame(str(error), names, form.blame)
            return {"response_action": "errors", "errors": {blamed: sentence(error)}}
        return {}


DAYS = ("on", "received", "asked_on")
ABOUT_DAYS = ("future", "before", "after it was recorded", "isoformat")


def to_blame(why: str, names: list[str], otherwise: str) -> str:
    """Return beside which field a refusal belongs."""
    day = next((name for name in DAYS if name in names), "")
    if day and any(word in why for word in ABOUT_DAYS):
        return day
    if "mail address" in why and "address" in names:
        return "address"
    named = next((name for name in names if re.search(rf"\b{name}\b", why)), "")
    if named and not otherwise:
        return named
    return otherwise if otherwise in names else names[0]


def sentence(error: Exception) -> str:
    """Return the refusal; of a TypeError only its author could make sense."""
    return "Something is missing here." if isinstance(error, TypeError) else str(error)


def message(title: str, text: str) -> Block:
    return modal("message", title, [section(text)])
