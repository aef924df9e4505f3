"""What the commands do, for whoever calls them: the command line alone, or through the running bot.

A command takes plain values and answers with plain values, so that it can travel over the
control socket. What the caller did wrong is a CommandError with one sentence.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.actions import Actions, day
from bot.auditing import Audit
from bot.bench import Doing
from bot.blocking import Blocking
from bot.calendar_desk import accept, changes
from bot.canary import Canary
from bot.command import Command, CommandError, Read
from bot.desk import Desk
from bot.dues import WhatIf, due_view
from bot.erasures import Erasures
from bot.evidence import Evidence
from bot.filling import MEANS
from bot.flooding import Flooding
from bot.holdings import Holdings
from bot.keeping import Keeping
from bot.learning import Learning
from bot.mail.cut import without_attachments
from bot.mailroom import Mailroom
from bot.people import People, Person
from bot.reckoning import reconcile
from bot.refusals import Refusals
from bot.register import rows
from bot.views import View, case_view, disposition_view, fate_view, letter_view
from bot.watch import Watch
from store.block_list import BlockList
from store.case import Case, State
from store.casebook import Casebook
from store.fleet import Fleet
from store.folder import Standing
from store.jurisdiction import Jurisdiction
from store.law import Label
from store.spool import Spool
from store.working_days import Calendar

__all__ = ["Command", "CommandError", "Office", "Read"]


def copies_of(spool_id: str, casebook: Casebook) -> list[str]:
    """Return the ids under which a message came: more than one where it was sent twice."""
    first = casebook.disposition(spool_id)
    if first is None:
        return [spool_id]
    return [d.spool_id for d in casebook.alike(first.key) if d.digest == first.digest]


@dataclass(frozen=True, slots=True)
class Office:
    """Everything a command needs at hand."""

    spool: Spool
    casebook: Casebook
    audit: Audit
    fleet: Fleet
    desk: Desk
    block_list: BlockList
    people: People
    watch: Watch
    erasures: Erasures
    canary: Canary
    configured: Calendar
    """The holidays as configured, which may not be in force yet."""
    here: Jurisdiction
    read: Read
    now: Callable[[], datetime]
    changed: Callable[[], None]
    """Told when a letter may be owed or a message waits again."""
    standing: Callable[[], Standing]
    """Says how the data folder stands at this instant."""
    hand_over: Callable[[str], None]
    """Given the id of a spooled message that is to be taken in again."""

    def answer(self, name: str, arguments: Mapping[str, Any], login: str) -> Iterator[View]:
        """Carry out one command for the person with that login.

        Raises RefusedError with a sentence, or OSError when the disk refuses.
        """
        who = self.people.who(login)
        try:
            yield from self._carry_out(name, arguments, who)
        except (ValueError, TypeError) as error:  # values that are not of their kind
            raise CommandError(str(error)) from None
        except KeyError as error:
            raise CommandError(f"there is no message {error.args[0]}") from None
        finally:
            self.changed()

    def _carry_out(self, name: str, arguments: Mapping[str, Any], who: Person) -> Iterator[View]:
        action = Actions(self.desk, self.people, self.here, self.learning.note).named().get(name)
        if action is not None:
            case = action(Doing(who, self.now()), **arguments)
            yield self._view(case)
            return
        command = self._commands().get(name)
        if command is None:
            raise CommandError(f"there is no command {name!r}")
        self.audit.note_command(who, name, self.now())
        yield from command(who, **arguments)

    def _commands(self) -> dict[str, Command]:
        blocking = Blocking(self.block_list, self.desk, self.here, self.now)
        holdings = Holdings(self.casebook, self.spool, blocking, self.here, self.read, self.now)
        mailroom = Mailroom(
            self.spool,
            self.casebook,
            self.desk,
            self.audit,
            self.read,
            self.now,
            self.hand_over,
        )
        evidence = Evidence(holdings, mailroom, self.desk, self.audit)
        commands: dict[str, Command] = {
            **self.audit.commands(),
            **blocking.commands(),
            "calendar": self._calendar,
            "canary": self._canary,
            "cases": self._cases,
            "corrections": self._corrections,
            "delete_papers": self._delete_papers,
            "evidence": evidence.packs,
            "filed": self._filed,
            "letters": self._letters,
            "open_filed": self._open_filed,
            "person": holdings.about,
            "reconcile": self._reconcile,
            "refused": self._refused,
            "register": self._register,
            "register_take_in": self._register_take_in,
            "sketch": self._sketch,
            "standing": self._standing,
            "watch": self._watch,
            "what_if": self._what_if,
        }
        flooding = Flooding(self.casebook, self.desk, self.here, self.now)
        return commands | mailroom.named() | self._keeping.named() | flooding.named()

    @property
    def _keeping(self) -> Keeping:
        return Keeping(self.casebook, self.erasures, self.here, self.now)

    @property
    def learning(self) -> Learning:
        return Learning(self.casebook, self.spool, self.read)

    def _corrections(self, who: Person) -> Iterator[View]:
        who.must_be("lead")
        yield from map(dict, self.learning.examples())

    def _refused(self, who: Person) -> Iterator[View]:
        who.must_be("lead", "auditor")
        yield from Refusals(self.casebook).rows()

    def _cases(self, who: Person, ref: str = "", *, every: bool = True) -> Iterator[View]:
        if ref:
            yield self._keeping.receipt(ref) or self._view(self.desk.find(ref, who))
            return
        for case in self.casebook.cases():
            if who.sees(case) and (every or case.state is not State.CLOSED):
                yield self._view(case)

    def _view(self, case: Case) -> View:
        return case_view(case, self.here, self.now())

    def _letters(self, who: Person, ref: str, letter: str = "") -> Iterator[View]:
        case = self.desk.find(ref, who)
        for known in [case.letter(letter)] if letter else case.letters:
            owed = known.owed
            words = {"subject": owed.subject, "text": owed.text, "html": owed.html}
            yield letter_view(known) | fate_view(case, owed.letter_id) | (words if letter else {})

    def _sketch(
        self,
        who: Person,
        ref: str,
        kind: str,
        *,
        requests: Sequence[int] = (),
        facts: Mapping[str, Any] | None = None,
    ) -> Iterator[View]:
        doing = Doing(who, self.now())
        letter, missing = self.desk.sketch(ref, kind, requests, facts or {}, doing)
        yield {
            "kind": kind,
            "language": letter.language,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "version": letter.version,
            "missing": {name: MEANS[name] for name in missing},
        }

    def _what_if(
        self,
        who: Person,
        ref: str,
        request: int | None = None,
        paused_from: str = "",
        until: str = "",
        *,
        extended: bool = False,
    ) -> Iterator[View]:
        what_if = WhatIf(day(paused_from), day(until), extended=extended)
        more = what_if.happenings(self.here.date_of(self.now()))
        yield due_view(self.desk.what_if(ref, request, more, who))

    def _calendar(self, who: Person, *, accept_it: bool = False) -> Iterator[View]:
        yield from list(changes(self.casebook, self.here, self.configured))
        if accept_it:
            who.must_be("lead")
            accept(self.casebook, self.configured)
            yield {"accepted": self.configured.version}

    def _canary(self, _who: Person, message_id: str = "") -> Iterator[View]:
        """Send a mail to ourselves, or say whether one is home."""
        if message_id:
            yield {"home": self.canary.is_home(message_id)}
            return
        sent = self.canary.send(self.now())
        yield {"to": sent.to, "message_id": sent.message_id}

    def _filed(self, _who: Person) -> Iterator[View]:
        for disposition in self.casebook.dispositions():
            if disposition.filed:
                yield disposition_view(disposition)

    def _open_filed(self, who: Person, spool_id: str, *, rights: list[str]) -> Iterator[View]:
        labels = tuple(Label(right) for right in rights)
        entry = self.spool.read(spool_id)
        with self.spool.lent(spool_id) as path:
            read = self.read(path)
        case = self.desk.open_filed(entry, read, labels, Doing(who, self.now()))
        self.spool.hand_to(case.ref, spool_id)
        yield self._view(case)

    def _delete_papers(self, who: Person, ref: str) -> Iterator[View]:
        """Cut proof of identity that has served out of the mails that brought it, in every copy."""
        case = self.desk.find(ref, who)
        if case.preserved is not None:
            raise CommandError(f"{case.ref} is under a legal hold: nothing of it is deleted")
        for spool_id in case.papers_due:
            for copy in copies_of(spool_id, self.casebook):
                entry = self.spool.read(copy)
                self.spool.rewrite(copy, without_attachments(entry.raw))
            case = self.desk.papers_deleted(ref, spool_id, Doing(who, self.now()))
        yield self._view(case)

    def _register(self, who: Person) -> Iterator[View]:
        for case in self.casebook.cases():
            if who.sees(case):
                yield from rows(case, self.here)

    def _register_take_in(self, who: Person, taken: list[dict[str, str]]) -> Iterator[View]:
        for case in self.desk.take_in(taken, Doing(who, self.now())):
            yield self._view(case)

    def _reconcile(self, _who: Person) -> Iterator[View]:
        account = reconcile(self.spool, self.casebook, self.fleet)
        yield asdict(account) | {"adds_up": account.adds_up}

    def _standing(self, _who: Person) -> Iterator[View]:
        yield asdict(self.standing())

    def _watch(self, _who: Person, at: str = "") -> Iterator[View]:
        if not at:  # the heads are of the day that is, never of one that was or will be
            self.audit.look(self.now())
        instant = datetime.fromisoformat(at) if at else self.now()
        yield from ({"owed": notice_id} for notice_id in self.watch.look(instant))
        self.erasures.look(self.now())
