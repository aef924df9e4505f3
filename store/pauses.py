"""Questions that stop the clock: the days each leaves out of the count, and the clock that stands.

A question asked after the period was spent stops nothing; one without an answer leaves no date.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from store.facts import TOO_LATE, Facts, questions
from store.periods import Block
from store.regime import Regime, Switches

UNCOUNTED = "none of its days would have counted"
ELSEWHERE = "a question stops the clock of an access request alone"
ONE_DAY = timedelta(days=1)


class Pause(NamedTuple):
    """A question, by its places among the facts; with an answer, the days it leaves out."""

    places: tuple[int, ...]
    asked: date
    block: Block | None = None

    def stands(self, limit: date) -> bool:
        """Tell whether the clock stands: asked by `limit`, the end of the period, and unanswered."""
        return self.block is None and self.asked <= limit


def read_pauses(
    regime: Regime, right: str, facts: Facts, start: date, switches: Switches
) -> list[Pause]:
    """Read which questions were asked, and which days each answered one leaves out."""
    stop = regime.stop
    if stop is None or not stop.counts(switches):
        return []
    if right not in stop.rights:
        facts.spare_all(facts.places(stop.asked, stop.answered), ELSEWHERE, stop.cites)
        return []
    counted = start if switches.stop_on_first_day_counts else start + ONE_DAY
    answered, waiting = questions(facts, stop)
    pauses = [Pause((place,), facts.all[place].on) for place in waiting]
    for places in answered:
        asked, last = (facts.all[place].on for place in places)
        same_day = asked == last and not switches.same_day_answer_stops_a_day
        if last < counted or same_day:
            facts.spare_all(places, UNCOUNTED, stop.cites)
        else:
            pauses.append(Pause(places, asked, Block(max(asked, counted), last)))
    return pauses


def judge(facts: Facts, pauses: Sequence[Pause], used: Sequence[Block], limit: date) -> None:
    """Say which questions had an effect: those that came before the period was spent."""
    for pause in pauses:
        block = pause.block
        if pause.stands(limit) or (block and any(u.first <= block.first <= u.last for u in used)):
            facts.take_all(pause.places)
        else:
            facts.spare_all(pause.places, TOO_LATE)


def days_left(since: date, end: date, used: Sequence[Block]) -> int:
    """Return how many days from `since` to `end` count, both included."""
    gone = (Block(max(u.first, since), u.last).days for u in used if u.last >= since)
    return Block(since, end).days - sum(gone)
