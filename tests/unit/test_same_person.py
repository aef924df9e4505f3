"""By what a person is known again: one spelling for an address, a name, a number."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.same_person import normal_address, normal_identifier, normal_name, traits


@pytest.mark.parametrize(
    ("spelling", "same"),
    [
        ("Ann.Other@Mail.Example", "ann.other@mail.example"),
        (" ann+news@mail.example ", "ann@mail.example"),
        ("a.n.n@gmail.com", "ann@gmail.com"),
        ("a.nn@googlemail.com", "ann@gmail.com"),
        ("a.b@mail.example", "a.b@mail.example"),
        ("\uff41nn@mail.example", "ann@mail.example"),  # a full-width a
        ("ann\uff0btag\uff20mail\uff0eexample", "ann@mail.example"),  # all of it full-width
        ("a\u00adnn@mail\u3002example\u200b", "ann@mail.example"),  # marks that cannot be seen
        ("ann@mail.example.", "ann@mail.example"),
        ("ann@B\u00dcCHER.example", "ann@b\u00fccher.example"),
        ("ann@xn--bcher-kva.example", "ann@b\u00fccher.example"),
        ("ann@xn--a.example", "ann@xn--a.example"),  # no domain's spelling
        ("Jos\u0065\u0301@mail.example", "jos\u00e9@mail.example"),
        ("+447700900123@sms.example", "+447700900123@sms.example"),  # no tag: all there is
    ],
)
def test_addresses_of_one_mailbox_have_one_spelling(spelling: str, same: str):
    assert normal_address(spelling) == same


LOCALS = st.from_regex(r"[a-z0-9]{1,8}(\.[a-z0-9]{1,8}){0,2}", fullmatch=True)
DOMAINS = st.sampled_from(["mail.example", "gmail.com", "b\u00fccher.example"])
TAGS = st.sampled_from(["", "+news", "+a+b", "+"])
TURNS = st.sampled_from(
    [str, str.upper, str.title, lambda a: f" {a}.\t", lambda a: a.translate(FULL_WIDTH)]
)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@given(LOCALS, DOMAINS, st.lists(st.tuples(TAGS, TURNS, st.booleans()), min_size=2, max_size=4))
def test_every_spelling_of_one_mailbox_is_the_same(
    local: str, domain: str, ways: list[tuple[str, Callable[[str], str], bool]]
):
    spelt = set()
    for tag, turn, wire in ways:
        spelling = local.replace(".", "") if domain == "gmail.com" and wire else local
        where = domain.encode("idna").decode() if wire else domain
        spelt.add(normal_address(turn(f"{spelling}{tag}@{where}")))
    assert len(spelt) == 1


@given(st.text() | st.builds("{}@{}".format, st.text(), st.text() | DOMAINS))
@example("ann@xn--bcher-kva.example")
@example("\u0130\u0345\u1e9e@\ufb03.example")
def test_a_normal_address_is_its_own_normal_spelling(text: str):
    once = normal_address(text)
    assert normal_address(once) == once


@given(LOCALS, LOCALS)
def test_two_mailboxes_never_have_one_spelling(one: str, other: str):
    spelt = {normal_address(f"{local}@mail.example") for local in (one, other)}
    assert len(spelt) == len({one, other})


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
