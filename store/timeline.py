"""One request's events as the clock understands them: what happened, and on which day it counts.

Notice or nothing: a question or an extension that goes by letter counts from the day the relay
took that letter, and not at all while it has not, or once it is known not to have arrived.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from store.clock import Happening
from store.deeds import Asked
from store.law import (
    ASK_AUTHORITY,
    ASK_CLARIFICATION,
    ASK_IDENTITY,
    AUTHORITY,
    CLARIFICATION,
    EXTENSION_NOTICE,
    IDENTITY,
)
from store.letters import Letter
from store.recorded import Wanted
from store.requests import Request

ASKED = {
    Wanted.IDENTITY: ASK_IDENTITY,
    Wanted.AUTHORITY: ASK_AUTHORITY,
    Wanted.CLARIFICATION: ASK_CLARIFICATION,
}
SUPPLIED = {
    Wanted.IDENTITY: IDENTITY,
    Wanted.AUTHORITY: AUTHORITY,
    Wanted.CLARIFICATION: CLARIFICATION,
}
AWARE = "aware"


def happenings(request: Request, letters: Mapping[str, Letter]) -> list[Happening]:
    """Return what bears on the request's clock, in the order it was recorded."""
    return list(_happenings(request, letters))


def _happenings(request: Request, letters: Mapping[str, Letter]) -> Iterator[Happening]:
    for asked in request.asked:
        when = day_asked(asked, letters)
        if when is not None:
            yield Happening(ASKED[asked.wanted], when, asked.about)
    for supplied in request.supplied:
        if supplied.effective_on is not None:
            yield Happening(SUPPLIED[supplied.wanted], supplied.effective_on, supplied.about)
    for extended in request.extended:
        told = letters[extended.letter_id].sent_at if extended.letter_id else extended.effective_on
        if told is not None:
            yield Happening(EXTENSION_NOTICE, told)
    if request.aware is not None:
        yield Happening(AWARE, request.aware.aware_at)


def day_asked(asked: Asked, letters: Mapping[str, Letter]) -> date | datetime | None:
    """Return when the question counts, or None while it does not."""
    return letters[asked.letter_id].sent_at if asked.letter_id else asked.effective_on
