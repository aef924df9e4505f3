"""A mail becomes a Message: its subject, its ids, what it refers to, and when it was received."""

from datetime import UTC, datetime

import pytest

from bot.mail.parse import parse
from bot.message import Message, Stamp
from tests.mail.reading import multipart, written


class TestHeaders:
    def test_folded_headers_are_read(self):
        message = parse(written(Subject="my\r\n\tdata", From="Ann\r\n <ann@mail.example>"))
        assert message.subject == "my data"
        assert message.sender is not None
        assert message.sender.address == "ann@mail.example"

    def test_missing_headers_are_no_fault(self):
        headers = dict.fromkeys(("From", "To", "Subject", "Message-ID", "Content_Type"))
        message = parse(b"X: y\r\n" + written("hi", Message_ID=None, **headers))
        assert (message.sender, message.subject, message.message_id) == (None, "", "")
        assert message.key == message.digest

    def test_the_first_of_two_subjects_counts(self):
        assert parse(b"Subject: one\r\nSubject: two\r\n\r\n").subject == "one"

    @pytest.mark.parametrize("charset", ["utf-8", "gb2312", "koi8-r"])
    def test_raw_eight_bit_subjects_are_read_like_the_text(self, charset: str):
        words = "данные" if charset == "koi8-r" else "请求"
        raw = f"Subject: {words}\r\nContent-Type: text/plain; charset={charset}\r\n\r\n{words}"
        message = parse(raw.encode(charset))
        assert (message.subject, message.text) == (words, words)

    def test_a_subject_full_of_encoded_line_breaks_is_one_line(self):
        message = parse(written(Subject="=?UTF-8?Q?=0D=0ABcc=3A_x?= " * 300))
        assert message.subject == " ".join(["Bcc: x"] * 300)

    @pytest.mark.parametrize(
        ("value", "message_id"),
        [
            ("<a@b>", "<a@b>"),
            ("  <a@b> (comment)", "<a@b>"),
            ("<[a@b]>", "<[a@b]>"),
            ("a@b", ""),
            ("<a b@c>", ""),
            ("<ab>", ""),
            ("<a@b\u2028>", ""),
            (f"<{'a' * 300}@b>", ""),
            ("", ""),
        ],
    )
    def test_a_message_id_is_kept_only_if_it_has_the_form_of_one(self, value: str, message_id: str):
        assert parse(written(Message_ID=value)).message_id == message_id

    def test_references_run_from_the_nearest_and_each_once(self):
        message = parse(written(In_Reply_To="<c@x> <d@x>", References="<a@x>\r\n <b@x> <c@x>"))
        assert message.refers_to == ("<c@x>", "<d@x>", "<b@x>", "<a@x>")

    def test_only_so_many_references_are_kept(self):
        chain = " ".join(f"<{number}@x>" for number in range(900))
        assert parse(written(References=chain)).refers_to[:2] == ("<899@x>", "<898@x>")
        assert len(parse(written(References=chain)).refers_to) == 50


class TestStamps:
    BY = "from x.example by {} with ESMTP id 1; {}"

    def stamps(self, *values: str) -> tuple[Stamp, ...]:
        head = "".join(f"Received: {value}\r\n" for value in values)
        return parse(head.encode() + written()).stamps

    def test_each_received_header_is_a_stamp_newest_first(self):
        when = "Fri, 27 Nov 2026 10:00:00 +0100 (CET)", "Fri, 27 Nov 2026 08:59:00 -0000"
        assert self.stamps(
            self.BY.format("MX.acme.example", when[0]), self.BY.format("y", when[1])
        ) == (
            Stamp("mx.acme.example", datetime(2026, 11, 27, 9, 0, tzinfo=UTC)),
            Stamp("y", datetime(2026, 11, 27, 8, 59, tzinfo=UTC)),
        )

    @pytest.mark.parametrize(
        "bad",
        [
            "nonsense",
            BY.format("mx", "no date"),
            BY.format("mx", ""),
            BY.format("mx", "Mon, 1 Jan 100000000000000000000 00:00:00 +0000"),
            BY.format("mx", "Fri, 31 Dec 9999 23:59:59 -2359"),
            BY.format("mx", "Mon, 32 Jan 2026 00:00:00 +0000"),
            BY.format("mx", "Mon, 1 Jan 2026 00:00:00 +99999999"),
        ],
    )
    def test_the_chain_ends_at_the_first_that_cannot_be_read(self, bad: str):
        good = self.BY.format("mx", "Fri, 27 Nov 2026 10:00:00 +0000")
        assert len(self.stamps(good, good, bad, good)) == 2

    def test_no_more_are_read_than_any_mail_travels(self):
        good = self.BY.format("mx", "Fri, 27 Nov 2026 10:00:00 +0000")
        assert len(self.stamps(*[good] * 150)) == 100


class TestDigest:
    def of(self, text: str = "hello", **headers: str | None) -> str:
        return parse(written(text, **headers)).digest

    def test_how_it_travelled_does_not_matter(self):
        other = self.of(
            "hello\n\n", Message_ID="<z@z>", To="x@y", X_Spam="no", From="ANN@MAIL.EXAMPLE"
        )
        assert self.of(From="ann@mail.example") == other

    def test_what_it_says_and_who_says_it_does(self):
        others = [
            self.of("hello!"),
            self.of(Subject="other"),
            self.of(From="bob@mail.example"),
            parse(multipart("mixed", ("text/plain", "hello"), ("image/png", "x"))).digest,
        ]
        assert len({self.of(), *others}) == 5


def test_two_copies_are_known_by_their_message_id():
    message: Message = parse(written())
    assert message.key == "<ann.1@mail.example>"
