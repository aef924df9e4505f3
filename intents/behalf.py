"""For whom somebody writes: the name after "on behalf of", "our client", "my daughter". For the eyes of staff alone.

Only where a name plainly stands; a firm is nobody's data, and a role ("our client") no name.
"""

import re

MOST = 3
LONGEST = 60

_WORD = r"[A-Z](?:\.|[\w'-]+)"
_GAP = r"(?:[ ]+|[ ]?\n)"
_TITLE = r"(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Lady)\b\.?\s"
_NAME = rf"(?:{_TITLE})?{_WORD}(?:[ ]{_WORD}){{0,3}}"
_ACTS = (
    r"(?i:on\s+behalf\s+of|\bact(?:ing)?\s+for|\binstructed\s+by|\brepresent(?:ing)?"
    r"|\battorney\s+for|\blitigation\s+friend\s+(?:for|of)|\bexecutor\s+of(?:\s+the\s+estate\s+of)?"
    r"|\b(?:guardian|mother|father|mum|dad|parent|carer)\s+(?:of|to))"
    r"(?:\s(?i:my|our|her|his)\s[a-z]+,?)?"
)
_KIN = r"(?i:\b(?:my|our)\s+(?:client|member|constituent|tenant|son|daughter|child|mother|father|mum|dad))"
ACTING = re.compile(rf"{_ACTS}{_GAP}(?i:the\s+late\s+)?(?P<name>{_NAME})")
RELATED = re.compile(rf"{_KIN},?{_GAP}(?i:the\s+late\s+|called\s+|named\s+)?(?P<name>{_NAME})")
NOT_A_PERSON = re.compile(
    r"\b(?:Ltd|Limited|LLP|plc|PLC|Inc|GmbH|Council|Team|Bank|Insurance|University|College|School|Services|Partners|Police"
    r"|Association|Trust|Foundation|Group|Society|Union|Department|Office|Club|Company|Holdings|Agency|Committee|Board)\b"
)
NO_NAMES = frozenset(
    [
        "I",
        "He",
        "She",
        "They",
        "It",
        "We",
        "You",
        "The",
        "This",
        "That",
        "And",
        "But",
        "Who",
        "Please",
        "Has",
        "Is",
        "Was",
        "Your",
        "Our",
        "My",
        "His",
        "Her",
        "All",
        "Any",
        "Everyone",
        "Data",
        "Subject",
        "Client",
        "GDPR",
        "UK",
        "Facebook",
        "Instagram",
        "Google",
        "Dad",
        "Mum",
        "Mam",
        "Dear",
    ]
)


def on_behalf_of(text: str) -> tuple[str, ...]:
    """Return the names of those for whom the text says it was written, each once."""
    found = [match["name"] for rule in (ACTING, RELATED) for match in rule.finditer(text)]
    names = (name[:LONGEST].removesuffix("'s") for name in found if _is_a_person(name))
    return tuple(dict.fromkeys(names))[:MOST]


def _is_a_person(name: str) -> bool:
    first = name.split(maxsplit=1)[0].partition("'")[0]
    return not (NOT_A_PERSON.search(name) or first in NO_NAMES or name.isupper())
