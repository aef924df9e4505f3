"""The parts of a data folder whose casebook is on PostgreSQL."""

from pathlib import Path

from store.casebook import Casebook
from store.fleet import Fleet
from store.postgres.casebook import PostgresCasebook
from store.postgres.database import Database
from store.postgres.fleet import PostgresFleet
from store.postgres.spool import SharedSpool
from store.sealing import Sealing
from store.spool import Spool


def opened(url: str, spool: Path, bot: str, sealing: Sealing) -> tuple[Spool, Casebook, Fleet]:
    """Open them for the bot of that name, or for an onlooker without one."""
    database = Database(url, sealing)
    return (
        SharedSpool(spool, database, bot),
        PostgresCasebook(database),
        PostgresFleet(database, bot),
    )
