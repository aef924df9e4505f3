"""HTML becomes the words that a person would read, in order, and none of them is lost."""

from time import process_time

import pytest

from bot.mail.markup import plain_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("   ", ""),
        ("<!-- nothing -->", ""),
        ("just words", "just words"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<br><br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("Pri<span>va</span>cy  and\n\t <b>law</b>", "Privacy and law"),
        ("<ul><li>one<li><p>two</p></ul>x", "- one\n\n- two\n\nx"),
        (
            "<table><tr><td>Name</td><td>Jo</td></tr><tr><th>Age</th></tr></table>",
            "Name Jo\nAge",
        ),
        ("<pre>a\n  b</pre>c", "a\nb\n\nc"),
        ("<script>x</script><style>y</style><title>z</title>w", "w"),
        ("<p style='color:red; DISPLAY : none'>hidden <b>too</b></p>seen", "seen"),
        ("&lt;b&gt; &amp;amp; &#8364; &nbsp;x", "<b> &amp; € \xa0x"),
        ("<?xml version='1.0' encoding='utf-16'?><html><body>x</body></html>", "x"),
        ("<meta charset=koi8-r>Grüße", "Grüße"),
        ("<a href='javascript:alert(1)'>k</a><img src='http://x.example/p' alt='y'>", "k"),
        ("a&#0;b&#xD800;c&#27;d\x1be", "a\ufffdb\ufffdcde"),
        ("<textarea>t</textarea><xmp><b></xmp>", "t<b>"),
        ("<p>open <b>never closed", "open never closed"),
        ("</div></p></html>after nothing", "after nothing"),
    ],
)
def test_markup_reads_as_it_looks(html: str, text: str):
    assert plain_of(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>first</body></html><div>last</div>",
        "<html><body>first</body></html>\n<html><body>last</body></html>",
        "<div>" * 5_000 + "first" + "</div>" * 5_000 + "last",
        "<blockquote><span>" * 2_000 + "first<p>last",
        "first<!-- x --><![if !mso]>last<![endif]>",
        "<body>first<frameset><frame></frameset>last",
    ],
)
def test_no_words_are_lost_to_bad_markup(html: str):
    text = plain_of(html)
    assert text.startswith("first")
    assert text.endswith("last")


class TestQuotes:
    @pytest.mark.parametrize(
        "tag",
        ["blockquote type=cite", "blockquote class='gmail_quote x'", "blockquote class=quote"],
    )
    def test_what_is_quoted_is_marked(self, tag: str):
        html = f"<p>mine</p><{tag}><p>theirs</p>and<br>more</blockquote><p>mine too</p>"
        assert plain_of(html) == "mine\n\n> theirs\n>\n> and\n> more\n\nmine too"

    def test_a_quote_in_a_quote_is_still_marked(self):
        quote = "<blockquote type=cite>"
        html = f"mine{quote}theirs{quote}older</blockquote>theirs</blockquote>mine"
        assert plain_of(html) == "mine\n\n> theirs\n>\n> older\n>\n> theirs\n\nmine"

    def test_an_indent_is_the_writers_own(self):
        html = "<blockquote style='margin: 0 0 0 40px'>mine</blockquote>"
        assert plain_of(html) == "mine"


@pytest.mark.parametrize(
    "html",
    [
        "<" * 1_000_000,
        "<div>" * 200_000,
        "<div>x" * 160_000,
        "<table><tr><td>" * 70_000,
        "<table><tr><td>" + "x" * 500_000 + "<tr><td>a" * 50_000,
        "<blockquote type=cite>" * 45_000,
        "<li>" * 250_000,
        "<br>" * 250_000,
        "&" * 1_000_000,
        "&#x41;" * 160_000,
        "<!--" * 250_000,
        "<a " + "x=1 " * 250_000 + ">",
        "<p style='display: " + " " * 900_000 + "'>",
        "</p>" * 250_000,
        "<pre>" + "\n" * 1_000_000,
        "<![CDATA[" * 110_000,
    ],
    ids=lambda html: html[:12],
)
def test_a_megabyte_of_anything_is_read_in_a_moment(html: str):
    started = process_time()
    plain_of(html)
    assert process_time() - started < 3
