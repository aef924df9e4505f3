"""A conversation at a mail door, byte by byte: what no well-behaved client would say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.conftest import DESK, PATIENCE, Bot


@dataclass
class Wire:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def reply(self) -> str:
        """Return one reply, its last line; nothing when the door hung up."""
        async with asyncio.timeout(PATIENCE):
            while True:
                line = (await self.reader.readline()).decode()
                if line[3:4] != "-":
                    return line.rstrip("\r\n")

    async def say(self, line: str) -> str:
        self.writer.write(f"{line}\r\n".encode())
        return await self.reply()

    async def greet(self, hello: str = "EHLO x.example") -> None:
        await self.reply()
        await self.say(hello)

    async def begin_data(self, *to: str) -> str:
        await self.say("MAIL FROM:<ann@mail.example>")
        for address in to or (DESK,):
            await self.say(f"RCPT TO:<{address}>")
        return await self.say("DATA")

    async def hang_up(self) -> str:
        """Return all that is still said until the door hangs up."""
        async with asyncio.timeout(PATIENCE):
            return (await self.reader.read()).decode()


@asynccontextmanager
async def wire(bot: Bot, where: str = "", source: str = "127.0.0.1") -> AsyncIterator[Wire]:
    """Connect to the SMTP door, or to the door at `where`, from the loopback address `source`."""
    where = where or bot.config.mail.listen
    if where.startswith("/"):
        reader, writer = await asyncio.open_unix_connection(where)
    else:
        host, _, port = where.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port), local_addr=(source, 0))
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
