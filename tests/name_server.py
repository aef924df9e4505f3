"""A DNS server on a loopback port that tells what it was given, refuses, or says nothing."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass
class NameServer:
    port: int
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def name_server(texts: Mapping[str, bytes], *, silent: bool = False) -> Iterator[NameServer]:
    """Tell these TXT records, each in pieces of 255 bytes; of any other name that there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))
        server = NameServer(wire.getsockname()[1])

        def serve() -> None:
            while (came := wire.recvfrom(4096))[0]:
                query = dns.message.from_wire(came[0])
                server.asked.append(query.question[0].name.to_text(omit_final_dot=True))
                if not silent:
                    wire.sendto(answer(query, texts).to_wire(), came[1])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        wire.sendto(b"", ("127.0.0.1", server.port))
        thread.join(timeout=10)


def answer(query: dns.message.Message, texts: Mapping[str, bytes]) -> dns.message.Message:
    told = dns.message.make_response(query)
    told.flags |= dns.flags.RA
    name = query.question[0].name.to_text(omit_final_dot=True)
    if name not in texts:
        told.set_rcode(dns.rcode.NXDOMAIN)
        return told
    pieces = [texts[name][n : n + 255] for n in range(0, len(texts[name]), 255)]
    said = " ".join(f'"{piece.decode()}"'.replace(";", r"\;") for piece in pieces)
    told.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", said))
    return told
