"""Reading with the shipped model: on any input, in bounded time, whatever the typing is like."""

import random
from time import perf_counter, process_time

import pytest

from intents.classifier import Classifier
from intents.reading import Facet
from store.law import Label

SECONDS = 3.0  # a reading takes milliseconds; this only tells bounded from unbounded
RANDOM = random.Random(7)

HOSTILE = {
    "empty": "",
    "white space": " \n\t" * 300_000,
    "a megabyte of prose": "Please tell me what you hold about me. " * 27_000,
    "one word of a megabyte": "a" * 1_000_000,
    "brackets": "(" * 30_000,
    "full stops": ".!?" * 10_000,
    "emoji": "\U0001f600\U0001f389" * 500,
    "binary": "".join(chr(RANDOM.randrange(1, 0x2FFF)) for _ in range(30_000)),
    "control characters": "\x00\x01\x1b" * 20_000,
    "right to left": "أرجو حذف بياناتي من سجلاتكم وشكرا " * 200,
    "quote marks": "> x\n" * 100_000,
    "headers": "From: x\n" * 50_000,
    "attributions": "On 1 May A wrote:\n" * 30_000,
    "the word on": "On " * 100_000,
    "dashes": "--\n" * 100_000,
    "a link": "https://example.com/" + "a.b/" * 50_000,
    "a lone surrogate": "delete my data \udcff please",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_any_text_is_read_in_bounded_time(classifier: Classifier, kind: str):
    began = perf_counter()
    reading = classifier.read(HOSTILE[kind], HOSTILE[kind][:10_000])
    assert perf_counter() - began < SECONDS
    assert reading.labels


@pytest.mark.parametrize(
    "kind", ["empty", "white space", "emoji", "binary", "right to left", "brackets", "a link"]
)
def test_what_cannot_be_read_is_for_a_person(classifier: Classifier, kind: str):
    reading = classifier.read(HOSTILE[kind])
    assert reading.unsure
    assert not reading.other_is_clear(1.0)


PLAIN = {
    Label.ACCESS: "Please send me a copy of all the personal data you hold about me.",
    Label.ERASURE: "Please delete all the personal data you hold about me.",
    Label.RECTIFICATION: "You have my date of birth wrong. Please correct it in your records.",
    Label.PORTABILITY: "I want my data in a machine-readable file so that I can move to another provider.",
    Label.UNSUBSCRIBE: "Please take me off your mailing list, I do not want your marketing emails.",
    Label.AUTOMATED_DECISION: "Your system refused me automatically. I want a person to look at the decision.",
    Label.BREACH: "You emailed me somebody else's statement by mistake, with her account number on it.",
}


@pytest.mark.parametrize("label", PLAIN)
def test_a_plain_request_is_read(classifier: Classifier, label: Label):
    assert label in classifier.read(PLAIN[label]).labels


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("unsubscribe", Label.UNSUBSCRIBE),
        ("STOP", Label.UNSUBSCRIBE),
        ("Delete please.", Label.ERASURE),
        ("DSAR", Label.ACCESS),
    ],
)
def test_a_bare_word_says_it_all(classifier: Classifier, text: str, label: Label):
    assert classifier.read(text).labels == (label,)


def test_what_is_not_asked_is_not_read(classifier: Classifier):
    text = "I am not asking you to delete anything, I only want a copy of my file."
    assert classifier.read(text).labels == (Label.ACCESS,)


@pytest.mark.parametrize("label", PLAIN)
def test_shouting_changes_nothing(classifier: Classifier, label: Label):
    assert classifier.read(PLAIN[label].upper()).labels == classifier.read(PLAIN[label]).labels


def test_an_ask_in_the_subject_alone_counts(classifier: Classifier):
    assert Label.ERASURE in classifier.read("", "Please delete all my personal data").labels


def test_two_asks_in_two_sentences_are_both_read(classifier: Classifier):
    text = f"{PLAIN[Label.ACCESS]} {PLAIN[Label.UNSUBSCRIBE]}"
    assert {Label.ACCESS, Label.UNSUBSCRIBE} <= set(classifier.read(text).labels)


def test_quoted_mail_does_not_count(classifier: Classifier):
    quoted = (
        f"On Mon, 4 May 2026 at 10:00, Desk <desk@acme.example> wrote:\n> {PLAIN[Label.ERASURE]}"
    )
    answer = "Thank you for the quick reply, that is all sorted now and I need nothing else."
    with_quote = classifier.read(f"{answer}\n\n{quoted}", "Re: Your question")
    without = classifier.read(answer, "Re: Your question")
    assert with_quote.scores == without.scores


def test_reading_many_is_reading_each(classifier: Classifier):
    texts = [(text, "Hello") for text in PLAIN.values()]
    assert classifier.read_many(texts) == [classifier.read(*each) for each in texts]


def test_the_reasons_quote_what_decided(classifier: Classifier):
    text = f"I hope that you are well.\n\n{PLAIN[Label.ERASURE]}\n\nKind regards\nAnn"
    reasons = classifier.read(text).reasons
    assert any(reason.startswith("erasure: Please delete") for reason in reasons)


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("We act for Mrs Jones and enclose her authority.", Facet.AGENT),
        ("I would like to see my son's school file.", Facet.PARENT),
        ("I am a police officer, Detective Sergeant Hale.", Facet.POLICE_OR_COURT),
        ("I hereby withdraw my consent to this.", Facet.CONSENT_WITHDRAWAL),
        ("Pay 2 bitcoin or we publish.", Facet.EXTORTION),
        ("I wish to report a vulnerability on your site.", Facet.RESEARCHER),
    ],
)
def test_who_writes_is_told_by_a_phrase(classifier: Classifier, text: str, facet: Facet):
    assert facet in classifier.read(text).facets


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please tell me what you hold on me and for what it is used.", "en"),
        ("Bitte löschen Sie alle meine Daten und bestätigen Sie das, die Frist ist bekannt.", "de"),
        ("Je vous prie de supprimer les données que vous avez sur moi dans vos fichiers.", "fr"),
        ("Hoffwn gael copi o fy nata yn y system, ac mae gen i hawl i'r wybodaeth.", "cy"),
    ],
)
def test_the_language_is_told(classifier: Classifier, text: str, language: str):
    assert classifier.read(text).language == language


@pytest.mark.slow
def test_memory_is_given_back_when_too_many_words_were_met(classifier: Classifier):
    for start in range(0, 60_000, 2_500):
        classifier.read(" ".join(f"w{number:x}q" for number in range(start, start + 2_500)))
    assert len(classifier._nlp.vocab.strings) < 25_000
    assert Label.ERASURE in classifier.read(PLAIN[Label.ERASURE]).labels


def test_a_reading_costs_milliseconds(classifier: Classifier):
    text = " ".join(PLAIN.values()) * 3
    classifier.read(text)
    costs = []
    for _ in range(30):
        began = process_time()
        classifier.read(text)
        costs.append(process_time() - began)
    assert sorted(costs)[15] < 0.015
