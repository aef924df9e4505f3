"""What the kernel says of a process group: CPU time and memory."""

import os
import socket
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def session(leader: int) -> list[int]:
    """Return the processes of the session that `leader` began, itself first."""
    found = [leader]
    for path in Path("/proc").iterdir():
        if path.name.isdigit() and int(path.name) != leader:
            fields = stat(int(path.name))
            if len(fields) > 3 and int(fields[3]) == leader:
                found.append(int(path.name))
    return found


def stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on (proc(5)), or nothing if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def cpu_seconds(pid: int) -> float:
    fields = stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICK if fields else 0.0


def pss_megabytes(pids: list[int]) -> float:
    """Return the memory of the processes, what they share counted once."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024
