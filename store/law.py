"""What people may ask for, under which statute, and the limits it sets: each number beside its source.

No other module knows a number of law: the clock counts what stands here. Articles are of the
UK GDPR unless another act is named; "Reg. 1182/71" is Regulation (EEC, Euratom) No 1182/71.
"""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from store.regime import (
    ADOPTED,
    Condition,
    DueKind,
    Exclusion,
    Extension,
    Foretelling,
    Period,
    Regime,
    Stop,
    Switches,
)

__all__ = [
    "ADOPTED",
    "REGIMES",
    "DueKind",
    "Label",
    "Regime",
    "Switches",
    "regime_for",
    "regime_named",
]


class Label(StrEnum):
    """What one message asks for: a right of the privacy notice, or what else the desk answers."""

    ACCESS = "access"  # UK GDPR Art. 15
    RECTIFICATION = "rectification"  # Art. 16
    ERASURE = "erasure"  # Art. 17
    RESTRICTION = "restriction"  # Art. 18
    PORTABILITY = "portability"  # Art. 20
    OBJECTION = "objection"  # Art. 21(1); withdrawal of consent, Art. 7(3), is a facet of it
    UNSUBSCRIBE = "unsubscribe"  # Art. 21(2)-(3), direct marketing
    AUTOMATED_DECISION = "automated_decision"  # Arts 22A-22D
    COMPLAINT = "complaint"  # DPA 2018 s.164A
    REVIEW = "review"  # of a decision already given; starts a complaint clock too
    QUERY = "query"  # a question about practices; no statutory date
    BREACH = "breach"  # somebody reports a personal data breach, Art. 33
    OTHER = "other"  # not ours


ARTICLE_12A_BEGINS = date(2026, 2, 5)  # SI 2026/82 reg. 2; what came before is saved by reg. 4
LAST_DAY_OF_OLD_ARTICLE_12 = date(2026, 2, 4)
SECTION_164A_BEGINS = date(2026, 6, 19)  # SI 2026/82 regs 3 and 7
GDPR_BEGINS = date(2018, 5, 25)  # GDPR Art. 99(2); the UK GDPR kept the text from 31 December 2020

ASK_IDENTITY, IDENTITY = "id_requested", "id_received"
ASK_AUTHORITY, AUTHORITY = "authority_requested", "authority_received"
ASK_FEE, FEE = "fee_requested", "fee_paid"
ASK_CLARIFICATION, CLARIFICATION = "clarification_requested", "clarification_received"
EXTENSION_NOTICE = "extension_notice_sent"

LIFTING = "restriction_lift_planned"

NO_EFFECT = {
    "id_requested_unjustified": (
        "asking for identity without reasonable doubt moves nothing",
        "UK GDPR Art. 12(6)",
    ),
    "fee_requested_further_copy": (
        "the fee for further copies does not hold up the answer",
        "UK GDPR Arts 12A(2)(c) and 15(3)",
    ),
    "id_part_received": ("it is only a part of what was asked for", "UK GDPR Art. 12A(2)(b)"),
    "format_question_asked": (
        "a question about format, address or delivery stops no clock",
        "UK GDPR Art. 12A(5)",
    ),
    "forwarded_to_privacy_team": (
        "it counts from the day the organisation received it, wherever it came in",
        "UK GDPR Art. 12A(2)(a)",
    ),
    "logged": (
        "it counts from the day it was made, not from the day it was written down",
        "UK GDPR Art. 12A(2)(a)",
    ),
    "processor_aware": (
        "the hours run from the controller's own awareness",
        "UK GDPR Art. 33(1)-(2)",
    ),
    "verified": ("verification does not move the date", "11 CCR s.7021(b)"),
}
"""What may happen and leaves the date alone, with the reason and its source."""

COMPLAINT_DUTY = "Inquiries, progress and outcome are due without undue delay, s.164A(4)."
BREACH_DUTY = "What is notified later must come with the reasons, UK GDPR Art. 33(1)."

DUTIES = {
    Label.ERASURE: "The erasure itself is due without undue delay, UK GDPR Art. 17(1).",
    Label.RECTIFICATION: "The correction itself is due without undue delay, UK GDPR Art. 16.",
    Label.UNSUBSCRIBE: "Marketing must stop at once, UK GDPR Art. 21(3) and PECR reg. 22.",
    Label.COMPLAINT: COMPLAINT_DUTY,
    Label.REVIEW: COMPLAINT_DUTY,
    Label.BREACH: BREACH_DUTY,
    "complaint_ack": COMPLAINT_DUTY,
    "breach_notify_regulator": BREACH_DUTY,
    "consent_withdrawal": "What rested on the consent must stop now, UK GDPR Art. 7(3).",
    "marketing_objection": "Marketing must stop at once, UK GDPR Art. 21(3).",
}
"""What a date cannot say, by right."""

SAME_DATE = "Reg. 1182/71 Art. 3(1) and 3(2)(c)"
UK_ROLL = "UK GDPR Art. 4A; Reg. 1182/71 Art. 3(4)"

UK_IDENTITY = (
    Condition("proof of identity", ASK_IDENTITY, IDENTITY, "UK GDPR Arts 12(6) and 12A(2)(b)"),
    Condition(
        "proof of identity asked for without reasonable doubt",
        "id_requested_unjustified",
        IDENTITY,
        "UK GDPR Art. 12A(2)(b), read literally",
        lambda switches: switches.unjustified_identity_request_restarts,
    ),
)
UK_AUTHORITY = Condition(
    "proof of authority",
    ASK_AUTHORITY,
    AUTHORITY,
    "ICO, right of access guidance (8 December 2025), on third parties",
)
UK_FEE = (
    Condition("fee", ASK_FEE, FEE, "UK GDPR Arts 12(5) and 12A(2)(c)"),
    Condition(
        "fee for further copies",
        "fee_requested_further_copy",
        FEE,
        "ICO, right of access guidance (8 December 2025), on UK GDPR Art. 15(3)",
        lambda switches: switches.further_copy_fee_restarts,
    ),
)

GDPR_RIGHTS = frozenset(
    {
        Label.ACCESS,
        Label.RECTIFICATION,
        Label.ERASURE,
        Label.RESTRICTION,
        Label.PORTABILITY,
        Label.OBJECTION,
        Label.AUTOMATED_DECISION,
        "consent_withdrawal",
    }
)

UK_GDPR = Regime(
    key="uk_gdpr",
    name="UK GDPR as amended",
    rights=GDPR_RIGHTS,
    received_from=ARTICLE_12A_BEGINS,
    dates_cite="SI 2026/82 reg. 2",
    period=Period("UK GDPR Art. 12A(1)", months=1),
    start_cites="UK GDPR Art. 12A(2)",
    count_cites=SAME_DATE,
    roll_cites=UK_ROLL,
    conditions=(*UK_IDENTITY, UK_AUTHORITY, *UK_FEE),
    stop=Stop(
        frozenset({Label.ACCESS}), ASK_CLARIFICATION, CLARIFICATION, "UK GDPR Art. 12A(5)-(6)"
    ),
    extension=Extension(
        EXTENSION_NOTICE,
        Period("UK GDPR Art. 12A(3)-(4); ICO: three months from the start", months=3),
        Period("UK GDPR Art. 12A(3)-(4)", months=2),
    ),
    foretell=Foretelling(Label.RESTRICTION, LIFTING, "UK GDPR Art. 18(3)"),
)

OLD_UK_GDPR = Regime(
    key="uk_gdpr_pre_duaa",
    name="UK GDPR before Article 12A",
    rights=GDPR_RIGHTS,
    received_from=GDPR_BEGINS,
    received_to=LAST_DAY_OF_OLD_ARTICLE_12,
    dates_cite="SI 2026/82 reg. 4",
    period=Period("UK GDPR Art. 12(3) as it stood", months=1),
    start_cites="UK GDPR Art. 12(3) as it stood",
    count_cites=SAME_DATE,
    roll_cites="Reg. 1182/71 Art. 3(4)",
    conditions=(*UK_IDENTITY, *UK_FEE),
    stop=Stop(
        frozenset({Label.ACCESS}),
        ASK_CLARIFICATION,
        CLARIFICATION,
        "ICO guidance of the time",
        lambda switches: switches.stop_before_article_12a,
    ),
    extension=Extension(
        EXTENSION_NOTICE,
        Period("UK GDPR Art. 12(3) as it stood; ICO: three months from the start", months=3),
        Period("UK GDPR Art. 12(3) as it stood", months=2),
    ),
    foretell=Foretelling(Label.RESTRICTION, LIFTING, "UK GDPR Art. 18(3)"),
)

DIRECT_MARKETING = Regime(
    key="uk_direct_marketing",
    name="UK GDPR Art. 21 and PECR reg. 22",
    rights=frozenset({Label.UNSUBSCRIBE}),
    kind=DueKind.AT_ONCE,
    received_from=GDPR_BEGINS,
    dates_cite="UK GDPR Art. 21(2)-(3)",
    period=Period("the controller's own target; the law says at once", working_days=1),
    start_cites="UK GDPR Art. 21(3); PECR reg. 22",
    reply=Period("UK GDPR Art. 12A(1); before 5 February 2026, Art. 12(3)", months=1),
    count_cites=SAME_DATE,
    roll_cites=UK_ROLL,
)

COMPLAINTS = Regime(
    key="uk_dpa_s164a",
    name="DPA 2018 s.164A",
    rights=frozenset({Label.COMPLAINT, Label.REVIEW, "complaint_ack"}),
    kind=DueKind.ACKNOWLEDGEMENT,
    received_from=SECTION_164A_BEGINS,
    dates_cite="SI 2026/82 regs 3 and 7",
    period=Period("DPA 2018 s.164A(3)", days=30),
    start_cites="DPA 2018 s.164A(3)",
    count_cites="DPA 2018 s.205(2); Reg. 1182/71 Art. 3(1)",
    roll_cites="DPA 2018 s.205(2); Reg. 1182/71 Art. 3(4)",
    conditions=(
        Condition(
            "proof of authority",
            ASK_AUTHORITY,
            AUTHORITY,
            "DPA 2018 ss.164A and 187, read strictly",
            lambda switches: switches.complaint_waits_for_authority,
        ),
    ),
    satisfied_by=("acknowledgement_sent", "outcome_sent"),
    outside=Exclusion(
        "pecr_only",
        "The complaint is about PECR alone, and the section speaks of the UK GDPR",
        "DPA 2018 s.164A(1), read strictly",
        lambda switches: switches.marketing_complaint_is_outside,
    ),
)

BREACHES = Regime(
    key="uk_gdpr_breach",
    name="UK GDPR Art. 33",
    rights=frozenset({Label.BREACH, "breach_notify_regulator"}),
    kind=DueKind.HOURS,
    received_from=GDPR_BEGINS,
    dates_cite="UK GDPR Art. 33",
    period=Period("UK GDPR Art. 33(1)", hours=72),
    start_cites="UK GDPR Art. 33(1)",
    count_cites="Reg. 1182/71 Art. 3(1) and 3(4): hours run through weekends and holidays",
    awareness="aware",
    least_working_days=Period("Reg. 1182/71 Art. 3(5)", working_days=2),
)

# The text knows no stop and counts from receipt, whatever is asked for meanwhile.
EU_GDPR = Regime(
    key="eu_gdpr",
    name="EU GDPR",
    rights=GDPR_RIGHTS,
    received_from=GDPR_BEGINS,
    dates_cite="GDPR Art. 99(2)",
    period=Period("GDPR Art. 12(3)", months=1),
    start_cites="GDPR Art. 12(3)",
    count_cites=SAME_DATE,
    roll_cites="Reg. 1182/71 Art. 3(4)",
    extension=Extension(
        EXTENSION_NOTICE,
        Period("GDPR Art. 12(3)", months=3),
        Period("GDPR Art. 12(3)", months=2),
    ),
    foretell=Foretelling(Label.RESTRICTION, LIFTING, "GDPR Art. 18(3)"),
)

CCPA_BEGINS = date(2020, 1, 1)  # Cal. Civ. Code s.1798.198

CCPA = Regime(
    key="us_ca_ccpa",
    name="CCPA",
    rights=frozenset({"know", "delete", "correct"}),
    received_from=CCPA_BEGINS,
    dates_cite="Cal. Civ. Code s.1798.198",
    period=Period("11 CCR s.7021(b)", days=45),
    start_cites="11 CCR s.7021(b): verification does not move it",
    extension=Extension(
        EXTENSION_NOTICE,
        Period("11 CCR s.7021(b)", days=90),
        Period("11 CCR s.7021(b)", days=45),
    ),
    acknowledge=Period("11 CCR s.7021(a)", working_days=10),
)

CCPA_OPT_OUT = Regime(
    key="us_ca_ccpa",
    name="CCPA",
    rights=frozenset({"opt_out_sale_share", "limit"}),
    received_from=CCPA_BEGINS,
    dates_cite="Cal. Civ. Code s.1798.198",
    period=Period("11 CCR ss.7026(f) and 7027(g)", working_days=15),
    start_cites="11 CCR ss.7026(f) and 7027(g): no verification",
)


def _marketing(regime: Regime) -> Regime:
    """Return the clock of the reply: the objection is absolute, so nothing holds it up or extends it."""
    return replace(
        regime,
        rights=frozenset({"marketing_objection"}),
        start_cites=f"{regime.start_cites}; Art. 21(2)-(3)",
        conditions=(),
        stop=None,
        extension=None,
        foretell=None,
    )


UK_REGIMES = (
    UK_GDPR,
    OLD_UK_GDPR,
    _marketing(UK_GDPR),
    _marketing(OLD_UK_GDPR),
    DIRECT_MARKETING,
    COMPLAINTS,
    BREACHES,
)
REGIMES = (*UK_REGIMES, EU_GDPR, _marketing(EU_GDPR), CCPA, CCPA_OPT_OUT)


def regime_for(label: Label, received_on: date) -> Regime | None:
    """Return the UK regime for what `label` asks, received on that day; None if no statute dates it."""
    return next((r for r in UK_REGIMES if label in r.rights and r.covers(received_on)), None)


def regime_named(key: str | None, right: str, received_on: date) -> Regime | None:
    """Return the regime `key` (any, if None) for `right`: in force on that day if one is, else out of force."""
    rows = [r for r in REGIMES if right in r.rights and key in {None, r.key}]
    return next((r for r in rows if r.covers(received_on)), rows[0] if rows else None)
