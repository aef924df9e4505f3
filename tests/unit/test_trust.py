"""Whom a mail is from is believed on the word of our own border server, and of nobody else."""

from time import process_time

import pytest

from bot.mail.home import Home
from bot.mail.parse import parse
from bot.mail.trust import trust_of
from bot.message import Sender
from store.recorded import Trust
from tests.mail.reading import written

OURS = "mx.acme.example"
ANN = Sender("Ann", "ann@mail.example")
HOME = Home(frozenset({"dataprotection@acme.example"}), OURS)


def verdict(*headers: str) -> Trust:
    return trust_of(headers, OURS, ANN)[0]


@pytest.mark.parametrize(
    "found",
    [
        "dmarc=pass header.from=mail.example",
        "dmarc=pass (p=reject dis=none) header.from=Mail.Example",
        "spf=fail smtp.mailfrom=list.example; dmarc=pass header.from=mail.example",
        "dkim=pass header.d=mail.example header.s=s1",
        "dkim=fail header.d=other.example; dkim=pass header.i=@mail.example",
        "spf=pass smtp.mailfrom=ann@mail.example",
        'spf=pass reason="all; well" smtp.mailfrom=mail.example',
        "dmarc/1 = pass header.from = mail.example",
    ],
)
def test_a_domain_that_vouches_for_its_mail_is_believed(found: str):
    assert verdict(f"{OURS}; {found}") is Trust.PASSED
    assert verdict(f"{OURS.upper()} 1;\r\n\t{found}") is Trust.PASSED


@pytest.mark.parametrize(
    "found",
    [
        "dmarc=fail header.from=mail.example",
        "dmarc=fail (p=none) header.from=mail.example; spf=pass smtp.mailfrom=mail.example",
        "spf=pass smtp.mailfrom=evil.example; DMARC=FAIL",
        'spf=pass smtp.mailfrom="; dmarc=pass "@evil.example; dmarc=fail header.from=mail.example',
        "spf=none (a (nested; dmarc=pass) comment); dmarc=fail",
    ],
)
def test_only_an_explicit_failure_of_dmarc_has_failed(found: str):
    assert verdict(f"{OURS}; {found}") is Trust.FAILED


@pytest.mark.parametrize(
    "header",
    [
        "",
        ";",
        OURS,
        f"{OURS}; none",
        f"{OURS}; dmarc=none header.from=mail.example",
        f"{OURS}; dmarc=temperror header.from=mail.example",
        f"{OURS}; dmarc=pass header.from=other.example",
        f"{OURS}; dkim=pass header.d=other.example",
        f"{OURS}; dkim=pass header.d=example",
        f"{OURS}; dkim=fail header.d=mail.example; spf=softfail smtp.mailfrom=mail.example",
        f"{OURS}; spf=pass smtp.helo=mail.example",
        f"{OURS}; arc=pass; x-dmarc=fail",
        f"{OURS}; spf=none (dmarc=pass header.from=mail.example)",
        f'{OURS}; spf=fail smtp.mailfrom="dmarc=pass; dmarc=pass header.from=mail.example"',
        "mx.else.example; dmarc=pass header.from=mail.example",
        f"x.{OURS}; dmarc=pass header.from=mail.example",
        "mx.else.example; dmarc=fail",
        f"({OURS}) mx.else.example; dmarc=pass header.from=mail.example",
    ],
)
def test_whatever_else_is_noted_is_no_verdict(header: str):
    assert verdict(header) is Trust.NONE


def test_what_stands_below_our_servers_own_header_may_be_forged():
    ours, forged = f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass header.from=mail.example"
    assert verdict(ours, forged) is Trust.FAILED
    assert verdict("mx.else.example; dmarc=pass", ours, forged) is Trust.FAILED
    assert verdict(f"{OURS}; none", forged) is Trust.NONE


def test_nothing_is_believed_where_no_server_is_named():
    forged = "; dmarc=pass header.from=mail.example"
    assert trust_of([forged, f"{OURS}{forged}"], "", ANN)[0] is Trust.NONE


def test_nobody_is_vouched_for_where_nobody_is_named():
    assert trust_of([f"{OURS}; dkim=pass header.d=mail.example"], OURS, None)[0] is Trust.NONE


def test_the_reasons_are_what_was_found():
    found = (
        "spf=pass (ok) smtp.mailfrom=x@list.example; dmarc=fail (p=none) header.from=mail.example"
    )
    expected = ("spf=pass for list.example", "dmarc=fail for mail.example")
    assert trust_of([f"{OURS}; {found}"], OURS, ANN) == (Trust.FAILED, expected)


@pytest.mark.parametrize(
    "value", ["(" * 9_000, '"' * 9_001, "();" * 3_000, '(")' * 3_000, "\\" * 9_000, "= " * 5_000]
)
def test_no_header_takes_long_to_judge(value: str):
    started = process_time()
    trust_of([f"{OURS};{value}"] * 100, OURS, ANN)
    assert process_time() - started < 1.0


GROUP = {
    "From": "'Ann Example' via Data Protection <dataprotection@acme.example>",
    "List_ID": "<dataprotection.acme.example>",
    "Mailing_list": "list dataprotection@acme.example; contact x+owners@acme.example",
    "List_Unsubscribe": "<mailto:googlegroups-manage+1@googlegroups.com?subject=unsubscribe>",
    "Precedence": "list",
    "Return_Path": "<dataprotection+bncBC@acme.example>",
    "Sender": "dataprotection@acme.example",
    "Authentication_Results": f"{OURS}; dmarc=pass header.from=acme.example",
}


class TestAGroupOfOurOwn:
    """dataprotection@ may be a group that passes mail on, in its own name."""

    @pytest.mark.parametrize("header", ["X_Original_From", "Reply_To"])
    def test_the_human_behind_it_is_the_sender_and_no_machine(self, header: str):
        message = parse(written(**GROUP, **{header: "Ann <ann@mail.example>"}), HOME)
        assert message.sender == Sender("Ann", "ann@mail.example")
        assert message.machine is None

    def test_the_name_is_kept_where_only_the_group_shows_it(self):
        message = parse(written(**GROUP, Reply_To="ann@mail.example"), HOME)
        assert message.sender == Sender("Ann Example", "ann@mail.example")

    def test_checks_of_the_group_say_nothing_of_the_human(self):
        message = parse(written(**GROUP, Reply_To="ann@mail.example"), HOME)
        assert message.trust is Trust.NONE
        assert "group" in message.trust_reasons[-1]

    def test_who_forges_the_group_has_failed(self):
        forged = GROUP | {"Authentication_Results": f"{OURS}; dmarc=fail"}
        message = parse(written(**forged, Reply_To="ann@mail.example"), HOME)
        assert message.trust is Trust.FAILED

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Reply_To": "dataprotection@acme.example"},
            {"Reply_To": "ann@mail.example, bob@mail.example"},
            {"Reply_To": "bob@mail.example", "X_Original_From": "ann@mail.example"},
        ],
    )
    def test_where_nobody_or_two_stand_behind_it_nobody_wrote(self, headers: dict[str, str]):
        assert parse(written(**GROUP, **headers), HOME).sender is None

    def test_a_group_that_leaves_the_sender_alone_is_no_machine_either(self):
        fields = GROUP | {"From": "Ann <ann@mail.example>"}
        message = parse(written(**fields, Reply_To="bob@evil.example"), HOME)
        assert message.sender == Sender("Ann", "ann@mail.example")
        assert message.machine is None

    @pytest.mark.parametrize(
        "headers",
        [
            {"From": "'Ann' via News <news@list.example>"},
            {"From": "News <n@list.example>", "List_ID": "<news.list.example>"},
            {
                "From": "'Ann' via Data Protection <dataprotection@evil.example>",
                "List_ID": "<dataprotection.evil.example>",
            },
        ],
    )
    def test_no_other_group_speaks_for_anybody(self, headers: dict[str, str]):
        message = parse(written(**headers, Reply_To="ann@mail.example"), HOME)
        assert message.sender is not None
        assert message.sender.address != "ann@mail.example"

    def test_an_automatic_reply_stays_one(self):
        fields = GROUP | {"Auto_Submitted": "auto-replied"}
        assert parse(written(**fields, Reply_To="ann@mail.example"), HOME).machine
        newsletter = GROUP | {"List_Unsubscribe": "<https://news.example/out>"}
        assert parse(written(**newsletter, Reply_To="ann@mail.example"), HOME).machine


class TestLookAlikes:
    @pytest.mark.parametrize(
        ("sender", "doubt"),
        [
            ("=?utf-8?Q?P=D0=B0ul?= <paul@mail.example>", "mixes alphabets"),
            ('"boss@acme.example" <eve@evil.example>', "shows another address"),
            ("a@xn--bcher-kva.example", "reads bücher.example"),
            ("a@acrne.example", "looks like ours"),
            ("a@xn--cme-5cd.example", "looks like ours"),
            ("a@4cme.example", ""),
            ("=?utf-8?Q?=D0=90=D0=BD=D0=BD=D0=B0?= <anna@mail.example>", ""),
            ('"ann@mail.example" <Ann@mail.example>', ""),
            ("a@sub.acme.example", ""),
            ("a@xn--999999999.example", ""),
        ],
    )
    def test_what_looks_like_something_else_is_shown_as_such(self, sender: str, doubt: str):
        found = ", ".join(parse(written(From=sender), HOME).doubts)
        assert doubt in found
        assert bool(doubt) == bool(found)
