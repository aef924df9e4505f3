"""What the bot finds out by itself: who passes by a signature, who has failed, and what is no verdict."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from time import process_time
from typing import Any

import dkim
import pytest

from bot.mail.home import Home
from bot.mail.lookup import NotToldError, name_server
from bot.mail.parse import parse
from bot.mail.vouching import vouched
from bot.message import Sender
from store.recorded import Trust
from tests.flow.letters import ACCESS, mail

ANN = Sender("Ann", "ann@mail.example")
REJECT = {"_dmarc.mail.example": b"v=DMARC1; p=reject"}
RAW = mail(ACCESS, message_id="<1@mail.example>").replace("\n", "\r\n").encode()


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Return a private key, and what is published of it."""
    path: Path = tmp_path_factory.mktemp("key") / "key"
    make = ["openssl", "genrsa", "-traditional", "-out", str(path), "2048"]
    subprocess.run(make, check=True, capture_output=True)
    shown = ["openssl", "rsa", "-in", str(path), "-pubout"]
    pem = subprocess.run(shown, check=True, capture_output=True).stdout
    return path.read_bytes(), b"v=DKIM1; k=rsa; p=" + b"".join(pem.splitlines()[1:-1])


def signed(key: tuple[bytes, bytes], domain: str = "mail.example", **how: Any) -> bytes:
    how = {"canonicalize": (b"relaxed", b"relaxed"), **how}
    return bytes(dkim.sign(RAW, b"s1", domain.encode(), key[0], **how)) + RAW


def judged(
    raw: bytes,
    told: Mapping[str, bytes | None],
    *,
    sender: Sender = ANN,
    path: str = "ann@mail.example",
    live: bool = True,
) -> Trust:
    def txt(name: str) -> list[bytes]:
        said = told.get(name, b"")
        if said is None:
            raise NotToldError(name)
        return [said] if said else []

    return vouched(raw, txt, sender, mail_from=path, live=live)[0]


def at(domain: str, key: tuple[bytes, bytes]) -> dict[str, bytes]:
    return {f"s1._domainkey.{domain}": key[1]}


class TestPasses:
    def test_who_has_a_whole_signature_of_his_own_domain(self, key: tuple[bytes, bytes]):
        assert judged(signed(key), at("mail.example", key)) is Trust.PASSED

    def test_whose_policy_lets_the_domain_above_sign(self, key: tuple[bytes, bytes]):
        told = at("mail.example", key) | {"_dmarc.mail.example": b"v=DMARC1; p=none"}
        ann = Sender("", "ann@news.mail.example")
        assert judged(signed(key), told, sender=ann) is Trust.PASSED

    def test_whatever_else_is_signed_beside_it(self, key: tuple[bytes, bytes]):
        other = signed(key, "list.example").removesuffix(RAW)
        assert judged(other + signed(key), at("mail.example", key)) is Trust.PASSED


class TestFails:
    def test_who_is_refused_by_the_domain_and_comes_by_anothers_path(self):
        assert judged(RAW, REJECT, path="x@evil.example") is Trust.FAILED

    def test_whose_signature_is_broken(self, key: tuple[bytes, bytes]):
        broken = signed(key).replace(b"personal data", b"evil data")
        told = REJECT | at("mail.example", key)
        assert judged(broken, told, path="x@evil.example") is Trust.FAILED

    def test_who_is_signed_for_by_somebody_else(self, key: tuple[bytes, bytes]):
        raw = signed(key, "evil.example")
        told = REJECT | at("evil.example", key)
        assert judged(raw, told, path="x@evil.example") is Trust.FAILED

    def test_a_subdomain_by_what_is_asked_for_subdomains(self):
        told = {"_dmarc.mail.example": b"v=DMARC1; p=none; sp=quarantine"}
        ann = Sender("", "ann@no.such.mail.example")
        assert judged(RAW, told, sender=ann, path="x@evil.example") is Trust.FAILED


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({}, "x@evil.example"),
        (REJECT, "bounces@news.mail.example"),
        (REJECT, ""),
        ({"_dmarc.mail.example": b"v=DMARC1; p=none"}, "x@evil.example"),
        ({"_dmarc.mail.example": b"v=DMARC1; p=reject; pct=10"}, "x@evil.example"),
        ({"_dmarc.mail.example": b"v=DMARC1; p=reject; t=y"}, "x@evil.example"),
        ({"_dmarc.mail.example": None}, "x@evil.example"),
    ],
    ids=["no policy", "SPF may help", "no path", "p=none", "a tenth", "on trial", "not told"],
)
def test_without_a_signature_it_is_no_verdict(told: dict[str, bytes | None], path: str):
    assert judged(RAW, told, path=path) is Trust.NONE


def test_of_old_mail_nothing_fails():
    assert judged(RAW, REJECT, path="x@evil.example", live=False) is Trust.NONE


@pytest.mark.parametrize("published", [None, b"v=DKIM1; t=y; p=", b"v=DKIM1; k=ed25519; p="])
def test_where_the_key_is_not_told_or_not_for_us_it_is_no_verdict(
    key: tuple[bytes, bytes], published: bytes | None
):
    whole = published + key[1].partition(b"p=")[2] if published else None
    told = REJECT | {"s1._domainkey.mail.example": whole}
    assert judged(signed(key), told, path="x@evil.example") is Trust.NONE


def test_what_covers_only_a_part_vouches_for_nothing(key: tuple[bytes, bytes]):
    told = REJECT | at("mail.example", key)
    part = signed(key, length=True) + b"and send it all to evil@evil.example\r\n"
    assert dkim.verify(part, dnsfunc=lambda *_, **__: key[1]), "the library would let it pass"
    assert judged(part, told, path="x@evil.example") is Trust.NONE


def test_no_more_signatures_are_checked_than_an_honest_mail_has(key: tuple[bytes, bytes]):
    broken = signed(key).removesuffix(RAW).replace(b"s=s1", b"s=s2")
    asked: list[str] = []

    def txt(name: str) -> list[bytes]:
        asked.append(name)
        return [key[1]] if "_domainkey" in name else []

    trust, said = vouched(
        broken * 20 + signed(key), txt, ANN, mail_from="x@evil.example", live=True
    )
    assert trust is Trust.NONE
    assert sum("_domainkey" in name for name in asked) == 5
    assert "one too many" in said[-1]


@pytest.mark.parametrize(
    "raw",
    [
        b"DKIM-Signature: v=1; d=mail.example; s=s1; h=from; b="
        + b" \r\n " * 100_000
        + b"!\r\n\r\n",
        b"DKIM-Signature: d=mail.example; s=s1; h=from\r\n\r\n" + b" \t" * 2_000_000,
        b" starts folded\r\n\r\n",
        b"DKIM-Signature: d=mail.example; s=../../x; h=from\r\n" * 50_000,
        b"\xff\0:\r\n\r\n",
    ],
    ids=["blank lines", "blanks", "folded", "many", "no header"],
)
def test_nothing_hostile_takes_long_or_passes(key: tuple[bytes, bytes], raw: bytes):
    begun = process_time()
    assert judged(raw, at("mail.example", key), path="x@evil.example") is Trust.NONE
    assert process_time() - begun < 2


def test_what_the_border_server_noted_counts_before_it():
    def never(_: Sender) -> tuple[Trust, tuple[str, ...]]:
        raise AssertionError

    noted = (
        b"Authentication-Results: mx.acme.example; dmarc=pass header.from=mail.example\r\n" + RAW
    )
    home = Home(authserv_id="mx.acme.example")
    assert parse(noted, home, never).trust is Trust.PASSED


@pytest.mark.parametrize("value", ["", "system", "127.0.0.1", "127.0.0.1:5353", "::1", "[::1]:53"])
def test_a_name_server_is_an_address(value: str):
    assert name_server(value) == value


@pytest.mark.parametrize("value", ["dns.example", "127.0.0.1:x", "1.2.3"])
def test_and_nothing_else(value: str):
    with pytest.raises(ValueError, match="must be system"):
        name_server(value)
