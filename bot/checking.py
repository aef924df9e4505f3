"""What `check` verifies beyond the form of the configuration: that the bot could start with it here."""

import asyncio
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot import control
from bot.canary import way_home
from bot.command import CommandError
from bot.config import Config, ConfigError, MailConfig, load
from bot.forms import holds_password
from bot.mail.keys import key_faults
from bot.mail.login import imap_faults
from bot.views import View
from replies.overrides import check_overrides
from replies.render import untranslated
from store.casebook import EMBEDDED
from store.folder import sealing_of
from store.refused import RefusedError
from store.sealing import bind

HIDDEN: Any = {
    "mail": {"relay_password": True, "relay_oauth": {"client_secret"}},
    "slack": {"bot_token", "app_token", "signing_secret"},
    "imap": {"password": True, "oauth": {"client_secret"}},
}
A_MOMENT = 0.2  # seconds
LEAST_FREE = 1 << 30  # bytes


def check_all(path: Path | None) -> View:
    """Return what will be used and what is worth a warning. Raises ConfigError with every fault."""
    config = load(path)
    faults = [
        *folder_faults(config.data.dir),
        *keyring_faults(config),
        *casebook_faults(config),
        *port_faults(config),
        *key_faults(config.mail),
        *imap_faults(config.imap),
        *model_faults(config),
        *letter_faults(config),
        *slack_faults(config),
    ]
    if faults:
        raise ConfigError("\n".join(faults))
    settings = config.model_dump(mode="json", by_alias=True, exclude=HIDDEN)
    if holds_password(config.data.casebook):
        settings["data"]["casebook"] = "(an address with a password)"
    return {"settings": settings, "warnings": list(warnings(config))}


def try_way_home(path: Path | None, seconds: float) -> str:
    """Let the running bot send itself a mail; return where it went. Raises CommandError unless it comes home."""
    folder = load(path).data.dir
    try:
        (sent,) = control.call(folder, "canary", {})
        until = time.monotonic() + seconds
        while not next(control.call(folder, "canary", {"message_id": sent["message_id"]}))["home"]:
            if time.monotonic() > until:
                raise CommandError(
                    f"a mail to {sent['to']} did not come home in {seconds:g} seconds"
                )
            time.sleep(A_MOMENT)
    except control.NOBODY_THERE:
        raise CommandError("a canary comes home to the bot, and it is not running") from None
    return str(sent["to"])


def folder_faults(folder: Path) -> Iterator[str]:
    nearest = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    if not nearest.is_dir():
        yield f"data.dir: {nearest} is not a folder"
    elif not os.access(nearest, os.W_OK | os.X_OK):
        yield f"data.dir: {nearest} cannot be written to"


def keyring_faults(config: Config) -> Iterator[str]:
    try:
        sealing = sealing_of(config.data.dir, config.data.keyring)
        if (config.data.dir / "spool").exists():
            bind(config.data.dir, sealing, is_new=False)
    except (RefusedError, OSError) as error:
        yield f"data.keyring: {error}"


def casebook_faults(config: Config) -> Iterator[str]:
    if config.data.casebook != EMBEDDED:
        from store.postgres.database import fault_of  # noqa: PLC0415  (loaded where it is used)

        if fault := fault_of(config.data.casebook):
            yield f"data.casebook: {fault}"


def port_faults(config: Config) -> Iterator[str]:
    ports = {
        "mail.listen": config.mail.listen,
        "mail.lmtp_listen": config.mail.lmtp_listen,
        "web.listen": config.web.listen,
    }
    for key, listen in ports.items():
        if listen.startswith("/"):
            if not Path(listen).parent.is_dir():
                yield f"{key}: there is no folder {Path(listen).parent}"
            continue
        host, _, _port = listen.rpartition(":")
        try:
            if host:
                socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
        except OSError:
            yield f"{key}: {host!r} is not an IP address of this machine"


def model_faults(config: Config) -> Iterator[str]:
    model = config.classify.model
    if model and not (Path(model) / "config.cfg").exists():
        yield f"classify.model: there is no model in {model}"


def letter_faults(config: Config) -> Iterator[str]:
    """Hold the organisation's own words to the rules of each kind of letter."""
    if config.replies.overrides is not None:
        for fault in check_overrides(config.replies.overrides):
            yield f"replies.overrides: {fault.where}:{fault.line}: {fault.reason}"


def mail_warnings(mail: MailConfig) -> Iterator[str]:
    host = mail.relay.partition("://")[2].rpartition(":")[0]
    local = host in {"", "localhost", "[::1]"} or host.startswith("127.")
    if mail.relay.startswith("smtp:") and mail.relay_tls == "may" and not local:
        yield f"mail.relay_tls is may: letters can travel to {host} in plain text"
    local_door = mail.lmtp_listen.startswith(("/", "127.", "localhost:", "[::1]:"))
    if mail.lmtp_listen and not local_door:
        yield "mail.lmtp_listen is open to other machines: LMTP has neither TLS nor a password"
    if mail.reply_address == "plus":
        yield f"mail.reply_address is plus: see by `check --canary 60` that mail to {way_home(mail)} comes home"


def slack_faults(config: Config) -> list[str]:
    """Ask Slack whether it would let the bot in."""
    if not config.slack.enabled:
        return []
    from bot.slack.checking import faults  # noqa: PLC0415  (off, it costs nothing)

    return asyncio.run(faults(config.slack))


def warnings(config: Config) -> Iterator[str]:
    if any(address.endswith("@") for address in config.mail.addresses):
        yield "mail.addresses takes a local part at any domain: name whole addresses for real work"
    if config.mail.relay.startswith("maildir:"):
        yield "mail.relay is a Maildir: letters stay on this machine"
    yield from mail_warnings(config.mail)
    if config.imap.host and config.imap.since is None:
        yield "imap.since is not set: everything that lies in the mailbox is taken in, and answered"
    if config.controller.name == "Example Organisation":
        yield "controller.name is not set: letters are signed Example Organisation"
    if not any(person.email for person in config.staff):
        yield "nobody in [[staff]] has an email: the daily list of filed messages goes to nobody"
    if not config.policy.sending_systems:
        yield "policy.sending_systems is empty: no unsubscribe waits until a system has taken it in"
    yield from letter_warnings(config)
    yield from keyring_warnings(config)
    folder = next(
        p for p in (config.data.dir.absolute(), *config.data.dir.absolute().parents) if p.exists()
    )
    if shutil.disk_usage(folder).free < LEAST_FREE:
        yield "less than 1 GB is free where the data lies"


def keyring_warnings(config: Config) -> Iterator[str]:
    if config.data.keyring is not None:
        from bot.app import wall_clock  # noqa: PLC0415  (only what is encrypted needs them)
        from store.key_care import stale  # noqa: PLC0415

        yield from stale(config.data.keyring, wall_clock())


def letter_warnings(config: Config) -> Iterator[str]:
    if config.policy.mode == "draft":
        yield "policy.mode is draft: no letter goes out until a person sends it"
    for language in config.replies.languages:
        if lacking := len(untranslated(language)):
            yield f"replies.languages: {lacking} kinds of letter are not written in {language}, and go out in English"
