"""By when a writer wants an answer, and for whom they write: what is found, and what only looks so."""

import time
from datetime import date

import pytest

from intents.behalf import on_behalf_of
from intents.claims import MOST, claims

RECEIVED = date(2026, 11, 27)  # a Friday


@pytest.mark.parametrize(
    ("text", "said", "on"),
    [
        ("Please reply within 14 days.", "within 14 days", date(2026, 12, 11)),
        ("I expect your answer within seven days", "within seven days", date(2026, 12, 4)),
        ("Send it within ten (10) working days.", "within ten (10) working days", date(2026, 12, 11)),
        ("You must comply within one month.", "within one month", date(2026, 12, 27)),
        ("Confirm deletion within 48 hours!", "within 48 hours", date(2026, 11, 29)),
        ("I need it within the next two weeks", "within the next two weeks", date(2026, 12, 11)),
        ("Please answer by 3 June.", "by 3 June", date(2027, 6, 3)),
        ("Let me have it by the 3rd of December 2026", "by the 3rd of December 2026", date(2026, 12, 3)),
        ("Please provide it no later than Dec 5th", "no later than Dec 5th", date(2026, 12, 5)),
        ("I require a response by 05/12/2026.", "by 05/12/2026", date(2026, 12, 5)),
        ("Delete it before 2026-12-05 please", "before 2026-12-05", date(2026, 12, 5)),
        ("Please get back to me by Friday.", "by Friday", date(2026, 12, 4)),
        ("I want an answer by tomorrow", "by tomorrow", date(2026, 11, 28)),
        ("Please reply by 20 November", "by 20 November", date(2026, 11, 20)),
        ("Please reply by 31 February.", "by 31 February", None),
    ],
)  # fmt: skip
def test_a_claimed_limit_is_found_with_its_day(text: str, said: str, on: date | None):
    (claim,) = claims(f"Dear all. {text}")
    assert (claim.said, claim.on(RECEIVED)) == (said, on)


@pytest.mark.parametrize(
    "text",
    [
        "You said that you would reply within 14 days.",
        "I was a member for 14 days.",
        "Your policy says you delete within 30 days.",
        "We aim to answer within two working days.",
        "The parcel arrived within three days.",
        "Do you answer within one month?",
        "Book by Friday to get a discount, please.",
        "The letter of 3 June was never answered.",
        "I moved in 2024, please note it.",
        "I live within 5 miles, please call.",
        "My order of 5 December is still open; please look.",
        "It was sent by Royal Mail, please confirm.",
        "They promised to respond by Monday.",
    ],
)
def test_what_was_promised_or_has_happened_is_no_claim(text: str):
    assert claims(text) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We act for Mrs Ada Pemberton, a customer of yours.", ("Mrs Ada Pemberton",)),
        ("I act on behalf of Mr J. Okafor.", ("Mr J. Okafor",)),
        ("I write on behalf of my husband, Joel Marsh.", ("Joel Marsh",)),
        ("We are instructed by Ms Frayn.", ("Ms Frayn",)),
        ("Our client, Mr Idris Bowen, asks for his file.", ("Mr Idris Bowen",)),
        ("My daughter Poppy was on your ward.", ("Poppy",)),
        ("I hold power of attorney for my mother, Jean Sallow.", ("Jean Sallow",)),
        ("I am the executor of the estate of Piotr Zielinski.", ("Piotr Zielinski",)),
        ("I am the father of Owen Hale.", ("Owen Hale",)),
        ("We represent Kerry Treharne and Joe Lund.", ("Kerry Treharne",)),
        ("My constituent, Dr O'Brien, has written to me.", ("Dr O'Brien",)),
        ("I am acting for the late Mr Strode's family.", ("Mr Strode",)),
        ("My son called Emir is nine.", ("Emir",)),
    ],
)
def test_the_name_behind_the_writer_is_found(text: str, names: tuple[str, ...]):
    assert on_behalf_of(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "On behalf of the Data Protection Team, welcome.",
        "I write on behalf of Pemberton Holdings.",
        "We act for Acme Ltd.",
        "On behalf of all of us, thank you.",
        "Our client wants his file.",
        "My son is nine.",
        "My dad. He is eighty.",
        "I represent\n\nDear Sirs",
        "Mrs Pemberton answered my call.",
        "Regards, Ada Pemberton",
        "My client I will name later.",
        "ON BEHALF OF EVERYBODY HERE",
        "Instructed by Leeds City Council.",
    ],
)
def test_where_no_person_is_named_there_is_no_name(text: str):
    assert on_behalf_of(text) == ()


def test_hostile_text_takes_no_time():
    text = "please reply by the " * 20_000 + "within a " * 20_000 + "on behalf of A" * 20_000
    begun = time.perf_counter()
    assert len(claims(text + " Reply within 3 days. " * 500)) <= MOST
    on_behalf_of(text + "my son " * 20_000 + "A" * 100_000)
    assert time.perf_counter() - begun < 2
