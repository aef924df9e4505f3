"""A connection to a mailbox that can wait until the server says something (IDLE, RFC 2177).

What was read and not yet asked for is kept here and not in a file of the library's, so that
nothing that was said while we began to wait lies unseen in a buffer.
"""

import imaplib
import socket
from typing import Final

from typing_extensions import override

AT_ONCE: Final = 1 << 16  # bytes
LONGEST_LINE: Final = 1_000_000  # bytes, as in imaplib
OUR_TAG: Final = b"idle "  # the library's own end in a number


class Listening(imaplib.IMAP4):
    _of: socket.socket | None = None
    _unasked = bytearray()

    @override
    def read(self, size: int) -> bytes:
        while len(self._kept) < size and self._more():
            pass
        return self._first(size)

    @override
    def readline(self) -> bytes:
        looked_at = 0
        while (end := self._kept.find(b"\n", looked_at)) < 0:
            looked_at = len(self._kept)
            if looked_at > LONGEST_LINE:
                raise self.abort("a line of the mailbox has no end")
            if not self._more():
                return self._first(looked_at)
        return self._first(end + 1)

    def begin_to_listen(self) -> bool:
        """Ask to be told what happens; return whether nothing has been told yet."""
        self.send(OUR_TAG + b"IDLE\r\n")
        told = False
        while not (line := self._line()).startswith(b"+"):
            if line.startswith(OUR_TAG):
                raise self.abort("the mailbox does not let us listen")
            told = True
        return not (told or self._kept or pending(self.sock))

    def end_listening(self) -> None:
        self.send(b"DONE\r\n")
        while not self._line().startswith(OUR_TAG):
            pass

    @property
    def _kept(self) -> bytearray:
        """What was read from this very socket: nothing said before STARTTLS counts after it."""
        if self._of is not self.sock:
            self._of, self._unasked = self.sock, bytearray()
        return self._unasked

    def _line(self) -> bytes:
        line = self.readline()
        if not line:
            raise self.abort("the mailbox has hung up")
        return line

    def _more(self) -> bool:
        """Take what comes next; return False at the end of the connection."""
        came = self.sock.recv(AT_ONCE)
        self._kept.extend(came)
        return bool(came)

    def _first(self, size: int) -> bytes:
        taken = bytes(self._kept[:size])
        del self._kept[:size]
        return taken


class ListeningByTls(Listening, imaplib.IMAP4_SSL):
    pass


def pending(sock: socket.socket) -> int:
    """Return how much is decrypted and not read: nobody is woken for that."""
    asked = getattr(sock, "pending", None)
    return asked() if asked else 0
