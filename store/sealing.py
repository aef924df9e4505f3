"""How documents and messages are written: as they are, or, with a keyring, sealed by AES-256-GCM.

What is sealed says by which key, and opens only as what and where it was sealed: under another
id, in another table, or with a single bit changed it does not open. What is sealed with a
key that was destroyed is as if it were not there.
"""

import hashlib
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from store.files import write_durably
from store.refused import RefusedError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from store.keyring import Keyring

Document = Mapping[str, Any]
Changes = Mapping[str, Mapping[str, Document | None]]
"""By table and id: the document as it is from now on, or None where it is removed."""

HOUSE: Final = "own/house"
"""The key that seals what belongs to no case."""
SPOOL: Final = "own/spool"
"""The key that seals a message until it has its case."""
LOOK_UPS: Final = "own/look-ups"
"""The key that makes what a database is searched by."""
OWN: Final = (HOUSE, SPOOL, LOOK_UPS)
CORRECTION: Final = "correction:"
"""What is kept under such a name belongs to the case it names."""
NONCE: Final = 12
NO_KEYRING: Final = "what is kept here is sealed: set data.keyring to its keyring"
BOUND: Final = "keyring-id"
"""In the data folder: by which keyring it is sealed."""


class SealError(RefusedError):
    """What is there cannot be opened with the keys that are there; the text is for a person."""


class BrokenSealError(SealError):
    """What was sealed is no longer what it was, or not where it was."""


class Sealing:
    """Without a keyring it changes nothing, and opens nothing that is sealed."""

    def __init__(self, keyring: "Keyring | None" = None) -> None:
        self._keyring = keyring

    @property
    def keyring_id(self) -> str:
        """Which keyring it is; empty without one."""
        return self._keyring.id if self._keyring else ""

    def digest(self, text: str) -> str:
        """Return what a text is looked up by in a database, which says nothing of the text."""
        if self._keyring:
            return self._keyring.digest(text)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def seal(self, table: str, doc_id: str, document: Document) -> Document:
        if not self._keyring:
            return document
        plain = json.dumps(document, separators=(",", ":")).encode()
        name, data = self.sealed(owner(table, doc_id, document), f"{table}/{doc_id}", plain)
        return {"sealed": b64encode(data).decode(), "key": name}

    def open(self, table: str, doc_id: str, document: Document) -> Document | None:
        """Return the document, or None if its key was destroyed. Raises RefusedError when it does not open."""
        if not self._keyring:
            if is_sealed(document):
                raise SealError(NO_KEYRING)
            return document
        if not is_sealed(document):
            raise SealError(f"{doc_id} in {table} is not sealed, and everything else is")
        place = f"{table}/{doc_id}"
        plain = self.opened(document["key"], place, bytes_of(document["sealed"], place))
        if plain is None:
            return None
        found: Document = json.loads(plain)
        return found

    def seal_all(self, changes: Changes) -> Changes:
        """Seal each document of a transaction."""
        if not self._keyring:
            return changes
        return each_of(changes, self.seal)

    def open_all(self, changes: Changes) -> Changes:
        """Open each document of a transaction; None for those that are gone."""
        if not self._keyring:
            for documents in changes.values():
                if any(document and is_sealed(document) for document in documents.values()):
                    raise SealError(NO_KEYRING)
            return changes
        return each_of(changes, self.open)

    def sealed(self, name: str, place: str, plain: bytes) -> tuple[str, bytes]:
        """Seal bytes for one place; return by which key, and what is to be written."""
        assert self._keyring
        name, key = self._keyring.for_sealing(name)
        nonce = secrets.token_bytes(NONCE)
        return name, nonce + key.encrypt(nonce, plain, bound_to(name, place))

    def opened(self, name: str, place: str, data: bytes) -> bytes | None:
        """Open what `sealed` wrote, or return None if its key was destroyed."""
        if not self._keyring:
            raise SealError(NO_KEYRING)
        key = self._keyring.for_opening(name)
        return None if key is None else unlocked(key, name, place, data)

    def retire(self, ref: str) -> None:
        """Before what is to stay of an erased case is saved: from now on that is sealed by the house's key."""
        if self._keyring:
            self._keyring.retire(ref)

    def destroy(self, ref: str) -> None:
        """At the end of an erasure: what its key sealed is lost, wherever copies of it lie. Once more does no harm."""
        if self._keyring:
            self._keyring.destroy(ref)

    def is_gone(self, name: str) -> bool:
        """Tell whether the key of that name was destroyed."""
        return self._keyring is not None and self._keyring.for_opening(name) is None

    def gone(self) -> list[str]:
        """Return the references of the cases whose key was destroyed."""
        return (
            [ref for ref in self._keyring.retired() if self.is_gone(ref)] if self._keyring else []
        )


PLAIN: Final = Sealing()


def bytes_of(text: str, place: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise changed(place) from None


def unlocked(key: "AESGCM", name: str, place: str, data: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  (loaded where it is used)

    try:
        return key.decrypt(data[:NONCE], data[NONCE:], bound_to(name, place))
    except InvalidTag:
        raise changed(place) from None


def changed(place: str) -> BrokenSealError:
    return BrokenSealError(
        f"{place} is not what was sealed: its bytes have changed since. Restore the last backup"
    )


def each_of(
    changes: Changes, change: Callable[[str, str, Document], Document | None]
) -> dict[str, dict[str, Document | None]]:
    return {
        table: {i: None if d is None else change(table, i, d) for i, d in documents.items()}
        for table, documents in changes.items()
    }


def bound_to(name: str, place: str) -> bytes:
    return f"{name}\n{place}".encode("utf-8", "surrogatepass")


def is_sealed(document: Document) -> bool:
    return "sealed" in document and "key" in document


def owner(table: str, doc_id: str, document: Document) -> str:
    """Return by which key a document is sealed: of the case it belongs to, if it belongs to one."""
    match table:
        case "cases":
            return doc_id
        case "dispositions" if document["ref"]:
            return str(document["ref"])
        case "kept" if doc_id.startswith(CORRECTION):
            return doc_id.removeprefix(CORRECTION)
        case _:
            return HOUSE


def bind(root: Path, sealing: Sealing, *, is_new: bool) -> None:
    """Make sure that a data folder belongs to this keyring; a new one does from now on.

    Raises SealError when it belongs to another, or to none.
    """
    path = root / BOUND
    known = path.read_text().strip() if path.exists() else ""
    if is_new and not known and sealing.keyring_id:
        write_durably(path, [sealing.keyring_id.encode()])
    elif fault := misfit(known, sealing.keyring_id, "the data folder"):
        raise SealError(fault)


def misfit(known: str, given: str, what: str) -> str:
    """Say in a sentence why the keyring does not fit; nothing if it does."""
    if known == given:
        return ""
    if not given:
        return f"{what} is encrypted: set data.keyring to the keyring with its master key"
    if not known:
        return f"{what} is not encrypted: `keyring encrypt` makes one that is (of a database, export and import)"
    return f"{what} is encrypted with another keyring than the one in data.keyring"
