"""Deliberately broken letters are refused, each for its own reason."""

import re
from dataclasses import replace

import pytest

from replies.lint import Fault, lint
from replies.render import Rendered, render, uk_date
from replies.rules import AGENT, BY_LABEL, EVERY_LETTER, UNSURE, UNSURE_RIGHT, Rule, Words
from tests.golden.samples import DUE, RECEIVED, SAMPLES

ACCESS = SAMPLES["access"]
BROKEN = {
    "speaks of a password": "Send us your password.",
    "demands identity papers": "We need a copy of your passport.",
    "confirms that data is held": "We hold your data in two systems.",
    "admits or blames": "This was our mistake.",
    "holds the person back from the regulator": "Write to us before you go to the regulator.",
    "tells special-category detail": "You write about your health.",
    "quotes the message": "> delete it all",
    "counts days where the law counts a month": "You will hear within 30 days.",
    "is officialese": "Please be advised that it is noted.",
    "shows a mark of the template": "Hello {{ name }}.",
    "names a right": "It may be about erasure.",
    "asks for a form": "Fill in the form.",
    "speaks of a pause": "Our time is paused.",
    "says that the person is known to us": "That person is a customer.",
    "asks for scope": "Tell us which records you want.",
    "promises contents": "We will send you everything.",
    "says that it is done": "It is corrected, deleted, restricted and stopped.",
    "lists exemptions": "We may keep some for legal claims.",
    "promises a format": "It comes as CSV, json or csv.",
    "argues that the right is narrow": "This right is narrow.",
    "demands reasons": "Give us your reasons.",
    "talks of balancing": "We balance it against our interests.",
    "takes a month": "This takes a month.",
    "says that all has stopped": "All marketing has stopped.",
    "markets": "Read our newsletter.",
    "promises a reversal": "We will reverse it.",
    "confirms that it was automated": "It was made by a computer.",
    "calls it final": "That answer is final.",
    "takes the target for law": "The law says so.",
    "tells the regulator's hours": "We have 72 hours.",
    "names a cause": "It was caused by a fault.",
    "confirms a breach": "This is a breach.",
}
RULED: list[tuple[str, Words]] = [
    ("access", EVERY_LETTER),
    ("unsure", UNSURE),
    ("unsure", UNSURE_RIGHT),
    ("agent", AGENT),
    *((label.value, words) for label, words in BY_LABEL.items()),
]


def flat(letter: Rendered) -> str:
    return " ".join(letter.text.split())


def changed(letter: Rendered, old: str, new: str) -> Rendered:
    """The same letter with other words, in text and HTML alike."""
    wrapped = re.compile(r"\s+".join(map(re.escape, old.split())), re.IGNORECASE)
    text, html = wrapped.sub(lambda _: new, letter.text), wrapped.sub(lambda _: new, letter.html)
    assert text != letter.text, f"the letter never said {old!r}"
    return replace(letter, text=text, html=html)


def with_sentence(letter: Rendered, sentence: str) -> Rendered:
    page = sentence.replace(">", "&gt;")
    return replace(
        letter,
        text=letter.text.replace("\n\nHow to reach", f"\n\n{sentence}\n\nHow to reach", 1),
        html=re.sub(r"(<h2[^>]*>How to reach)", rf"<p>{page}</p>\n\1", letter.html, count=1),
    )


def reasons(faults: list[Fault]) -> set[str]:
    return {fault.reason.split(": '")[0] for fault in faults}


class TestBrokenLettersAreRefused:
    @pytest.mark.parametrize(
        ("name", "rule"), [(name, rule) for name, words in RULED for rule in words.never]
    )
    def test_for_what_they_never_may_say(self, name: str, rule: Rule):
        facts = SAMPLES[name]
        faults = lint(facts, with_sentence(render(facts), BROKEN[rule.reason]))
        assert reasons(faults) == {rule.reason}

    @pytest.mark.parametrize(
        ("name", "rule"), [(name, rule) for name, words in RULED for rule in words.must]
    )
    def test_for_what_they_leave_out(self, name: str, rule: Rule):
        facts, letter = SAMPLES[name], render(SAMPLES[name])
        while found := rule.pattern.search(flat(letter).lower()):
            letter = changed(letter, found.group(), "")
        assert rule.reason in reasons(lint(facts, letter))

    @pytest.mark.parametrize(
        ("name", "old", "new", "reason"),
        [
            ("access", "DP-2026-000123", "DP-1", "lacks the reference"),
            ("access", "Vitrifi Limited", "Us", "lacks the controller's name"),
            ("access", "dataprotection@vitrifi.net", "us", "lacks the contact"),
            ("access", "33 Holborn", "Holborn", "lacks the postal address"),
            ("access", "https://www.vitrifi.net/privacy", "there", "lacks the privacy notice"),
            ("access", "(ICO)", "", "lacks the regulator's name"),
            (
                "access",
                "https://ico.org.uk/make-a-complaint/",
                "",
                "lacks the way to the regulator",
            ),
            ("access", uk_date(RECEIVED), "then", f"lacks the date {uk_date(RECEIVED)}"),
            ("access", uk_date(DUE), "then", f"lacks the date {uk_date(DUE)}"),
            (
                "access",
                "at the latest",
                "or so",
                f"does not say 'without undue delay, and by {uk_date(DUE)} at the latest'",
            ),
            (
                "complaint",
                "how far we have got",
                "by 1 May 2027",
                "tells a date that is none of its facts: 1 May 2027",
            ),
            (
                "agent",
                "from that day",
                "by 29/12/2026",
                "tells a date that is none of its facts: 29/12/2026",
            ),
            ("query", "our own target", "a target", "does not say when we aim to answer"),
        ],
    )
    def test_for_facts_that_went_astray(self, name: str, old: str, new: str, reason: str):
        facts = SAMPLES[name]
        assert reason in reasons(lint(facts, changed(render(facts), old, new)))

    @pytest.mark.parametrize(
        ("subject", "reason"),
        [
            ("We have received your message", "lacks the reference"),
            ("DP-2026-000123\nBcc: x", "is more than one printable line"),
            ("DP-2026-000123 for a@b.example", "tells an address"),
        ],
    )
    def test_for_their_subject(self, subject: str, reason: str):
        assert Fault("subject", reason) in lint(ACCESS, replace(render(ACCESS), subject=subject))

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("Tuesday", "Monday", "does not say the same as the text"),
            (' lang="en"', "", "does not tell its language"),
            ("h1", "h2", "does not have exactly one first heading"),
            ("<title>", "<title>Re: ", "has another title than the subject"),
            (
                "</main>",
                '<img src="https://x.example/1.gif"></main>',
                "reaches out of the letter: <img>",
            ),
            ("</main>", "<script>alert(1)</script></main>", "reaches out of the letter: <script>"),
            ("<main ", '<main onclick="x()" ', "reaches out of the letter: main onclick"),
            (
                "margin:0;",
                "background:url(https://x.example);",
                "reaches out of the letter: body style",
            ),
            ("mailto:", "javascript:", "reaches out of the letter: a href"),
        ],
    )
    def test_for_their_page(self, old: str, new: str, reason: str):
        letter = render(ACCESS)
        html = letter.html.replace(old, new)
        assert html != letter.html
        assert Fault("html", reason) in lint(ACCESS, replace(letter, html=html))

    def test_for_a_line_too_long_to_read(self):
        letter = render(ACCESS)
        unwrapped = replace(letter, text=letter.text.replace("We will answer\n", "We will answer "))
        assert [fault.where for fault in lint(ACCESS, unwrapped)] == ["text"]

    def test_but_never_for_an_apology(self):
        assert (
            lint(ACCESS, with_sentence(render(ACCESS), "We are sorry that you had to ask.")) == []
        )
