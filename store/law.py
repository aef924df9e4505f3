"""What people may ask for, under which statute, and the limits the law sets: data, each number beside its source."""

from enum import StrEnum


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
