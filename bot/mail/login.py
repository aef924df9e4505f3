"""Who we are at the mailbox: a password, or a token that stands for it (XOAUTH2).

Secrets are read when they are needed, so that a new password is taken up without a restart.
"""

from collections.abc import Callable, Iterator

from bot.mail.imap_config import ImapConfig
from bot.mail.token import secret, token, unreadable


def imap_faults(config: ImapConfig) -> Iterator[str]:
    """Return what is wrong with the files the mailbox needs, one sentence each."""
    return unreadable(
        {
            "imap.password_file": config.password_file,
            "imap.oauth.client_secret_file": config.oauth.client_secret_file,
            "imap.ca_file": config.ca_file,
        }
    )


def mechanism(config: ImapConfig) -> tuple[str, Callable[[bytes], bytes]]:
    """Return how to log in: the mechanism's name, and what answers the server's challenges."""
    if config.oauth.token_url:
        given = token(config.oauth, config.ca_file, "imap.oauth")
        answers = iter([f"user={config.user}\x01auth=Bearer {given}\x01\x01".encode()])
        return "XOAUTH2", lambda _: next(answers, b"")  # a refusal is explained, and acknowledged
    password = secret(config.password, config.password_file)
    return "PLAIN", lambda _: f"\0{config.user}\0{password}".encode()
