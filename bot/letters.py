"""Which letter is owed and what it says: from a case to facts, from facts to words that are frozen.

A letter's Message-ID is fixed here, before the first try, and carries the case's token.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.config import Config
from replies.facts import Acknowledgement, Asked, Controller
from replies.render import render
from store.case import Case, Request
from store.events import LetterOwed
from store.jurisdiction import Jurisdiction
from store.law import DueKind, Label

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


class Letters:
    """Writes the letters of one controller."""

    def __init__(self, config: Config, here: Jurisdiction) -> None:
        self._here = here
        self._domain = config.mail.from_.rpartition("@")[2]
        self._controller = Controller(
            name=config.controller.name,
            contact=config.controller.contact,
            address=config.controller.address,
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
        rendered = render(facts)
        number = len(case.letters) + 1
        return LetterOwed(
            at=at,
            letter_id=f"{case.ref}-{number}",
            letter_kind=facts.kind,
            requests=tuple(request.number for request in requests),
            to=case.opened.requester_address,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            version=rendered.version,
            message_id=f"<{case.ref.lower()}.{number}.{case.opened.token}@{self._domain}>",
            references=thread,
        )

    def _asked(self, case: Case, request: Request, *, agent: bool) -> Asked:
        due = case.due(request, self._here)
        label = request.label or Label.ACCESS  # unsure: any right has this same month
        return Asked(
            label,
            due_on=due.due_on if due.kind is DueKind.STATUTORY and not agent else None,
            target_on=due.due_on if label is Label.QUERY else None,
        )
