"""The letters of a case, folded from its events: each as it was written, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from store.deeds import LetterHeld, LetterReleased
from store.events import Event, LetterBounced, LetterFailed, LetterOwed, LetterSent


class LetterStatus(StrEnum):
    DRAFT = "draft"
    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter and what became of it."""

    owed: LetterOwed
    status: LetterStatus = LetterStatus.QUEUED
    settled_at: datetime | None = None
    """When it was sent, or found not to arrive."""
    not_before: datetime | None = None
    """Until then it can be taken back, and does not go."""

    @property
    def waits_for_a_person(self) -> bool:
        return self.status in {LetterStatus.DRAFT, LetterStatus.HELD}

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent, unless it is known not to have arrived."""
        return self.settled_at if self.status is LetterStatus.SENT else None


def letters_of(events: Iterable[Event]) -> dict[str, Letter]:
    """Return the letters by their ids, in the order they were owed."""
    found: dict[str, Letter] = {}
    for event in events:
        match event:
            case LetterOwed():
                status = LetterStatus.DRAFT if event.draft else LetterStatus.QUEUED
                found[event.letter_id] = Letter(event, status)
            case LetterHeld():
                found[event.letter_id] = changed(found, event, LetterStatus.HELD)
            case LetterReleased():
                released = changed(found, event, LetterStatus.QUEUED)
                found[event.letter_id] = replace(released, not_before=event.not_before)
            case LetterSent():
                found[event.letter_id] = changed(found, event, LetterStatus.SENT)
            case LetterFailed():
                found[event.letter_id] = changed(found, event, LetterStatus.FAILED)
            case LetterBounced():
                found[event.letter_id] = changed(found, event, LetterStatus.BOUNCED)
            case _:
                pass
    return found


def changed(
    found: dict[str, Letter],
    event: LetterHeld | LetterReleased | LetterSent | LetterFailed | LetterBounced,
    status: LetterStatus,
) -> Letter:
    settled = None if status in {LetterStatus.HELD, LetterStatus.QUEUED} else event.at
    return replace(found[event.letter_id], status=status, settled_at=settled)
