"""One letter's facts for each kind of wording: what the approved renderings beside this file are made from."""

from datetime import date
from typing import Final

from replies.facts import DATED, Acknowledgement, Asked, Controller
from store.law import Label

RECEIVED: Final = date(2026, 11, 27)
DUE: Final = date(2026, 12, 29)
TARGET: Final = date(2026, 12, 18)
ANSWERED: Final = tuple(label for label in Label if label is not Label.OTHER)
VITRIFI: Final = Controller(
    name="Vitrifi Limited",
    contact="dataprotection@vitrifi.net",
    address="Level 6, 33 Holborn, London EC1N 2HT",
    notice_url="https://www.vitrifi.net/privacy",
)


def asked(label: Label, due_on: date = DUE) -> Asked:
    """What is asked, with the date that its law or the controller's own target gives it."""
    return Asked(
        label,
        due_on if label in DATED else None,
        target_on=TARGET if label is Label.QUERY else None,
    )


def acknowledgement(
    *labels: Label, unsure: bool = False, agent: bool = False, controller: Controller = VITRIFI
) -> Acknowledgement:
    """Acknowledge what came in on a Friday in November."""
    things = tuple(map(asked, labels))
    return Acknowledgement("DP-2026-000123", RECEIVED, things, unsure, agent, controller)


SAMPLES: Final = {
    **{label.value: acknowledgement(label) for label in ANSWERED},
    "several": acknowledgement(Label.ACCESS, Label.ERASURE, Label.COMPLAINT),
    "unsure": acknowledgement(Label.RECTIFICATION, unsure=True),
    "agent": acknowledgement(Label.ACCESS, agent=True),
    "agent_several": acknowledgement(Label.OBJECTION, Label.UNSUBSCRIBE, agent=True),
    "agent_unsure": acknowledgement(Label.ACCESS, unsure=True, agent=True),
}
