"""Letters say what the law asks of them, in words that people understand, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, UndefinedError
from jinja2.exceptions import SecurityError

from replies import render as rendering
from replies.facts import DATED, KINDS, Acknowledgement, Asked, Controller
from replies.lint import lint
from replies.page import Page
from replies.render import Rendered, render, uk_date, version
from store.law import Label
from tests.golden.approve import FOLDER, as_read, golden
from tests.golden.samples import ANSWERED, DUE, SAMPLES, VITRIFI, acknowledgement, asked

TEMPLATES = Path(rendering.__file__).parent / "templates"
ACCESS = SAMPLES["access"]
TRICKS = (
    *(
        "{{ 7*7 }}",
        "{% if",
        "<b>",
        "</p>",
        "<!--",
        "&lt;",
        '"',
        "'",
        " - ",
        "\n\n# ",
        "\r\n\n- ",
        "\n## ",
    ),
    *("\u2028", "\x00", "\x1b[31m", "a@b.example", "https://x.example/?a=1&b='", "www.x.example"),
)
HOSTILE = st.lists(st.one_of(st.text(), st.sampled_from(TRICKS)), max_size=8).map("".join)


def everything() -> Iterator[Acknowledgement]:
    """Every label and every pair of labels, from the person and from an agent, sure and unsure."""
    for labels in [*combinations(ANSWERED, 1), *combinations(ANSWERED, 2)]:
        for agent in (False, True):
            yield acknowledgement(*labels, agent=agent)
            if agent or DATED.intersection(labels):
                yield acknowledgement(*labels, unsure=True, agent=agent)


def flat(letter: Rendered) -> str:
    return " ".join(letter.text.split())


class TestApprovedWords:
    @pytest.mark.parametrize("name", SAMPLES)
    def test_a_letter_reads_as_it_was_approved(self, name: str):
        assert as_read(SAMPLES[name]) == golden(name).read_text(encoding="utf-8")

    def test_the_page_looks_as_it_was_approved(self):
        approved = (FOLDER / "acknowledgement_several.html").read_text(encoding="utf-8")
        assert render(SAMPLES["several"]).html == approved

    def test_nothing_is_approved_that_is_never_sent(self):
        assert set(FOLDER.glob("*.txt")) == {golden(name) for name in SAMPLES}

    def test_every_kind_of_letter_has_its_templates(self):
        assert {path.parent.name for path in TEMPLATES.glob("en/*/letter.txt")} == set(KINDS)

    def test_every_label_but_other_has_its_words(self):
        assert all((TEMPLATES / f"en/acknowledgement/{label}.txt").is_file() for label in ANSWERED)


class TestReview:
    def test_no_letter_that_can_be_built_has_a_fault(self):
        faults = {
            str(facts): found for facts in everything() if (found := lint(facts, render(facts)))
        }
        assert faults == {}

    def test_each_thing_asked_keeps_its_own_date(self):
        earlier = date(2026, 12, 14)
        facts = replace(
            ACCESS, asked=(asked(Label.ACCESS), asked(Label.ERASURE, earlier), asked(Label.BREACH))
        )
        said = flat(render(facts))
        copy, erase, report = (
            said.rindex(words) for words in ("A request for", "A request to", "A report")
        )
        assert uk_date(DUE) in said[copy:erase]
        assert uk_date(earlier) in said[erase:report]
        assert "at the latest" not in said[report:]

    def test_an_unsure_letter_tells_the_earliest_date_it_could_mean(self):
        earlier = date(2026, 12, 14)
        both = (Asked(Label.COMPLAINT, DUE), Asked(Label.ERASURE, earlier))
        facts = replace(ACCESS, asked=both, unsure=True)
        assert f"by {uk_date(earlier)} at the latest" in flat(render(facts))
        assert lint(facts, render(facts)) == []

    def test_a_query_without_a_target_is_told_none(self):
        facts = replace(ACCESS, asked=(Asked(Label.QUERY),))
        assert "as soon as we can" in flat(render(facts))
        assert lint(facts, render(facts)) == []

    def test_the_working_is_one_short_line_where_the_controller_wants_it(self):
        working = "27 December 2026 is a Sunday and 28 December 2026 a bank holiday."
        facts = replace(ACCESS, asked=(replace(asked(Label.ACCESS), working=working),))
        assert f"How we worked out this date: {working}" in flat(render(facts))
        assert lint(facts, render(facts)) == []

    def test_the_controllers_own_name_breaks_no_rule(self):
        trust = Controller("Passport Health Union", "final@health.example", "30 days Street", "")
        facts = acknowledgement(Label.REVIEW, controller=trust)
        assert lint(facts, render(facts)) == []


class TestFacts:
    @pytest.mark.parametrize(
        ("things", "why"),
        [
            ((), "says what was asked"),
            ((Asked(Label.OTHER),), "never acknowledged by machine"),
            ((Asked(Label.ACCESS),), "it is missing"),
            ((Asked(Label.COMPLAINT, DUE),), "no statutory date"),
            ((Asked(Label.UNSUBSCRIBE, DUE),), "no statutory date"),
            ((Asked(Label.ACCESS, DUE, target_on=DUE),), "own target"),
        ],
    )
    def test_what_may_not_be_said_is_refused(self, things: tuple[Asked, ...], why: str):
        with pytest.raises(ValueError, match=why):
            replace(ACCESS, asked=things)

    def test_unsure_without_any_date_is_refused(self):
        with pytest.raises(ValueError, match="needs the date"):
            replace(ACCESS, asked=(Asked(Label.COMPLAINT),), unsure=True)

    def test_a_missing_fact_is_an_error_and_never_a_blank(self):
        template = rendering._environment().from_string("{{ letter.due_by }}")
        with pytest.raises(UndefinedError):
            template.render(letter=ACCESS)

    def test_a_template_sees_facts_and_not_what_is_behind_them(self):
        template = rendering._environment().from_string("{{ letter.__class__.__mro__ }}")
        with pytest.raises(SecurityError):
            template.render(letter=ACCESS)


class TestHostileFacts:
    @pytest.mark.parametrize("field", [field.name for field in fields(Controller)])
    def test_template_syntax_in_a_controllers_fact_stays_literal(self, field: str):
        facts = replace(ACCESS, controller=replace(VITRIFI, **{field: "{{ 7*7 }}{% raw %}"}))
        letter = render(facts)
        assert "{{ 7*7 }}{% raw %}" in flat(letter)
        assert "49" not in letter.text

    def test_template_syntax_in_a_reference_stays_literal(self):
        assert "{{ 7*7 }}" in render(replace(ACCESS, ref="{{ 7*7 }}")).subject

    @given(ref=HOSTILE, name=HOSTILE, contact=HOSTILE, address=HOSTILE)
    def test_no_fact_breaks_the_page_the_text_or_the_subject(
        self, ref: str, name: str, contact: str, address: str
    ):
        controller = replace(VITRIFI, name=name, contact=contact, address=f"at {address}")
        letter = render(replace(ACCESS, ref=ref, controller=controller))
        page, plain = Page(letter.html), Page(render(ACCESS).html)
        assert letter.subject.isprintable()
        assert letter.text.replace("\n", "").isprintable()
        assert page.title == letter.subject
        assert [word for word in page.words if word != "-"] == [
            word for word in letter.text.split() if word != "-"
        ]
        assert page.unsafe == []
        assert {**page.elements, "a": 0} == {**plain.elements, "a": 0}

    def test_no_line_of_a_template_begins_with_a_fact(self):
        """Such a fact could begin with `#` and become a heading."""
        templates = [path for path in TEMPLATES.rglob("*.txt") if path.name != "phrases.txt"]
        assert templates
        for path in templates:
            assert not re.search(r"^\s*\{\{", path.read_text(encoding="utf-8"), re.MULTILINE), (
                path.name
            )


class TestForReaders:
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (date(2026, 12, 29), "Tuesday 29 December 2026"),
            (date(2027, 3, 1), "Monday 1 March 2027"),
            (date(2028, 2, 29), "Tuesday 29 February 2028"),
        ],
    )
    def test_a_date_is_written_out(self, day: date, words: str):
        assert uk_date(day) == words

    @pytest.mark.parametrize("name", SAMPLES)
    def test_plain_english_in_short_sentences(self, name: str):
        sentences = list(prose(render(SAMPLES[name])))
        assert max(len(sentence.split()) for sentence in sentences) <= 25
        assert flesch(sentences) >= 65

    def test_the_subject_is_plain_ascii_and_tells_nothing_of_the_matter(self):
        subjects = {render(facts).subject for facts in everything()}
        assert subjects == {"We have received your message - our reference DP-2026-000123"}

    def test_the_colours_can_be_told_apart(self):
        background, ink = re.findall(r"#([0-9a-f]{6})", render(ACCESS).html)[:2]
        assert (luminance(background) + 0.05) / (luminance(ink) + 0.05) >= 4.5

    def test_headings_step_down_one_at_a_time(self):
        levels = [int(level) for level in re.findall(r"<h(\d)", render(SAMPLES["several"]).html)]
        assert levels[0] == 1
        assert all(lower - upper <= 1 for upper, lower in pairwise(levels))


class TestVersions:
    def test_other_facts_keep_the_version(self):
        assert {render(facts).version for facts in SAMPLES.values()} == {version("acknowledgement")}

    def test_another_word_makes_another_version(self, monkeypatch: pytest.MonkeyPatch):
        words = {
            "en/acknowledgement/letter.txt": "one",
            "en/refusal/letter.txt": "two",
            "layout.html": "",
        }
        monkeypatch.setattr(rendering, "TEMPLATES", DictLoader(words))
        before = version.__wrapped__("acknowledgement")
        words["en/refusal/letter.txt"] = "three"
        assert version.__wrapped__("acknowledgement") == before
        words["en/acknowledgement/letter.txt"] = "four"
        assert version.__wrapped__("acknowledgement") != before


def test_a_letter_takes_under_a_millisecond():
    def once() -> float:
        start = perf_counter()
        render(SAMPLES["several"])
        return perf_counter() - start

    assert min(once() for _ in range(100)) < 0.001


def prose(letter: Rendered) -> Iterator[str]:
    """The sentences, without headings (they end in no stop) and without links and addresses."""
    for paragraph in re.findall(r"<(?:p|li)[^>]*>(.*?)</(?:p|li)>", letter.html):
        words = re.sub(r"<[^>]+>|https?://\S+|\S+@\S+", "", paragraph)
        yield from (sentence for sentence in re.split(r"(?<=[.:;])\s+", words) if sentence.strip())


def flesch(sentences: list[str]) -> float:
    """Reading ease: 60 to 70 is plain English, more is easier."""
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z']+", sentence)]
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words
    )
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance of an sRGB colour."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
