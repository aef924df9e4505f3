"""Facts for letters: one frozen class per kind of letter lists all that the letter may say.

A letter that is built here can be said lawfully: what may not be said is refused while its facts are put together.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, get_args

from replies.facts.acknowledging import Acknowledgement, Asked, Duplicate
from replies.facts.answering import (
    AccessResponse,
    Fulfilled,
    MarketingStopped,
    PartialDisclosure,
    RestrictionLift,
)
from replies.facts.asking import (
    AskAuthority,
    AskClarification,
    AskIdentity,
    CheckBack,
    PauseStarted,
)
from replies.facts.others import BreachNotice, BreachReport, Reply, Survey
from replies.facts.outcomes import ComplaintOutcome, Issue, ReviewOutcome
from replies.facts.refusing import NoDataHeld, PartlyRefused, PassedOn, Refusal
from replies.facts.signed import DATED, Controller, OnCase
from replies.facts.timing import (
    ApologyLate,
    Awaited,
    ClockRestarted,
    CorrectionOfDate,
    Extension,
    Ground,
    ProgressNote,
)

__all__ = [
    "DATED",
    "KINDS",
    "AccessResponse",
    "Acknowledgement",
    "ApologyLate",
    "AskAuthority",
    "AskClarification",
    "AskIdentity",
    "Asked",
    "Awaited",
    "BreachNotice",
    "BreachReport",
    "CheckBack",
    "ClockRestarted",
    "ComplaintOutcome",
    "Controller",
    "CorrectionOfDate",
    "Duplicate",
    "Extension",
    "Fulfilled",
    "Ground",
    "Issue",
    "Letter",
    "MarketingStopped",
    "NoDataHeld",
    "OnCase",
    "PartialDisclosure",
    "PartlyRefused",
    "PassedOn",
    "PauseStarted",
    "ProgressNote",
    "Refusal",
    "Reply",
    "RestrictionLift",
    "ReviewOutcome",
    "Survey",
]

Letter = (
    Acknowledgement
    | AccessResponse
    | ApologyLate
    | AskAuthority
    | AskClarification
    | AskIdentity
    | BreachNotice
    | BreachReport
    | CheckBack
    | ClockRestarted
    | ComplaintOutcome
    | CorrectionOfDate
    | Duplicate
    | Extension
    | Fulfilled
    | MarketingStopped
    | NoDataHeld
    | PartialDisclosure
    | PartlyRefused
    | PassedOn
    | PauseStarted
    | ProgressNote
    | Refusal
    | Reply
    | RestrictionLift
    | ReviewOutcome
    | Survey
)
"""Any letter: a union that grows by one class with each kind."""

KINDS: Final[Mapping[str, type[Letter]]] = MappingProxyType(
    {kind.kind: kind for kind in get_args(Letter)}
)
"""Each kind of letter by the name of its folder of templates."""
