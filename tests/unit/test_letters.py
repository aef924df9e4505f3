"""Letters say what the law asks of them, in words that people understand, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from time import perf_counter

import pytest

import replies
from replies.dates import A_DATE, cy_date
from replies.facts import DATED, KINDS, Acknowledgement, Asked, Controller, Letter
from replies.lint import lint
from replies.page import Page
from replies.preview import Sample, samples
from replies.render import Rendered, Renderer, render, speaks, uk_date, untranslated, version
from replies.samples import SAMPLES
from replies.samples.acknowledged import ACKNOWLEDGED_LABELS, acknowledgement, asked
from replies.samples.setting import DUE
from store.due import long
from store.law import Label
from tests.golden.approve import FOLDER, PAGES, as_read, golden

TEMPLATES = Path(replies.__file__).parent / "templates"
ACCESS = acknowledgement(Label.ACCESS)
ENGLISH = [name for name in SAMPLES if name != "reply_odd"]
every_sample = pytest.mark.parametrize(
    "sample", samples(), ids=lambda sample: f"{sample.language}-{sample.name}"
)


def everything() -> Iterator[Acknowledgement]:
    """Every label and every pair of labels, from the person and from an agent, sure and unsure."""
    for labels in [*combinations(ACKNOWLEDGED_LABELS, 1), *combinations(ACKNOWLEDGED_LABELS, 2)]:
        for agent in (False, True):
            yield acknowledgement(*labels, agent=agent)
            if agent or DATED.intersection(labels):
                yield acknowledgement(*labels, unsure=True, agent=agent)


def flat(letter: Rendered) -> str:
    return " ".join(letter.text.split())


class TestApprovedWords:
    @every_sample
    def test_a_letter_reads_as_it_was_approved(self, sample: Sample):
        letter = render(sample.facts, sample.language)
        assert as_read(letter) == golden(sample).read_text(encoding="utf-8")

    @pytest.mark.parametrize("name", PAGES)
    def test_the_page_looks_as_it_was_approved(self, name: str):
        approved = (FOLDER / "en" / f"{name}.html").read_text(encoding="utf-8")
        assert render(SAMPLES[name]).html == approved

    def test_nothing_is_approved_that_is_never_sent(self):
        assert set(FOLDER.glob("*/*.txt")) == {golden(sample) for sample in samples()}

    def test_every_kind_of_letter_has_its_templates_and_samples(self):
        assert {path.parent.name for path in TEMPLATES.glob("en/*/letter.txt")} == set(KINDS)
        assert {facts.kind for facts in SAMPLES.values()} == set(KINDS)

    @pytest.mark.parametrize("language", ["en", "cy"])
    def test_every_label_but_other_has_its_words(self, language: str):
        folder = TEMPLATES / language / "acknowledgement"
        assert all((folder / f"{label}.txt").is_file() for label in ACKNOWLEDGED_LABELS)

    def test_a_samples_name_begins_with_its_kind(self):
        assert all(name.startswith(facts.kind) for name, facts in SAMPLES.items())


class TestReview:
    @pytest.mark.parametrize("language", ["en", "cy"])
    def test_no_acknowledgement_that_can_be_built_has_a_fault(self, language: str):
        faults = {
            str(facts): found
            for facts in everything()
            if (found := lint(facts, render(facts, language)))
        }
        assert faults == {}

    @every_sample
    def test_no_sample_has_a_fault(self, sample: Sample):
        assert lint(sample.facts, render(sample.facts, sample.language)) == []

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

    @pytest.mark.parametrize(
        ("language", "before"),
        [("en", "How we worked out this date"), ("cy", "Sut y cyfrifwyd y dyddiad hwn")],
    )
    def test_the_working_is_one_short_line_where_the_controller_wants_it(
        self, language: str, before: str
    ):
        working = "27 December 2026 is a Sunday and 28 December 2026 a bank holiday."
        facts = replace(ACCESS, asked=(replace(asked(Label.ACCESS), working=working),))
        letter = render(facts, language)
        assert f"{before}: {working}" in flat(letter)
        assert lint(facts, letter) == []

    def test_the_controllers_own_name_breaks_no_rule(self):
        trust = Controller("Passport Health Union", "final@health.example", "30 days Street", "")
        facts = replace(acknowledgement(Label.REVIEW), controller=trust)
        assert lint(facts, render(facts)) == []


class TestForReaders:
    @pytest.mark.parametrize(
        ("day", "words", "geiriau"),
        [
            (date(2026, 12, 29), "Tuesday 29 December 2026", "dydd Mawrth 29 Rhagfyr 2026"),
            (date(2027, 3, 1), "Monday 1 March 2027", "dydd Llun 1 Mawrth 2027"),
            (date(2028, 2, 29), "Tuesday 29 February 2028", "dydd Mawrth 29 Chwefror 2028"),
        ],
    )
    def test_a_date_is_written_out(self, day: date, words: str, geiriau: str):
        assert (uk_date(day), cy_date(day)) == (words, geiriau)
        assert A_DATE["en"].findall(f"by {words} at") == [words]
        assert A_DATE["cy"].findall(f"erbyn {geiriau} fan") == [geiriau]

    def test_every_day_of_two_years_is_written_as_the_clock_writes_it(self):
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(2 * 365)]
        assert [uk_date(day) for day in days] == [long(day) for day in days]
        assert all(A_DATE["cy"].fullmatch(cy_date(day)) for day in days)

    @pytest.mark.parametrize("name", ENGLISH)
    def test_plain_english_in_short_sentences(self, name: str):
        sentences = list(prose(render(SAMPLES[name])))
        assert max(len(sentence.split()) for sentence in sentences) <= 25
        assert flesch(sentences) >= 65

    @pytest.mark.parametrize("name", [name for name in SAMPLES if name.startswith("acknow")])
    def test_welsh_in_short_sentences(self, name: str):
        sentences = list(prose(render(SAMPLES[name], "cy")))
        assert max(len(sentence.split()) for sentence in sentences) <= 26

    def test_the_subject_is_plain_ascii_and_tells_nothing_of_the_matter(self):
        subjects = {render(facts).subject for facts in everything()}
        assert subjects == {"We have received your message - our reference DP-2026-000123"}

    def test_no_subject_names_a_right_or_a_person(self):
        subjects = {render(facts).subject for facts in SAMPLES.values()}
        told = re.compile(
            r"access|eras|correct |restrict|portab|objec|breach|Shah|identity", re.IGNORECASE
        )
        assert all(subject.isascii() and not told.search(subject) for subject in subjects)

    def test_the_colours_can_be_told_apart(self):
        background, ink = re.findall(r"#([0-9a-f]{6})", render(ACCESS).html)[:2]
        assert (luminance(background) + 0.05) / (luminance(ink) + 0.05) >= 4.5

    @every_sample
    def test_headings_step_down_one_at_a_time(self, sample: Sample):
        html = render(sample.facts, sample.language).html
        levels = [int(level) for level in re.findall(r"<h(\d)", html)]
        assert levels[0] == 1
        assert all(lower - upper <= 1 for upper, lower in pairwise(levels))

    def test_a_person_who_is_acted_for_is_told_apart_from_who_reads(self):
        facts = replace(SAMPLES["extension"], agent=True)
        assert "You act for another person in this." in flat(render(facts))
        assert "You act for" not in flat(render(SAMPLES["extension"]))
        assert lint(facts, render(facts)) == []


class TestLanguages:
    def test_every_kind_is_written_in_english(self):
        assert untranslated("en") == []

    def test_welsh_has_the_acknowledgements(self):
        assert set(KINDS) - set(untranslated("cy")) == {"acknowledgement"}
        assert Page(render(ACCESS, "cy").html).language == "cy"

    @pytest.mark.parametrize("language", ["cy", "pl", "../en"])
    def test_what_is_not_translated_comes_in_english_and_says_so(self, language: str):
        facts = SAMPLES["extension"]
        letter = render(facts, language)
        assert not speaks(language, facts.kind)
        assert letter.language == "en"
        assert letter == render(facts)

    def test_english_is_written_unless_another_language_is_asked_for(self):
        assert render(ACCESS) == render(ACCESS, "en") != render(ACCESS, "cy")


class TestVersions:
    def test_other_facts_keep_the_version(self):
        versions = {
            render(facts).version
            for facts in SAMPLES.values()
            if isinstance(facts, Acknowledgement)
        }
        assert versions == {version("acknowledgement")}

    def test_each_kind_and_language_has_its_own(self):
        versions = {version(kind) for kind in KINDS} | {version("acknowledgement", "cy")}
        assert len(versions) == len(KINDS) + 1

    def test_another_word_makes_another_version(self, tmp_path: Path):
        own = tmp_path / "en" / "refusal" / "letter.txt"
        own.parent.mkdir(parents=True)
        own.write_text("three", encoding="utf-8")
        theirs = Renderer(tmp_path)
        assert theirs.version("refusal") != version("refusal")
        assert theirs.version("extension") == version("extension")
        own.write_text("four", encoding="utf-8")
        assert Renderer(tmp_path).version("refusal") != theirs.version("refusal")

    def test_a_word_that_all_share_makes_another_version_of_all(self, tmp_path: Path):
        (tmp_path / "en").mkdir()
        (tmp_path / "en" / "closing.txt").write_text("bye", encoding="utf-8")
        theirs = Renderer(tmp_path)
        assert all(theirs.version(kind) != version(kind) for kind in KINDS)
        assert theirs.version("acknowledgement", "cy") == version("acknowledgement", "cy")


def test_a_letter_of_any_kind_takes_under_three_milliseconds():
    def once(facts: Letter) -> float:
        start = perf_counter()
        render(facts)
        return perf_counter() - start

    assert max(min(once(facts) for _ in range(10)) for facts in SAMPLES.values()) < 0.003


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
