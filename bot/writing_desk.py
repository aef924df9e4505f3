"""What staff write to a requester: a question, an extension, any other kind of letter, their own words.

A question or an extension that goes by letter counts from the day the relay takes it. A letter of
legal effect is a draft until a person sends it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from bot.bench import Bench, Doing
from bot.known import SPEAKS_OF_NONE, About, names, which
from replies.facts import KINDS
from replies.render import Rendered
from store.case import Case, CaseError
from store.deeds import Asked, Extended
from store.events import Event, LetterOwed
from store.recorded import Medium, Wanted
from store.rules import check_extension

OWN_COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ask_authority": "ask",
        "ask_clarification": "ask",
        "ask_identity": "ask",
        "extension": "extend",
        "reply": "reply",
    }
)
"""Kinds whose command does more than write."""


class WritingDesk(Bench):
    def ask(
        self,
        ref: str,
        wanted: Wanted,
        number: int | None,
        said: Mapping[str, Any],
        doing: Doing,
        *,
        medium: Medium = Medium.EMAIL,
        on: date | None = None,
        about: str = "",
    ) -> Case:
        """Ask for identity, authority or clarification: by letter, or recorded as asked by `medium`.

        By letter it counts from the day the relay takes the letter; otherwise from `on`.
        Identity and authority concern every request that is open.
        """

        def make(case: Case) -> Sequence[Event]:
            requests = (
                (self._which(case, number),) if wanted is Wanted.CLARIFICATION else case.running
            )
            asked = Asked(
                **doing.stamp,
                effective_on=self._day(case, on, doing),
                wanted=wanted,
                requests=tuple(request.number for request in requests),
                question=said.get("question", ""),
                about=about,
                medium=medium,
            )
            if medium is not Medium.EMAIL:
                return (asked,)
            kind = f"ask_{wanted}"
            told = {name: value for name, value in said.items() if name in names(kind)}
            letter = self._letter(case, kind, asked.requests, told, doing)
            return (letter, replace(asked, letter_id=letter.letter_id, effective_on=None))

        return self._do(ref, doing, make)

    def extend(self, ref: str, number: int | None, said: Mapping[str, Any], doing: Doing) -> Case:
        """Draft the notice of an extension; it takes effect when a person sends it and the relay takes it.

        Refused where the law gives none, and after the last day for giving notice.
        """

        def make(case: Case) -> Sequence[Event]:
            request = self._which(case, number)
            check_extension(case, request)
            last = case.due(request, self._here).extension_notice_due
            if last is not None and self._here.date_of(doing.at) > last:
                raise CaseError(
                    f"notice of an extension of {case.ref} had to be given by {last:%d %b %Y}"
                )
            letter = self._letter(case, "extension", (request.number,), said, doing)
            extended = Extended(
                **doing.stamp,
                request=request.number,
                reasons=said["reasons"],
                letter_id=letter.letter_id,
            )
            return (letter, extended)

        return self._do(ref, doing, make)

    def write(
        self, ref: str, kind: str, numbers: Sequence[int], said: Mapping[str, Any], doing: Doing
    ) -> Case:
        """Write a letter of any kind: the case tells what it knows, a person the rest."""
        if kind in OWN_COMMANDS:
            raise CaseError(
                f"`{OWN_COMMANDS[kind]}` writes this letter and does what belongs to it"
            )
        return self._do(ref, doing, lambda case: (self._letter(case, kind, numbers, said, doing),))

    def sketch(
        self, ref: str, kind: str, numbers: Sequence[int], said: Mapping[str, Any], doing: Doing
    ) -> tuple[Rendered, list[str]]:
        """Return a letter as it would be written now, and what is missing; nothing is recorded."""
        case = self.find(ref, doing.by)
        return self._letters.sketch(kind, self._about(case, kind, numbers, said, doing), said)

    def reply(self, ref: str, text: str, doing: Doing) -> Case:
        """Write a letter in one's own words, in the thread of the case."""
        said = {"words": text}
        return self._do(ref, doing, lambda case: (self._letter(case, "reply", (), said, doing),))

    def _letter(
        self, case: Case, kind: str, numbers: Sequence[int], said: Mapping[str, Any], doing: Doing
    ) -> LetterOwed:
        about = self._about(case, kind, numbers, said, doing)
        facts = self._letters.facts(kind, about, said)
        spoken_of = () if kind in SPEAKS_OF_NONE else about.requests
        return self._letters.write(case, facts, spoken_of, at=doing.at, by=doing.by.login)

    def _about(
        self, case: Case, kind: str, numbers: Sequence[int], said: Mapping[str, Any], doing: Doing
    ) -> About:
        if kind not in KINDS:
            raise CaseError(f"there is no letter {kind!r}; there are {', '.join(sorted(KINDS))}")
        first = said.get("first_ref")
        return About(
            case,
            which(case, kind, numbers),
            self._here,
            doing.at,
            doing.by.login,
            first=self.find(first, doing.by) if first else None,
            others=self._others(case),
        )

    def _others(self, case: Case) -> list[Case]:
        """Return what else the same person asked: by the same address, or as people linked it."""
        alike = self._casebook.by_trait(case.traits[0]) if case.opened.requester_address else ()
        refs = {*case.links, *alike} - {case.ref}
        return [other for ref in sorted(refs) if (other := self._casebook.get(ref)) is not None]
