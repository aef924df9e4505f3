"""A record proves itself: cut anywhere it is unfinished, changed anywhere it is neither whole nor unfinished."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.record import LEAD, seal, unfinished, unseal

PAYLOADS = st.binary(max_size=300).map(lambda data: data.replace(b"\n", b" "))


@given(PAYLOADS)
def test_what_was_sealed_comes_out_again(payload: bytes):
    assert unseal(seal(payload)) == payload


@given(PAYLOADS)
def test_cut_anywhere_a_record_is_not_whole_and_is_known_as_unfinished(payload: bytes):
    record = seal(payload)
    for length in range(len(record)):
        assert unseal(record[:length]) is None
        assert unfinished(record[:length])


@given(PAYLOADS, st.data())
def test_changed_anywhere_a_record_is_neither_whole_nor_unfinished(
    payload: bytes, data: st.DataObject
):
    record = bytearray(seal(payload))
    place = data.draw(st.integers(0, len(record) - 1))
    record[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != record[place]))
    assert unseal(bytes(record)) is None
    assert not unfinished(bytes(record))


def test_a_length_changed_to_more_than_there_is_does_not_look_unfinished():
    record = seal(b"{}")
    assert record.startswith(b"00000002 ")
    longer = b"0000ff02" + record[8:]
    assert not unfinished(longer)


@pytest.mark.parametrize("zeros", [1, LEAD, 4096])
def test_a_file_that_a_power_cut_left_with_its_size_and_zeros_for_bytes_is_unfinished(zeros: int):
    assert unfinished(bytes(zeros))


def test_a_first_block_lost_to_zeros_is_unfinished_while_nothing_follows_the_record():
    record = seal(b"x" * 9000)
    torn = bytes(4096) + record[4096:]
    assert unfinished(torn)
    assert not unfinished(torn + seal(b"{}"))
    for more in (seal(b"{}")[:5], b"x", b"\n"):
        assert not unfinished(torn + more)
