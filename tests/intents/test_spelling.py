"""One slip of a finger is mended, whatever it is; what is known, short or far from everything stays."""

import pytest

from intents.ngrams import clauses, word
from intents.spelling import Spelling
from intents.tokens import TOKEN

SPELLING = Spelling(["delete", "erase", "phase", "your", "details", "supprimer"])


@pytest.mark.parametrize(
    "slip", ["dleete", "delte", "deletee", "delate", "elete", "deelete", "ddelete"]
)
def test_one_slip_is_mended(slip: str):
    assert SPELLING.mended(slip) == "delete"


@pytest.mark.parametrize(
    "form", ["delete", "dlete0", "edelet", "deeletee", "yuo", "you", "", "@", "0000", "zebra"]
)
def test_what_is_known_or_short_or_further_away_or_no_word_stays(form: str):
    assert SPELLING.mended(form) == form


def test_of_two_words_as_near_the_more_frequent_is_meant():
    assert SPELLING.mended("ehase") == "erase"
    assert Spelling(["phase", "erase"]).mended("ehase") == "phase"


def test_known_is_what_several_texts_use_the_most_frequent_first():
    often, seldom, said_often_by_one = ["delete", "data"], ["zebra"], ["zeal"] * 9
    texts = [[often]] * 3 + [[["data"]], [[*often, *seldom, *said_often_by_one]]]
    assert Spelling.learned(texts).words == ["data", "delete"]


def test_every_form_of_a_text_is_mended():
    assert SPELLING.mend([["delte", "my", "detials"], ["suprimer"]]) == [
        ["delete", "my", "details"],
        ["supprimer"],
    ]


def parted(text: str) -> list[str]:
    words = [word(token or white) for token, _, white in TOKEN.findall(text)]
    return [" ".join(clause.forms) for clause in clauses(words)]


def test_clauses_begin_where_people_begin_them():
    assert parted("Your engineer came twice last week and please delete what he wrote down") == [
        "your engineer came twice last week and",
        "please delete what he wrote down",
    ]


def test_clauses_are_the_same_without_full_stops_and_commas():
    text = "My bill came late again. Could you tell me what you hold about me? Also, I moved house."
    assert parted(text) == parted(text.translate(dict.fromkeys(map(ord, ".,?"))))
    assert len(parted(text)) > 2


def test_an_empty_line_ends_a_clause_and_so_does_its_length():
    assert parted("Hello\n\nthe lot") == ["hello", "the lot"]
    assert parted("one\nline") == ["one line"]
    assert [len(part.split()) for part in parted("word " * 70)] == [30, 30, 10]
    assert parted("... !") == parted("") == []
