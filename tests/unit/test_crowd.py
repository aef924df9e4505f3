"""How many guests may be in at a time, and from where."""

from bot.mail.crowd import Crowd, place_of


class Anybody:
    def send_away(self) -> None:
        pass


async def test_a_network_of_ipv6_is_one_place():
    assert place_of("2001:db8::1") == place_of("2001:db8::ffff:1") != place_of("2001:db8:0:1::1")


async def test_an_ipv4_address_is_the_same_place_in_either_notation():
    assert place_of("::ffff:192.0.2.1") == place_of("192.0.2.1") != place_of("192.0.2.2")


async def test_a_local_socket_is_no_place():
    crowd = Crowd(3, 1)
    assert [crowd.admit(Anybody(), "") for _ in range(4)] == [True, True, True, False]


async def test_who_moves_is_counted_where_he_is_and_once():
    crowd, first, second = Crowd(2, 1), Anybody(), Anybody()
    assert crowd.admit(first, "")
    assert crowd.admit(first, "192.0.2.1")
    assert not crowd.admit(second, "192.0.2.1")
    assert len(crowd) == 1
    crowd.leave(first)
    crowd.leave(first)
    assert crowd.admit(second, "192.0.2.1")
