"""Certificates: what the mail door shows, and whose the relay's must be. Each fault is one sentence."""

import ssl
from pathlib import Path

import structlog

from bot.config import ConfigError, MailConfig

log = structlog.get_logger()


class Shown:
    """What the door shows: read anew when its files have changed, as a renewed certificate does."""

    def __init__(self, config: MailConfig) -> None:
        """Read them. Raises ConfigError when the files are of no use now."""
        self._config = config
        self._stamps = stamps(config)
        self._context = door_context(config)

    def context(self) -> ssl.SSLContext | None:
        now = stamps(self._config)
        if now != self._stamps:
            self._stamps = now
            try:
                self._context = door_context(self._config)
            except ConfigError as error:  # half of it is renewed, perhaps: the old one still serves
                log.warning("the certificate stays as it was", why=str(error))
        return self._context


def stamps(config: MailConfig) -> tuple[int, ...]:
    files = (config.certificate_file, config.private_key_file)
    return tuple(path.stat().st_mtime_ns if path and path.exists() else 0 for path in files)


def door_context(config: MailConfig) -> ssl.SSLContext | None:
    """Return what STARTTLS is done with, if it is offered. Raises ConfigError."""
    if config.certificate_file is None:
        return None
    certificate, key = config.certificate_file, config.private_key_file
    readable("mail.certificate_file", certificate)
    if key is not None:
        readable("mail.private_key_file", key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key, password="")  # no prompt: a locked key is refused
    except (ssl.SSLError, ValueError) as error:
        raise ConfigError(fault(certificate, key, error)) from None
    return context


def relay_context(config: MailConfig, *, verified: bool) -> ssl.SSLContext:
    """Return what TLS with the relay is done with. Raises ConfigError."""
    ca_file = config.relay_ca_file
    if ca_file is not None:
        readable("mail.relay_ca_file", ca_file)
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        raise ConfigError(f"mail.relay_ca_file: {ca_file} holds no certificate") from None
    if not verified:  # without a promise of TLS, encryption without proof beats none (RFC 7435)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def fault(certificate: Path, key: Path | None, error: Exception) -> str:
    if getattr(error, "reason", None) == "KEY_VALUES_MISMATCH":
        return f"mail.private_key_file: {key or certificate} is not the key of the certificate"
    try:
        ssl.PEM_cert_to_DER_cert(first_certificate(certificate))
    except ValueError:
        return f"mail.certificate_file: {certificate} holds no certificate"
    return f"mail.private_key_file: {key or certificate} holds no key that can be read without a password"


def first_certificate(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    _, begin, rest = text.partition(ssl.PEM_HEADER)
    inside, end, _ = rest.partition(ssl.PEM_FOOTER)
    return begin + inside + end


def readable(key: str, path: Path) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{key}: {path}: {error.strerror}") from None
