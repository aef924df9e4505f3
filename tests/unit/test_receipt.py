"""The day of receipt is the front server's, as far as its word can be told from a forger's."""

from datetime import UTC, datetime, timedelta

from bot.message import Stamp
from bot.receipt import received_at

ACCEPTED = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
TRUSTED = {"mx.acme.example", "hub.acme.example"}


def stamp(host: str, **before: float) -> Stamp:
    return Stamp(host, ACCEPTED - timedelta(**before))


HUB, BORDER = stamp("hub.acme.example", minutes=1), stamp("mx.acme.example", hours=30)
OUTSIDE = stamp("mail.example", hours=31)


def test_without_trusted_hosts_our_own_acceptance_counts():
    assert received_at(ACCEPTED, [BORDER, OUTSIDE], frozenset()) == ACCEPTED
    assert received_at(ACCEPTED, [], TRUSTED) == ACCEPTED


def test_the_earliest_of_an_unbroken_chain_of_trusted_hosts_counts():
    assert received_at(ACCEPTED, [HUB, BORDER, OUTSIDE], TRUSTED) == BORDER.at


def test_a_trusted_name_below_a_stranger_is_not_believed():
    assert received_at(ACCEPTED, [HUB, OUTSIDE, BORDER], TRUSTED) == HUB.at
    assert received_at(ACCEPTED, [OUTSIDE, BORDER], TRUSTED) == ACCEPTED


def test_a_second_stamp_in_the_name_of_our_border_is_not_believed():
    forged = stamp("mx.acme.example", days=90)
    assert received_at(ACCEPTED, [HUB, BORDER, forged], TRUSTED) == BORDER.at


def test_a_stamp_from_the_future_is_not_believed():
    late = stamp("hub.acme.example", hours=-2)
    assert received_at(ACCEPTED, [late, BORDER], TRUSTED) == ACCEPTED


def test_a_chain_that_runs_backwards_in_time_ends_there():
    later = stamp("mx.acme.example", seconds=30)
    assert received_at(ACCEPTED, [HUB, later], TRUSTED) == HUB.at
