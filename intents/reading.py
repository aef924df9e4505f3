"""What the classifier made of a message: the asks it found, how sure it is, and who seems to write.

A plain value that crosses process borders; it always carries a best guess, and `other` never stands beside an ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from store.law import Label

CLEAR = 0.95  # a request filed as other is a broken duty; a vague mail on the desk is a minute


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

    def __post_init__(self) -> None:
        if not self.labels:
            raise ValueError("a reading carries at least its best guess")
        if Label.OTHER in self.labels and len(self.labels) > 1:
            raise ValueError("other stands alone: a message with an ask is ours")

    @property
    def best(self) -> Label:
        return self.labels[0]

    def other_is_clear(self, floor: float) -> bool:
        """Whether the message may be filed without a case: `other` is clear, and nothing else rises above the floor."""
        rivals = (score for label, score in self.scores.items() if label is not Label.OTHER)
        clear = self.best is Label.OTHER and self.scores[Label.OTHER] >= CLEAR
        return clear and not self.unsure and all(score <= floor for score in rivals)
