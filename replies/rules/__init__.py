"""The rules of the words, language by language: what each kind of letter must contain, and what it never may."""

from collections.abc import Mapping
from typing import Final

from replies.rules.acknowledging import ACKNOWLEDGEMENT, AGENT, BY_LABEL, UNSURE, UNSURE_RIGHT
from replies.rules.kinds import BY_KIND, EVERY_LETTER
from replies.rules.welsh import WELSH
from replies.rules.words import Rule, Rules, Words

__all__ = ["ENGLISH", "RULES", "WELSH", "Rule", "Rules", "Words"]

ENGLISH: Final = Rules(
    EVERY_LETTER,
    BY_KIND,
    ACKNOWLEDGEMENT,
    UNSURE,
    UNSURE_RIGHT,
    AGENT,
    BY_LABEL,
    at_the_latest="without undue delay, and by {} at the latest",
)
RULES: Final[Mapping[str, Rules]] = {"en": ENGLISH, "cy": WELSH}
