"""What is the writer's own in a message, and what is not."""

import pytest

from intents.preparation import HEAD, TAIL, plain_subject, prepare

ASK = "Please delete my account and all that you hold."


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("My data", "My data"),
        ("Re: My data", "My data"),
        ("RE: Re[2]: FW: My data", "My data"),
        ("AW: WG: Meine Daten", "Meine Daten"),
        ("Reference 12", "Reference 12"),
        ("Re:", ""),
        ("  a\r\n folded   subject ", "a folded subject"),
    ],
)
def test_answer_and_forward_marks_are_left_out_of_the_subject(subject: str, plain: str):
    assert plain_subject(subject) == plain


def body(text: str, subject: str = "") -> str:
    return prepare(text, subject).body


def test_mail_quoted_under_an_attribution_is_left_out():
    assert body(f"Thank you.\n\nOn 4 May 2026, Desk wrote:\n> {ASK}\n> Ann") == "Thank you."


def test_unmarked_mail_under_an_attribution_is_left_out_too():
    assert body(f"Thank you.\n\nOn 4 May 2026, Desk wrote:\n\n{ASK}\nAnn") == "Thank you."


def test_an_answer_between_quoted_lines_is_kept():
    text = f"On 4 May 2026, Desk wrote:\n> Do you want it deleted?\nYes.\n> Really?\n{ASK}"
    assert body(text, "Re: Account").split("\n") == ["Yes.", ASK]


def test_an_outlook_header_in_an_answer_ends_what_is_read():
    text = f"All good.\n\nFrom: Ann\nSent: Monday\nTo: Desk\nSubject: Account\n\n{ASK}"
    assert body(text, "RE: Account") == "All good."


def test_a_forwarded_mail_is_read():
    text = f"Is this for you?\n\nFrom: Ann\nSent: Monday\nTo: Sales\nSubject: Account\n\n{ASK}"
    assert ASK in body(text, "FW: Account")
    assert "Sent:" not in body(text, "FW: Account")


def test_a_mail_passed_on_with_few_words_is_read():
    assert ASK in body(f"FYI\n\n---------- Forwarded message ----------\nFrom: Ann\n\n{ASK}")


def test_marked_lines_in_a_fresh_message_are_words_passed_on():
    assert ASK in body(f"A caller left this:\n> {ASK}")


def test_where_nothing_else_is_left_the_quoted_mail_is_read():
    assert ASK in body(f"On 4 May 2026, Ann wrote:\n> {ASK}", "Re: Account")


def test_a_signature_under_its_dashes_is_left_out():
    assert body(f"{ASK}\n-- \nAnn Example\nExample Ltd") == ASK


def test_a_long_text_under_dashes_is_no_signature():
    long = "\n".join(f"Line {number}" for number in range(20))
    assert "Line 19" in body(f"Hello\n--\n{long}")


def test_what_a_telephone_adds_is_left_out():
    assert body(f"{ASK}\n\nSent from my phone") == ASK


def test_a_disclaimer_at_the_end_is_left_out():
    disclaimer = "This e-mail is intended solely for the person to whom it is addressed."
    assert body(f"{ASK}\n\nAnn\n\n{disclaimer}") == f"{ASK}\n\nAnn"


def test_the_only_paragraph_is_kept_whatever_it_says():
    text = "Your letter was intended only for my neighbour, and you sent it to me."
    assert body(text) == text


def test_a_long_message_is_read_at_its_start_and_its_end():
    read = body(f"first {'x ' * 20_000} last")
    assert read.startswith("first")
    assert read.endswith("last")
    assert len(read) < HEAD + TAIL + 10


def test_what_has_no_space_is_broken_up():
    assert max(map(len, body("x" * 5_000).split())) <= 80


CARD = "Jo Bloggs\nHead of Sales, Acme Ltd\n01632 960000"


def test_a_closing_with_title_firm_and_numbers_below_is_left_out():
    assert body(f"{ASK}\n\nKind regards,\n\n{CARD}") == ASK


def test_of_a_message_that_only_greets_something_is_left():
    assert body(f"Many thanks\n{CARD}") == "Many thanks"


def test_what_is_written_below_a_closing_is_kept():
    later = "and take me off the list too"
    read = body(f"{ASK}\n\nMany thanks\nJo Bloggs\nP.S. I moved house.\n{later}\nACT ON IT")
    assert read.endswith(f"\nP.S. I moved house.\n{later}\nACT ON IT")


def test_a_card_without_a_closing_is_kept():
    assert body(f"{ASK}\n{CARD}").endswith("01632 960000")


@pytest.mark.parametrize(
    "disclaimer",
    [
        "The information in this email is confidential and may be privileged.",
        "If you have received this message in error, please delete it and tell the sender.",
        "This email and any attachments are confidential.",
        "This communication is confidential and intended for the addressee.",
    ],
)
def test_disclaimers_are_known_by_many_wordings(disclaimer: str):
    assert body(f"{ASK}\n\nAnn\n\n{disclaimer}") == f"{ASK}\n\nAnn"


def test_whoever_tells_of_a_mail_received_in_error_is_read():
    told = "I received this email in error, it has somebody else's contract in it."
    assert told in body(f"Hello\n\n{told}\n\nAnn")
