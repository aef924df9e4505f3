"""An organisation's own words: used where they are right, refused with file, line and reason where they are not."""

from pathlib import Path

import pytest

from replies.lint import Fault, lint
from replies.overrides import check_overrides
from replies.preview import previews
from replies.render import Renderer, render
from replies.render.templates import OURS, environment
from replies.samples import SAMPLES
from tests.golden.test_refused import BROKEN

REFUSAL = "en/refusal/letter.txt"


def ours(name: str) -> str:
    return OURS.get_source(environment({}), name)[0]


def write(folder: Path, name: str, words: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")


def changed(folder: Path, name: str, old: str, new: str) -> None:
    words = ours(name)
    assert old in words
    write(folder, name, words.replace(old, new))


class TestTheirWords:
    def test_are_used_where_there_are_some(self, tmp_path: Path):
        changed(tmp_path, REFUSAL, "# Our decision", "# What we decided")
        theirs = Renderer(tmp_path)
        assert "What we decided on your request" in theirs.render(SAMPLES["refusal_exempt"]).text
        assert theirs.render(SAMPLES["extension"]) == render(SAMPLES["extension"])
        assert check_overrides(tmp_path) == []

    def test_are_read_once_so_that_the_version_tells_what_was_sent(self, tmp_path: Path):
        changed(tmp_path, REFUSAL, "# Our decision", "# What we decided")
        theirs = Renderer(tmp_path)
        before = theirs.version("refusal")
        write(tmp_path, REFUSAL, "changed meanwhile")
        letter = theirs.render(SAMPLES["refusal_exempt"])
        assert (letter.version, "changed meanwhile" in letter.text) == (before, False)

    def test_can_say_in_one_file_what_ours_say_in_another(self, tmp_path: Path):
        line = "From the privacy team at {{ letter.controller.name }}"
        changed(tmp_path, "en/closing_after_routes.txt", line, "Yours sincerely")
        changed(tmp_path, "en/reach.txt", "## How to reach us\n", f"## How to reach us\n\n{line}\n")
        assert check_overrides(tmp_path) == []

    def test_can_lay_the_page_out_otherwise(self, tmp_path: Path):
        changed(tmp_path, "layout.html", "#1a1a1a", "#000000")
        assert check_overrides(tmp_path) == []

    def test_ours_have_no_fault_of_their_own(self, tmp_path: Path):
        for name in OURS.list_templates():
            write(tmp_path, name, ours(name))
        write(tmp_path, "en/.gitkeep", "")
        assert check_overrides(tmp_path) == []

    def test_an_empty_folder_changes_nothing(self, tmp_path: Path):
        assert check_overrides(tmp_path) == []
        assert list(previews(Renderer(tmp_path))) == list(previews(Renderer()))


@pytest.mark.parametrize(
    ("name", "words", "faults"),
    [
        (
            "en/refusal/leter.txt",
            "Hello",
            [(1, "is none of the templates; is en/refusal/letter.txt meant?")],
        ),
        ("notes", "Hello", [(1, "is none of the templates")]),
        (REFUSAL, "Subject: x\n\n{% if %}", [(3, "cannot be read: Expected an expression")]),
        (REFUSAL, "{{ letter.ref | shout }}", [(1, "cannot be read: No filter named 'shout'")]),
        (
            REFUSAL,
            "A {{ day }}\nB {{ letter.due }}\n\nC {{ letter.controller.phone }}\nD {{ letter.__class__ }}",
            [
                (1, "there is no 'day'"),
                (2, "there is no 'letter.due'"),
                (4, "there is no 'letter.controller.phone'"),
                (5, "there is no 'letter.__class__'"),
            ],
        ),
        ("layout.html", "{{ letter.ref }}", [(1, "there is no 'letter'")]),
        (REFUSAL, 'a\n{% include "en/opning.txt" %}', [(2, "no template 'en/opning.txt'")]),
        (REFUSAL, "Subject: x\n{{ letter.ref }} is it.", [(2, "begins a line with a fact")]),
    ],
)
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, name: str, words: str, faults: list[tuple[int, str]]
):
    write(tmp_path, name, words)
    found = check_overrides(tmp_path)
    assert [(fault.where, fault.line) for fault in found] == [(name, line) for line, _ in faults]
    assert all(reason in fault.reason for fault, (_, reason) in zip(found, faults, strict=True))


class TestBrokenTemplates:
    def test_a_file_that_is_not_utf_8_is_refused(self, tmp_path: Path):
        write(tmp_path, REFUSAL, "")
        (tmp_path / REFUSAL).write_bytes(b"one\ntwo \xff")
        assert check_overrides(tmp_path) == [Fault(REFUSAL, "is not written in UTF-8", 2)]

    def test_a_folder_that_is_not_there_is_refused(self, tmp_path: Path):
        gone = tmp_path / "gone"
        assert check_overrides(gone) == [Fault(str(gone), "is no folder")]

    @pytest.mark.parametrize(
        ("name", "old", "new", "reason"),
        [
            (REFUSAL, "our reference {{ letter.ref }}", "hello", "the subject lacks the reference"),
            (
                REFUSAL,
                '{% include "en/closing_after_routes.txt" %}',
                '{% include "en/closing.txt" %}',
                "the text does not give the route to a court",
            ),
            (
                "en/routes.txt",
                "- complain to us, at {{ letter.controller.contact }}, and we will look into it;\n",
                "",
                "the text does not give the route to the controller",
            ),
            (
                "en/routes.txt",
                "complain to the regulator, the",
                "ask the",
                "the text does not give the route to the regulator",
            ),
            (
                "en/closing.txt",
                "{{ letter.controller.regulator_url }}",
                "its page",
                "the text lacks the way to the regulator",
            ),
            (
                "en/extension/letter.txt",
                "by {{ letter.due_on | uk_date }} at the latest",
                "soon",
                "the text lacks the date Monday 1 March 2027",
            ),
            (
                "cy/closing.txt",
                "{{ letter.controller.regulator_url }}",
                "yno",
                "the text lacks the way to the regulator",
            ),
            (
                "en/access_response/letter.txt",
                "{{ letter.retention | as_written }}",
                "Ask us.",
                "the text lacks retention",
            ),
            (
                "layout.html",
                '<html lang="{{ language }}">',
                "<html>",
                "the html does not tell its language",
            ),
            (
                "layout.html",
                "{% if not loop.first %}<br>{% endif %}{{ words }}",
                "{{ line | safe }}",
                "the html does not say the same as the text",
            ),
        ],
    )
    def test_what_is_left_out_is_blamed_on_the_file(
        self, tmp_path: Path, name: str, old: str, new: str, reason: str
    ):
        changed(tmp_path, name, old, new)
        changed(tmp_path, "en/reply/letter.txt", "## Our message", "## What we say")
        found = check_overrides(tmp_path)
        assert Fault(name, reason, 1) in found
        assert {fault.where for fault in found} == {name}

    @pytest.mark.parametrize(
        ("name", "after", "reason"),
        [
            (REFUSAL, "## Why\n", "speaks of a password"),
            (REFUSAL, "## Why\n", "admits or blames"),
            (REFUSAL, "## Why\n", "tells special-category detail"),
            (REFUSAL, "## Why\n", "holds the person back from the regulator"),
            ("en/ask_identity/letter.txt", "## What you can do\n", "demands identity papers"),
            ("en/authority.txt", "Send it in reply", "says that the person is known to us"),
            ("en/acknowledgement/breach.txt", "If something", "confirms a breach"),
        ],
    )
    def test_what_is_never_said_is_found_on_its_line(
        self, tmp_path: Path, name: str, after: str, reason: str
    ):
        sentence = BROKEN["en"][reason]
        changed(tmp_path, "en/closing.txt", "From the privacy team", "From all of us")
        changed(tmp_path, name, after, f"{after}\n{sentence}\n")
        line = (tmp_path / name).read_text(encoding="utf-8").splitlines().index(sentence) + 1
        found = check_overrides(tmp_path)
        assert {(fault.where, fault.line) for fault in found} == {(name, line)}
        assert all(fault.reason.startswith(f"the text {reason}: '") for fault in found)

    @pytest.mark.parametrize("name", ["en/ask_identity/letter.txt", "en/ask_authority/letter.txt"])
    def test_no_date_is_told_while_we_wait(self, tmp_path: Path, name: str):
        changed(tmp_path, name, "one month from that day", "by 29 December 2026")
        found = [fault.reason for fault in check_overrides(tmp_path)]
        assert "the text tells a date that is none of its facts: 29 December 2026" in found

    def test_what_goes_wrong_when_it_is_filled_in_is_found_on_its_line(self, tmp_path: Path):
        changed(
            tmp_path, REFUSAL, "## Why\n", "## Why\n\n{% if letter.received_on / 0 %}{% endif %}\n"
        )
        line = (tmp_path / REFUSAL).read_text(encoding="utf-8").splitlines().index("## Why") + 3
        (fault,) = check_overrides(tmp_path)
        assert (fault.where, fault.line) == (REFUSAL, line)
        assert fault.reason.startswith("cannot be filled in: unsupported operand")

    def test_what_goes_wrong_in_a_file_of_ours_is_blamed_on_theirs(self, tmp_path: Path):
        write(tmp_path, "en/phrases.txt", "{% macro words(label) %}x{% endmacro %}")
        found = check_overrides(tmp_path)
        assert {(fault.where, fault.line) for fault in found} == {("en/phrases.txt", 1)}
        assert all("does not export the requested name" in fault.reason for fault in found)

    def test_a_fault_that_no_single_file_cures_is_told_all_the_same(self, tmp_path: Path):
        changed(tmp_path, REFUSAL, '{% include "en/closing_after_routes.txt" %}', "")
        write(tmp_path, "en/closing_after_routes.txt", "Goodbye.")
        route = "the text does not give the route to a court"
        assert Fault(REFUSAL, route, 1) in check_overrides(tmp_path)

    def test_a_file_that_another_cannot_do_without_is_not_blamed(self, tmp_path: Path):
        changed(tmp_path, "en/phrases.txt", "macro phrase", "macro words")
        changed(tmp_path, "en/opening.txt", "import phrase", "import words as phrase")
        changed(tmp_path, "en/survey/letter.txt", "It is up to you whether you answer.", "")
        changed(
            tmp_path, "en/acknowledgement/letter.txt", "import phrase", "import words as phrase"
        )
        assert check_overrides(tmp_path) == [
            Fault("en/survey/letter.txt", "the text does not say that it is voluntary", 1)
        ]

    def test_an_empty_letter_lacks_everything(self, tmp_path: Path):
        write(tmp_path, REFUSAL, "")
        reasons = {fault.reason for fault in check_overrides(tmp_path)}
        assert {"the subject lacks the reference", "the text does not say why"} <= reasons


def test_every_kind_can_be_looked_at_before_any_is_sent():
    shown = list(previews(Renderer()))
    assert {preview.letter.language for preview in shown} == {"en", "cy"}
    assert all(preview.letter.html and preview.letter.text for preview in shown)
    assert all(lint(preview.sample.facts, preview.letter) == [] for preview in shown)
    files = [(preview.sample.language, preview.sample.name) for preview in shown]
    assert len(set(files)) == len(files)
