"""What one authorised person is shown of a case: its messages in a modal, its dates in a sentence, lists for the desk."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from bot.people import Person
from bot.reader import Unreadable
from bot.reading_room import ReadMail
from bot.slack.blocks import MOST_VERBATIM, Block, header, modal, section, small, verbatim
from bot.slack.words import asked, days_left, due_in_words
from store.case import Case, CaseError
from store.casebook import Casebook
from store.deeds import Noted
from store.due import in_sentence, long
from store.jurisdiction import Jurisdiction

REF = re.compile(r"(?:dp)?[\s#_-]*(?:(20\d{2})[\s/_-]+)?0*(\d{1,6})", re.IGNORECASE)
MOST_OF_A_LIST = 40
MOST_MESSAGES = 8
MOST_BLOCKS = 8  # of one message: 24,000 characters

Read = ReadMail | Unreadable


def reference(text: str, casebook: Casebook) -> str:
    """Return the reference that somebody meant: `12`, `dp 2026 12`, `DP-2026-000012`."""
    found = REF.fullmatch(text.strip().strip("`*").strip())
    if found is None:
        raise CaseError(f"{text!r} is no reference, such as DP-2026-000123 or just 123")
    year, number = found[1], int(found[2])
    if year:
        return f"DP-{year}-{number:06}"
    meant = [ref for ref in casebook.versions() if ref.endswith(f"-{number:06}")]
    if not meant:
        raise CaseError(f"there is no case {text.strip()}")
    return max(meant)


def visible(casebook: Casebook, who: Person) -> Iterator[Case]:
    """Yield the running cases that a person may see."""
    for ref in casebook.running():
        case = casebook.get(ref)
        if case is not None and who.sees(case):
            yield case


def line(case: Case, here: Jurisdiction, today: date) -> str:
    """Return one case in one line."""
    dues = [case.due(request, here) for request in case.running]
    days = [day for due in dues if (day := due.due_on or due.provisional_due)]
    left = f"{long(min(days))}, {days_left(min(days), today)}" if days else "no date"
    rights = ", ".join(sorted({str(r.label or "not sorted") for r in case.running})) or "closed"
    return f"*{case.ref}*  {rights.replace('_', ' ')}: {left} ({case.owner or 'nobody has it'})"


def listed(cases: Iterable[Case], here: Jurisdiction, today: date) -> str:
    lines = sorted(line(case, here, today) for case in cases)
    more = len(lines) - MOST_OF_A_LIST
    shown = lines[:MOST_OF_A_LIST] + ([f"and {more} more"] if more > 0 else [])
    return "\n".join(shown) or "No open case."


def working(case: Case, here: Jurisdiction) -> str:
    """Return each request's date with how it came about."""
    found = [f"*{case.ref}*"]
    for request in case.requests:
        due = case.due(request, here)
        found.append(
            f"{request.number}. {asked(request)}: *{due_in_words(due)}*. Working: {in_sentence(due)}."
        )
    return "\n".join(found)


def shown(case: Case, read: Iterable[Read], here: Jurisdiction, link: str = "") -> Block:
    """Return the modal with what was written, word for word; nothing in it is taken for markup."""
    who = [case.requester_name, case.requester_address]
    blocks = [
        header(case.ref),
        *verbatim("Requester: " + (", ".join(filter(None, who)) or "not known yet"), 1),
        section(working(case, here)),
    ]
    if link:
        blocks.append(small(f"It began with <{link}|this message>."))
    for number, message in enumerate(list(read)[:MOST_MESSAGES], start=1):
        blocks += words_of(number, message)
    for note in [event for event in case.events if isinstance(event, Noted)][:MOST_MESSAGES]:
        blocks += [small(f"Noted by {note.by}"), *verbatim(note.text or "-", 1)]
    if len(blocks) > MOST_VERBATIM:
        blocks = [*blocks[:MOST_VERBATIM], small("It goes on: see the case on the command line.")]
    blocks.append(small("You are on record as having looked at this."))
    return modal("shown", "The case", blocks)


def words_of(number: int, read: Read) -> list[Block]:
    if isinstance(read, Unreadable):
        return [small(f"Message {number} cannot be shown: {read.why}")]
    message = read.message
    files = [f"Attachment: {a.name} ({a.size} bytes)" for a in message.attachments[:10]]
    text = "\n".join(filter(None, (message.subject, message.text, *files)))
    return [small(f"Message {number}"), *verbatim(text or "(empty)", MOST_BLOCKS)]
