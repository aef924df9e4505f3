"""Servers of others, each an instance of its own: on loopback ports, with all it writes in one folder."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SYSTEM = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/dovecot"  # noqa: TID251  (where the system keeps servers)


def part(name: str) -> str:
    """Return where a part of the system lies; skip the test, with its name, where it is missing."""
    found = shutil.which(name, path=SYSTEM)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("the server changes users: only root can start it")


def run(*command: str) -> str:
    """Run a command to its end; its output tells what went wrong."""
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}"
    return done.stdout


def reachable(folder: Path) -> None:
    """Let a server that drops its rights reach what lies in the folder."""
    for place in (folder, *folder.parents):
        if place.stat().st_uid == os.geteuid() and place != Path("/tmp"):
            place.chmod(place.stat().st_mode | 0o011)
