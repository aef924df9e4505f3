"""Several bots on one database: one carries a letter at a time, a dead one's comes free, silence is noticed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from queue import Queue

import pytest

from store.fleet import Pulse
from store.postgres.casebook import PostgresCasebook
from store.postgres.database import Database
from store.postgres.fleet import PostgresFleet
from tests.casebook.making import new_case, notice, sent
from tests.postgres import shared_server

QUIET = Pulse(0, 0, None)
LETTER = "DP-2026-000001-1"


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database(shared_server().schema())
    yield database
    database.close()


@pytest.fixture
def book(database: Database) -> PostgresCasebook:
    book = PostgresCasebook(database)
    book.save(new_case("DP-2026-000001"), version=0)
    return book


def pass_time(database: Database, minutes: float) -> None:
    """Let the database's clock seem to have gone on."""
    with database.transaction() as connection:
        for column, table in (("claimed_until", "owed"), ("seen_at", "bots")):
            connection.execute(
                f"UPDATE {table} SET {column} = {column} - {minutes} * interval '1 minute'"
            )


@pytest.mark.usefixtures("book")
def test_of_all_bots_that_would_carry_a_letter_at_once_exactly_one_does(database: Database):
    bots = [PostgresFleet(database, f"bot-{n}") for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda bot: bot.claim(LETTER), bots)) == 1


def test_who_has_left_claims_nothing_more(database: Database):
    one, two = PostgresFleet(database, "one"), PostgresFleet(database, "two")
    assert one.turn("slack staff")
    one.leave(QUIET)
    assert not one.turn("slack staff"), "a thread of it was late"
    assert two.turn("slack staff")


def test_a_turn_is_one_bots_until_it_lets_go_or_falls_silent(database: Database):
    one, two = PostgresFleet(database, "one"), PostgresFleet(database, "two")
    assert one.turn("slack staff")
    assert not two.turn("slack staff")
    assert one.turn("slack staff"), "it keeps it"
    assert two.turn("slack intake"), "another turn is another's"
    one.release("slack staff")
    assert two.turn("slack staff")
    pass_time(database, 1)
    assert one.turn("slack staff")
    assert not two.turn("slack staff")
    one.leave(QUIET)
    assert two.turn("slack staff")


@pytest.mark.usefixtures("book")
def test_a_restarted_bot_has_its_claims_and_another_one_has_not(database: Database):
    assert PostgresFleet(database, "one").claim(LETTER)
    assert PostgresFleet(database, "one").claim(LETTER)
    assert not PostgresFleet(database, "two").claim(LETTER)


@pytest.mark.usefixtures("book")
def test_a_claim_lasts_while_the_heart_beats_and_comes_free_when_it_stops(database: Database):
    one, two = PostgresFleet(database, "one"), PostgresFleet(database, "two")
    assert one.claim(LETTER)
    for _ in range(4):
        pass_time(database, minutes=0.4)
        one.beat(QUIET)
        assert not two.claim(LETTER)
    pass_time(database, minutes=0.6)
    assert two.claim(LETTER)
    one.beat(QUIET)
    assert not one.claim(LETTER)


@pytest.mark.usefixtures("book")
def test_what_is_let_go_of_is_free_at_once(database: Database):
    one, two = PostgresFleet(database, "one"), PostgresFleet(database, "two")
    assert one.claim(LETTER)
    one.release(LETTER)
    assert two.claim(LETTER)
    two.leave(QUIET)
    assert one.claim(LETTER)


def test_what_is_no_longer_owed_is_nobodys(database: Database, book: PostgresCasebook):
    one = PostgresFleet(database, "one")
    book.owe_notice(notice("n"))
    assert one.claim("n")
    case = book.get("DP-2026-000001")
    assert case is not None
    book.save(case.record(sent(LETTER)), version=len(case.events))
    assert not one.claim(LETTER)
    assert not one.claim("DP-2026-000002-1")


def test_a_bot_that_falls_silent_is_noticed_and_one_at_rest_is_not(database: Database):
    one, two, three = (PostgresFleet(database, name) for name in ("one", "two", "three"))
    since = datetime(2026, 11, 2, tzinfo=UTC)
    one.beat(Pulse(3, 1, since))
    two.leave(QUIET)
    three.leave(Pulse(1, 0, since))
    assert [peer.silent for peer in PostgresFleet(database, "").peers()] == [False] * 3
    pass_time(database, minutes=3)
    peers = {peer.name: peer for peer in PostgresFleet(database, "").peers()}
    assert {name for name, peer in peers.items() if peer.silent} == {"one", "three"}
    assert peers["one"].pulse == Pulse(3, 1, since)
    assert "one" not in {peer.name for peer in one.peers()}


def test_who_listens_is_woken_by_a_letter_that_another_bot_owes(
    database: Database, book: PostgresCasebook
):
    one, heard = PostgresFleet(database, "one"), Queue[str]()
    one.listen(lambda: heard.put("woken"))
    assert heard.get(timeout=10)  # as soon as it listens
    book.save(new_case("DP-2026-000002"), version=0)
    assert heard.get(timeout=5)
    one.close()
