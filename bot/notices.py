"""Mails to staff: what has come, what is due, what was filed. They name cases and ids, nothing of any person."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.alarms import Alarm, Crossing, Why, what
from bot.hints import SAID
from intents.reading import Facet
from store.case import Case, Letter
from store.casebook import Disposition
from store.due import long, short
from store.events import LetterOwed
from store.fleet import Peer
from store.jurisdiction import Jurisdiction
from store.law import Label

FILED_LIST = """\
These messages came on {day} and opened no case ({count}).
Please look through them: a request among them has a statutory clock running.

{lines}

To read one:             privacy-intake spool show ID
To make a case of one:   privacy-intake open --filed ID
"""

NEW_CASE = """\
{news}: {ref}

{lines}

To look at it:   privacy-intake cases {ref}
To take it:      privacy-intake claim {ref}
"""

TOO_LATE = """\
The extension of {ref} may have no effect: {why}.
The mail relay must have taken its notice by {last}.

To see the letter:        privacy-intake letters {ref} {letter}
To take it back:          privacy-intake take-back {ref} {letter}
"""

UNDELIVERED = """\
A letter of {ref} did not arrive: {what} ({why}).

Nobody tries again by themselves. Where the letter had to arrive for a clock to stop or to be
extended, it has done neither.

To see it:           privacy-intake letters {ref}
To write once more:  privacy-intake reply {ref} TEXT
"""

TROUBLE = """\
The bot says of itself: {reason}.

Its figures, and whether that has passed: /health on the address in [web] listen.
What waits for a person:                  privacy-intake spool list
"""

SILENT = """\
The bot {name} has not been heard of since {seen}.
When it was, {waiting} messages waited in its spool{oldest}, and {quarantined} were quarantined.
What it was sending, the other bots send; what waits in its spool waits for it.
"""

MORNING = """\
The privacy desk on {day}.

{lines}

To look at one:   privacy-intake cases REF

The head of the audit trail: {head}
Keep this mail: `privacy-intake verify` says whether the trail still leads there.
"""


KEEPING = {Why.CONFIRM, Why.STOPPED, Why.GOING, Why.KEPT, Why.KEPT_SOON}
"""About cases that are closed: nobody has them, and there may be many."""
MOST_KEPT = 20  # of one kind on a morning's list


class Notices:
    """Writes mails to staff."""

    def __init__(self, domain: str, here: Jurisdiction) -> None:
        self._domain = domain
        self._here = here

    def filed_list(
        self, notice_id: str, to: str, day: date, items: Sequence[Disposition], at: datetime
    ) -> LetterOwed:
        lines = "\n".join(f"{i.spool_id}  {i.end:<9}  {i.why}" for i in items)
        text = FILED_LIST.format(day=long(day), count=len(items), lines=lines)
        subject = f"Filed without a case on {day.day} {day:%B %Y}: {len(items)}"
        return self._mail(notice_id, "filed_list", to, subject, text, at)

    def new_case(self, notice_id: str, to: str, case: Case, at: datetime) -> LetterOwed:
        text = self._news("A new case has come in", case)
        press = "Read it now: new" if at_once(case) else "New"
        return self._mail(notice_id, "new_case", to, f"{press} case {case.ref}", text, at)

    def breach(self, notice_id: str, to: str, case: Case, at: datetime) -> LetterOwed:
        """Tell of a breach that is reported in a case which staff know already."""
        text = self._news("A possible breach was reported in a case that is known", case)
        subject = f"Read it now: a possible breach, {case.ref}"
        return self._mail(notice_id, "breach", to, subject, text, at)

    def _news(self, news: str, case: Case) -> str:
        lines = "\n".join([*self._request_lines(case), *at_once(case)])
        return NEW_CASE.format(news=news, ref=case.ref, lines=lines)

    def too_late(
        self, notice_id: str, to: str, case: Case, letter: Crossing, at: datetime
    ) -> LetterOwed:
        text = TOO_LATE.format(
            ref=case.ref, why=letter.why, last=long(letter.last), letter=letter.letter_id
        )
        subject = f"A notice may come too late: {case.ref}"
        return self._mail(notice_id, "too_late", to, subject, text, at)

    def undelivered(
        self, notice_id: str, to: str, letter: Letter, why: str, at: datetime
    ) -> LetterOwed:
        ref = letter.owed.letter_id.rpartition("-")[0]
        what = letter.owed.letter_kind.replace("_", " ")
        text = UNDELIVERED.format(ref=ref, what=what, why=why)
        subject = f"Not delivered: {what} of {ref}"
        return self._mail(notice_id, "undelivered", to, subject, text, at)

    def trouble(self, notice_id: str, to: str, reason: str, at: datetime) -> LetterOwed:
        text = TROUBLE.format(reason=reason)
        return self._mail(notice_id, "trouble", to, f"Trouble: {reason}", text, at)

    def silent(self, notice_id: str, to: str, peer: Peer, at: datetime) -> LetterOwed:
        pulse = peer.pulse
        text = SILENT.format(
            name=peer.name,
            seen=self._moment(peer.seen_at),
            waiting=pulse.waiting,
            oldest=f", the oldest since {self._moment(pulse.oldest)}" if pulse.oldest else "",
            quarantined=pulse.quarantined,
        )
        subject = f"A bot has gone silent: {peer.name}"
        return self._mail(notice_id, "silent_bot", to, subject, text, at)

    def _moment(self, at: datetime) -> str:
        return f"{at.astimezone(self._here.zone):%d %b %Y %H:%M}"

    def morning_list(
        self,
        notice_id: str,
        to: str,
        day: date,
        found: Sequence[Alarm],
        head: str,
        at: datetime,
    ) -> LetterOwed:
        lines = "\n\n".join(section(why, found) for why in Why if any(a.why is why for a in found))
        text = MORNING.format(day=long(day), lines=lines or "Nothing is pressing today.", head=head)
        late = sum(alarm.why is Why.OVERDUE for alarm in found)
        subject = f"Privacy desk, {day.day} {day:%B %Y}: {len(found)} to look at, {late} overdue"
        return self._mail(notice_id, "morning_list", to, subject, text, at)

    def _request_lines(self, case: Case) -> list[str]:
        found = []
        for request in case.requests:
            due = case.due(request, self._here)
            when = long(due.due_on) if due.due_on else "no date yet"
            if due.due_at:
                when = f"{due.due_at.astimezone(self._here.zone):%H:%M} on {when}"
            found.append(f"  {what(request)}: due {when}")
        return found

    def _mail(
        self, notice_id: str, kind: str, to: str, subject: str, text: str, at: datetime
    ) -> LetterOwed:
        return LetterOwed(
            at=at,
            letter_id=notice_id,
            letter_kind=kind,
            to=to,
            subject=subject,
            text=text,
            html="",
            version="",
            message_id=f"<{notice_id}@{self._domain}>",
        )


def at_once(case: Case) -> list[str]:
    """Say why a person should read a case before anything else, if one should."""
    why = [SAID[Facet.LIFE_AT_RISK]] if Facet.LIFE_AT_RISK in case.opened.facets else []
    if any(request.label is Label.BREACH for request in case.running):
        why.append("a possible breach was reported, and its 72 hours run at night too")
    return [f"  Please read it now: {said}." for said in why]


def section(why: Why, found: Sequence[Alarm]) -> str:
    head = f"{why[:1].upper()}{why[1:]}:"
    lines = [line(alarm) for alarm in found if alarm.why is why]
    if why in KEEPING and len(lines) > MOST_KEPT:
        lines[MOST_KEPT:] = [f"  and {len(lines) - MOST_KEPT} more"]
    return "\n".join([head, *lines])


def line(alarm: Alarm) -> str:
    when = f", {short(alarm.on)}" if alarm.on else ""
    owner = "" if alarm.why in KEEPING else "  ({})".format(alarm.owner or "nobody's")
    return f"  {alarm.ref}  {alarm.what}{when}{owner}"
