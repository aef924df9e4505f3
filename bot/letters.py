"""Which letter is owed and what it says: from a case to facts, from facts to words that are frozen.

A letter's Message-ID is fixed here, before the first try, and carries the case's token.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import structlog

from bot.acknowledging import Acknowledging
from bot.config import Config, ControllerConfig
from bot.filling import fill, missing_of, sketch
from bot.known import About, known
from intents.reading import Facet, Reading
from replies.facts import Acknowledgement, Controller, Duplicate
from replies.facts import Letter as Facts
from replies.render import Rendered, Renderer, speaks
from replies.render.renderer import FALLBACK
from store.case import Case, CaseError, Request
from store.events import BOT, LetterOwed, Unanswered
from store.jurisdiction import Jurisdiction

log = structlog.get_logger()

LANGUAGE: Final = "language_"

AT_ONCE: Final = frozenset(
    {"acknowledgement", "ask_authority", "ask_clarification", "ask_identity", "breach_report"}
    | {"check_back"}
    | {"clock_restarted", "duplicate", "marketing_stopped", "pause_started", "progress_note"}
    | {"reply", "survey"}
)
"""Kinds without legal effect of their own; any other is a draft until a person sends it."""

EFFECTS: Final[Mapping[str, frozenset[str]]] = {
    "disclosure": frozenset({"access_response", "partial_disclosure", "breach_notice"}),
    "extension": frozenset({"extension"}),
    "outcome": frozenset({"complaint_outcome", "fulfilled", "review_outcome"}),
    "refusal": frozenset({"no_data_held", "partly_refused", "passed_on", "refusal"}),
}
"""What a letter of legal effect does, for the rule of four eyes."""


def letter_ids_in(message_ids: Iterable[str], case: Case) -> tuple[str, ...]:
    """Return the ids of the case's letters that `message_ids` name."""
    known = {letter.owed.message_id: letter.owed.letter_id for letter in case.letters}
    return tuple(known[m] for m in message_ids if m in known)


def letter_ids_home(homes: Iterable[tuple[str, int]], case: Case) -> tuple[str, ...]:
    """Return the ids of the case's letters that have come home."""
    ours = {f"{case.ref}-{number}" for token, number in homes if token == case.opened.token}
    return tuple(
        letter_id for letter in case.letters if (letter_id := letter.owed.letter_id) in ours
    )


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
        self._policy = config.policy
        self._languages = {*config.replies.languages, FALLBACK}
        self._controller = Controller(
            name=config.controller.name,
            contact=config.controller.contact,
            address=imprint(config.controller),
            notice_url=config.controller.notice_url,
        )
        self._acknowledging = Acknowledging(
            here, self._controller, config.policy, config.replies.show_working
        )

    def acknowledgement(
        self,
        case: Case,
        requests: Sequence[Request],
        *,
        at: datetime,
        thread: tuple[str, ...],
        agent: bool,
        language: str = "",
        first: Case | None = None,
    ) -> LetterOwed | Unanswered:
        """Write the acknowledgement of `requests`; `thread` is what it answers, oldest first.

        `first` is an open case of the same person that asks the same. Nothing is written where
        the controller's policy says never.
        """
        if language in {"", FALLBACK}:  # too short to tell, perhaps: then as the first message
            language = language_of(case)
        sending = self._acknowledging.sending(requests)
        if sending == "never":
            return Unanswered(at=at, why="the policy is never to acknowledge this by machine")
        return self.write(
            case,
            self._receipt(
                About(case, tuple(requests), self._here, at, BOT, first), language, agent=agent
            ),
            requests,
            at=at,
            thread=thread,
            draft=sending == "draft",
            language=language,
        )

    def facts(self, kind: str, about: About, given: Mapping[str, Any]) -> Facts:
        """Put together what a letter says, of what the case knows and a person says. Raises CaseError."""
        if kind == Acknowledgement.kind:
            if given:
                raise CaseError("an acknowledgement says what the case knows, and nothing else")
            agent = Facet.AGENT in about.case.opened.facets
            return self._acknowledging.facts(about.case, about.requests, agent=agent)
        return fill(kind, self._known(kind, about), given)

    def sketch(
        self, kind: str, about: About, given: Mapping[str, Any]
    ) -> tuple[Rendered, list[str]]:
        """Return a letter as it would be written now, with marks for what is missing, and what that is."""
        if kind == Acknowledgement.kind:
            return self._rendered(self.facts(kind, about, given), about.case), []
        known = self._known(kind, about)
        letter = self._rendered(sketch(kind, known, given), about.case)
        return letter, missing_of(kind, known, given)

    def write(
        self,
        case: Case,
        facts: Facts,
        requests: Sequence[Request],
        *,
        at: datetime,
        by: str = BOT,
        thread: tuple[str, ...] = (),
        draft: bool = False,
        language: str = "",
    ) -> LetterOwed:
        """Freeze a letter: its words, its place in the thread, its Message-ID."""
        if not case.requester_address:
            raise CaseError(f"{case.ref} has no address that a letter could go to")
        rendered = self._rendered(facts, case, language)
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
            draft=draft or facts.kind not in AT_ONCE or self._policy.mode == "draft",
        )

    def _known(self, kind: str, about: About) -> dict[str, Any]:
        return {**known(kind, about), "controller": self._controller}

    def _rendered(self, facts: Facts, case: Case, language: str = "") -> Rendered:
        """Put facts into words: in the language of the case where the controller can deal with a reply in it."""
        asked = language or language_of(case)
        wanted = asked if asked in self._languages else FALLBACK
        rendered = self._words.render(facts, wanted)
        if rendered.language != wanted:
            log.warning("not translated: written in English", letter=facts.kind, language=wanted)
        return rendered

    def _receipt(self, about: About, language: str, *, agent: bool) -> Facts:
        english = language not in self._languages or language == FALLBACK
        told = None
        if not agent and (english or speaks(language, Duplicate.kind)):
            told = self._acknowledging.repetition(about)
        return told or self._acknowledging.facts(
            about.case, about.requests, agent=agent, english=english
        )


def language_of(case: Case) -> str:
    """Return the language that the first message was read as."""
    found = (f.removeprefix(LANGUAGE) for f in case.opened.facets if f.startswith(LANGUAGE))
    return next(found, FALLBACK)


def facets_of(reading: Reading) -> tuple[str, ...]:
    """Return what a case keeps of a reading beside its labels: mostly who writes, and in which language."""
    language = {LANGUAGE + reading.language} if reading.language != FALLBACK else set()
    return tuple(sorted({*reading.facets, *language}))
