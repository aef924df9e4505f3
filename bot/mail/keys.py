"""Every key, certificate and secret of the mail settings that is a file, tried before a door opens."""

from collections.abc import Iterator
from functools import partial

from bot.config import ConfigError, MailConfig
from bot.mail.signing import signer_for
from bot.mail.tls import door_context, relay_context
from bot.mail.token import unreadable


def key_faults(config: MailConfig) -> Iterator[str]:
    """Yield what is wrong with each, one sentence that names its key in the configuration."""
    for look in (door_context, partial(relay_context, verified=True), signer_for):
        try:
            look(config)
        except ConfigError as error:
            yield str(error)
    secret_file = config.relay_oauth.client_secret_file
    yield from unreadable({"mail.relay_oauth.client_secret_file": secret_file})
