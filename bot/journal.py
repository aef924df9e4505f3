"""The log: a handful of named events with the spool id or the reference that joins them, and nothing personal.

No addresses, no subjects, no text: the log of a privacy tool must not need an erasure request
of its own. Of a fault it keeps the kind and the place, never the message, which may quote mail.
"""

import logging
import sys
import traceback
from contextlib import suppress

import structlog


def begin(least: int = logging.INFO) -> None:
    """Send our log to stderr from `least` on, coloured on a terminal and as JSON elsewhere."""
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=Pen,
        cache_logger_on_first_use=True,
    )
    # Libraries log what they carry: aiosmtpd every address and line, asyncio whole exceptions.
    for library in (
        "mail.log",
        "mail.debug",
        "asyncio",
        "aiosmtplib",
        "uvicorn",
        "concurrent",
        "psycopg",
        "psycopg.pool",
        "aiohttp.access",
    ):
        logging.getLogger(library).disabled = True


class Pen:
    """Writes lines to stderr. One that cannot be written is lost, and does no harm to what it tells of."""

    def __init__(self, *_: object) -> None:
        self._stream = sys.stderr

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):  # the disk under it is full, or nobody reads any more
            print(line, file=self._stream, flush=True)

    debug = info = warning = error = critical = msg


def place_of(error: BaseException) -> str:
    """Say where an error arose: kind, file and line of its last frame."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    where = f" at {last.filename.rpartition('/')[2]}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{where}"
