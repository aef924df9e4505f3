"""Whatever a requester or a member of staff wrote: it stays words, and headers and markup stay ours."""

import re
from collections import Counter
from dataclasses import fields, replace
from typing import Any, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from replies.facts import Controller
from replies.layout import as_written, blocks, one_line
from replies.lint import lint
from replies.page import Page
from replies.render import Rendered, render
from replies.render.templates import environment, names
from replies.samples import SAMPLES
from replies.samples.setting import CONTROLLER
from tests.unit.test_letters import TEMPLATES

ACCESS: Any = SAMPLES["acknowledgement_access"]
MARKS = ("\n\n# ", "\r\n\n- ", "\n## ", "\n| ", "| ", "- ", "* ", "### ", "Subject: ", "\nBcc: x")
TRICKS = (
    *("{{ 7*7 }}", "{% if", "{% raw %}", "{#", "<b>", "</p>", "<!--", "&lt;", '"', "'", "<br>"),
    *("\u2028", "\x85", "\x00", "\x1b[31m", "\ufeff", "a@b.example", "www.x.example"),
    *("https://x.example/?a=1&b='", "javascript:x", *MARKS),
)
HOSTILE = st.lists(st.one_of(st.text(), st.sampled_from(TRICKS)), max_size=8).map("".join)
WRITTEN = [
    ("reply", "words"),
    ("ask_clarification", "question"),
    ("refusal_exempt", "reasons"),
    ("access_response", "enclosed"),
    ("access_response", "withheld"),
    ("ask_identity", "checks"),
    ("passed_on", "other_name"),
    ("duplicate", "first_ref"),
    ("ask_authority", "note"),
]


def spoken(words: list[str]) -> Counter[str]:
    return Counter(word for word in words if word != "-")


def untouched(letter: Rendered, plain: Rendered) -> None:
    """The subject, the headings and whatever is not a person's own stand as they did."""
    page, before = Page(letter.html), Page(plain.html)
    assert letter.text.replace("\n", "").isprintable()
    assert page.title == letter.subject
    assert spoken(page.words) == spoken(letter.text.split())
    assert page.unsafe == []
    grown = {"a", "p", "ul", "li", "br"}
    assert {tag for tag in page.elements if tag not in grown} <= set(before.elements)
    for tag in set(before.elements) - grown:
        assert page.elements[tag] == before.elements[tag]


@given(where=st.sampled_from(WRITTEN), words=HOSTILE)
def test_what_a_person_wrote_stays_words(where: tuple[str, str], words: str):
    assume(as_written(words))
    name, field = where
    sample = cast("Any", SAMPLES[name])
    several = isinstance(getattr(sample, field), tuple)
    try:
        facts = replace(sample, **{field: (words, "other") if several else words})
    except ValueError:
        assume(condition=False)
    letter = render(facts)
    untouched(letter, render(sample))
    assert letter.subject == render(sample).subject
    said = one_line(letter.text)
    assert all(line[2:] in said for line in as_written(words).splitlines() if line)
    assert [fault for fault in lint(facts, letter) if fault.where == "html"] == []


@given(ref=HOSTILE, name=HOSTILE, contact=HOSTILE, address=HOSTILE)
def test_no_fact_breaks_the_page_the_text_or_the_subject(
    ref: str, name: str, contact: str, address: str
):
    controller = replace(CONTROLLER, name=name, contact=contact, address=f"at {address}")
    letter, plain = render(replace(ACCESS, ref=ref, controller=controller)), render(ACCESS)
    assert letter.subject.isprintable()
    untouched(letter, plain)
    page, before = Page(letter.html), Page(plain.html)
    assert {**page.elements, "a": 0} == {**before.elements, "a": 0}


def test_nothing_but_blanks_is_nothing():
    facts: Any = SAMPLES["access_response"]
    assert "What is not in the copy" not in render(replace(facts, withheld=" \n")).text


@given(words=HOSTILE)
def test_own_words_make_paragraphs_and_lists_and_nothing_else(words: str):
    assert {block.tag for block in blocks(as_written(words))} <= {"p", "ul"}


def test_paragraphs_lines_and_lists_are_kept():
    words = "Dear Ann,\r\n\r\nThank you.\n- one\n* two\n\u2022 three\nBye,\n  Sam\n\n"
    assert blocks(as_written(words)) == [
        ("p", ("Dear Ann,",)),
        ("p", ("Thank you.",)),
        ("ul", ("one", "two", "three")),
        ("p", ("Bye,", "Sam")),
    ]
    assert as_written(" \n") == ""


@pytest.mark.parametrize("field", [field.name for field in fields(Controller)])
def test_template_syntax_in_a_controllers_fact_stays_literal(field: str):
    facts = replace(ACCESS, controller=replace(CONTROLLER, **{field: "{{ 7*7 }}{% raw %}"}))
    letter = render(facts)
    assert "{{ 7*7 }}{% raw %}" in one_line(letter.text)
    assert "49" not in letter.text


def test_template_syntax_in_a_reference_stays_literal():
    assert "{{ 7*7 }}" in render(replace(ACCESS, ref="{{ 7*7 }}")).subject


def test_no_line_of_a_template_begins_with_a_fact():
    """Such a fact could begin with `#` and become a heading."""
    fact = re.compile(r"^\s*\{\{(?!.*\| as_written \}\}$)", re.MULTILINE)
    paths = [path for path in TEMPLATES.rglob("*.txt") if path.name != "phrases.txt"]
    assert len(paths) > 50
    assert [path for path in paths if fact.search(path.read_text(encoding="utf-8"))] == []
    assert {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*")} == names()


def test_a_missing_fact_is_an_error_and_never_a_blank():
    template = environment({}).from_string("{{ letter.due_by }}")
    with pytest.raises(UndefinedError):
        template.render(letter=ACCESS)


def test_a_template_sees_facts_and_not_what_is_behind_them():
    template = environment({}).from_string("{{ letter.__class__.__mro__ }}")
    with pytest.raises(SecurityError):
        template.render(letter=ACCESS)
