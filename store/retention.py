"""How long what is kept here is kept, by what it was and how it ended: a schedule, and the day it names.

Pure: the same case and schedule give the same day. It only says when; people decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from store.keeping import PreservationEnded, Preserved
from store.law import Label
from store.periods import add_months
from store.recorded import Outcome

if TYPE_CHECKING:
    from store.case import Case
    from store.jurisdiction import Jurisdiction

AHEAD = timedelta(days=30)
"""What falls due so soon is shown beforehand; nothing that a legal hold kept falls due sooner after it."""


class Kind(StrEnum):
    """What a case was, for how long it is kept: the first that fits."""

    JUNK = "junk"
    """Not ours, or one that we have already; what was filed without a case is kept as long."""
    DISPUTED = "disputed"
    """A complaint or review, or a case that a legal hold kept."""
    BREACH = "breach"
    UNSUBSCRIBE = "unsubscribe"
    ABANDONED = "abandoned"
    """The requester did not say who they are, or did not answer."""
    ORDINARY = "ordinary"


JUNK = {Outcome.NOT_OURS, Outcome.DUPLICATE}
ABANDONED = {Outcome.IDENTITY_NOT_SUPPLIED, Outcome.AUTHORITY_NOT_SUPPLIED, Outcome.NO_REPLY}
DISPUTED = {Label.COMPLAINT, Label.REVIEW}

NO_ACTION = frozenset(
    {"looked", "shown", "link_proposed", "preserved", "preservation_ended"}
    | {"erasure_asked", "erasure_confirmed", "erasure_undone"}
)
"""Kinds of event that are no action on a case: it is kept no longer for them."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many months each kind is kept after the last action, and for how long an erasure can be undone."""

    months: Mapping[Kind, int]
    undo: timedelta

    def until(self, case: "Case", here: "Jurisdiction") -> date | None:
        """Return until when a case is kept; None while something is open or a legal hold keeps it."""
        if case.running or case.preserved is not None:
            return None
        until = add_months(last_action_on(case, here), self.months[kind_of(case)])
        ended = [e.at for e in case.events if isinstance(e, PreservationEnded)]
        return max([until, *(here.date_of(at) + AHEAD for at in ended[-1:])])

    def filed_until(self, received_at: datetime, here: "Jurisdiction") -> date:
        """Return until when a message is kept that was filed without a case."""
        return add_months(here.date_of(received_at), self.months[Kind.JUNK])


def kind_of(case: "Case") -> Kind:
    labels = {request.label for request in case.requests if request.moved is None}
    outcomes = {request.closed.outcome for request in case.requests if request.closed is not None}
    if outcomes and outcomes <= JUNK and not case.running:
        return Kind.JUNK
    if labels & DISPUTED or any(isinstance(e, Preserved) for e in case.events):
        return Kind.DISPUTED
    if Label.BREACH in labels:
        return Kind.BREACH
    if labels == {Label.UNSUBSCRIBE}:
        return Kind.UNSUBSCRIBE
    return Kind.ABANDONED if outcomes and outcomes <= ABANDONED else Kind.ORDINARY


def last_action_on(case: "Case", here: "Jurisdiction") -> date:
    """Return the local day of the last thing that was done; of what was done elsewhere the day it counts from."""
    return max(
        event.effective_on or here.date_of(event.at)
        for event in case.events
        if event.kind not in NO_ACTION
    )
