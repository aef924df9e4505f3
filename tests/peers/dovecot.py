"""A Dovecot of our own: one user, a Maildir, IMAP and LMTP with sieve on loopback ports."""

import imaplib
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.peers.parts import as_root, part, reachable, run
from tests.ports import free_port
from tests.processes import wait_for

USER, PASSWORD = "desk", "secret-word"

CONFIG = """
base_dir = {run}
state_dir = {root}/state
log_path = {root}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
protocols = {protocols}
listen = 127.0.0.1
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_uid = {uid}
mail_gid = {gid}
mail_location = maildir:{root}/mail
mail_fsync = never
{more}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
"""


@dataclass
class Dovecot:
    root: Path
    protocols: str = "imap"
    more: str = ""
    port: int = field(default_factory=free_port)
    lmtp_port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)

    def __enter__(self) -> Self:
        as_root()
        binary = part("dovecot")
        part("imap-login")
        nobody = pwd.getpwnam("nobody")
        for name in ("state", "mail", "home"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        for name in ("mail", "home"):
            shutil.chown(self.root / name, nobody.pw_uid, nobody.pw_gid)
        reachable(self.root)
        # A socket's path has a hundred characters at most.
        self._run = tempfile.TemporaryDirectory(prefix="dc")
        Path(self._run.name).chmod(0o755)
        text = CONFIG.format(
            run=self._run.name, root=self.root, protocols=self.protocols, more=self.more, port=self.port,
            lmtp_port=self.lmtp_port, tls_port=self.tls_port, password=PASSWORD, user="nobody", group="nogroup",
            uid=nobody.pw_uid, gid=nobody.pw_gid,
        )  # fmt: skip
        (self.root / "dovecot.conf").write_text(text)
        self._process = subprocess.Popen(
            [binary, "-F", "-c", str(self.root / "dovecot.conf")], stderr=subprocess.DEVNULL
        )
        try:
            wait_for(self._is_open, seconds=20)
        except AssertionError:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def _is_open(self) -> bool:
        assert self._process.poll() is None, self.log
        try:
            with self.box("INBOX"):
                return True
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.05)
            return False

    @property
    def log(self) -> str:
        path = self.root / "dovecot.log"
        return path.read_text() if path.exists() else "it wrote no log"

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        self._run.cleanup()

    @contextmanager
    def box(self, folder: str = "") -> Iterator[imaplib.IMAP4]:
        wire = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        try:
            wire.login(USER, PASSWORD)
            if folder:
                wire.select(folder)
            yield wire
        finally:
            wire.shutdown()

    def put(self, *mails: str | bytes, at: str = "") -> None:
        """Lay mails into the mailbox, as if received at an instant in IMAP's form."""
        with self.box() as box:
            for mail in mails:
                raw = mail.encode() if isinstance(mail, str) else mail
                lines = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                status, said = box.append("INBOX", "", at, lines)
                assert status == "OK", said

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        """Return the flags of each message there."""
        with self.box(folder) as box:
            if not box.search(None, "ALL")[1][0]:
                return []
            _, found = box.fetch("1:*", "(FLAGS)")
            return [line for line in found if isinstance(line, bytes)]

    def number_anew(self) -> None:
        """Let the folder forget its numbers, as a restored or moved mailbox does: UIDVALIDITY changes."""
        time.sleep(1.1)  # it counts in seconds
        for path in (self.root / "mail").glob("dovecot*"):
            path.unlink()

    def sieve(self, script: str) -> None:
        path = self.root / "home" / ".dovecot.sieve"
        path.write_text(script)
        shutil.chown(path, "nobody")
        run(part("sievec"), "-c", str(self.root / "dovecot.conf"), str(path))
