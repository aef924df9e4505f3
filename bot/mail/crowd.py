"""Who is connected to the mail doors: how many may be, how many from one place, and how all are sent away.

Each conversation is counted once and leaves once, whatever ended it.
"""

import asyncio
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

HEAVY = 8  # messages at a time
IPV6_PLACE = 64  # bits: whoever has one address of such a network has them all


class Guest(Protocol):
    def send_away(self) -> None:
        """End the conversation; what is being received may be received to its end."""
        ...


class Crowd:
    def __init__(self, most: int, most_from_one: int) -> None:
        """Admit `most` guests at a time, and `most_from_one` from one address."""
        self._most = most
        self._most_from_one = most_from_one
        self._places: dict[Guest, str] = {}
        self._closed = False
        self._empty = asyncio.Event()
        self.heavy = asyncio.Semaphore(HEAVY)
        """Places for guests who are bringing a heavy message."""

    def __len__(self) -> int:
        return len(self._places)

    def admit(self, guest: Guest, address: str) -> bool:
        """Count `guest` in, unless there are too many. A guest who is in already moves to `address`.

        No address (a local socket, a balancer that has not said whom it brings) is no place.
        """
        self._places.pop(guest, None)
        place = place_of(address)
        crowded = place and self._from(place) >= self._most_from_one
        if self._closed or crowded or len(self) >= self._most:
            return False
        self._places[guest] = place
        return True

    def leave(self, guest: Guest) -> None:
        self._places.pop(guest, None)
        if not self._places:
            self._empty.set()

    async def send_away(self, seconds: float) -> None:
        """Admit nobody any more, and wait until all have left, for `seconds` at most."""
        self._closed = True
        self._empty.clear()
        if not self._places:
            return
        for guest in list(self._places):
            guest.send_away()
        leaving = asyncio.create_task(self._empty.wait())
        await asyncio.wait([leaving], timeout=seconds)
        leaving.cancel()

    def _from(self, place: str) -> int:
        return sum(place == other for other in self._places.values())


def place_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the network of an IPv6 address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, IPV6_PLACE), strict=False))
    return str(parsed)
