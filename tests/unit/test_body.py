"""What a mail says in words, the files that come with it, and what of it stays closed."""

import pytest

from bot.mail.body import LONGEST_NAME, MOST_BYTES, MOST_TEXT, safe_name
from bot.mail.parse import parse
from bot.message import Attachment
from tests.mail.reading import multipart, written


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
