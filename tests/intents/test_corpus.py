"""The training corpus: valid, varied, and nobody's phrase said over and over."""

import re
from collections import Counter, defaultdict

import pytest

from intents import corpus
from intents.corpus import Example
from intents.preparation import prepare
from store.law import Label

EXAMPLES = corpus.load()
RUN = 6  # words
LINES = re.compile(r"[^\n]+")
WORD = re.compile(r"\w+(?:'\w+)*")
# What everybody writes in the same words: greetings, the names of statutes, the days of a month.
COMMON = re.compile(
    r"\b(i hope (this|you)|kind regards|best wishes|yours (faithfully|sincerely)|look(ing)? forward to hearing"
    r"|thank you for your|data protection act|general data protection regulation|freedom of information act"
    r"|(first|start|middle|end|last day) of the month|as far as i can)\b"
)


@pytest.mark.parametrize("label", Label)
def test_each_label_has_forty_examples_by_ten_writers(label: Label):
    bearing = [example for example in EXAMPLES if label in example.labels]
    assert len(bearing) >= 40
    assert len({example.writer for example in bearing}) >= 10


def test_ids_are_told_apart():
    assert Counter(example.id for example in EXAMPLES).most_common(1)[0][1] == 1


def test_no_message_stands_twice():
    said = Counter(
        " ".join(WORD.findall(f"{each.subject} {each.text}".lower())) for each in EXAMPLES
    )
    assert [text for text, count in said.items() if count > 1] == []


def test_every_message_has_labels_and_other_stands_alone():
    wrong = [
        example.id
        for example in EXAMPLES
        if not example.labels or (Label.OTHER in example.labels and len(example.labels) > 1)
    ]
    assert wrong == []


def test_each_file_is_one_writers():
    for path in corpus.SHIPPED.glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert {Example.from_line(line).writer for line in lines if line} == {path.stem}


@pytest.mark.slow
def test_no_run_of_six_words_stands_in_more_than_three_messages():
    said_in: dict[str, set[str]] = defaultdict(set)
    for example in EXAMPLES:
        for run in runs(prepare(example.text).body):
            said_in[run].add(example.id)
    assert {run: ids for run, ids in said_in.items() if len(ids) > 3} == {}


def runs(text: str) -> set[str]:
    found = set[str]()
    for line in LINES.findall(text.lower()):
        words = WORD.findall(line)
        found |= {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    return {run for run in found if not COMMON.search(run)}


def test_a_writer_is_on_one_side_of_every_split():
    for held in corpus.folds(EXAMPLES, 5, seed=0):
        inside = {EXAMPLES[place].writer for place in held}
        kept = set(range(len(EXAMPLES))) - set(held)
        assert inside.isdisjoint(EXAMPLES[place].writer for place in kept)


def test_the_folds_cover_the_corpus_once():
    places = [place for held in corpus.folds(EXAMPLES, 5, seed=0) for place in held]
    assert sorted(places) == list(range(len(EXAMPLES)))


def test_the_fingerprint_knows_the_corpus_whatever_its_order():
    assert corpus.fingerprint(EXAMPLES) == corpus.fingerprint(EXAMPLES[::-1])
    assert corpus.fingerprint(EXAMPLES) != corpus.fingerprint(EXAMPLES[1:])
