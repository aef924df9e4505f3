"""How cases are tied to one another: links, reviews, and requests that go on in another case.

A link joins nothing. What moves takes its clock along; where it came from keeps the record.
"""

from dataclasses import dataclass
from typing import Literal

from store.recorded import Outcome, Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Recorded):
    """Another case of the same person; a link joins nothing."""

    ref: str
    kind: Literal["linked"] = "linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked(Recorded):
    ref: str
    kind: Literal["unlinked"] = "unlinked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing(Recorded):
    """Which decision a review looks at again, and who took it: somebody else must review."""

    request: int
    of_ref: str
    of_request: int
    decided_by: str
    outcome: Outcome
    kind: Literal["reviewing"] = "reviewing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Recorded):
    """A request goes on in another case, with its clock; here it is over."""

    request: int
    to: str
    kind: Literal["moved"] = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class TookIn(Recorded):
    """Another case of the same person goes on in this one: who wrote there may write here."""

    ref: str
    address: str
    facets: tuple[str, ...] = ()
    kind: Literal["took_in"] = "took_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Recorded):
    """The case goes on in another one, and so does whatever comes by its token."""

    into: str
    kind: Literal["merged"] = "merged"


Tie = Linked | Unlinked | Reviewing | Moved | TookIn | Merged
