"""Which numbers and addresses a writer gives to be found by: account, customer or order numbers, mail, phone.

They are for the eyes of staff alone, and to find earlier cases of the same person.
"""

import re
from collections.abc import Iterator

MOST = 10
LONGEST = 60

ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w/.-])(?:\+44[\s-]?(?:\(0\)[\s-]?)?|0)\d(?:[\s-]?\d){8,9}(?![\w/-])")
NUMBERED = re.compile(
    r"""\b(?:account|client|customer|member(?:ship)?|policy|order|patient|tenan(?:t|cy)|student
        |employee|payroll|staff|booking|contract|case|nhs|cyfrif|compte|client|kunden|konto)
        [\s-]*(?:no\b\.?|nos\b\.?|number|num\b\.?|nr\b\.?|id\b|ref(?:erence)?\b\.?|rhif|nummer|num[ée]ro|\#)?
        \s*(?:is|was|:|=|-)?\s*(?P<given>[A-Z]{0,4}[-/]?\d(?:[\dA-Z/-]|[ ](?=\d{3})){3,20})\b""",
    re.IGNORECASE | re.VERBOSE,
)


def identifiers(text: str) -> tuple[str, ...]:
    """Return what `text` gives to be found by, each once, in its own spelling, in order."""
    found = (given.strip(" .,;:-")[:LONGEST] for given in _given(text))
    return tuple(dict.fromkeys(found))[:MOST]


def _given(text: str) -> Iterator[str]:
    yield from (match["given"] for match in NUMBERED.finditer(text))
    yield from (match[0] for match in ADDRESS.finditer(text))
    yield from (match[0] for match in PHONE.finditer(text))
