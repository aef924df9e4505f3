"""An unsubscribe is done when every sending system has taken it in; a relayed receipt is provisional."""

from dataclasses import replace

import pytest

from store.case import Case, CaseError
from store.deeds import ReceiptCorrected, Ticked
from store.events import Blocked
from store.law import Label
from store.recorded import BOT, Medium, Outcome
from tests.unit.test_case import NOON, asked, at, case_of, closed

STOP = asked(1, Label.UNSUBSCRIBE)
BLOCKED = Blocked(at=at(2), request=1, systems=("newsletter", "texts"))


def ticked(system: str) -> Ticked:
    return Ticked(at=at(3), by="jo", request=1, system=system)


def test_it_stays_open_until_each_system_is_ticked_off():
    case = case_of(STOP, BLOCKED)
    assert case.request(1).systems_left == ("newsletter", "texts")
    with pytest.raises(CaseError, match="newsletter, texts left"):
        case.record(closed(1))
    one_left = case.record(ticked("newsletter"))
    with pytest.raises(CaseError, match=r"has taken it in: texts left"):
        one_left.record(closed(1))
    done = one_left.record(ticked("texts"), closed(1))
    assert done.request(1).systems_left == ()
    assert done.running == ()


def test_it_may_end_otherwise_without_the_systems():
    assert case_of(STOP, BLOCKED, closed(1, Outcome.WITHDRAWN)).running == ()


def test_a_system_is_ticked_off_once_and_by_its_name():
    case = case_of(STOP, BLOCKED, ticked("texts"))
    with pytest.raises(CaseError, match="was ticked off DP-2026-000001 already, by jo"):
        case.record(ticked("texts"))
    with pytest.raises(CaseError, match=r"'letters' is no sending system .* newsletter left"):
        case.record(ticked("letters"))
    with pytest.raises(CaseError, match="none left"):
        case_of(STOP).record(ticked("texts"))


@pytest.mark.parametrize(
    ("channel", "by", "provisional"),
    [(Medium.SLACK, BOT, True), (Medium.SLACK, "jo", False), (Medium.EMAIL, BOT, False)],
)
def test_what_a_colleague_relayed_was_received_provisionally(
    channel: Medium, by: str, *, provisional: bool
):
    case = case_of(asked(1, Label.ACCESS))
    opened = replace(case.opened, channel=channel, by=by)
    relayed = Case(case.ref, (opened, *case.events[1:]))
    assert relayed.provisional(relayed.request(1)) is provisional
    confirmed = relayed.record(
        ReceiptCorrected(at=at(9), by="jo", request=1, received_at=NOON, why="asked her")
    )
    assert not confirmed.provisional(confirmed.request(1))
