"""A mail becomes a Message: its words, its files, what refers to what, and what stayed closed."""

from datetime import UTC, datetime

import pytest

from bot.mail.body import LONGEST_NAME, MOST_BYTES, MOST_TEXT, safe_name
from bot.mail.parse import parse
from bot.message import Attachment, Message, Stamp
from tests.mail.reading import written


def multipart(kind: str, *parts: tuple[str, str]) -> bytes:
    """Write a mail of several parts, each a content type (or more of a header) and a text."""
    body = "".join(f"--b\nContent-Type: {head}\n\n{text}\n" for head, text in parts)
    return written(f"{body}--b--", Content_Type=f'multipart/{kind}; boundary="b"')


class TestWords:
    def test_plain_text_is_preferred_to_html(self):
        mail = multipart("alternative", ("text/plain", "x " * 200), ("text/html", "<p>y" * 900))
        assert parse(mail).text.strip() == ("x " * 200).strip()

    def test_a_short_text_that_says_the_same_as_the_html_is_enough(self):
        mail = multipart(
            "alternative", ("text/plain", "Delete it."), ("text/html", "<b>Delete</b> it.")
        )
        assert parse(mail).text.strip() == "Delete it."

    def test_html_is_used_where_the_plain_part_is_empty(self):
        mail = multipart("alternative", ("text/plain", " "), ("text/html", "<p>Delete it."))
        assert parse(mail).text == "Delete it."

    def test_html_is_used_where_there_is_no_plain_part(self):
        assert parse(multipart("alternative", ("text/html", "<p>Delete it."))).text == "Delete it."

    def test_html_is_used_where_the_plain_part_only_points_to_it(self):
        mail = multipart(
            "alternative", ("text/plain", "Please see the page."), ("text/html", "<p>word " * 30)
        )
        assert parse(mail).text.count("word") == 30

    def test_an_empty_alternative_says_nothing(self):
        assert parse(multipart("alternative", ("application/pdf", "x"))).text == ""

    def test_parts_that_are_no_alternatives_are_all_read_in_order(self):
        mail = multipart("mixed", ("text/html", "<p>one"), ("text/plain", "two"))
        assert parse(mail).text.split() == ["one", "two"]

    def test_what_is_attached_is_not_words(self):
        mail = multipart("mixed", ("text/plain\nContent-Disposition: ATTACHMENT", "secret"))
        assert parse(mail).text == ""

    @pytest.mark.parametrize("kind", ["enriched", "x-unknown", "richtext"])
    def test_other_kinds_of_text_are_read_as_they_stand(self, kind: str):
        assert parse(written("hello", Content_Type=f"text/{kind}")).text.strip() == "hello"

    @pytest.mark.parametrize("kind", ["calendar", "vcard", "csv", "rfc822-headers"])
    def test_text_for_programs_is_not_words(self, kind: str):
        assert parse(written("BEGIN:X", Content_Type=f"text/{kind}")).text == ""

    def test_without_a_content_type_it_is_plain_text(self):
        assert parse(written("hello", Content_Type=None)).text.strip() == "hello"

    def test_a_mail_without_any_header_is_all_words(self):
        message = parse(b"\r\nNote: please delete everything\r\n")
        assert message.text.strip() == "Note: please delete everything"
        assert message.sender is None

    def test_very_long_words_are_cut_and_flagged(self):
        message = parse(written("x" * (MOST_TEXT + 1)))
        assert len(message.text) == MOST_TEXT
        assert message.flags == ("text cut for reading",)

    def test_very_long_markup_is_cut_and_flagged(self):
        message = parse(written("<i>" * (MOST_BYTES // 3 + 1) + "x", Content_Type="text/html"))
        assert message.flags[0] == "text cut for reading"

    def test_text_is_clean_whatever_the_charset_does(self):
        mail = written("a+2AA-b", Content_Type="text/plain; charset=utf-7")
        assert parse(mail).text.strip() == "ab"


class TestClosed:
    """What only a person can open is flagged, and the message is a Message all the same."""

    @pytest.mark.parametrize(
        ("kind", "flag"),
        [
            ("multipart/encrypted", "encrypted (PGP)"),
            ("application/pgp-encrypted", "encrypted (PGP)"),
            ("application/pkcs7-mime", "encrypted or wrapped (S/MIME)"),
            ("application/x-pkcs7-mime; name=smime.p7m", "encrypted or wrapped (S/MIME)"),
            ("application/ms-tnef", "wrapped by Outlook (TNEF)"),
            ("application/octet-stream; name=WinMail.dat", "wrapped by Outlook (TNEF)"),
            ("text/calendar", "a calendar entry"),
            ("message/partial; number=1", "one piece of a longer message"),
        ],
    )
    def test_a_closed_part_is_flagged(self, kind: str, flag: str):
        assert flag in parse(multipart("mixed", ("text/plain", "hello"), (kind, "x"))).flags

    def test_one_flag_is_enough_for_many_parts(self):
        mail = multipart("mixed", *[("application/ms-tnef", "x")] * 3, ("text/plain", "hello"))
        assert parse(mail).flags == ("wrapped by Outlook (TNEF)",)

    def test_a_signature_closes_nothing(self):
        mail = multipart("signed", ("text/plain", "hello"), ("application/pgp-signature", "x"))
        assert parse(mail).flags == ()

    def test_pictures_beside_words_are_no_reason_for_a_flag(self):
        assert parse(multipart("mixed", ("text/plain", "hello"), ("image/png", "x"))).flags == ()

    def test_pictures_alone_are(self):
        assert parse(multipart("mixed", ("text/plain", ""), ("image/png", "x"))).flags == (
            "only pictures",
        )

    def test_a_message_inside_that_is_encoded_is_not_read(self):
        inner = "message/rfc822\nContent-Transfer-Encoding: base64", "U3ViamVjdDogeAoKaGkK"
        message = parse(multipart("mixed", ("text/plain", "see inside"), inner))
        assert message.text.strip() == "see inside"
        assert message.flags == ("a message inside is encoded",)

    def test_limits_that_cut_the_tree_are_flagged(self):
        message = parse(multipart("mixed", *[("text/plain", "x")] * 3_000))
        assert message.flags == ("more than 2000 parts",)


class TestFiles:
    def test_files_are_listed_with_their_kind_and_size(self):
        mail = multipart(
            "mixed",
            ("text/plain", "hello"),
            ("application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64", "aGVsbG8="),
            ("text/plain\nContent-Disposition: attachment", "note"),
            ("text/vcard", "BEGIN:VCARD"),
        )
        assert parse(mail).attachments == (
            Attachment("a.pdf", "application/pdf", 5),
            Attachment("", "text/plain", 4),
            Attachment("", "text/vcard", 11),
        )

    def test_a_message_inside_counts_as_a_file_and_so_do_its_own(self):
        inner = "Subject: x\nContent-Type: image/png; name=p.png\n\n1234"
        assert parse(multipart("mixed", ("message/rfc822", inner))).attachments == (
            Attachment("message.eml", "message/rfc822", 4),
            Attachment("p.png", "image/png", 4),
        )

    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", ""),
            ("...hidden", "hidden"),
            (r"C:\Windows\x.exe", "C_Windows_x.exe"),
            ("a\r\nb\0c.txt", "a bc.txt"),
            ('<"a">|b?*:.txt', "_a_b_.txt"),
            ("=?utf-8?Q?gr=C3=BCn.pdf?=", "grün.pdf"),
            ("\u202efdp.exe", "fdp.exe"),
            ("", ""),
        ],
    )
    def test_a_files_name_is_safe_in_a_folder_of_ours(self, name: str, safe: str):
        assert safe_name(name) == safe

    def test_a_long_name_keeps_its_ending(self):
        name = safe_name("x" * 5_000 + ".pdf")
        assert len(name) == LONGEST_NAME
        assert name.endswith("x.pdf")


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
