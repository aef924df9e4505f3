"""By what a person is known again: one spelling for an address, a name, a number."""

import pytest

from store.same_person import normal_address, normal_identifier, normal_name, traits


@pytest.mark.parametrize(
    ("spelling", "same"),
    [
        ("Ann.Other@Mail.Example", "ann.other@mail.example"),
        (" ann+news@mail.example ", "ann@mail.example"),
        ("a.n.n@gmail.com", "ann@gmail.com"),
        ("ann@googlemail.com", "ann@googlemail.com"),
        ("a.b@mail.example", "a.b@mail.example"),
        ("\uff41nn@mail.example", "ann@mail.example"),  # a full-width a
    ],
)
def test_addresses_of_one_mailbox_have_one_spelling(spelling: str, same: str):
    assert normal_address(spelling) == same


def test_names_lose_case_accents_and_commas():
    assert normal_name("  Siân  O'BRIEN-Jones ") == normal_name("sian o brien jones")


@pytest.mark.parametrize("spelling", ["07700 900123", "+44 7700 900123", "+44 (0) 7700-900123"])
def test_a_phone_number_has_one_spelling(spelling: str):
    assert normal_identifier(spelling) == "07700900123"


def test_an_identifier_that_is_an_address_is_spelt_like_one():
    assert normal_identifier("Ann+x@Mail.Example") == "ann@mail.example"


def test_a_first_name_alone_is_anybodys():
    assert traits("Ann", "ann@mail.example", ["AB-12 34"]) == (
        "address:ann@mail.example",
        "identifier:ab1234",
    )
    assert traits("Ann Other", "") == ("name:ann other",)
    assert traits("", "") == ()
