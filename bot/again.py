"""What was erased does not come back with an older state: it is erased again, by the ledger, before anybody works on it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from bot.config import Config
from bot.setting import jurisdiction, outbox
from store.block_list import open_block_list
from store.casebook import Casebook
from store.erasing import Erasing
from store.keyring import sealing_with
from store.ledger import LEDGER, Ledger
from store.spool import Spool


def erase_again(
    config: Config,
    root: Path,
    casebook: Casebook,
    spool: Spool,
    ledgers: Iterable[Path],
    at: datetime,
) -> list[str]:
    """Erase what the folder's own ledger and the `ledgers` say was erased; return what was here.

    Raises OSError when a ledger cannot be read.
    """
    own = Ledger(root / LEDGER)
    for path in ledgers:
        own.take_over(Ledger(path))
    if not own.lines():
        return []
    erasing = Erasing(
        casebook,
        spool,
        jurisdiction(config),
        secret=lambda: open_block_list(config.data.keyring or root, casebook, ()).key,
        outbox=outbox(config, root),
        ledger=own,
        sealing=sealing_with(config.data.keyring),
    )
    erasing.again(at)
    return erasing.finish()


def ledgers_of(config: Config, given: Path | None) -> list[Path]:
    """Return the ledger that was named, and the one of the configured data folder. Raises FileNotFoundError."""
    if given is not None and not given.exists():
        raise FileNotFoundError(f"{given} is not there")
    configured = config.data.dir / LEDGER
    return [*([given] if given else []), *([configured] if configured.exists() else [])]
