"""The references and the sink, each a process: aiosmtpd that discards, that syncs a file a mail, that notes arrivals."""

import asyncio
import os
import re
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

ANSWERS = re.compile(rb"^In-Reply-To: (<[^>]+>)", re.MULTILINE)


class Discard:
    """Reference: accept and forget."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "250 OK"


class Fsync:
    """Reference: write, fsync, rename, fsync the folder, for each mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.to_thread(self._keep, next(self._numbers), envelope.original_content)
        return "250 OK"

    def _keep(self, number: int, raw: bytes) -> None:
        partial = self._folder / f".{number}"
        with partial.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(self._folder / str(number))
        fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(fd)
        os.close(fd)


class Arrivals:
    """The sink: notes when the answer to which mail arrived."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answered = ANSWERS.search(envelope.content)
        self._file.write(f"{answered[1].decode() if answered else '-'} {time.monotonic()}\n")
        return "250 OK"


async def main(kind: str, port: int, path: Path) -> None:
    handler: Any = {
        "discard": Discard,
        "fsync": lambda: Fsync(path),
        "sink": lambda: Arrivals(path),
    }[kind]()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="reference", loop=loop), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
