"""Sample facts of every kind of letter: what a lawyer reviews, and what an organisation's own words are tried on.

All in them is invented; they reach every turn of every template.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from replies.facts import Letter
from replies.samples.acknowledged import ACKNOWLEDGED
from replies.samples.answered import ANSWERED
from replies.samples.asked import ASKED
from replies.samples.refused import REFUSED

__all__ = ["SAMPLES"]

SAMPLES: Final[Mapping[str, Letter]] = MappingProxyType(
    {**ACKNOWLEDGED, **ASKED, **ANSWERED, **REFUSED}
)
"""By a name that begins with the kind."""
