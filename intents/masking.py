"""A message without what tells whose it is: addresses, numbers, links and names give way to marks.

What is kept to learn from says what was asked, and not by whom. A name that nobody told us of and
that stands in no usual place may stay: such an example is personal data still, and is erased with its case.
"""

import re
from collections.abc import Iterable

ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
STREET = re.compile(
    r"\b\d{1,4}[a-z]?,?\s+(?:[A-Z][\w']+\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Way|Court|Place|Terrace|Crescent|Gardens)\b"
)
NUMBER = re.compile(r"\+?\d[\d\s()/.-]{2,}\d")
GREETED = re.compile(
    r"^((?:dear|hi|hello|hey|annwyl|bonjour|guten tag|liebe|lieber)\s+)(?!(?:sir|madam|team|all|dpo|data|privacy|colleague|there|both)\b)[^\n,!.]{2,40}",
    re.IGNORECASE | re.MULTILINE,
)
CALLED = re.compile(
    r"\b((?:my name is|i am called|this is|mr|mrs|ms|miss|dr)\.?\s+)((?:[A-Z][\w'-]+\s?){1,3})",
)
CLOSING = re.compile(
    r"^((?:kind |best |warm |many |yours )?(?:regards|wishes|thanks|thank you|cheers|sincerely|faithfully|yours|diolch|cordialement|grüße)[^\n]{0,20})\n(?:[^\n]{1,60}\n?){1,4}\Z",
    re.IGNORECASE | re.MULTILINE,
)
MARKS = ((ADDRESS, "[address]"), (LINK, "[link]"), (POSTCODE, "[postcode]"), (STREET, "[street]"))


def masked(text: str, names: Iterable[str] = ()) -> str:
    """Return `text` with marks for what tells whose it is; `names` are those known of the writer."""
    for pattern, mark in MARKS:
        text = pattern.sub(mark, text)
    text = CLOSING.sub(r"\1\n[name]", text.rstrip())
    text = GREETED.sub(r"\1[name]", text)
    text = CALLED.sub(r"\1[name] ", text)
    for part in sorted({part for name in names for part in name.split()}, key=len, reverse=True):
        if len(part) > 1:
            text = re.sub(rf"\b{re.escape(part)}\b", "[name]", text, flags=re.IGNORECASE)
    return NUMBER.sub("[number]", text)
