"""Ports for servers that tests start."""

import random
import socket

CHANCE = random.SystemRandom()
BELOW_THE_CLIENTS = range(20_000, 32_000)  # the kernel gives connections theirs from 32,768 on


def free_port() -> int:
    """Return a loopback port that is free just now, and that no connection is given by chance."""
    while True:
        port = CHANCE.choice(BELOW_THE_CLIENTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
