"""Numbers and addresses that a writer gives to be found by."""

import time

import pytest

from intents.identifiers import MOST, identifiers


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("My account number is 12345678.", ("12345678",)),
        ("order no. AB-99812, thanks", ("AB-99812",)),
        ("NHS number 943 476 5919", ("943 476 5919",)),
        ("I used to write from ann.b@old.example", ("ann.b@old.example",)),
        ("ring me on +44 (0) 7700 900123 after six", ("+44 (0) 7700 900123",)),
        ("or at 020 7946 0958", ("020 7946 0958",)),
        ("policy HX/20231/77, policy HX/20231/77", ("HX/20231/77",)),
        ("Mae fy rhif cyfrif 12345678", ("12345678",)),
        ("my account was closed in 2024", ()),
        ("I paid 12345.50 on 27/11/2026 at 09:00", ()),
    ],
)
def test_what_is_given_is_found(text: str, given: tuple[str, ...]):
    assert identifiers(text) == given


def test_a_list_of_customers_gives_no_more_than_a_few():
    assert len(identifiers(" ".join(f"c{n}@mail.example" for n in range(500)))) == MOST


def test_hostile_text_takes_no_time():
    begun = time.perf_counter()
    identifiers("account " * 20_000 + "0" * 100_000 + "a@" * 20_000 + "+44 " * 20_000)
    assert time.perf_counter() - begun < 2
