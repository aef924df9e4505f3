"""What an acknowledgement says, and whether it goes by itself: as the case and the controller's policy have it.

Of several things asked the most careful policy decides. The working of a date is told in one line at most, and only
where the controller wants it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.config import PolicyConfig, Sending
from bot.known import About, known
from replies.facts import Acknowledgement, Asked, Controller, Duplicate
from replies.facts.signed import DATED
from replies.render import uk_date
from store.case import Case, CaseError, Request
from store.due import Due
from store.jurisdiction import Jurisdiction
from store.law import DueKind, Label

CAREFUL: Final[Sequence[Sending]] = ("send", "draft", "never")


@dataclass(frozen=True, slots=True)
class Acknowledging:
    here: Jurisdiction
    controller: Controller
    policy: PolicyConfig
    shows_working: bool

    def sending(self, requests: Sequence[Request]) -> Sending:
        """Say how these may be acknowledged; of what nobody has sorted, its guesses count."""
        labels = {label for r in requests for label in ([r.label] if r.label else r.guess)}
        policies: set[Sending] = {self.policy.acknowledge.get(label, "send") for label in labels}
        return max(policies, key=CAREFUL.index, default="send")

    def facts(
        self, case: Case, requests: Sequence[Request], *, agent: bool, english: bool = True
    ) -> Acknowledgement:
        return Acknowledgement(
            ref=case.ref,
            received_on=self.here.date_of(requests[0].received_at),
            asked=tuple(self._asked(case, r, agent=agent, english=english) for r in requests),
            unsure=any(request.label is None for request in requests),
            agent=agent,
            controller=self.controller,
        )

    def repetition(self, about: About) -> Duplicate | None:
        """Return what is said to somebody who asks again for what an open case is about.

        Of one right alone: a complaint, a question or a report may well be about something else.
        """
        if about.first is None or len(about.requests) != 1 or about.request.label not in DATED:
            return None
        try:
            found = known(Duplicate.kind, about)
            return Duplicate(**found, first_ref=about.first.ref, controller=self.controller)
        except CaseError:  # its clock stands still, say: then this one is told its own date
            return None

    def _asked(self, case: Case, request: Request, *, agent: bool, english: bool) -> Asked:
        due = case.due(request, self.here)
        label = request.label or Label.ACCESS  # unsure: any right has this same month
        dated = due.kind is DueKind.STATUTORY and not agent
        return Asked(
            label,
            due_on=due.due_on if dated else None,
            working=in_one_line(due) if self.shows_working and dated and english else None,
            target_on=due.due_on if label is Label.QUERY else None,
        )


def in_one_line(due: Due) -> str:
    """Return how a date was reckoned, for its requester: the case has the whole working."""
    month = f"one month from {uk_date(due.start)}" if due.start else "one month"
    return month + ("." if due.nominal_due == due.due_on else ", then on to the next working day.")
