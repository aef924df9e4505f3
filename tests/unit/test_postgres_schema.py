"""The tables make themselves, once, whoever starts first; and what this version cannot work on it leaves alone."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from store.postgres.casebook import PostgresCasebook
from store.postgres.database import Database
from store.postgres.schema import MIGRATIONS, SchemaError
from tests.casebook.making import new_case
from tests.postgres import shared_server


def numbers(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [n for (n,) in connection.execute("SELECT number FROM migrations ORDER BY number")]


def test_several_bots_that_start_at_once_make_the_tables_once():
    url = shared_server().schema()
    books = [PostgresCasebook(Database(url)) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        refs = list(threads.map(lambda book: book.new_ref(2026), books))
    assert len(set(refs)) == 6
    for book in books:
        book.close()
    assert numbers(url) == list(range(1, len(MIGRATIONS) + 1))


def test_what_a_newer_version_has_worked_on_is_refused():
    url = shared_server().schema()
    book = PostgresCasebook(Database(url))
    book.save(new_case("DP-2026-000001"), version=0)
    book.close()
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO migrations VALUES (1000)")
    later = PostgresCasebook(Database(url))
    with pytest.raises(SchemaError, match="newer"):
        later.get("DP-2026-000001")
    later.close()


def test_a_database_that_cannot_hold_every_language_is_refused():
    server = shared_server()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE narrow ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    book = PostgresCasebook(Database(server.url.replace("/postgres?", "/narrow?")))
    with pytest.raises(SchemaError, match="UTF8"):
        book.running()
    book.close()
