"""What is ours: the addresses that mail comes to, and the mail server whose word on a sender counts."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Home:
    """By this a mail is read; whole addresses of ours in lower case."""

    addresses: frozenset[str] = frozenset()
    authserv_id: str = ""
    """As the border server calls itself in Authentication-Results (RFC 8601); empty for none."""
    resolver: str = ""
    """The DNS server by which the bot itself checks who wrote; empty for none."""

    @property
    def domains(self) -> frozenset[str]:
        return frozenset(address.rpartition("@")[2] for address in self.addresses)

    @property
    def list_ids(self) -> frozenset[str]:
        """What List-Id says where one of our addresses is a mailing group (RFC 2919)."""
        return frozenset(address.replace("@", ".") for address in self.addresses)

    def is_own(self, address: str) -> bool:
        return takes(address, self.addresses)


def takes(address: str, addresses: Collection[str]) -> bool:
    """Whether mail for `address` is ours: any `+tag`, any case; `local@` stands for any domain."""
    local, at, domain = address.lower().rpartition("@")
    local = local.partition("+")[0]
    return bool(at) and (f"{local}@{domain}" in addresses or f"{local}@" in addresses)
