"""What staff do with letters and with what came for them: hold, send, take back, record an answer.

A letter of legal effect is a draft until a person sends it, and can be taken back for a while after that.
"""

from collections.abc import Sequence
from datetime import date

from bot.bench import Doing
from bot.letters import EFFECTS
from bot.writing_desk import WritingDesk
from store.case import Case, CaseError, LetterStatus, Request
from store.deeds import Asked, LetterHeld, LetterReleased, Supplied
from store.events import Event, LetterFailed
from store.recorded import Wanted
from store.timeline import day_asked


class LetterDesk(WritingDesk):
    def supplied(
        self,
        ref: str,
        wanted: Wanted,
        how: str,
        doing: Doing,
        *,
        on: date | None = None,
        about: str = "",
    ) -> Case:
        """Record that what was asked for came on a day (today if none is given), and how it was checked.

        Who somebody is may be recorded at any time, asked for or not, and where the case goes on. What
        came by mail as proof of it has served then, and is due for deletion.
        """
        identity = wanted is Wanted.IDENTITY

        def make(case: Case) -> Sequence[Event]:
            waiting = [r for r in case.running if wanted in r.outstanding(case.letters_by_id)]
            if not waiting and not identity:
                raise CaseError(f"nobody waits for {wanted} on {case.ref}")
            day = self._day(case, on, doing)
            self._not_before_asked(case, waiting, wanted, day)
            return (
                Supplied(
                    **doing.stamp,
                    effective_on=day,
                    wanted=wanted,
                    requests=tuple(request.number for request in waiting),
                    about=about,
                    how=how,
                    papers=papers_in(case) if identity else (),
                ),
            )

        return self._do(self._leading(ref, doing) if identity else ref, doing, make)

    def _leading(self, ref: str, doing: Doing) -> str:
        """Return the case in which this one goes on, or itself."""
        case = self.find(ref, doing.by)
        while case.merged_into:
            case = self.find(case.merged_into, doing.by)
        return case.ref

    def _not_before_asked(
        self, case: Case, waiting: Sequence[Request], wanted: Wanted, day: date
    ) -> None:
        letters = case.letters_by_id
        asked = [day_asked(a, letters) for r in waiting for a in r.unanswered(wanted, letters)]
        first = min((self._here.local(on) for on in asked if on is not None), default=day)
        if day < first:
            raise CaseError(f"{day:%d %b %Y} is before it was asked for, on {first:%d %b %Y}")

    def hold(self, ref: str, letter_id: str, why: str, doing: Doing) -> Case:
        event = LetterHeld(**doing.stamp, letter_id=letter_id, why=why)
        return self._do(ref, doing, lambda _: (event,))

    def release(self, ref: str, letter_id: str, doing: Doing) -> Case:
        """Send a draft or a held letter; one of legal effect can be taken back for a while."""

        def make(case: Case) -> Sequence[Event]:
            letter = case.letter(letter_id)
            legal = letter.owed.draft
            if self._needs_another(letter.owed.letter_kind) and letter.owed.by == doing.by.login:
                raise CaseError(
                    f"{letter.owed.by} wrote letter {letter_id}: somebody else must send it"
                )
            until = doing.at + self._policy.undo if legal else None
            return (LetterReleased(**doing.stamp, letter_id=letter_id, not_before=until),)

        return self._do(ref, doing, make)

    def _needs_another(self, kind: str) -> bool:
        return any(kind in EFFECTS[effect] for effect in self._policy.four_eyes)

    def take_back(self, ref: str, letter_id: str, doing: Doing) -> Case:
        """Take a letter back before it goes: a draft, a held one, or one in its undo window."""

        def make(case: Case) -> Sequence[Event]:
            letter = case.letter(letter_id)
            undoable = letter.not_before is not None and doing.at < letter.not_before
            if not (
                letter.waits_for_a_person or (letter.status is LetterStatus.QUEUED and undoable)
            ):
                raise CaseError(f"letter {letter_id} is {letter.status}: it cannot be taken back")
            return (LetterFailed(**doing.stamp, letter_id=letter_id, why="taken back"),)

        return self._do(ref, doing, make)


def papers_in(case: Case) -> tuple[str, ...]:
    """Return the messages with attachments that came after the requester was asked who they are."""
    asked = [e.at for e in case.events if isinstance(e, Asked) and e.wanted is Wanted.IDENTITY]
    asked += [m.owed.at for m in case.letters if m.owed.letter_kind == "check_back"]
    return tuple(
        message.spool_id
        for message in case.messages
        if message.attachments and asked and message.at > min(asked)
    )
