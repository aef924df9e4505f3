"""Who wrote is one mailbox or nobody: never a third party."""

from time import process_time

import pytest

from bot.mail.sender import canonical, is_address, sender_of
from bot.message import Sender

ALICE, BOB = "alice@example.org", "bob@evil.example"


@pytest.mark.parametrize(
    ("header", "name", "address"),
    [
        ("alice@example.org", "", ALICE),
        ("<alice@example.org>", "", ALICE),
        ("Alice <alice@example.org>", "Alice", ALICE),
        ("  Alice\r\n\t<alice@example.org>  ", "Alice", ALICE),
        ('"Stone, Alice" <alice@example.org>', "Stone, Alice", ALICE),
        ("=?utf-8?Q?=C3=81lice?= <alice@example.org>", "Álice", ALICE),
        ("alice@example.org (Alice)", "Alice", ALICE),
        ("Alice <alice@example.org> (at work)", "Alice", ALICE),
        ("Alice Stone alice@example.org", "Alice Stone", ALICE),
        ("alice@EXAMPLE.org", "", ALICE),
        ("Alice <Alice.O'Neil+x@example.org>", "Alice", "Alice.O'Neil+x@example.org"),
        ('"bob@evil.example" <alice@example.org>', BOB, ALICE),
        ("bob@evil.example <alice@example.org>", BOB, ALICE),
        ('"bob@evil.example, Bob" <alice@example.org>', "bob@evil.example, Bob", ALICE),
        ("Alice: at work <alice@example.org>", "Alice: at work", ALICE),
        ("alice@xn--bcher-kva.example", "", "alice@xn--bcher-kva.example"),
        ("alice@some_host.example", "", "alice@some_host.example"),
        ("=?utf-8?Q?Eve=0D=0ABcc=3A_x?= <alice@example.org>", "Eve Bcc: x", ALICE),
        ("=?utf-8?Q?=E2=80=AEecilA?= <alice@example.org>", "ecilA", ALICE),
    ],
)
def test_a_plain_mailbox_is_read(header: str, name: str, address: str):
    assert sender_of([header]) == Sender(name, address)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "<>",
        "Alice",
        "Alice <>",
        "MAILER-DAEMON <>",
        f"{ALICE}, {BOB}",
        f"Alice <{ALICE}>, Bob <{BOB}>",
        f"Alice <{ALICE}> <{BOB}>",
        f"{ALICE}){BOB}",
        f"{ALICE}({BOB}",
        f"{ALICE}({BOB})<{BOB}>",
        f"{ALICE}<{BOB}>",
        f"{ALICE}>{BOB}",
        f"{ALICE},{BOB}",
        f"{ALICE}:{BOB}",
        f"{ALICE};{BOB}",
        f"{ALICE}[{BOB}",
        f"{ALICE}]{BOB}",
        f"{ALICE}@{BOB}",
        f"{ALICE} {BOB}",
        f"{ALICE}, Bob <{BOB}>",
        f"{ALICE} (x <{BOB}>",
        f"{ALICE}\\, Bob <{BOB}>",
        f'"Alice" {ALICE}, "Bob" <{BOB}>',
        f"Friends: {ALICE};",
        f"Friends: Alice <{ALICE}>, Bob <{BOB}>;",
        "undisclosed-recipients:;",
        f"<@relay.example:{ALICE}>",
        f"<@relay.example,@other.example:{ALICE}>",
        '"alice stone"@example.org',
        "alice@[192.0.2.1]",
        "alice@",
        "@example.org",
        "alice@-example.org",
        "alice@example..org",
        "alice@example.org\0",
        "alice\u2028bob@example.org",
        "аlice@example.org",  # noqa: RUF001  (a Cyrillic letter is the point)
        "alice@ехample.org",  # noqa: RUF001  (likewise)
        f"{'a' * 65}@example.org",
        f"alice@{'a.' * 130}org",
        f"{'x' * 2_000} <{ALICE}>",
    ],
)
def test_whatever_is_not_plainly_one_mailbox_is_nobody(header: str):
    assert sender_of([header]) is None


def test_two_from_headers_name_nobody():
    assert sender_of([ALICE, BOB]) is None
    assert sender_of([ALICE, ALICE]) is None
    assert sender_of([]) is None


def test_a_from_header_without_any_address_beside_a_proper_one_is_passed_over():
    assert sender_of(["[??????]", ALICE]) == Sender("", ALICE)


def test_only_the_domain_is_put_in_lower_case():
    assert canonical("Alice@Example.ORG") == "Alice@example.org"


def test_an_address_is_no_longer_than_the_wire_allows():
    assert is_address(f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 59}.example")
    assert not is_address(f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.example")


@pytest.mark.parametrize(
    "header",
    ['(<"' * 600, "a.-" * 600 + "@" + "a-" * 90, "a" * 1_999, "@" * 1_999, "a@" * 900, "<" * 1_999],
)
def test_no_header_takes_long_to_judge(header: str):
    started = process_time()
    sender_of([header])
    assert process_time() - started < 0.1
