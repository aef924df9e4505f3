"""DKIM signatures for our letters (RFC 6376): proof that they come from our domain, unchanged."""

from dataclasses import dataclass

from bot.config import ConfigError, MailConfig


@dataclass(frozen=True, slots=True)
class Signer:
    domain: str
    selector: str
    key: bytes

    def signed(self, mail: bytes) -> bytes:
        """Return the mail with its signature before it; every header of a letter is covered."""
        import dkim  # noqa: PLC0415  (a tenth of a second, for those who sign)

        signature: bytes = dkim.sign(
            mail,
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
        )
        return signature + mail


def signer_for(config: MailConfig) -> Signer | None:
    """Return who signs letters, if anybody does. Raises ConfigError for a key of no use."""
    path = config.dkim_key_file
    if path is None:
        return None
    signer = Signer(config.from_.rpartition("@")[2], config.dkim_selector, key_in(config))
    try:
        signer.signed(b"From: a@b\r\n\r\n")
    except Exception:  # whatever the library makes of what is no key
        raise ConfigError(
            f"mail.dkim_key_file: {path} holds no RSA key without a password"
        ) from None
    return signer


def key_in(config: MailConfig) -> bytes:
    assert config.dkim_key_file is not None
    try:
        return config.dkim_key_file.read_bytes()
    except OSError as error:
        path = config.dkim_key_file
        raise ConfigError(f"mail.dkim_key_file: {path}: {error.strerror}") from None
