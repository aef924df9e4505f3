"""A real PostgreSQL for tests: one server for the session on a socket of its own, a schema for each test."""

import atexit
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

PATIENCE = 30.0
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100")
"""Nothing here has to survive a power cut."""


def binary(name: str) -> str | None:
    """Return the path of a program of the server's, from PATH or where distributions put it."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name) or next(
        (str(place / name) for place in places if (place / name).exists()), None
    )


class Server:
    """A server in a folder of its own; it refuses root, so root starts it as somebody else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._user = unprivileged() if os.getuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        if self._user:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        initdb = [binary("initdb"), "-D", folder / "data", "-U", "bot", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*initdb, "--locale=C", "-N"], check=True, stdout=subprocess.DEVNULL,
            user=self._user and self._user.pw_uid, group=self._user and self._user.pw_gid, cwd=folder,
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"postgresql://bot@/postgres?host={quote(str(self.folder), safe='')}"

    def start(self, settings: Sequence[str] = QUICK) -> None:
        settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", *settings]
        command = [binary("postgres"), "-D", self.folder / "data"]
        for setting in settings:
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
                user=self._user and self._user.pw_uid, group=self._user and self._user.pw_gid,
            )  # fmt: skip
        end = time.monotonic() + PATIENCE
        while not self.answers():
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.02)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop at once, with every connection cut."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=PATIENCE)
            self._process = None

    def schema(self) -> str:
        """Make an empty schema and return the address of a casebook in it."""
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"{self.url}&options={quote(f'-csearch_path={name}')}"


def unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("there is nobody to run PostgreSQL as")


def new_server(*settings: str) -> Server:
    """Start a server of one's own. Skips the test where there is none to start."""
    if binary("initdb") is None or binary("postgres") is None:
        pytest.skip("no PostgreSQL server is installed here")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path must be short
    server = Server(folder)
    server.start(settings or QUICK)
    atexit.register(remove, server, folder)
    return server


def remove(server: Server, folder: Path) -> None:
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@cache
def shared_server() -> Server:
    """Return the session's server, started when it is first asked for."""
    return new_server()
