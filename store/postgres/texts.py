"""Documents as JSONB text: PostgreSQL takes neither NUL nor half a surrogate pair, and mail may bring both.

What it does not take is written as a mark and four digits, and comes back as it was.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final

MARK: Final = "\ue000"  # of a private use area; a mark in the text itself is written the same way
UNFIT: Final = re.compile(f"[\0\ud800-\udfff{MARK}]")
FITTED: Final = re.compile(f"{MARK}([0-9a-f]{{4}})")


def fitted(text: str) -> str:
    return UNFIT.sub(lambda found: f"{MARK}{ord(found[0]):04x}", text)


def unfitted(text: str) -> str:
    return FITTED.sub(lambda found: chr(int(found[1], 16)), text)


def dumped(document: object) -> str:
    """Return the document as JSON that the database takes."""
    text = json.dumps(document, ensure_ascii=False)
    if "\\u0000" not in text and not UNFIT.search(text):
        return text
    return json.dumps(each_text(document, fitted), ensure_ascii=False)


def loaded(text: str) -> Any:
    """Return the document as it was before `dumped`."""
    document = json.loads(text)
    return each_text(document, unfitted) if MARK in text else document


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key): each_text(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [each_text(item, change) for item in value]
    return value
