"""The mail doors of one bot, opened and closed together: SMTP, and LMTP for a mail server in front.

Both take the same messages into the same spool, and share one count of who is connected.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.acceptance import Acceptance
from bot.config import MailConfig
from bot.mail.conversation import Conversation, LocalConversation
from bot.mail.crowd import Crowd
from bot.mail.door import MailDoor
from bot.mail.tls import Shown
from bot.room import Room
from store.refused import RefusedError

LAST_WORDS = 20.0  # seconds in which what is being received at the stop may end


class ListenError(RefusedError):
    """A port cannot be had; the text is for a person."""


@dataclass(frozen=True, slots=True)
class Doors:
    acceptance: Acceptance
    crowd: Crowd
    room: Room
    servers: tuple[asyncio.Server, ...]

    async def close(self) -> None:
        """Take nothing more; what is being received is received, and everything taken is durable."""
        for server in self.servers:
            server.close()
        await self.crowd.send_away(LAST_WORDS)
        await self.acceptance.drained()


async def open_doors(
    config: MailConfig, acceptance: Acceptance, room: Room, now: Callable[[], datetime]
) -> Doors:
    """Listen. Raises ListenError, or ConfigError for a certificate of no use."""
    crowd = Crowd(config.limits.connections, config.limits.per_address)
    taken = (*config.addresses, *config.unsubscribe_addresses)
    handler = MailDoor(acceptance, taken, room, now)
    shown = Shown(config)
    plain = config.model_copy(update={"require_tls": False, "proxy_protocol": False})

    def by_smtp() -> Conversation:
        return Conversation(handler, config, crowd, shown.context())

    by_lmtp = partial(LocalConversation, handler, plain, crowd, None)
    servers = [await opened("mail.listen", config.listen, listening(config.listen, by_smtp))]
    if config.lmtp_listen:
        server = listening(config.lmtp_listen, by_lmtp)
        servers.append(await opened("mail.lmtp_listen", config.lmtp_listen, server))
    return Doors(acceptance, crowd, room, tuple(servers))


async def opened(
    key: str, where: str, listening: Coroutine[Any, Any, asyncio.Server]
) -> asyncio.Server:
    try:
        return await listening
    except OSError as error:
        raise ListenError(f"{key}: cannot listen on {where}: {error.strerror}") from None


async def listening(where: str, converse: Callable[[], Conversation]) -> asyncio.Server:
    """Listen on HOST:PORT, or on a socket in a folder that decides who may reach it."""
    loop = asyncio.get_running_loop()
    if where.startswith("/"):
        server = await loop.create_unix_server(converse, where)
        await asyncio.to_thread(
            Path(where).chmod, 0o666
        )  # as open as a port: the folder is the gate
        return server
    host, _, port = where.rpartition(":")
    return await loop.create_server(converse, host, int(port))
