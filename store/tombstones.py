"""What is left of an erased message: a mark that knows a copy of it, and tells nobody what it was.

A mailbox that numbers its messages anew, or old mail taken in once more, must not bring an erased
case back. A mark is a keyed hash: without the key of the data folder nobody can try what fits.
"""

import hmac
from typing import Final

from store.casebook import Casebook

MARK: Final = "erased-mail:"


def mark(key: str, digest: str, secret: bytes) -> str:
    """Return the name under which it is kept that a message was erased, given its disposition's two."""
    said = f"{key}\n{digest}".encode("utf-8", "surrogatepass")
    return MARK + hmac.digest(secret, said, "sha256").hex()


class Tombstones:
    def __init__(self, casebook: Casebook, secret: bytes) -> None:
        self._casebook = casebook
        self._secret = secret

    def knows(self, key: str, digest: str) -> str:
        """Return the mark of an erased message that was the same, or an empty text."""
        name = mark(key, digest, self._secret)
        return name if self._casebook.kept(name) is not None else ""
