"""A Postfix of our own, in front of the bot: it takes mail on a loopback port and hands it over by LMTP."""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.peers.parts import as_root, part, reachable, run
from tests.ports import free_port

FRONT = "front.acme.example"

MAIN = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = {commands}
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
myhostname = {front}
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtputf8_enable = no
recipient_delimiter = +
transport_maps = inline:{{ {{ {domain} = lmtp:inet:127.0.0.1:{lmtp_port} }} }}
relay_domains = {domain}
relayhost = [127.0.0.1]:{sink_port}
smtp_host_lookup = native
lmtp_host_lookup = native
disable_dns_lookups = yes
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
lmtp_connect_timeout = 2s
default_destination_concurrency_failed_cohort_limit = 100
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
in_flow_delay = 0
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - 10 lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    root: Path
    domain: str
    lmtp_port: int
    sink_port: int
    more: str = ""
    port: int = field(default_factory=free_port)

    def __enter__(self) -> Self:
        as_root()
        self._postfix = part("postfix")
        self.root.mkdir(parents=True)
        reachable(self.root)
        for name in ("queue", "data"):
            (self.root / name).mkdir()
        shutil.chown(self.root / "data", "postfix")
        commands = str(Path(self._postfix).parent)
        text = MAIN.format(
            root=self.root, commands=commands, front=FRONT, domain=self.domain,
            lmtp_port=self.lmtp_port, sink_port=self.sink_port,
        )  # fmt: skip
        (self.root / "main.cf").write_text(text + self.more)
        (self.root / "master.cf").write_text(MASTER.format(port=self.port))
        run(self._postfix, "-c", str(self.root), "start")
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        run(self._postfix, "-c", str(self.root), "abort")

    def tried_again(self) -> int:
        """Let it try all that it put off; return how many messages it still has."""
        run(part("postqueue"), "-c", str(self.root), "-f")
        time.sleep(0.5)
        return self.waiting()

    def waiting(self) -> int:
        """Return how many messages it still has."""
        found = run(part("postqueue"), "-c", str(self.root), "-j")
        return len(found.splitlines())
