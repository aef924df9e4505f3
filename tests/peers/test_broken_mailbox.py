"""A mailbox that is not what it should be: one message it cannot give keeps no other from us, nor is any taken twice."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.conftest import Start, until
from tests.flow.letters import ACCESS, mail

UID = re.compile(rb"UID FETCH ([\d,]+) \((\S+)")


@dataclass
class Broken:
    """Three messages, of which the server gives the first and the third; now and then it hangs up."""

    hangs_up: bool
    port: int = 0
    fetched: list[int] = field(default_factory=list)

    def answer(self, command: bytes) -> bytes:
        if command.startswith(b"SELECT"):
            return b"* OK [UIDVALIDITY 7] numbered\r\n"
        if command.startswith(b"UID SEARCH"):
            return b"* SEARCH 2\r\n" if b"UNSEEN" in command else b"* SEARCH 1 2 3\r\n"
        asked = UID.match(command)
        if asked is None:
            return b""
        uids = [int(uid) for uid in asked[1].split(b",")]
        if asked[2] == b"RFC822.SIZE":
            rows = (
                b'* %d FETCH (UID %d RFC822.SIZE 300 INTERNALDATE "26-Nov-2026 09:00:00 +0000")\r\n'
            )
            return b"".join(rows % (uid, uid) for uid in uids)
        self.fetched += uids
        raw = mail(ACCESS, message_id=f"<{uids[0]}@mail.example>").replace("\n", "\r\n").encode()
        return b"* %d FETCH (UID %d BODY[] {%d}\r\n%b)\r\n" % (uids[0], uids[0], len(raw), raw)

    def serve(self, wire: socket.socket) -> None:
        with wire, wire.makefile("rb") as lines:
            wire.sendall(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] at your service\r\n")
            for line in lines:
                tag, _, command = line.strip().partition(b" ")
                if command == b"AUTHENTICATE PLAIN":
                    wire.sendall(b"+ \r\n")
                    lines.readline()
                if b"BODY" in command and b"FETCH 3" in command and self.hangs_up:
                    self.hangs_up = False
                    return
                told = self.answer(command)
                if command == b"CAPABILITY":
                    told = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
                broken = b"BODY" in command and b"FETCH 2" in command
                wire.sendall(
                    (b"" if broken else told)
                    + tag
                    + (b" NO no" if broken else b" OK yes")
                    + b"\r\n"
                )


@contextmanager
def broken(*, hangs_up: bool) -> Iterator[Broken]:
    server = Broken(hangs_up)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]

        def accept() -> None:
            while True:
                try:
                    wire, _ = listening.accept()
                except OSError:
                    return
                server.serve(wire)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=10)


@pytest.mark.parametrize("hangs_up", [False, True])
async def test_what_cannot_be_given_is_left_for_a_person_and_the_rest_is_taken_once(
    start: Start, monkeypatch: pytest.MonkeyPatch, *, hangs_up: bool
):
    monkeypatch.setattr("bot.mail.mailbox_door.FIRST_WAIT", 0.05)
    with broken(hangs_up=hangs_up) as server:
        box: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "tls": "none"}
        async with start(imap=box | {"user": "desk", "password": "x", "poll_seconds": 0.05}) as bot:
            name = "imap desk 127.0.0.1 INBOX"
            await until(lambda: (bot.data.casebook.kept(name) or {}).get("uid") == "3")
            await until(lambda: len(bot.data.spool.ids("done")) == 2)
            assert (bot.data.casebook.kept(name) or {})["left"] == "2"
            assert len(bot.cases) == 2
    assert [server.fetched.count(uid) for uid in (1, 3)] == [1, 1]
