"""All that this tool holds about one person, their own words and ours included.

Cases, the block-list, mail filed without a case, and where somebody else's case names them. It answers an access request about the tool itself. What whoever asks may not see is left out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.blocking import Blocking
from bot.people import Person
from bot.reader import Unreadable
from bot.reading_room import ReadMail
from bot.views import View, case_view, event_view, fate_view, letter_view
from store.case import Case, CaseError
from store.casebook import Casebook
from store.deeds import Noted
from store.events import MessageReceived
from store.jurisdiction import Jurisdiction
from store.same_person import normal_address, traits
from store.spool import DamagedEntryError, Spool, TornEntryError, accepted_at

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Holdings:
    casebook: Casebook
    spool: Spool
    blocking: Blocking
    here: Jurisdiction
    read: Callable[[Path], ReadMail | Unreadable]
    now: Callable[[], datetime]

    def about(self, who: Person, asked: str) -> Iterator[View]:
        """Yield one value with everything about an address, a name or a number."""
        asked = asked.strip()
        if not asked:
            raise CaseError("name an address, a name or a number")
        found = self._found(who, asked)
        cases = [case for case, _ in found.values()]
        addresses = {normal_address(a) for case in cases for a in case.participants}
        if "@" in asked:
            addresses.add(normal_address(asked))
        now = self.now()
        log.info("person looked up", by=who.login, cases=len(cases))
        yield {
            "asked": asked,
            "at": now.isoformat(),
            "by": who.login,
            "cases": [self.whole(case, now) | {"found_by": why} for case, why in found.values()],
            "also_known_by": sorted({t for case in cases for t in case.traits} - known_by(asked)),
            "block_list": self.blocking.of(addresses, who),
            "filed": list(self._filed(asked)),
            "mentions": list(self._mentions(who, asked, found)),
        }

    def _found(self, who: Person, asked: str) -> dict[str, tuple[Case, list[str]]]:
        """Return the cases by reference, each with what it was found by; linked ones too."""
        why: dict[str, list[str]] = {}
        for trait in sorted(known_by(asked)):
            for ref in self.casebook.by_trait(trait):
                why.setdefault(ref, []).append(trait.partition(":")[0])
        found = self._visible(who, why)
        linked: dict[str, list[str]] = {}
        for case, _ in found.values():
            for ref in sorted((case.links | {case.merged_into}) - {"", *found}):
                linked.setdefault(ref, []).append(f"tied to {case.ref}")
        return dict(sorted((found | self._visible(who, linked)).items()))

    def _visible(self, who: Person, why: dict[str, list[str]]) -> dict[str, tuple[Case, list[str]]]:
        known = ((self.casebook.get(ref), reasons) for ref, reasons in why.items())
        return {case.ref: (case, r) for case, r in known if case is not None and who.sees(case)}

    def whole(self, case: Case, now: datetime) -> View:
        """Show a case as everywhere, with every letter, message and note word for word."""
        notes = [e for e in case.events if isinstance(e, Noted)]
        return case_view(case, self.here, now) | {
            "letters": [
                letter_view(known)
                | fate_view(case, known.owed.letter_id)
                | {"subject": known.owed.subject, "text": known.owed.text}
                for known in case.letters
            ],
            "messages": [self._message(message) for message in case.messages],
            "notes": [{"at": n.at.isoformat(), "by": n.by, "text": n.text} for n in notes],
        }

    def _message(self, message: MessageReceived) -> View:
        view = {
            "id": message.spool_id,
            "received_at": message.received_at.isoformat(),
            "sender": message.sender,
            "flags": list(message.flags),
        }
        try:
            with self.spool.lent(message.spool_id) as path:
                read = self.read(path)
        except KeyError:
            return view | {"subject": "", "text": "", "attachments": [], "gone": True}
        if isinstance(read, Unreadable):
            raw = self.spool.read(message.spool_id).raw.decode("utf-8", errors="replace")
            return view | {"subject": "", "text": raw, "attachments": []}
        names = [f"{file.name} ({file.size} bytes)" for file in read.message.attachments]
        said = {"subject": read.message.subject, "text": read.message.text}
        return view | said | {"attachments": names}

    def _filed(self, asked: str) -> Iterator[View]:
        """Yield the messages that have no case and name the person in plain bytes."""
        ends = {d.spool_id: d for d in self.casebook.dispositions() if not d.ref}
        waiting = [i for folder in ("incoming", "quarantine") for i in self.spool.ids(folder)]
        for spool_id in sorted({*ends, *waiting}):
            try:
                entry = self.spool.read(spool_id)
            except (KeyError, TornEntryError, DamagedEntryError):  # taken in meanwhile, or damaged
                continue
            whole = f"{entry.envelope.mail_from}\n{entry.raw.decode('utf-8', errors='replace')}"
            if names(whole, asked):
                end = str(ends[spool_id].end) if spool_id in ends else "not taken in yet"
                at = accepted_at(spool_id).isoformat()
                yield {"id": spool_id, "accepted_at": at, "end": end}

    def _mentions(self, who: Person, asked: str, found: Iterable[str]) -> Iterator[View]:
        """Yield what happened in other cases that names the person."""
        shown = set(found)
        for case in self.casebook.cases():
            if case.ref in shown or not who.sees(case):
                continue
            for event in case.events:
                if any(names(text, asked) for text in texts(event_view(event), event)):
                    yield {
                        "ref": case.ref,
                        "at": event.at.isoformat(),
                        "kind": str(event.kind),
                        "by": event.by,
                    }


def known_by(asked: str) -> set[str]:
    """Return the traits that an address, a name or a number may be kept under."""
    is_address = "@" in asked
    return set(traits("" if is_address else asked, asked if is_address else "", (asked,)))


def names(text: str, asked: str) -> bool:
    """Tell whether a text names the person: of an address its mailbox with or without a tag."""
    folded = text.casefold()
    if "@" not in asked:
        return asked.casefold() in folded
    local, _, domain = normal_address(asked).partition("@")
    return domain in folded and (f"{local}@{domain}" in folded or f"{local}+" in folded)


def texts(view: View, event: Any) -> Iterator[str]:
    """Yield every text of an event, a letter's and a note's words too."""
    yield getattr(event, "text", "")
    for value in view.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str):
                yield part
