"""The desk's actions as commands: plain values in, the right kinds of value handed to the desk, the case out.

Raises ValueError for a value that is not of its kind; the desk refuses what may not be done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.bench import Doing
from bot.casework import Told
from bot.desk import Closing, Desk
from bot.people import People
from bot.tie_desk import Whose
from replies.facts.timing import Ground
from store.case import Case
from store.jurisdiction import Jurisdiction
from store.keeping import Reason
from store.law import Label
from store.recorded import Medium, Outcome, Wanted

Action = Callable[..., Case]


@dataclass(frozen=True, slots=True)
class Actions:
    desk: Desk
    people: People
    here: Jurisdiction
    learn: Callable[[Case], None] = lambda _case: None
    """Told of a case that a person has sorted."""

    def named(self) -> Mapping[str, Action]:
        """Return every action by the name of its command."""
        return {
            "open_told": self._open_told,
            "claim": self._claim,
            "assign": self._assign,
            "sort": self._sort,
            "requester": self._requester,
            "note": self._note,
            "ticked": self._ticked,
            "ask": self._ask,
            "supplied": self._supplied,
            "acknowledged": self._acknowledged,
            "answered": self._answered,
            "extend": self._extend,
            "receipt": self._receipt,
            "link": self._link,
            "unlink": self._unlink,
            "split": self._split,
            "merge": self._merge,
            "close": self._close,
            "reopen": self._reopen,
            "review": self._review,
            "restrict": self._restrict,
            "aware": self._aware,
            "breach": self._breach,
            "hold": self._hold,
            "release": self._release,
            "take_back": self._take_back,
            "reply": self._reply,
            "write": self._write,
            "preserve": self._preserve,
            "end_preservation": self._end_preservation,
            "erase": self._erase,
            "erase_confirm": self._erase_confirm,
            "erase_undo": self._erase_undo,
        }

    def _open_told(
        self,
        doing: Doing,
        *,
        medium: str,
        received: str,
        rights: list[str],
        name: str = "",
        address: str = "",
        confirmed: bool = False,
        words: str = "",
        identifiers: Sequence[str] = (),
    ) -> Case:
        told = Told(
            name=name,
            address=address,
            confirmed=confirmed,
            labels=tuple(Label(right) for right in rights),
            medium=Medium(medium),
            received_at=self._instant(received).astimezone(UTC),
            words=words,
            identifiers=tuple(identifiers),
        )
        return self.desk.open_told(told, doing)

    def _claim(self, doing: Doing, ref: str) -> Case:
        return self.desk.claim(ref, doing)

    def _assign(self, doing: Doing, ref: str, to: str) -> Case:
        return self.desk.hand_over(ref, self.people.who(to), doing)

    def _sort(self, doing: Doing, ref: str, rights: list[str], request: int | None = None) -> Case:
        case = self.desk.sort(ref, request, [Label(right) for right in rights], doing)
        self.learn(case)
        return case

    def _requester(
        self,
        doing: Doing,
        ref: str,
        received: str,
        *,
        name: str = "",
        address: str = "",
        confirmed: bool = False,
    ) -> Case:
        received_at = self._instant(received).astimezone(UTC)
        whose = Whose(name, address)
        return self.desk.name_requester(
            ref, whose, doing, received_at=received_at, confirmed=confirmed
        )

    def _note(self, doing: Doing, ref: str, text: str) -> Case:
        return self.desk.note(ref, text, doing)

    def _ticked(self, doing: Doing, ref: str, system: str, request: int | None = None) -> Case:
        return self.desk.ticked(ref, request, system, doing)

    def _ask(
        self,
        doing: Doing,
        ref: str,
        wanted: str,
        *,
        question: str = "",
        reasons: str = "",
        meanwhile: str = "",
        checks: tuple[str, ...] = (),
        request: int | None = None,
        medium: str = "email",
        on: str = "",
        about: str = "",
    ) -> Case:
        return self.desk.ask(
            ref,
            Wanted(wanted),
            request,
            asked_for(Wanted(wanted), question, reasons, meanwhile, checks),
            doing,
            medium=Medium(medium),
            on=day(on),
            about=about,
        )

    def _supplied(
        self, doing: Doing, ref: str, wanted: str, how: str = "", on: str = "", about: str = ""
    ) -> Case:
        return self.desk.supplied(ref, Wanted(wanted), how, doing, on=day(on), about=about)

    def _answered(
        self, doing: Doing, ref: str, on: str, how: str, request: int | None = None
    ) -> Case:
        return self.desk.answered_elsewhere(ref, request, how, doing, on=date.fromisoformat(on))

    def _acknowledged(
        self, doing: Doing, ref: str, how: str, on: str = "", request: int | None = None
    ) -> Case:
        return self.desk.acknowledged(ref, request, how, doing, on=day(on))

    def _extend(
        self, doing: Doing, ref: str, ground: str, reasons: str, request: int | None = None
    ) -> Case:
        said = {"ground": Ground(ground), "reasons": reasons}
        return self.desk.extend(ref, request, said, doing)

    def _receipt(
        self, doing: Doing, ref: str, at: str, why: str, request: int | None = None
    ) -> Case:
        return self.desk.correct_receipt(ref, request, self._instant(at), why, doing)

    def _link(self, doing: Doing, ref: str, other: str) -> Case:
        return self.desk.link(ref, other, doing)

    def _unlink(self, doing: Doing, ref: str, other: str) -> Case:
        return self.desk.unlink(ref, other, doing)

    def _close(
        self, doing: Doing, ref: str, outcome: str, request: int | None = None, **more: str
    ) -> Case:
        return self.desk.close(ref, request, Closing(Outcome(outcome), **more), doing)

    def _reopen(self, doing: Doing, ref: str, request: int, why: str) -> Case:
        return self.desk.reopen(ref, request, why, doing)

    def _split(
        self, doing: Doing, ref: str, requests: list[int], name: str = "", address: str = ""
    ) -> Case:
        return self.desk.split(ref, requests, Whose(name, address), doing)

    def _merge(self, doing: Doing, ref: str, other: str) -> Case:
        return self.desk.merge(ref, other, doing)

    def _review(
        self, doing: Doing, ref: str, request: int, asked_on: str = "", asked_in: str = ""
    ) -> Case:
        asked_at = self._instant(asked_on).astimezone(UTC) if asked_on else None
        return self.desk.review(ref, request, doing, asked_at=asked_at, asked_in=asked_in)

    def _restrict(self, doing: Doing, ref: str, hidden_from: list[str], why: str) -> Case:
        people = [self.people.who(login) for login in hidden_from]
        return self.desk.restrict(ref, people, why, doing)

    def _aware(self, doing: Doing, ref: str, at: str, why: str, request: int | None = None) -> Case:
        return self.desk.aware(ref, request, self._instant(at), why, doing)

    def _breach(
        self, doing: Doing, ref: str, reasons: str, *, notify: bool, request: int | None = None
    ) -> Case:
        return self.desk.decide_breach(ref, request, reasons, doing, notify=notify)

    def _hold(self, doing: Doing, ref: str, letter: str, why: str) -> Case:
        return self.desk.hold(ref, letter, why, doing)

    def _release(self, doing: Doing, ref: str, letter: str) -> Case:
        return self.desk.release(ref, letter, doing)

    def _take_back(self, doing: Doing, ref: str, letter: str) -> Case:
        return self.desk.take_back(ref, letter, doing)

    def _reply(self, doing: Doing, ref: str, text: str) -> Case:
        return self.desk.reply(ref, text, doing)

    def _write(
        self,
        doing: Doing,
        ref: str,
        kind: str,
        *,
        requests: Sequence[int] = (),
        facts: Mapping[str, Any] | None = None,
    ) -> Case:
        return self.desk.write(ref, kind, requests, facts or {}, doing)

    def _preserve(self, doing: Doing, ref: str, why: str, review_on: str, owner: str = "") -> Case:
        owner = self.people.who(owner).login if owner else doing.by.login
        return self.desk.preserve(ref, owner, why, date.fromisoformat(review_on), doing)

    def _end_preservation(self, doing: Doing, ref: str, why: str) -> Case:
        return self.desk.end_preservation(ref, why, doing)

    def _erase(self, doing: Doing, ref: str, reason: str, why: str = "") -> Case:
        return self.desk.ask_erasure(ref, Reason(reason), why, doing)

    def _erase_confirm(self, doing: Doing, ref: str) -> Case:
        return self.desk.confirm_erasure(ref, doing)

    def _erase_undo(self, doing: Doing, ref: str) -> Case:
        return self.desk.undo_erasure(ref, doing)

    def _instant(self, text: str) -> datetime:
        """Read an instant; without an offset it is the controller's local time."""
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else at.replace(tzinfo=self.here.zone)


def asked_for(
    wanted: Wanted, question: str, reasons: str, meanwhile: str, checks: Sequence[str]
) -> dict[str, Any]:
    """Return what is asked, and what the letter that asks it has to say besides."""
    if wanted is Wanted.AUTHORITY:
        return {"question": question, "note": reasons}
    besides = {"checks": tuple(checks)} if wanted is Wanted.IDENTITY else {"meanwhile": meanwhile}
    return {"question": question, "reasons": reasons, **besides}


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
