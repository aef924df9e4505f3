"""Accounting for every message: what was accepted against where it ended."""

from collections import Counter
from dataclasses import dataclass

from store.casebook import Casebook
from store.erasing import being_erased
from store.fleet import Fleet
from store.spool import Spool


@dataclass(frozen=True, slots=True)
class Account:
    """`accepted` is the number of entries in all bots' spools; the rest says where they are."""

    accepted: int
    ends: dict[str, int]
    """How many ended in each place; `waiting` and `quarantined` are not at their end yet."""
    missing: tuple[str, ...]
    """Done according to the spool, but with no place in the casebook."""
    without_bytes: tuple[str, ...]
    """Known to the casebook, but their bytes are not kept."""

    @property
    def adds_up(self) -> bool:
        return not self.missing and not self.without_bytes


def reconcile(spool: Spool, casebook: Casebook, fleet: Fleet) -> Account:
    """Sum up at any moment, also while mail is flowing; other bots count as they were last heard of.

    Each place is read before the one a message goes to from there, so that none is missed on
    its way: what waits, what is done, and the casebook after that, since a message is done only
    once its disposition is saved. What a person sends back from quarantine waits at the end.
    """
    waiting = set(spool.ids("incoming"))
    quarantined = set(spool.ids("quarantine"))
    done = spool.done()
    ended = {d.spool_id: d.end for d in casebook.dispositions()}
    if done - ended.keys():  # they may be being erased, or were so a moment ago
        done = (done - being_erased(casebook)) & spool.done()
    waiting |= set(spool.ids("incoming"))
    accepted = done | quarantined | waiting | ended.keys()
    ends = Counter(str(end) for end in ended.values())
    ends["quarantined"] = len(quarantined - ended.keys())
    ends["waiting"] = len(waiting - ended.keys() - quarantined)
    elsewhere = ended.keys() - done - waiting - spool.shared()
    gone = sorted(i for i in elsewhere if spool.folder_of(i) is None)
    others = [peer.pulse for peer in fleet.peers()]
    ends["waiting"] += sum(pulse.waiting for pulse in others)
    ends["quarantined"] += sum(pulse.quarantined for pulse in others)
    total = len(accepted) + sum(pulse.waiting + pulse.quarantined for pulse in others)
    missing = sorted(done - ended.keys())
    return Account(total, dict(sorted(ends.items())), tuple(missing), tuple(gone))
