"""A case's token survives one wrong character, and never becomes another's."""

from itertools import product

import pytest

from bot.tokens import (
    ALPHABET,
    LENGTH,
    come_home,
    mended,
    new_token,
    reply_address,
    return_path,
    tags_in,
    tokens_in,
)

TOKEN = "cnw6q6kvmngaycjdh34gjh2pbfsr"
DESK = "dataprotection@acme.example"


def with_one(place: int, character: str) -> str:
    return TOKEN[:place] + character + TOKEN[place + 1 :]


def test_a_token_is_random_and_in_an_alphabet_without_twins():
    tokens = {new_token() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert {len(token) for token in tokens} == {LENGTH}
    assert set("".join(tokens)) == set(ALPHABET)
    assert not set(ALPHABET) & set("01ilo")
    assert all(mended(token) == token for token in tokens)


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_its_case_does_not_matter(case: "type[str]"):
    assert mended(case(TOKEN)) == TOKEN


@pytest.mark.parametrize("characters", [ALPHABET, "01ilo-_é"])
def test_any_one_wrong_character_is_put_right(characters: str):
    for place, character in product(range(LENGTH), characters):
        assert mended(with_one(place, character)) == TOKEN


def test_two_wrong_characters_never_give_a_token_back():
    for place, character in product(range(1, LENGTH), ALPHABET):
        spoilt = with_one(place, character)
        first = ALPHABET[ALPHABET.index(TOKEN[0]) - 1]
        if spoilt != TOKEN:
            assert mended(first + spoilt[1:]) != TOKEN


@pytest.mark.parametrize(
    "tag", ["", "b", TOKEN[1:], TOKEN + "2", "0" + TOKEN[1:-1] + "1", "0" * LENGTH, "a" * 32]
)
def test_what_is_too_far_from_a_token_is_none(tag: str):
    assert mended(tag) == ""


@pytest.mark.parametrize("token", [TOKEN, "0123456789abcdef" * 2])
class TestInAddresses:
    """Tokens as they are made now, and as they once were."""

    def test_each_letter_carries_it_three_times(self, token: str):
        message_id = f"<dp-2026-1000014.3.{token}@acme.example>"
        assert tokens_in([message_id]) == [token]
        assert tags_in([reply_address(message_id, DESK)]) == [token]
        assert come_home([return_path(message_id, DESK)]) == [(token, 3)]

    def test_a_shouting_server_changes_nothing(self, token: str):
        message_id = f"<dp-2026-000014.3.{token}@acme.example>"
        assert come_home([return_path(message_id, DESK).upper()]) == [(token, 3)]
        assert tags_in([reply_address(message_id, DESK).upper()]) == [token]

    def test_where_there_is_no_room_the_address_stays_as_it_is(self, token: str):
        message_id = f"<dp-2026-000014.3.{token}@acme.example>"
        long = f"{'a' * 50}@acme.example"
        assert reply_address(message_id, long) == ""
        assert return_path(message_id, long) == long


def test_a_notice_has_no_reply_address_of_its_own():
    assert reply_address("<filed-2026-11-27-1@acme.example>", DESK) == ""


@pytest.mark.parametrize("address", ["a@b.example", "a+@b.example", "+@", f"a+{'x' * 41}@b", "a+b"])
def test_what_has_no_tag_has_none(address: str):
    assert tags_in([address]) == []
