"""Cases, letters, dispositions and notices for tests of casebooks: plain, and each like no other."""

from datetime import UTC, datetime, timedelta

from store.case import Case, Letter, open_case
from store.casebook import Disposition, End, Notice
from store.events import LetterOwed, LetterSent, MessageReceived, Opened, Requested
from store.law import Label

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def letter(letter_id: str, minutes: float = 0) -> LetterOwed:
    return LetterOwed(
        at=at(minutes),
        letter_id=letter_id,
        letter_kind="acknowledgement",
        requests=(1,),
        to="ann@mail.example",
        subject="Your request",
        text="Dear Ann Other,\n",
        html="<p>Dear Ann Other,</p>\n",
        version="1",
        message_id=f"<{letter_id}@acme.example>",
    )


def message(name: str, minutes: float = 0) -> MessageReceived:
    return MessageReceived(
        at=at(minutes),
        spool_id=name,
        message_id=f"<{name}@mail.example>",
        sender="ann@mail.example",
        received_at=at(minutes),
    )


def new_case(ref: str, minutes: float = 0, label: Label = Label.ACCESS) -> Case:
    """Return a case as intake opens it: one message, one request, one letter owed."""
    opened = Opened(
        at=at(minutes),
        channel="email",
        received_at=at(minutes),
        requester_name="Ann Other",
        requester_address="ann@mail.example",
        token=f"token of {ref}",
    )
    asked = Requested(at=at(minutes), request=1, label=label, received_at=at(minutes))
    return open_case(
        ref, opened, [message(f"first of {ref}", minutes), asked, letter(f"{ref}-1", minutes)]
    )


def sent(letter_id: str, minutes: float = 5) -> LetterSent:
    return LetterSent(at=at(minutes), letter_id=letter_id)


def disposition(spool_id: str, ref: str = "", key: str = "") -> Disposition:
    return Disposition(
        spool_id=spool_id,
        at=START,
        received_at=START,
        end=End.OPENED if ref else End.OTHER,
        ref=ref,
        key=key or f"<{spool_id}@mail.example>",
        digest="0" * 64,
        scores=(("query", 0.25),),
    )


def notice(notice_id: str, minutes: float = 0) -> Notice:
    return Notice(notice_id=notice_id, letter=Letter(letter(notice_id, minutes)))
