"""Sample acknowledgements: each label, several at once, unsure, from an agent."""

from datetime import date
from typing import Final

from replies.facts import DATED, Acknowledgement, Asked, Duplicate, Letter
from replies.samples.setting import CONTROLLER, DUE, ON_CASE, RECEIVED, REF, TARGET
from store.law import Label

ACKNOWLEDGED_LABELS: Final = tuple(label for label in Label if label is not Label.OTHER)


def asked(label: Label, due_on: date = DUE) -> Asked:
    """Date what is asked as its law or the controller's own target does."""
    return Asked(
        label,
        due_on if label in DATED else None,
        target_on=TARGET if label is Label.QUERY else None,
    )


def acknowledgement(*labels: Label, unsure: bool = False, agent: bool = False) -> Acknowledgement:
    """Acknowledge what came in on a Friday in November."""
    return Acknowledgement(REF, RECEIVED, tuple(map(asked, labels)), unsure, agent, CONTROLLER)


ACKNOWLEDGED: Final[dict[str, Letter]] = {
    **{f"acknowledgement_{label}": acknowledgement(label) for label in ACKNOWLEDGED_LABELS},
    "acknowledgement_several": acknowledgement(Label.ACCESS, Label.ERASURE, Label.COMPLAINT),
    "acknowledgement_unsure": acknowledgement(Label.RECTIFICATION, unsure=True),
    "acknowledgement_agent": acknowledgement(Label.ACCESS, agent=True),
    "acknowledgement_agent_several": acknowledgement(
        Label.OBJECTION, Label.UNSUBSCRIBE, agent=True
    ),
    "acknowledgement_agent_unsure": acknowledgement(Label.ACCESS, unsure=True, agent=True),
    "duplicate": Duplicate(
        **ON_CASE,
        label=Label.ERASURE,
        first_ref="DP-2026-000098",
        first_received_on=date(2026, 11, 20),
        due_on=date(2026, 12, 21),
    ),
    "duplicate_complaint": Duplicate(
        **ON_CASE,
        label=Label.COMPLAINT,
        first_ref="DP-2026-000098",
        first_received_on=date(2026, 11, 20),
    ),
}
