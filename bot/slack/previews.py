"""What a form shows before anything is done: dates as they would be, and letters word for word."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.slack.blocks import MOST_VERBATIM, Block, section, small, verbatim
from bot.slack.words import due_in_words, plain_label
from store.case import Case, Letter, LetterStatus, Request
from store.clock import Happening
from store.jurisdiction import Jurisdiction
from store.law import ASK_CLARIFICATION, CLARIFICATION, EXTENSION_NOTICE

ANSWER_TAKES = timedelta(days=7)  # an example
MOST_BLOCKS_A_LETTER = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as it is when a form is made."""

    case: Case
    here: Jurisdiction
    today: date


def may_be_moved(letter: Letter) -> bool:
    return letter.waits_for_a_person or letter.status is LetterStatus.QUEUED


def named(letter: Letter) -> str:
    return f"{letter.owed.letter_id}: {plain_label(letter.owed.letter_kind)}, {letter.status}"


def letters_in_full(seen: Seen) -> list[Block]:
    """Show each letter word for word as it goes."""
    found: list[Block] = []
    for letter in seen.case.letters:
        if may_be_moved(letter):
            found.append(section(f"*{named(letter)}*"))
            text = f"{letter.owed.subject}\n\n{letter.owed.text}"
            found += verbatim(text, MOST_BLOCKS_A_LETTER)
    undo = small("A letter of legal effect can be taken back for a while after it is sent.")
    return [*found[:MOST_VERBATIM], undo]


def if_asked(seen: Seen) -> list[Block]:
    """Show what a question does to the date, before anybody asks it."""
    request = seen.case.running[0] if seen.case.running else None
    if request is None:
        return []
    back = seen.today + ANSWER_TAKES
    return [
        section(
            f"Now: *{due(seen, request)}*\n"
            f"While the question is open: *{due(seen, request, (ASK_CLARIFICATION, seen.today))}*\n"
            f"If the answer came on {back:%d %b %Y}: "
            f"*{due(seen, request, (ASK_CLARIFICATION, seen.today), (CLARIFICATION, back))}*"
        ),
        small("It counts from the day the mail server takes the letter, and not at all if it does not."),
    ]  # fmt: skip


def if_extended(seen: Seen) -> list[Block]:
    request = seen.case.running[0] if seen.case.running else None
    if request is None:
        return []
    after = due(seen, request, (EXTENSION_NOTICE, seen.today))
    return [section(f"Now: *{due(seen, request)}*\nExtended: *{after}*")]


def due(seen: Seen, request: Request, *happens: tuple[str, date]) -> str:
    more = [Happening(kind, on) for kind, on in happens]
    return due_in_words(seen.case.due(request, seen.here, more))
