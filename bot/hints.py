"""What a person should know of a message before answering it, in sentences: from a reading to flags.

Pure. The sentences without a quotation say nothing that a message says, and may stand in a channel.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from intents.reading import Facet, Reading
from store.case import Case
from store.due import long

SAID: Final = {
    Facet.LIFE_AT_RISK: "it may speak of a threat to somebody's life",
    Facet.VULNERABLE: "the writer may be vulnerable",
    Facet.ADJUSTMENTS: "another form of answer is asked for",
    Facet.LEGAL_THREAT: "legal steps or the regulator are spoken of",
    Facet.URGENT: "the writer calls it urgent",
    Facet.CONSENT_WITHDRAWAL: "consent is withdrawn: act now",
    Facet.REPLY_WITHDRAWAL: "the request itself may be withdrawn",
    Facet.REPLY_IDENTITY: "proof of identity seems to be with it",
    Facet.REPLY_CHASER: "the writer asks where the answer is",
}
"""The most pressing first."""

QUOTED: Final = frozenset({Facet.LIFE_AT_RISK, Facet.VULNERABLE, Facet.ADJUSTMENTS})
"""Of these the words decide, and staff read them in the case."""


def hints(reading: Reading, received_on: date) -> tuple[str, ...]:
    """Return what to know of a message received on `received_on`; for the case, for staff alone."""
    return tuple(_hints(reading, received_on))


def said_of(case: Case) -> list[str]:
    """Return what to know of a case's first message, without a word of it."""
    return [said for facet, said in SAID.items() if facet in case.opened.facets]


def _hints(reading: Reading, received_on: date) -> Iterator[str]:
    for facet, said in SAID.items():
        if facet in reading.facets:
            quoted = _quoted(facet, reading) if facet in QUOTED else ""
            yield f'{said} ("{quoted}")' if quoted else said
    for name in reading.on_behalf_of:
        yield f"it seems to be written for {name}"
    for claim in reading.claims:
        day = claim.on(received_on)
        when = f", which is {long(day)}" if day else ""
        yield f'the writer wants an answer "{claim.said}"{when}; the due dates are the law\'s'


def _quoted(facet: Facet, reading: Reading) -> str:
    mark = f"{facet}: "
    words = (why.removeprefix(mark) for why in reading.reasons if why.startswith(mark))
    return ", ".join(words)
