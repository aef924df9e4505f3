"""Where the controller answers: whose midnight, which rest days, and its own targets."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from store.clock import Due, date_of, policy_due
from store.law import Label
from store.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    zone: tzinfo
    calendar: Calendar
    query_target_days: int
    """In working days; the law sets no date for a question."""
    complaint_target_days: int
    review_target_days: int

    def date_of(self, instant: datetime) -> date:
        """Return the controller's local date at `instant`."""
        return date_of(instant, self.zone)

    def local(self, day: date | datetime) -> date:
        """Return the local date of an instant; a date is one already."""
        return self.date_of(day) if isinstance(day, datetime) else day

    def own_target(self, label: Label, received_on: date) -> Due:
        """Reckon the controller's own target, which is policy and not law."""
        if label is Label.QUERY:
            return policy_due(received_on, self.query_target_days, self.calendar, "a question")
        days = self.review_target_days if label is Label.REVIEW else self.complaint_target_days
        return policy_due(received_on, days, self.calendar, f"a {label}", working=False)
