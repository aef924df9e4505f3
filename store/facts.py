"""What happened, read for the clock: which asking was answered, which answer nobody had asked for.

Facts stand in the order of their days. Each takes effect, or has a reason why it does not.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from store import steps
from store.due import Step
from store.law import NO_EFFECT
from store.regime import Condition, Regime, Stop

TOO_LATE = "the time had run out before it"
UNASKED = "nothing that counts had been asked for"


class Fact(NamedTuple):
    """Something that happened, on its local day."""

    on: date
    kind: str
    about: str = ""


class Facts:
    """The facts of one request, and what became of each."""

    def __init__(self, facts: Sequence[Fact], regime: Regime) -> None:
        self.all = facts
        self._cites = regime.start_cites
        unknown = f"{regime.name} gives it none here", regime.start_cites
        self._spared = {
            place: NO_EFFECT.get(fact.kind, unknown) for place, fact in enumerate(facts)
        }

    def places(self, *kinds: str) -> list[int]:
        return [place for place, fact in enumerate(self.all) if fact.kind in kinds]

    def take(self, place: int) -> date:
        """Note that the fact at `place` has its effect, and return its day."""
        self._spared.pop(place, None)
        return self.all[place].on

    def take_all(self, places: Iterable[int]) -> None:
        for place in places:
            self.take(place)

    def spare(self, place: int, why: str, cites: str = "") -> None:
        """Note why the fact at `place` has none."""
        self._spared[place] = why, cites or self._cites

    def spare_all(self, places: Iterable[int], why: str, cites: str = "") -> None:
        for place in places:
            self.spare(place, why, cites)

    def spared(self) -> list[Step]:
        """Return what had no effect, in order, each with the reason."""
        return [
            steps.without_effect(self.all[place].kind, self.all[place].on, *reason)
            for place, reason in sorted(self._spared.items())
        ]


class Brought(NamedTuple):
    """Something that was asked for; `on` is None while it has not come."""

    condition: Condition
    asked: date
    on: date | None = None


def brought(
    facts: Facts, conditions: Sequence[Condition], in_time: Callable[[int], bool]
) -> list[Brought]:
    """Read what had to be brought. One delivery answers every asking before it."""
    facts.spare_all(facts.places(*(condition.brought for condition in conditions)), UNASKED)
    found: list[Brought] = []
    awaited: dict[str, Brought] = {}
    for place, fact in enumerate(facts.all):
        for condition in conditions:
            if fact.kind == condition.asked and not in_time(place):
                facts.spare(place, TOO_LATE)
            elif fact.kind == condition.asked:
                awaited.setdefault(condition.name, Brought(condition, facts.take(place)))
            elif fact.kind == condition.brought and condition.name in awaited:
                asked = awaited.pop(condition.name)
                found.append(asked._replace(on=facts.take(place)))
    return [*found, *awaited.values()]


class Questions(NamedTuple):
    """Questions that may stop the clock, by their places among the facts."""

    answered: list[tuple[int, int]]
    waiting: list[int]


def questions(facts: Facts, stop: Stop) -> Questions:
    """Pair each question with its answer: by what it is about, and in order where that is the same."""
    answered: list[tuple[int, int]] = []
    waiting: dict[str, list[int]] = {}
    for place in facts.places(stop.asked, stop.answered):
        fact = facts.all[place]
        if fact.kind == stop.asked:
            waiting.setdefault(fact.about, []).append(place)
        elif waiting.get(fact.about):
            answered.append((waiting[fact.about].pop(0), place))
        else:
            facts.spare(place, UNASKED)
    return Questions(answered, [place for places in waiting.values() for place in places])
