"""What the bot says in Slack, in sentences. No name, no address, no word of anybody's: references, rights and dates."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bot.alarms import what
from bot.people import Person
from store.case import Case, Request
from store.deeds import (
    Acknowledged,
    AnsweredElsewhere,
    Asked,
    Assigned,
    BreachDecided,
    Extended,
    LetterHeld,
    LetterReleased,
    Noted,
    ReceiptCorrected,
    RequesterNamed,
    RequestReopened,
    Sorted,
    Supplied,
)
from store.due import Due, in_sentence, long
from store.events import (
    BOT,
    Event,
    LetterBounced,
    LetterFailed,
    LetterOwed,
    LetterSent,
    MessageReceived,
    RequestClosed,
    Requested,
)
from store.jurisdiction import Jurisdiction

STEERS = (
    "Please do not write here who it is or how to reach them. Whoever of the privacy desk knows it "
    "opens the message's ⋯ menu and chooses *Open privacy case*."
)
DISCREET = (
    "Thank you, this is recorded and the privacy team has it. "
    "Please write nothing more about it in this channel."
)

OF_YOURSELF = (
    f"{DISCREET} If it is about yourself, please send it to me in a direct message instead "
    "(my profile, *Messages*): colleagues read along here."
)
BETWEEN_US = "Only the privacy desk reads this. You can go on writing here, in this thread."


def answer(case: Case, requests: Iterable[Request], here: Jurisdiction, ends: str = STEERS) -> str:
    """Return what is told in the thread: reference, rights, due dates and their working."""
    lines = [f"Recorded as *{case.ref}*."]
    for request in requests:
        due = case.due(request, here)
        received = (
            f"received {long(here.date_of(request.received_at))} ({sure_of_receipt(case, request)})"
        )
        reading = f"Request {request.number}: {asked(request)}"
        lines.append(
            f"• {reading}, {received}: *{due_in_words(due)}*. Working: {in_sentence(due)}."
        )
    return "\n".join([*lines, ends])


def asked(request: Request) -> str:
    if request.label is None:
        return "it is not clear yet what is asked; somebody will look"
    return f"read as *{what(request)}*"


def sure_of_receipt(case: Case, request: Request) -> str:
    return "provisional until somebody confirms it" if case.provisional(request) else "confirmed"


def due_in_words(due: Due) -> str:
    if due.due_on is not None:
        return f"due {long(due.due_on)}"
    if due.provisional_due is not None:
        return f"no date runs; on the safe side, {long(due.provisional_due)}"
    return "no date yet"


def days_left(due_on: date, today: date) -> str:
    left = (due_on - today).days
    if left < 0:
        return f"{count(-left, 'day')} overdue"
    return "due today" if left == 0 else f"{count(left, 'day')} left"


def count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def may_be_shown(case: Case, staff: Iterable[Person]) -> bool:
    """Whether a channel may know of the case: everybody who could look there may see it."""
    return not case.hidden_from and all(person.sees(case) for person in staff)


def happened(events: Iterable[Event], here: Jurisdiction) -> Iterator[str]:
    """Yield a line for each event that the thread of a case should hear of."""
    for event in events:
        if isinstance(event, ReceiptCorrected):
            day = long(here.date_of(event.received_at))
            yield f"{event.by} set the receipt of request {event.request}: {day}."
        elif type(event) in TOLD and not (isinstance(event, LetterOwed) and event.by == BOT):
            yield TOLD[type(event)](event)


def plain_label(word: str) -> str:
    return str(word).replace("_", " ")


TOLD: Mapping[type[Event], Callable[[Any], str]] = {
    Acknowledged: lambda e: f"{e.by} recorded that request {e.request} was acknowledged.",
    AnsweredElsewhere: lambda e: f"{e.by} recorded the answer to request {e.request}.",
    Asked: lambda e: f"{e.by} asks for {e.wanted}.",
    Assigned: lambda e: f"{e.owner} has it now.",
    BreachDecided: lambda e: f"{e.by} decided: {'notify' if e.notify else 'do not notify'}.",
    Extended: lambda e: f"{e.by} extends request {e.request}.",
    LetterBounced: lambda e: f"Letter {e.letter_id} did not arrive.",
    LetterFailed: lambda e: f"Letter {e.letter_id} does not go.",
    LetterHeld: lambda e: f"{e.by} holds letter {e.letter_id}.",
    LetterOwed: lambda e: f"{e.by} wrote a letter ({plain_label(e.letter_kind)}).",
    LetterReleased: lambda e: f"{e.by} released letter {e.letter_id}.",
    LetterSent: lambda e: f"Letter {e.letter_id} was handed to the mail server.",
    MessageReceived: lambda e: f"A message came ({count(e.attachments, 'attachment')}).",
    Noted: lambda e: f"{e.by} wrote a note.",
    RequestClosed: lambda e: f"{e.by} closed request {e.request}: {plain_label(e.outcome)}.",
    RequestReopened: lambda e: f"{e.by} reopened request {e.request}.",
    RequesterNamed: lambda e: f"{e.by} recorded who asked, and confirmed the receipt.",
    Requested: lambda e: f"Request {e.request}: {plain_label(e.label or 'not sorted yet')}.",
    Sorted: lambda e: f"{e.by} sorted request {e.request}: {plain_label(e.label)}.",
    Supplied: lambda e: f"{e.by} recorded that {e.wanted} came.",
}
"""What the thread of a case hears of each kind of event."""
