"""The block-list: who must not be written to, known by a keyed hash of the address alone.

No entry holds an address, so that it outlives the erasure of its case; without the key of the
data folder nobody can tell whose it is. What is lifted stays, with who lifted it and why.
"""

import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from store.case import Case
from store.casebook import Casebook
from store.events import Blocked
from store.files import make_folder, write_durably
from store.refused import RefusedError
from store.same_person import normal_address

KEY_FILE: Final = "block-list.key"
KEY: Final = "block_list_key"
ENTRY: Final = "blocked:"
CHECKS: Final = "block_list_checks:"
ALL: Final = "all"
"""Any use whatever; any other scope is marketing or one purpose by its name."""
MARKETING: Final = "marketing"


class BlockListError(RefusedError):
    """The block-list cannot be used, or not so; the text is for whoever asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One address is blocked for one scope, or was."""

    digest: str
    scope: str
    since: datetime
    ref: str = ""
    """The case in which it was asked, if any."""
    by: str
    why: str = ""
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_why: str = ""

    @property
    def name(self) -> str:
        return f"{ENTRY}{self.digest}:{self.scope}"

    @property
    def value(self) -> dict[str, str]:
        """What is kept under the name."""
        known = {key: str(value) for key, value in asdict(self).items() if value}
        return {k: v for k, v in known.items() if k not in {"digest", "scope"}}

    def counts_for(self, scope: str) -> bool:
        """Whether it stands and forbids this use; an empty scope is any use."""
        return self.lifted_at is None and (not scope or self.scope in {ALL, scope})


def read_entry(name: str, value: Mapping[str, str]) -> Entry:
    digest, _, scope = name.removeprefix(ENTRY).partition(":")
    lifted = value.get("lifted_at")
    return Entry(
        digest=digest,
        scope=scope,
        since=datetime.fromisoformat(value["since"]),
        lifted_at=datetime.fromisoformat(lifted) if lifted else None,
        **{k: v for k, v in value.items() if k not in {"since", "lifted_at"}},
    )


class BlockList:
    def __init__(self, casebook: Casebook, key: bytes, systems: tuple[str, ...] = ()) -> None:
        """Keep the entries in `casebook`; `systems` send marketing and must take each one in."""
        self._casebook = casebook
        self.key = key
        self.systems = systems
        self._counting = Lock()

    def digest(self, address: str) -> str:
        spelt = normal_address(address).encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, spelt, "sha256").hex()

    def entries(self, digest: str = "") -> Iterator[Entry]:
        """Yield every entry, or those of one address; lifted ones too."""
        for name in self._casebook.kept_names(ENTRY + digest):
            value = self._casebook.kept(name)
            if value is not None:
                yield read_entry(name, value)

    def blocking(self, address: str, scope: str = "") -> list[Entry]:
        """Return what forbids this use of an address."""
        return [e for e in self.entries(self.digest(address)) if e.counts_for(scope)]

    def screen(self, addresses: Iterable[str], scope: str = "") -> Iterator[list[Entry]]:
        """Yield for each address what forbids its use: one look at the names, then at the hits alone."""
        by_digest: dict[str, list[str]] = {}
        for name in self._casebook.kept_names(ENTRY):
            by_digest.setdefault(name.split(":")[1], []).append(name)
        for address in addresses:
            found = by_digest.get(self.digest(address), ())
            known = ((name, self._casebook.kept(name)) for name in found)
            entries = [read_entry(name, value) for name, value in known if value is not None]
            yield [entry for entry in entries if entry.counts_for(scope)]

    def due(self, case: Case, version: int) -> dict[str, Mapping[str, str]]:
        """Return what is to be kept together with a case that has grown from `version`.

        Somebody who is blocked already stays so since the first time.
        """
        blocked = [e for e in case.events[version:] if isinstance(e, Blocked) and e.listed]
        entries = [
            Entry(digest=self.digest(a), scope=MARKETING, since=e.at, ref=case.ref, by=e.by)
            for e in blocked[:1]
            for a in case.participants
        ]
        return {e.name: e.value for e in entries if not self._stands(e)}

    def add(self, entry: Entry) -> Entry:
        """Put somebody on the list; return the entry that stands, the earlier one if there is one."""
        if standing := self._stands(entry):
            return standing
        self._casebook.keep(entry.name, entry.value)
        return entry

    def lift(self, address: str, scope: str, *, at: datetime, by: str, why: str) -> Entry:
        """Take somebody off the list for one scope; who did it and why is kept."""
        standing = [e for e in self.blocking(address) if e.scope == scope]
        if not standing:
            raise BlockListError(f"this address is not on the block-list for {scope}")
        lifted = replace(standing[0], lifted_at=at, lifted_by=by, lifted_why=why)
        self._casebook.keep(lifted.name, lifted.value)
        return lifted

    def _stands(self, entry: Entry) -> Entry | None:
        value = self._casebook.kept(entry.name)
        known = read_entry(entry.name, value) if value else None
        return known if known and known.lifted_at is None else None

    def count(self, on: date, by: str, *, addresses: int, blocked: int) -> None:
        """Count one check, by day and person, without any address."""
        name = f"{CHECKS}{on}:{by}"
        with self._counting:
            before = self._casebook.kept(name) or {}
            more = {"checks": 1, "addresses": addresses, "blocked": blocked}
            total = {key: str(int(before.get(key, 0)) + n) for key, n in more.items()}
            self._casebook.keep(name, total)

    def checks(self) -> Iterator[dict[str, str]]:
        """Yield how often who has checked, day by day."""
        for name in self._casebook.kept_names(CHECKS):
            day, _, by = name.removeprefix(CHECKS).partition(":")
            yield {"on": day, "by": by, **(self._casebook.kept(name) or {})}


def open_block_list(folder: Path, casebook: Casebook, systems: tuple[str, ...]) -> BlockList:
    """Open the list with the key of the data folder, made on first use.

    Raises BlockListError when the key is missing or another than the entries were made with:
    with it nobody on the list would be recognised.
    """
    make_folder(folder)
    path, known = folder / KEY_FILE, casebook.kept(KEY)
    if known is None and not path.exists():
        write_durably(path, [secrets.token_hex(32).encode()])
    try:
        key = path.read_bytes().strip()
    except FileNotFoundError:
        raise BlockListError(f"{path} is missing: put the key of the block-list back") from None
    proof = hmac.digest(key, KEY.encode(), "sha256").hex()
    if known is None:
        casebook.keep(KEY, {"proof": proof})
    elif not hmac.compare_digest(known["proof"], proof):
        raise BlockListError(f"{path} is not the key that the block-list was made with")
    return BlockList(casebook, key, systems)
