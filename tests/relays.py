"""A mail relay as a process of its own: it takes every letter and appends it to a file."""

import asyncio
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP

from tests.ports import free_port
from tests.processes import ROOT, wait_for

LENGTH = struct.Struct(">I")


class Keeper:
    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self._file.write(LENGTH.pack(len(envelope.content)) + envelope.content)
        return "250 OK"


async def serve(port: int, path: Path) -> None:
    keeper, loop = Keeper(path), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="relay", loop=loop), "127.0.0.1", port
    )
    await server.serve_forever()


class RelayProcess:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.port = free_port()

    def __enter__(self) -> Self:
        self.path.touch()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.relays", str(self.port), str(self.path)], cwd=ROOT
        )
        wait_for(self._is_open)
        return self

    def _is_open(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()

    def letters(self) -> Iterator[bytes]:
        """Yield every letter that was taken, in order."""
        data = self.path.read_bytes()
        at = 0
        while at < len(data):
            (length,) = LENGTH.unpack_from(data, at)
            at += LENGTH.size + length
            yield data[at - length : at]


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
