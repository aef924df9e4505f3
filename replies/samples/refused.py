"""Sample refusals: every ground, in part, nothing held, passed on."""

from datetime import date
from typing import Final

from replies.facts import Letter, NoDataHeld, PartlyRefused, PassedOn, Refusal
from replies.samples.setting import ON_CASE
from store.events import Outcome
from store.law import Label

REASONS: Final = {
    Outcome.EXEMPT: "We have to keep the orders for the tax office, for six years.",
    Outcome.REFUSED_UNFOUNDED: "You offered to take the request back if we paid you.",
    Outcome.REFUSED_EXCESSIVE: "It repeats what we answered in full three weeks ago.",
    Outcome.IDENTITY_NOT_SUPPLIED: "We asked twice, and gave you four weeks each time.",
    Outcome.AUTHORITY_NOT_SUPPLIED: "We asked twice, and gave you four weeks each time.",
    Outcome.NO_REPLY: "We asked twice, and gave you four weeks each time.",
}

REFUSED: Final[dict[str, Letter]] = {
    **{
        f"refusal_{ground}": Refusal(
            **ON_CASE, labels=(Label.ACCESS,), ground=ground, reasons=REASONS[ground]
        )
        for ground in REASONS
    },
    "partly_refused": PartlyRefused(
        **ON_CASE,
        label=Label.ERASURE,
        done_on=date(2026, 12, 17),
        done="We erased your messages and your entry in our address book.",
        recipients="We told the firm that delivers our parcels.",
        refused="We did not erase your orders.",
        reasons="We have to keep them for the tax office, for six years.",
    ),
    "partly_refused_alone": PartlyRefused(
        **ON_CASE,
        label=Label.OBJECTION,
        done_on=date(2026, 12, 17),
        done="We took you out of the group whose orders we study.",
        refused="We did not stop checking orders for fraud.",
        reasons="The checks protect everybody who orders from us, and no lesser check would do.",
    ),
    "no_data_held": NoDataHeld(
        **ON_CASE,
        label=Label.ACCESS,
        searched="We searched our orders, our messages and our address book for your name.",
    ),
    "passed_on": PassedOn(
        **ON_CASE,
        label=Label.ACCESS,
        handed_on=date(2026, 12, 2),
        other_name="Acme Homes Limited",
        other_contact="privacy@acme.example",
        reasons="We only run the system for them, and they decide what is done with the data.",
    ),
}
