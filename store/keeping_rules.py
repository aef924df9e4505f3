"""What a case's history forbids of legal holds and erasures: each refusal is one sentence for whoever tried.

Nothing of a case that must be kept is erased, and no person erases one alone unless it is junk.
"""

from typing import TYPE_CHECKING

from store.keeping import (
    Erasure,
    ErasureAsked,
    ErasureConfirmed,
    ErasureUndone,
    Keeping,
    PreservationEnded,
)
from store.letters import LetterStatus
from store.refused import CaseError
from store.retention import Kind, kind_of

if TYPE_CHECKING:
    from store.case import Case


def check_keeping(case: "Case", event: Keeping) -> None:
    held, erasure = case.preserved, case.erasure
    if isinstance(event, PreservationEnded) and held is None:
        raise CaseError(f"{case.ref} is under no legal hold")
    if isinstance(event, ErasureUndone) and erasure is None:
        raise CaseError(f"nobody has asked to erase {case.ref}")
    if isinstance(event, ErasureAsked | ErasureConfirmed) and held is not None:
        raise CaseError(
            f"{case.ref} is under a legal hold of {held.owner}, to be reviewed on "
            f"{held.review_on:%d %b %Y}: nothing of it is erased"
        )
    if isinstance(event, ErasureAsked):
        check_asking_to_erase(case, erasure)
    elif isinstance(event, ErasureConfirmed):
        check_confirming(case, erasure, event)


def check_asking_to_erase(case: "Case", erasure: Erasure | None) -> None:
    if case.running:
        raise CaseError(f"{case.ref} has open requests: close them first")
    if any(letter.status is LetterStatus.QUEUED for letter in case.letters):
        raise CaseError(f"a letter of {case.ref} is on its way: wait for it, or take it back")
    if erasure is not None and erasure.stopped is None:
        raise CaseError(f"{erasure.asked.by} has asked to erase {case.ref} already")


def check_confirming(case: "Case", erasure: Erasure | None, event: ErasureConfirmed) -> None:
    if erasure is None:
        raise CaseError(f"nobody has asked to erase {case.ref}")
    if erasure.stopped is not None:
        what = erasure.stopped.kind.replace("_", " ")
        raise CaseError(f"the erasure of {case.ref} was stopped ({what}): it must be asked anew")
    if erasure.confirmed is not None:
        raise CaseError(f"the erasure of {case.ref} was confirmed by {erasure.confirmed.by}")
    if erasure.asked.by == event.by and kind_of(case) is not Kind.JUNK:
        raise CaseError(f"{event.by} asked to erase {case.ref}: somebody else must confirm it")
