"""What a domain says of itself in DNS (TXT records), asked within a limit of time for each mail.

Nothing is asked unless a server is configured. What is not answered in time is no answer: it
never means that there is nothing.
"""

import ipaddress
import time
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dns.resolver import Resolver

Txt = Callable[[str], list[bytes]]
"""From a name to its records. Raises NotToldError."""

SYSTEM: Final = "system"
PORT: Final = 53
SECONDS: Final = 2.0  # for all that one mail makes us ask
REMEMBERED: Final = 1_000  # answers


class NotToldError(Exception):
    """DNS gave no answer, or none that can be used: nobody knows what it would have said."""


def lookup(server: str) -> Txt:
    """Return what asks `server`; its time begins now."""
    return partial(records, resolver(server), time.monotonic() + SECONDS)


def records(asked: "Resolver", until: float, name: str) -> list[bytes]:
    import dns.exception  # noqa: PLC0415  (for those who ask)
    import dns.resolver  # noqa: PLC0415

    left = until - time.monotonic()
    if left <= 0:
        raise NotToldError(f"{name} was not asked: it took too long")
    try:
        answer = asked.resolve(name, "TXT", lifetime=left, search=False, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return []
    except (dns.exception.DNSException, OSError, UnicodeError):
        raise NotToldError(f"{name} was not told") from None
    return [b"".join(record.strings) for record in answer.rrset or ()]


@cache
def resolver(server: str) -> "Resolver":
    import dns.resolver  # noqa: PLC0415

    if server == SYSTEM:
        asked = dns.resolver.Resolver()
    else:
        asked = dns.resolver.Resolver(configure=False)
        host, port = address_of(server)
        asked.nameservers, asked.port = [host], port
    asked.cache = dns.resolver.LRUCache(REMEMBERED)
    return asked


def address_of(server: str) -> tuple[str, int]:
    """Split `ADDRESS`, `ADDRESS:PORT` or `[ADDRESS]:PORT`. Raises ValueError."""
    host, colon, port = server.rpartition(":")
    if not colon or (server.count(":") > 1 and not host.endswith("]")):
        host, port = server, str(PORT)
    return str(ipaddress.ip_address(host.strip("[]"))), int(port)


def name_server(value: str) -> str:
    """Hold a setting to what `lookup` understands."""
    if value in {"", SYSTEM}:
        return value
    try:
        address_of(value)
    except ValueError:
        raise ValueError("must be system, ADDRESS or ADDRESS:PORT") from None
    return value
