"""What staff do by letter: ask, extend, answer in their own words, hold, send and take back.

A question or an extension that goes by letter counts from the day the relay takes it. A letter of
legal effect is a draft until a person sends it, and can be taken back for a while after that.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.bench import Bench, Doing
from bot.letters import Extending, Question
from store.case import Case, CaseError, LetterStatus
from store.deeds import Asked, Extended, LetterHeld, LetterReleased, Supplied
from store.events import Event, LetterFailed
from store.recorded import Medium, Wanted
from store.rules import check_extension


class LetterDesk(Bench):
    def ask(
        self,
        ref: str,
        wanted: Wanted,
        number: int | None,
        words: Question,
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
            numbers = (
                (self._which(case, number).number,)
                if wanted is Wanted.CLARIFICATION
                else tuple(request.number for request in case.running)
            )
            asked = Asked(
                **doing.stamp,
                effective_on=self._day(case, on, doing),
                wanted=wanted,
                requests=numbers,
                question=words.question,
                about=about,
                medium=medium,
            )
            if medium is not Medium.EMAIL:
                return (asked,)
            letter = self._letters.ask(case, wanted, words, at=doing.at, by=doing.by.login)
            return (letter, replace(asked, letter_id=letter.letter_id, effective_on=None))

        return self._do(ref, doing, make)

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

        What came by mail as proof of identity has served then, and is due for deletion.
        """

        def make(case: Case) -> Sequence[Event]:
            waiting = [r for r in case.running if wanted in r.outstanding(case.letters_by_id)]
            if not waiting:
                raise CaseError(f"nobody waits for {wanted} on {case.ref}")
            return (
                Supplied(
                    **doing.stamp,
                    effective_on=self._day(case, on, doing),
                    wanted=wanted,
                    requests=tuple(request.number for request in waiting),
                    about=about,
                    how=how,
                    papers=papers_in(case) if wanted is Wanted.IDENTITY else (),
                ),
            )

        return self._do(ref, doing, make)

    def extend(self, ref: str, number: int | None, words: Extending, doing: Doing) -> Case:
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
            letter = self._letters.extension(case, request, words, at=doing.at, by=doing.by.login)
            extended = Extended(
                **doing.stamp,
                request=request.number,
                reasons=words.reasons,
                letter_id=letter.letter_id,
            )
            return (letter, extended)

        return self._do(ref, doing, make)

    def hold(self, ref: str, letter_id: str, why: str, doing: Doing) -> Case:
        event = LetterHeld(**doing.stamp, letter_id=letter_id, why=why)
        return self._do(ref, doing, lambda _: (event,))

    def release(self, ref: str, letter_id: str, doing: Doing) -> Case:
        """Send a draft or a held letter; one of legal effect can be taken back for a while."""

        def make(case: Case) -> Sequence[Event]:
            letter = case.letter(letter_id)
            legal = letter.owed.draft
            if (
                letter.owed.letter_kind in self._policy.four_eyes
                and letter.owed.by == doing.by.login
            ):
                raise CaseError(
                    f"{letter.owed.by} wrote letter {letter_id}: somebody else must send it"
                )
            until = doing.at + self._policy.undo if legal else None
            return (LetterReleased(**doing.stamp, letter_id=letter_id, not_before=until),)

        return self._do(ref, doing, make)

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

    def reply(self, ref: str, text: str, doing: Doing) -> Case:
        """Write a letter in one's own words, in the thread of the case."""
        return self._do(
            ref,
            doing,
            lambda case: (self._letters.reply(case, text, at=doing.at, by=doing.by.login),),
        )


def papers_in(case: Case) -> tuple[str, ...]:
    """Return the messages with attachments that came after the requester was asked for identity."""
    asked = [e.at for e in case.events if isinstance(e, Asked) and e.wanted is Wanted.IDENTITY]
    return tuple(
        message.spool_id
        for message in case.messages
        if message.attachments and message.at > min(asked)
    )
