"""Which letter is owed and what it says: from a case to facts, from facts to words that are frozen.

A letter's Message-ID is fixed here, before the first try, and carries the case's token.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.config import Config, ControllerConfig
from intents.reading import Facet
from replies.facts import Acknowledgement, Asked, Controller
from replies.facts import Letter as Facts
from replies.facts.asking import AskAuthority, AskClarification, AskIdentity
from replies.facts.others import Reply
from replies.facts.signed import DATED
from replies.facts.timing import Extension, Ground
from replies.render import Renderer
from store.case import Case, CaseError, Request
from store.clock import Happening
from store.events import BOT, LetterOwed
from store.jurisdiction import Jurisdiction
from store.law import EXTENSION_NOTICE, DueKind, Label
from store.recorded import Wanted

TOKEN = re.compile(r"<dp-\d{4}-\d{6}\.(\d{1,4})\.([0-9a-f]{32})@[^>]*>")
"""A Message-ID of ours: reference, number of the letter, token."""


def new_token() -> str:
    return secrets.token_hex(16)


def tokens_in(message_ids: Iterable[str]) -> list[str]:
    """Return the case tokens that `message_ids` carry, in their order."""
    return [found[2] for m in message_ids if (found := TOKEN.fullmatch(m))]


def letter_ids_in(message_ids: Iterable[str], case: Case) -> tuple[str, ...]:
    """Return the ids of the case's letters that `message_ids` name."""
    known = {letter.owed.message_id: letter.owed.letter_id for letter in case.letters}
    return tuple(known[m] for m in message_ids if m in known)


@dataclass(frozen=True, slots=True)
class Question:
    """What a letter that asks has to say besides."""

    question: str = ""
    reasons: str = ""
    meanwhile: str = ""
    """What is dealt with already."""
    checks: tuple[str, ...] = ()
    """Ways to show who one is; at least one without papers."""


@dataclass(frozen=True, slots=True)
class Extending:
    """On what an extension rests."""

    ground: Ground
    reasons: str


def thread_of(case: Case) -> tuple[str, ...]:
    """Return the Message-IDs of a case's thread, oldest first: the last message is answered."""
    received = [(m.at, m.message_id) for m in case.messages if m.message_id.startswith("<")]
    written = [
        (letter.owed.at, letter.owed.message_id) for letter in case.letters if letter.sent_at
    ]
    return tuple(message_id for _, message_id in sorted(received + written))[-10:]


def imprint(controller: ControllerConfig) -> str:
    """Return who the controller is in law and where, in one line."""
    parts = (
        controller.legal_name,
        controller.number and f"company number {controller.number}",
        controller.address,
        controller.regulator_registration
        and f"registered with the regulator as {controller.regulator_registration}",
    )
    return ", ".join(part for part in parts if part)


class Letters:
    """Writes the letters of one controller."""

    def __init__(self, config: Config, here: Jurisdiction) -> None:
        self._here = here
        self._words = Renderer(config.replies.overrides)
        self._domain = config.mail.from_.rpartition("@")[2]
        self._controller = Controller(
            name=config.controller.name,
            contact=config.controller.contact,
            address=imprint(config.controller),
            notice_url=config.controller.notice_url,
        )

    def acknowledgement(
        self,
        case: Case,
        requests: Sequence[Request],
        *,
        at: datetime,
        thread: tuple[str, ...],
        agent: bool,
    ) -> LetterOwed:
        """Write the acknowledgement of `requests`; `thread` is what it answers, oldest first."""
        facts = Acknowledgement(
            ref=case.ref,
            received_on=self._here.date_of(requests[0].received_at),
            asked=tuple(self._asked(case, request, agent=agent) for request in requests),
            unsure=any(request.label is None for request in requests),
            agent=agent,
            controller=self._controller,
        )
        return self._owed(case, facts, requests, at=at, thread=thread)

    def ask(
        self, case: Case, wanted: Wanted, words: Question, *, at: datetime, by: str
    ) -> LetterOwed:
        """Write the letter that asks for identity, authority or clarification."""
        return self._owed(case, self._question(case, wanted, words), case.running, at=at, by=by)

    def extension(
        self, case: Case, request: Request, words: Extending, *, at: datetime, by: str
    ) -> LetterOwed:
        """Draft the notice of an extension: of legal effect, so a person sends it."""
        label = request.label
        first = case.due(request, self._here).due_on
        extended = case.due(request, self._here, [Happening(EXTENSION_NOTICE, at)]).due_on
        if label is None or first is None or extended is None:
            raise CaseError(
                f"request {request.number} of {case.ref} has no date that could be extended"
            )
        facts = Extension(
            **self._on_case(case, request),
            labels=(label,),
            first_due_on=first,
            due_on=extended,
            ground=words.ground,
            reasons=words.reasons,
        )
        return self._owed(case, facts, (request,), at=at, by=by, draft=True)

    def reply(self, case: Case, text: str, *, at: datetime, by: str) -> LetterOwed:
        """Write what a person wants to say."""
        facts = Reply(**self._on_case(case, case.requests[0]), words=text)
        return self._owed(case, facts, case.running, at=at, by=by)

    def _question(self, case: Case, wanted: Wanted, words: Question) -> Facts:
        first = case.running[0] if case.running else case.requests[0]
        on_case = self._on_case(case, first)
        if wanted is Wanted.AUTHORITY:
            on_case.pop("agent")
            return AskAuthority(**on_case, note=words.reasons)
        if wanted is Wanted.IDENTITY:
            labels = tuple(r.label for r in case.running if r.label in DATED)
            return AskIdentity(**on_case, labels=labels, reasons=words.reasons, checks=words.checks)
        return AskClarification(
            **on_case, question=words.question, reasons=words.reasons, meanwhile=words.meanwhile
        )

    def _on_case(self, case: Case, request: Request) -> dict[str, Any]:
        return {
            "ref": case.ref,
            "received_on": self._here.date_of(request.received_at),
            "controller": self._controller,
            "agent": Facet.AGENT in case.opened.facets,
        }

    def _owed(
        self,
        case: Case,
        facts: Facts,
        requests: Sequence[Request],
        *,
        at: datetime,
        by: str = BOT,
        thread: tuple[str, ...] = (),
        draft: bool = False,
    ) -> LetterOwed:
        """Freeze a letter: its words, its place in the thread, its Message-ID."""
        if not case.requester_address:
            raise CaseError(f"{case.ref} has no address that a letter could go to")
        rendered = self._words.render(facts)
        number = len(case.letters) + 1
        return LetterOwed(
            at=at,
            by=by,
            letter_id=f"{case.ref}-{number}",
            letter_kind=facts.kind,
            requests=tuple(request.number for request in requests),
            to=case.requester_address,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            version=rendered.version,
            message_id=f"<{case.ref.lower()}.{number}.{case.opened.token}@{self._domain}>",
            references=thread or thread_of(case),
            draft=draft,
        )

    def _asked(self, case: Case, request: Request, *, agent: bool) -> Asked:
        due = case.due(request, self._here)
        label = request.label or Label.ACCESS  # unsure: any right has this same month
        return Asked(
            label,
            due_on=due.due_on if due.kind is DueKind.STATUTORY and not agent else None,
            target_on=due.due_on if label is Label.QUERY else None,
        )
