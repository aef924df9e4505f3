"""Deliberately broken letters are refused, each for its own reason, in every language."""

import re
from dataclasses import replace

import pytest

from replies import lint as reviewing
from replies.lint import Fault, lint
from replies.page import Page
from replies.preview import Sample, samples
from replies.render import Rendered, render, uk_date
from replies.rules import RULES, Rule, Words
from replies.rules.kinds import BY_KIND
from replies.samples import SAMPLES
from replies.samples.setting import DUE, RECEIVED
from replies.told import own_words

ACCESS = SAMPLES["acknowledgement_access"]
BROKEN = {
    "en": {
        "speaks of a password": "Send us your password.",
        "demands identity papers": "We need a copy of your passport.",
        "tells what was asked": "You sent us a complaint.",
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
    },
    "cy": {
        "speaks of a password": "Anfonwch eich cyfrinair.",
        "demands identity papers": "Mae angen copi o basbort neu trwydded yrru.",
        "confirms that data is held": "Rydym yn dal eich data.",
        "admits or blames": "Rydym yn cyfaddef hynny.",
        "holds the person back from the regulator": "Dewch atom cyn mynd at y rheoleiddiwr.",
        "tells special-category detail": "Rydych yn ysgrifennu am iechyd.",
        "quotes the message": "> dileu",
        "counts days where the law counts a month": "Cewch ateb o fewn 30 diwrnod.",
        "is officialese": "Nodir drwy hyn.",
        "shows a mark of the template": "Helo {{ enw }}.",
        "names a right": "Gall fod am fynediad neu dileu.",
        "asks for a form": "Llenwch y ffurflen.",
        "speaks of a pause": "Mae'r cloc wedi aros.",
        "says that the person is known to us": "Mae'r person hwnnw yn gwsmer.",
        "asks for scope": "Dywedwch pa gofnodion.",
        "promises contents": "Byddwn yn anfon popeth.",
        "says that it is done": "Mae wedi'i gywiro, wedi'i ddileu, wedi'i gyfyngu ac wedi'i atal.",
        "lists exemptions": "Mae eithriadau.",
        "promises a format": "Daw fel CSV.",
        "argues that the right is narrow": "Hawl cul ydyw.",
        "demands reasons": "Rhowch eich rhesymau.",
        "talks of balancing": "Byddwn yn cydbwyso.",
        "takes a month": "Mae'n cymryd mis.",
        "says that all has stopped": "Mae popeth wedi stopio.",
        "markets": "Darllenwch ein cylchlythyr.",
        "promises a reversal": "Byddwn yn gwrthdroi hyn.",
        "confirms that it was automated": "Gwnaed hyn gan gyfrifiadur.",
        "calls it final": "Mae'r ateb yn derfynol.",
        "takes the target for law": "Mae'n ddyddiad statudol.",
        "tells the regulator's hours": "Mae gennym 72 awr.",
        "names a cause": "Digwyddodd oherwydd nam.",
        "confirms a breach": "Mae hyn yn doriad.",
    },
}
BEFORE_THE_END = {"en": "How to reach", "cy": "Sut i gysylltu"}


def ruled() -> list[tuple[Sample, Words]]:
    """A sample for each set of rules."""
    by_name = {(sample.language, sample.name): sample for sample in samples()}
    found = []
    for language, rules in RULES.items():
        special = {
            "acknowledgement_access": (rules.every_letter, rules.acknowledgement),
            "acknowledgement_unsure": (rules.unsure, rules.unsure_right),
            "acknowledgement_agent": (rules.agent,),
        }
        found += [
            *((by_name[language, name], row) for name, rows in special.items() for row in rows),
            *(
                (by_name[language, f"acknowledgement_{label}"], row)
                for label, row in rules.by_label.items()
            ),
        ]
    return found + [
        (next(s for s in by_name.values() if s.facts.kind == kind), words)
        for kind, words in BY_KIND.items()
    ]


RULED = ruled()


def flat(letter: Rendered) -> str:
    return " ".join(letter.text.split())


def changed(letter: Rendered, old: str, new: str) -> Rendered:
    """The same letter with other words, in text and HTML alike."""
    wrapped = re.compile(r"\s+".join(map(re.escape, old.split())), re.IGNORECASE)
    text, html = wrapped.sub(lambda _: new, letter.text), wrapped.sub(lambda _: new, letter.html)
    assert text != letter.text, f"the letter never said {old!r}"
    return replace(letter, text=text, html=html)


def with_sentence(letter: Rendered, sentence: str) -> Rendered:
    page, end = sentence.replace(">", "&gt;"), BEFORE_THE_END[letter.language]
    return replace(
        letter,
        text=letter.text.replace(f"\n\n{end}", f"\n\n{sentence}\n\n{end}", 1),
        html=re.sub(rf"(<h2[^>]*>{end})", rf"<p>{page}</p>\n\1", letter.html, count=1),
    )


def reasons(faults: list[Fault]) -> set[str]:
    return {re.split(": ['\"]", fault.reason)[0] for fault in faults}


def named(case: object) -> str:
    if isinstance(case, Sample):
        return f"{case.language}-{case.name}"
    return case.reason if isinstance(case, Rule) else str(case)


class TestBrokenLettersAreRefused:
    @pytest.mark.parametrize(
        ("sample", "rule"),
        [(sample, rule) for sample, words in RULED for rule in words.never],
        ids=named,
    )
    def test_for_what_they_never_may_say(self, sample: Sample, rule: Rule):
        letter = render(sample.facts, sample.language)
        broken = with_sentence(letter, BROKEN[sample.language][rule.reason])
        assert reasons(lint(sample.facts, broken)) == {rule.reason}

    @pytest.mark.parametrize(
        ("sample", "rule"),
        [(sample, rule) for sample, words in RULED for rule in words.must],
        ids=named,
    )
    def test_for_what_they_leave_out(self, sample: Sample, rule: Rule):
        letter = render(sample.facts, sample.language)
        while found := rule.pattern.search(flat(letter).lower()):
            letter = changed(letter, found.group(), "")
        assert rule.reason in reasons(lint(sample.facts, letter))

    @pytest.mark.parametrize(
        ("name", "old", "new", "reason"),
        [
            ("acknowledgement_access", "DP-2026-000123", "DP-1", "lacks the reference"),
            ("acknowledgement_access", "Vitrifi Limited", "Us", "lacks the controller's name"),
            ("acknowledgement_access", "dataprotection@vitrifi.net", "us", "lacks the contact"),
            ("acknowledgement_access", "33 Holborn", "Holborn", "lacks the postal address"),
            (
                "acknowledgement_access",
                "https://www.vitrifi.net/privacy",
                "there",
                "lacks the privacy notice",
            ),
            ("acknowledgement_access", "(ICO)", "", "lacks the regulator's name"),
            (
                "acknowledgement_access",
                "https://ico.org.uk/make-a-complaint/",
                "",
                "lacks the way to the regulator",
            ),
            (
                "acknowledgement_access",
                uk_date(RECEIVED),
                "then",
                f"lacks the date {uk_date(RECEIVED)}",
            ),
            ("acknowledgement_access", uk_date(DUE), "then", f"lacks the date {uk_date(DUE)}"),
            (
                "acknowledgement_access",
                "at the latest",
                "or so",
                f"does not say 'without undue delay, and by {uk_date(DUE)} at the latest'",
            ),
            (
                "acknowledgement_complaint",
                "how far we have got",
                "by 1 May 2027",
                "tells a date that is none of its facts: 1 May 2027",
            ),
            (
                "acknowledgement_agent",
                "from that day",
                "by 29/12/2026",
                "tells a date that is none of its facts: 29/12/2026",
            ),
            (
                "ask_identity",
                "from that day",
                "by 29 December",
                "tells a date that is none of its facts: 29 December",
            ),
            (
                "acknowledgement_query",
                "our own target",
                "a target",
                "does not say when we aim to answer",
            ),
            ("refusal_exempt", "for the tax office", "", "lacks reasons"),
            ("access_response", "and our accountants", "", "lacks recipients"),
            ("complaint_outcome", "one of them was recorded", "", "lacks issues"),
            ("ask_identity", "name the month of your last order.", "", "lacks checks"),
            ("reply", "mornings suit you best", "", "lacks words"),
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
        sorry = with_sentence(render(ACCESS), "We are sorry that you had to ask.")
        assert lint(ACCESS, sorry) == []


class TestTheRules:
    @pytest.mark.parametrize("sample", samples(), ids=named)
    def test_no_sample_keeps_them_by_what_a_person_wrote(self, sample: Sample):
        """Else a template could leave out what is owed, and the sample's own words would hide it."""
        said = flat(render(sample.facts, sample.language))
        ours = reviewing._without(said, own_words(sample.facts)).lower()
        rows = reviewing._rules(sample.facts, RULES[sample.language])
        lacks = [rule.reason for row in rows for rule in row.must if not rule.pattern.search(ours)]
        assert lacks == []

    @pytest.mark.parametrize("language", BROKEN)
    def test_each_is_broken_in_one_sentence(self, language: str):
        broken = {
            rule.reason
            for sample, words in RULED
            if sample.language == language
            for rule in words.never
        }
        assert broken == set(BROKEN[language])

    def test_the_page_is_read_as_it_is_shown(self):
        assert Page("<p>one<br>two</p><style>three</style>").words == ["one", "two"]
