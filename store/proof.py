"""Whether everything is as it was chained: each case in itself, and against the heads of every day.

Yields a sentence for each thing that is not, with the case and the event. Of what is erased, the
digests that stayed are what the heads of earlier days are held against.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from store.case import Case
from store.casebook import Casebook
from store.chain import first_broken, heads
from store.documents import content
from store.heads import Day, Heads, HeadsError, Leaf, root_of, states
from store.house_log import ENTRY, entry_head, log_names
from store.ledger import ERASED


@dataclass(slots=True)
class Proof:
    """What was looked through, and what was found."""

    cases: int = 0
    erased: int = 0
    events: int = 0
    log_entries: int = 0
    days: int = 0
    unchained: int = 0
    """Events that were saved before there were chains and not changed since."""
    faults: list[str] = field(default_factory=list)


def prove(casebook: Casebook, witness: Heads) -> Proof:
    """Look through every case, every entry of the house log and every day's heads."""
    proof = Proof()
    stand: dict[str, list[str]] = {}
    for ref in sorted(casebook.versions()):
        stand[ref] = list(of_case(casebook, ref, proof))
    for name in casebook.kept_names(ERASED):
        kept = casebook.kept(name) or {}
        stand[name.removeprefix(ERASED)] = heads(kept.get("chain", "").split())
        proof.erased += 1
    for name in log_names(casebook):
        stand[name] = [entry_head(casebook, name)]
        proof.log_entries += 1
    proof.faults += against(stand, witness, proof)
    return proof


def of_case(casebook: Casebook, ref: str, proof: Proof) -> Iterator[str]:
    """Yield the heads of one case, as far as it is whole; note what is broken."""
    try:
        case = casebook.get(ref)
    except ValueError:
        case = None
    if case is None:
        proof.faults.append(f"{ref} cannot be read as a case")
        return
    proof.cases += 1
    proof.events += len(case.events)
    proof.unchained += max(0, len(case.events) - len(case.chain))
    broken = first_broken(case.chain, [content(event) for event in case.events])
    if broken is not None:
        proof.faults.append(f"{ref}: {described(case, broken)} is not as it was chained")
    yield from (link.head for link in case.chain)


def described(case: Case, index: int) -> str:
    if index >= len(case.events):
        return f"event {index + 1}, which is missing,"
    event = case.events[index]
    return f"event {index + 1} ({event.kind}, {event.at:%d %b %Y %H:%M} UTC)"


def against(stand: dict[str, list[str]], witness: Heads, proof: Proof) -> Iterator[str]:
    """Yield what is not as some day's heads say."""
    days: list[Day] = []
    for on in witness.days():
        try:
            days.append(witness.read(on))
        except HeadsError as error:
            yield str(error)
            return
    seen: set[str] = set()
    before = ""
    for day, leaves in states(days):
        proof.days += 1
        if day.before != before:
            yield f"heads/{day.on}.json does not follow the day before it: a file is missing or changed"
        elif root_of(before, leaves) != day.root:
            yield f"heads/{day.on}.json was changed"
        before = day.root
        for name, leaf in day.changed.items():
            if name not in seen and (fault := misses(stand.get(name), name, leaf)):
                seen.add(name)
                yield f"{fault} since {day.on:%d %b %Y}"


def misses(found: Sequence[str] | None, name: str, leaf: Leaf) -> str:
    """Say in which way a chain falls short of where it stood; nothing if it does not."""
    what = "the house log's entry" if name.startswith(ENTRY) else "case"
    if found is None:
        return f"{what} {name} was removed"
    if len(found) < leaf.events:
        return f"{name}: event {len(found) + 1} of {leaf.events} was removed or changed"
    if found[leaf.events - 1] != leaf.head:
        return f"{name} was rewritten"
    return ""
