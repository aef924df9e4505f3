"""The other bots on the same casebook: who carries which letter, who is alive, and waking one another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a bot's spool stands."""

    waiting: int
    quarantined: int
    oldest: datetime | None
    """Since when the oldest message waits."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another bot, as it was last heard of."""

    name: str
    seen_at: datetime
    pulse: Pulse
    silent: bool
    """It should have been heard of since, and was not."""


class Fleet(Protocol):
    def claim(self, letter_id: str) -> bool:
        """Keep other bots from carrying a letter, for half a minute or while this bot's heart beats.

        False: another bot carries it, or it is no longer owed.
        """
        ...

    def release(self, letter_id: str) -> None:
        """Let any bot carry the letter, or have the turn."""
        ...

    def turn(self, what: str) -> bool:
        """Take or keep the turn at what one bot at a time does; it lasts as a claim does.

        False: another bot has it.
        """
        ...

    def beat(self, pulse: Pulse) -> None:
        """Say that this bot lives. Raises CasebookAwayError."""
        ...

    def leave(self, pulse: Pulse) -> None:
        """Say that this bot stops in good order, and let go of what it has claimed; it claims nothing more."""
        ...

    def peers(self) -> Sequence[Peer]: ...

    def listen(self, wake: Callable[[], None]) -> None:
        """Call `wake`, from another thread, when a letter may be owed."""
        ...

    def close(self) -> None: ...


class Alone(Fleet):
    """The only bot: everything is its own."""

    @override
    def claim(self, letter_id: str) -> bool:
        return True

    @override
    def release(self, letter_id: str) -> None: ...

    @override
    def turn(self, what: str) -> bool:
        return True

    @override
    def beat(self, pulse: Pulse) -> None: ...

    @override
    def leave(self, pulse: Pulse) -> None: ...

    @override
    def peers(self) -> Sequence[Peer]:
        return ()

    @override
    def listen(self, wake: Callable[[], None]) -> None: ...

    @override
    def close(self) -> None: ...
