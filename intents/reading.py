"""What the classifier made of a message: the asks it found, how sure it is, and who seems to write.

A plain value that crosses process borders; it always carries a best guess, and `other` never stands beside an ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from intents.claims import Claim
from store.law import Label

CLEAR = 0.96  # a request filed as other is a broken duty; a vague mail on the desk is a minute


class Facet(StrEnum):
    """What else a message shows, beside its asks: mostly who writes."""

    AGENT = "agent"
    PARENT = "parent"
    EMPLOYEE = "employee"
    COLLEAGUE = "colleague"
    REGULATOR = "regulator"
    POLICE_OR_COURT = "police_or_court"
    SUPPLIER = "supplier"
    PROCESSOR_CUSTOMER = "processor_customer"
    RESEARCHER = "researcher"
    EXTORTION = "extortion"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    OWN_DATA = "own_data"
    """What went wrong concerns the writer's own data, too."""
    REPLY_IDENTITY = "reply_identity"
    REPLY_THANKS = "reply_thanks"
    REPLY_CHASER = "reply_chaser"
    REPLY_WITHDRAWAL = "reply_withdrawal"
    """The request itself is taken back."""
    ADJUSTMENTS = "adjustments"
    """Something is needed to read, hear or answer us: large print, easy words, an interpreter."""
    VULNERABLE = "vulnerable"
    LIFE_AT_RISK = "life_at_risk"
    """Somebody may harm themselves, or be harmed."""
    URGENT = "urgent"
    LEGAL_THREAT = "legal_threat"
    SELF = "self"
    """Never marked by a phrase: nothing shows that another writes."""


WHO_WRITES = frozenset(
    {
        Facet.AGENT,
        Facet.PARENT,
        Facet.EMPLOYEE,
        Facet.COLLEAGUE,
        Facet.REGULATOR,
        Facet.POLICE_OR_COURT,
        Facet.SUPPLIER,
        Facet.PROCESSOR_CUSTOMER,
        Facet.RESEARCHER,
        Facet.EXTORTION,
    }
)
"""Facets that tell who writes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`labels` runs best first; `unsure` says that nobody should act on them."""

    labels: tuple[Label, ...]
    scores: Mapping[Label, float] = field(hash=False)
    unsure: bool
    facets: frozenset[Facet] = frozenset()
    reasons: tuple[str, ...] = ()
    language: str = "en"
    identifiers: tuple[str, ...] = ()
    """Numbers and addresses the writer gives to be found by: personal data, for staff alone."""
    on_behalf_of: tuple[str, ...] = ()
    """Names of those for whom the writer says to write: personal data too."""
    claims: tuple[Claim, ...] = ()
    """By when the writer wants an answer; the law's dates never follow from it."""

    def __post_init__(self) -> None:
        if not self.labels:
            raise ValueError("a reading carries at least its best guess")
        if Label.OTHER in self.labels and len(self.labels) > 1:
            raise ValueError("other stands alone: a message with an ask is ours")

    @property
    def best(self) -> Label:
        return self.labels[0]

    @property
    def writers(self) -> frozenset[Facet]:
        """Who seems to write; `self` where nothing shows another."""
        return (self.facets & WHO_WRITES) or frozenset({Facet.SELF})

    def other_is_clear(self, floor: float) -> bool:
        """Whether the message may be filed without a case: `other` is clear, and nothing else rises above the floor."""
        rivals = (score for label, score in self.scores.items() if label is not Label.OTHER)
        clear = self.best is Label.OTHER and self.scores[Label.OTHER] >= CLEAR
        return clear and not self.unsure and all(score <= floor for score in rivals)
