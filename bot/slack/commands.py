"""`/privacy`: what can be asked by typing. Only whoever typed it sees the answer, which names no person."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.bench import Doing
from bot.dues import WhatIf, due_of
from bot.flood import apart, in_a_line
from bot.people import Person
from bot.slack.desk import OUR_FAULT, SlackDesk
from bot.slack.looking import listed, reference, visible, working
from bot.slack.once import Answer, Once, key_of
from bot.slack.opening import Opening
from bot.slack.staff import Body
from bot.slack.words import due_in_words
from store.case import CaseError
from store.due import in_sentence
from store.law import Label
from store.refused import RefusedError

log = structlog.get_logger()

NAME = "/privacy"
HELP = """\
`/privacy list` what is open (`list mine`, `list overdue`)
`/privacy show 123` read the messages of a case; that you looked is on record
`/privacy due 123` its dates and how they came about; `/privacy due access 2026-11-27` reckons one
`/privacy claim 123` take it; `/privacy assign 123 @somebody` hand it over
`/privacy close 123` close a request
`/privacy new` open a case for what you were told by phone, by post or at a desk
A reference may be short: `123` is this year's DP-…-000123."""
MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")

Say = Callable[[Person, str, Body], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Commands:
    desk: SlackDesk
    opening: Opening
    once: Once = field(default_factory=Once)

    async def typed(self, ack: AsyncAck, body: Body) -> None:
        """Answer a command, after what it changes is recorded."""
        verb, _, rest = str(body.get("text") or "help").strip().partition(" ")

        async def act() -> Answer:
            who = await self.opening.parts.staff.who(body)
            say = self._verbs().get(verb.lower(), self._help)
            return {"text": await say(who, rest.strip(), body)}

        try:
            said = str((await self.once.do(key_of(body), act))["text"])
        except RefusedError as error:
            said = str(error)
        except OSError as error:
            log.error("slack command not carried out", error=type(error).__name__)
            said = OUR_FAULT
        except (ValueError, KeyError):
            said = f"That is not understood.\n{HELP}"
        await ack(text=said, response_type="ephemeral") if said else await ack()

    def _verbs(self) -> Mapping[str, Say]:
        return {
            "list": self._list,
            "show": self._show,
            "due": self._due,
            "claim": self._claim,
            "assign": self._assign,
            "close": self._close,
            "new": self._new,
        }

    async def _help(self, _who: Person, _rest: str, _body: Body) -> str:
        return HELP

    async def _list(self, who: Person, rest: str, _body: Body) -> str:
        here, now = self.opening.parts.actions.here, self.opening.parts.now()
        today = here.date_of(now)
        cases, flood = await asyncio.to_thread(lambda: apart(visible(self.opening.casebook, who)))
        if rest == "mine":
            cases = [case for case in cases if case.owner == who.login]
        if rest == "overdue":
            cases = [
                case for case in cases
                if any((due := case.due(r, here).due_on) and due < today for r in case.running)
            ]  # fmt: skip
        return "\n".join([listed(cases, here, today), *in_a_line(flood)])

    async def _show(self, who: Person, rest: str, body: Body) -> str:
        said = await self.desk.show(self._ref(rest), who, body)
        return str(said.get("text", ""))

    async def _due(self, who: Person, rest: str, _body: Body) -> str:
        parts = self.opening.parts
        first, _, day = rest.partition(" ")
        if first in set(Label):
            at = datetime.fromisoformat(day.strip()).replace(tzinfo=parts.actions.here.zone)
            due = due_of(Label(first), at.astimezone(UTC), WhatIf(), parts.actions.here)
            return f"*{due_in_words(due)}*. {in_sentence(due)}."
        case = await asyncio.to_thread(parts.actions.desk.find, self._ref(rest), who)
        return working(case, parts.actions.here)

    async def _claim(self, who: Person, rest: str, _body: Body) -> str:
        case = await self.desk.do("claim", self._doing(who), ref=self._ref(rest))
        return f"{case.ref} is yours."

    async def _assign(self, who: Person, rest: str, _body: Body) -> str:
        ref, _, to = rest.rpartition(" ")
        login = self._login(to.strip())
        case = await self.desk.do("assign", self._doing(who), ref=self._ref(ref), to=login)
        return f"{case.owner} has {case.ref} now."

    async def _close(self, who: Person, rest: str, body: Body) -> str:
        said = await self.desk.open_form("close", self._ref(rest), who, body)
        return str(said.get("text", ""))

    async def _new(self, who: Person, _rest: str, body: Body) -> str:
        said = await self.opening.open_new(body, who)
        return str(said.get("text", ""))

    def _doing(self, who: Person) -> Doing:
        return Doing(who, self.opening.parts.now())

    def _login(self, to: str) -> str:
        """Return whom a mention or a login names."""
        found = MENTION.fullmatch(to)
        people = self.opening.parts.actions.people
        return people.in_slack(found[1]).login if found else to.removeprefix("@")

    def _ref(self, text: str) -> str:
        if not text:
            raise CaseError("Which case? Its reference is missing.")
        return reference(text, self.opening.casebook)
