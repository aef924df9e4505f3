"""Nothing that a mailbox says is missed between our look and our waiting, nor believed across STARTTLS."""

import imaplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.mail.listening import Listening

HELLO = b"* PREAUTH [CAPABILITY IMAP4rev1 IDLE STARTTLS] at your service\r\n"


@contextmanager
def server(answer: Callable[[bytes], bytes]) -> Iterator[int]:
    """Answer each line that a client says."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            wire, _ = listening.accept()
            with wire, wire.makefile("rb") as lines:
                wire.sendall(HELLO)
                for line in lines:
                    tag, command = line.split()[0], line.split()[-1]
                    known = b"* CAPABILITY IMAP4rev1 IDLE STARTTLS\r\n%b OK done\r\n" % tag
                    wire.sendall(known if command == b"CAPABILITY" else answer(line))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(timeout=10)


@pytest.mark.parametrize(
    ("said", "nothing"),
    [
        (b"+ idling\r\n", True),
        (b"+ idling\r\n* 2 EXISTS\r\n", False),
        (b"* 2 EXISTS\r\n+ idling\r\n", False),
    ],
)
def test_what_is_said_while_we_begin_is_heard(said: bytes, *, nothing: bool):
    with server(lambda line: b"idle OK done\r\n" if line == b"DONE\r\n" else said) as port:
        wire = Listening("127.0.0.1", port, timeout=10)
        assert wire.begin_to_listen() is nothing
        wire.end_listening()
        wire.shutdown()


@pytest.mark.parametrize("said", [b"idle BAD what?\r\n", b""])
def test_a_server_that_refuses_or_goes_is_no_connection_any_more(said: bytes):
    with server(lambda _: said) as port:
        wire = Listening("127.0.0.1", port, timeout=10)
        if not said:
            wire.sock.shutdown(socket.SHUT_RD)
        with pytest.raises(imaplib.IMAP4.abort):
            wire.begin_to_listen()
        wire.shutdown()


def test_what_was_said_before_another_socket_is_forgotten():
    with server(lambda line: line.split()[0] + b" OK done\r\n* 9 EXISTS\r\n") as port:
        wire = Listening("127.0.0.1", port, timeout=10)
        wire.noop()
        plain, (wire.sock, far) = wire.sock, socket.socketpair()
        far.sendall(b"* OK by another wire\r\n")
        assert wire.readline() == b"* OK by another wire\r\n"
        for sock in (plain, far):
            sock.close()
        wire.shutdown()
