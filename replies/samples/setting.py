"""Where and when the sample letters play: one controller, one case, one November."""

from datetime import date
from typing import Any, Final

from replies.facts import Controller

CONTROLLER: Final = Controller(
    name="Vitrifi Limited",
    contact="dataprotection@vitrifi.net",
    address="Level 6, 33 Holborn, London EC1N 2HT",
    notice_url="https://www.vitrifi.net/privacy",
)
REF: Final = "DP-2026-000123"
RECEIVED: Final = date(2026, 11, 27)
DUE: Final = date(2026, 12, 29)
LATER: Final = date(2027, 3, 1)
TARGET: Final = date(2026, 12, 18)
ON_CASE: Final[dict[str, Any]] = {
    "ref": REF,
    "received_on": RECEIVED,
    "controller": CONTROLLER,
}
"""What every letter on the case begins with."""
