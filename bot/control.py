"""The control socket: how commands reach the running bot, which alone holds the data folder.

A request is one line of JSON, `{"command": ..., "arguments": {...}}`; the answer is a line for each
value, `{"value": ...}`, and at last `{"done": true}` or `{"error": sentence}`. The socket is
for the bot's own user (mode 0600, and the peer's user id is asked of the kernel).
"""

import asyncio
import json
import os
import pwd
import socket
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.command import CommandError
from bot.journal import place_of
from store.refused import RefusedError

if TYPE_CHECKING:  # whoever only gives a command loads neither
    from bot.office import Office
    from bot.views import View

log = structlog.get_logger()

NAME: Final = "control.sock"
CREDENTIALS: Final = struct.Struct("3i")  # pid, uid, gid: SO_PEERCRED of unix(7)
LONGEST_WORDS: Final = 1 << 22  # bytes of a request, besides a mail that comes with it
NOBODY_THERE: Final = (ConnectionRefusedError, FileNotFoundError)  # a dead socket, or none at all
TIME_TO_START: Final = 20.0  # seconds a bot may take from its lock to its socket
BETWEEN_TRIES: Final = 0.05  # seconds


@contextmanager
def short_path(folder: Path) -> Iterator[str]:
    """Yield a path to the socket that fits sun_path (108 bytes), however deep the folder lies."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{fd}/{NAME}"
    finally:
        os.close(fd)


def longest_request(largest_mail: int) -> int:
    """Return how long a line may be that brings existing mail, in base64."""
    return LONGEST_WORDS + largest_mail * 4 // 3


async def serve(folder: Path, office: "Office", longest: int) -> asyncio.Server:
    """Listen for commands of at most `longest` bytes. The caller holds the folder's lock, so a socket found there is dead."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(office, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.info("a command was broken off")
        finally:
            writer.close()

    (folder / NAME).unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        with short_path(folder) as path:
            return await asyncio.start_unix_server(converse, path, limit=longest)
    finally:
        os.umask(before)


async def answer(
    office: "Office", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    uid = peer_uid(writer.get_extra_info("socket"))
    if uid not in {os.getuid(), 0}:
        log.warning("a command was refused", uid=uid)
        return
    request = json.loads(await reader.readuntil(b"\n"))
    for line in await asyncio.to_thread(list, lines(office, request, login_of(uid))):
        writer.write(line)
        await writer.drain()


def lines(office: "Office", request: Mapping[str, Any], login: str) -> Iterator[bytes]:
    """Yield the lines of the answer; a command that fails says so in the last one."""
    try:
        for value in office.answer(request["command"], request["arguments"], login):
            yield encode({"value": value})
    except (RefusedError, OSError) as error:
        yield encode({"error": str(error)})
    except Exception as error:  # a bug must not leave the caller waiting
        log.error("command failed", command=request["command"], error=place_of(error))
        yield encode({"error": "the bot could not do it; its log says more"})
    else:
        yield encode({"done": True})


def call(folder: Path, command: str, arguments: Mapping[str, Any]) -> Iterator["View"]:
    """Ask the running bot. Raises CommandError when it refuses, one of NOBODY_THERE when none runs."""
    with connected(folder) as wire:
        wire.sendall(encode({"command": command, "arguments": dict(arguments)}))
        with wire.makefile("rb") as answers:
            for line in answers:
                said = json.loads(line)
                if "value" not in said:
                    break
                yield said["value"]
            else:
                raise CommandError("the bot went away while answering")
    if "error" in said:
        raise CommandError(said["error"])


def connected(folder: Path) -> socket.socket:
    """Return a connection to the running bot; wait for one that has the folder and is just starting."""
    end = time.monotonic() + TIME_TO_START
    while True:
        wire = socket.socket(socket.AF_UNIX)
        try:
            with short_path(folder) as path:
                wire.connect(path)
        except NOBODY_THERE:
            wire.close()
            from store.folder import is_held  # noqa: PLC0415  (whoever finds a bot needs none of it)

            if time.monotonic() > end or not is_held(folder):
                raise
            time.sleep(BETWEEN_TRIES)
        else:
            return wire


def encode(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def peer_uid(wire: socket.socket) -> int:
    raw = wire.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    _pid, uid, _gid = CREDENTIALS.unpack(raw)
    return int(uid)


def own_login() -> str:
    return login_of(os.getuid())


def login_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
