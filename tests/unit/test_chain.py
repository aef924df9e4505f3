"""A chain shows whatever was changed, removed, reordered or added in between, and gives nothing away."""

import pytest

from store.chain import Link, digests, first_broken, grown, heads

CONTENTS = [b'{"kind":"opened"}', b'{"kind":"noted","text":"a word"}', b'{"kind":"assigned"}']
CHAIN = grown((), CONTENTS)


def test_a_chain_that_nobody_touched_is_whole():
    assert first_broken(CHAIN, CONTENTS) is None


def test_a_chain_goes_on_from_where_it_was():
    longer = grown(CHAIN, [b"more"])
    assert longer[:3] == CHAIN
    assert first_broken(longer, [*CONTENTS, b"more"]) is None


@pytest.mark.parametrize("place", range(3))
def test_a_changed_event_is_named_by_its_place(place: int):
    changed = [c + b" " if i == place else c for i, c in enumerate(CONTENTS)]
    assert first_broken(CHAIN, changed) == place


def test_events_in_another_order_are_found_even_with_their_links():
    swapped = (CHAIN[0], CHAIN[2], CHAIN[1])
    assert first_broken(swapped, [CONTENTS[0], CONTENTS[2], CONTENTS[1]]) == 1
    assert first_broken(CHAIN, [CONTENTS[1], CONTENTS[0], CONTENTS[2]]) == 0


def test_an_event_taken_out_with_its_link_is_found_at_the_next():
    assert first_broken((CHAIN[0], CHAIN[2]), [CONTENTS[0], CONTENTS[2]]) == 1


def test_a_last_event_without_its_link_taken_out_is_found():
    assert first_broken(CHAIN, CONTENTS[:2]) == 2


def test_equal_events_have_links_that_tell_nothing_of_it():
    one, two = grown((), [b"same"]), grown((), [b"same"])
    assert one[0].salt != two[0].salt
    assert one[0].head != two[0].head


def test_the_digests_that_stay_after_an_erasure_still_lead_to_the_head():
    kept = digests(CHAIN, CONTENTS)
    assert heads(kept) == [link.head for link in CHAIN]
    assert heads(kept[:-1]) != [link.head for link in CHAIN]
    assert not any(salt in "".join(kept) for salt, _ in CHAIN)


def test_a_link_from_another_chain_does_not_fit():
    other = grown((), CONTENTS)
    mixed = (CHAIN[0], Link(other[1].salt, other[1].head), CHAIN[2])
    assert first_broken(mixed, CONTENTS) == 1
