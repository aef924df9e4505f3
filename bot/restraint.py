"""How often a machine may answer: counted over what it wrote already, so that no restart forgets it.

Whatever tells machines from people errs. By these counts alone two that answer each other fall
silent. What is over a limit is not lost: the case stands, and its letter waits for a person.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.config import LimitsConfig
from replies.facts import Duplicate
from store.answers import ANSWERS
from store.case import Case

TOO_MANY: Final = "too many answers"
"""How each reason begins that staff are told of."""
AGAIN: Final = "the same was asked and answered within a day"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Restraint:
    limits: LimitsConfig
    answered: Callable[[str, datetime], int]
    """Counts the answers to an address, an `@domain` or anybody, since an instant."""

    def why_wait(self, case: Case, earlier: Iterable[Case], now: datetime) -> str:
        """Return why the last letter of `case`, just written, waits for a person; empty when it goes.

        `earlier` are cases of the same address, looked at only where it was answered today.
        """
        letter = case.letters[-1].owed
        day, hour, to = now - DAY, now - HOUR, letter.to.lower()
        to_sender = self.answered(to, day)
        domain = f"@{to.rpartition('@')[2]}"
        if self.answered("", hour) >= self.limits.answers_per_hour:
            return f"{TOO_MANY} in an hour"
        if self.answered(domain, hour) >= self.limits.answers_per_domain_hour:
            return f"{TOO_MANY} to one domain in an hour"
        if to_sender >= self.limits.answers_per_sender_day:
            return f"{TOO_MANY} to one sender in a day"
        if len(answers(case, day)) > self.limits.answers_per_case_day:
            return f"{TOO_MANY} in one case in a day"
        if to_sender == 1 and letter.letter_kind == Duplicate.kind:
            return ""  # a person who asks twice is told so, once a day
        return AGAIN if to_sender and asks_again(case, letter.requests, earlier, day) else ""


def answers(case: Case, since: datetime) -> list[str]:
    """Return which answers of a machine were written in a case since then, those that wait for a person too."""
    written = (letter.owed for letter in case.letters)
    return [w.letter_id for w in written if w.letter_kind in ANSWERS and w.at >= since]


def asks_again(
    case: Case, numbers: Iterable[int], earlier: Iterable[Case], since: datetime
) -> bool:
    """Whether all that the letter speaks of is still open in other cases that were answered since then.

    What somebody may have forged in that name says nothing.
    """
    asked = {case.request(number).label for number in numbers}
    genuine = (other for other in earlier if not other.in_doubt)
    recent = (other for other in genuine if other.ref != case.ref and answers(other, since))
    return asked <= {request.label for other in recent for request in other.running}
